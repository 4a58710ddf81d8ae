"""The steps of a transcript and of its signers, and the days by which something is due."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.transcripts.content import BY_SUBJECT, DATA, PRIMARY, SECONDARY
from thongsuot.modules.transcripts.domain.deadlines import Deadlines, after_lock
from thongsuot.modules.transcripts.domain.steps import (
    LIVE,
    OUT,
    STEPS,
    Verb,
    after_signing,
    filled_roles,
    may_sign,
    missing_signatures,
    next_state,
    waiting_for,
)
from thongsuot.modules.transcripts.types import SignerRole as R
from thongsuot.modules.transcripts.types import TranscriptState as S

DEADLINES = Deadlines.model_validate_json((DATA / "deadlines.json").read_text(encoding="utf-8"))


def test_the_usual_way():
    state = S.DRAFT
    for verb in ("initialise", "sign_teacher", "sign_leader", "issue", "send", "accept", "report"):
        state = next_state(state, Verb(verb))
    assert state == S.REPORTED


def test_recall_and_replacement():
    for verb in ("ask_recall", "recall", "replace"):
        assert next_state(S.DRAFT, Verb(verb)) is None
    assert next_state(next_state(S.ACCEPTED, Verb.ASK_RECALL), Verb.KEEP) == S.ACCEPTED
    assert next_state(next_state(S.REPORTED, Verb.ASK_RECALL), Verb.RECALL) == S.RECALLED
    assert next_state(S.RECALLED, Verb.REPLACE) == S.REPLACED


def test_what_others_hold_is_never_thrown_away_and_nothing_past_comes_back():
    assert not OUT & set(STEPS[Verb.DISCARD])
    for steps in STEPS.values():
        assert not {S.REPLACED, S.DISCARDED} & set(steps)
        for before, after in steps.items():
            assert before in LIVE or after not in LIVE


def test_every_state_can_be_reached():
    reached = {S.DRAFT}
    for _ in S:
        reached |= {after for steps in STEPS.values() for before, after in steps.items() if before in reached}
    assert reached == set(S)


@pytest.mark.parametrize(
    ("profile", "state", "role", "signed", "may"),
    [
        (PRIMARY, S.INITIALISED, R.HOMEROOM, set(), True),
        (PRIMARY, S.INITIALISED, R.LEADER, set(), True),  # GVCN is optional in the specification
        (PRIMARY, S.LEADER_SIGNED, R.HOMEROOM, {R.LEADER}, False),  # never behind one that came after
        (PRIMARY, S.TEACHER_SIGNED, R.SEAL, {R.HOMEROOM}, False),
        (PRIMARY, S.LEADER_SIGNED, R.SEAL, {R.LEADER}, True),
        (PRIMARY, S.DRAFT, R.HOMEROOM, set(), False),
        (PRIMARY, S.ISSUED, R.SEAL, {R.HOMEROOM, R.LEADER, R.SEAL}, False),
        (PRIMARY, S.INITIALISED, R.SUBJECT, set(), False),
        (SECONDARY, S.INITIALISED, R.LEADER, set(), False),
        (SECONDARY, S.INITIALISED, R.SUBJECT, {R.SUBJECT}, True),
        (SECONDARY, S.TEACHER_SIGNED, R.SUBJECT, {R.HOMEROOM}, False),
        (BY_SUBJECT, S.INITIALISED, R.SUBJECT, set(), True),
        (BY_SUBJECT, S.INITIALISED, R.SUBJECT, {R.SUBJECT}, False),  # all rows are signed
        (BY_SUBJECT, S.INITIALISED, R.HOMEROOM, set(), False),  # not before all rows are
        (BY_SUBJECT, S.INITIALISED, R.HOMEROOM, {R.SUBJECT}, True),
        (BY_SUBJECT, S.TEACHER_SIGNED, R.SUBJECT, {R.SUBJECT, R.HOMEROOM}, False),
    ],
)
def test_who_may_sign(profile, state, role, signed, may):
    assert may_sign(profile, state, role, signed) is may


@given(st.lists(st.sampled_from(list(R)), max_size=8), st.sampled_from([PRIMARY, SECONDARY, BY_SUBJECT]))
def test_whoever_signs_as_allowed_ends_with_a_whole_chain_in_order(roles, profile):
    state, signed = S.INITIALISED, []
    for role in [*roles, R.SUBJECT, R.HOMEROOM, R.LEADER, R.SEAL]:
        if may_sign(profile, state, role, signed):
            state = after_signing(profile, state, role)
            signed.append(role)
    order = [one.role for one in profile.signers]
    assert state == S.ISSUED
    assert [order.index(role) for role in signed] == sorted(order.index(role) for role in signed)
    assert missing_signatures(profile, signed) == []


def test_what_is_missing_is_named():
    assert missing_signatures(SECONDARY, {R.LEADER}) == [
        "Giáo viên chủ nhiệm",
        "Ký phát hành (chứng thư số của trường)",
    ]


def test_rows_that_nobody_has_signed_are_named_one_by_one():
    done = {R.SUBJECT, R.HOMEROOM, R.LEADER, R.SEAL}
    assert missing_signatures(BY_SUBJECT, done, {"mathematics": "Toán"}) == ["Giáo viên bộ môn (Toán)"]
    assert missing_signatures(BY_SUBJECT, done, {}) == []
    assert filled_roles(BY_SUBJECT, {R.SUBJECT}, 1) == set()
    assert filled_roles(BY_SUBJECT, set(), 0) == {R.SUBJECT}
    assert waiting_for(BY_SUBJECT, S.INITIALISED, 2) == R.SUBJECT
    assert waiting_for(BY_SUBJECT, S.INITIALISED) == R.HOMEROOM


def test_whose_turn():
    turns = {state: waiting_for(PRIMARY, state) for state in S}
    assert {k: v for k, v in turns.items() if v} == {
        S.INITIALISED: R.HOMEROOM,
        S.TEACHER_SIGNED: R.LEADER,
        S.LEADER_SIGNED: R.SEAL,
    }


def test_no_step_leads_out_of_a_state_twice_by_one_verb():
    for verb, state in product(Verb, S):
        after = next_state(state, verb)
        assert after is None or after in set(S)


def test_the_lock():
    def locked(day, **more):
        return after_lock(today=day, first_year=2025, deadlines=DEADLINES, **more)

    assert not locked(date(2026, 6, 30))
    assert locked(date(2026, 7, 1))
    assert not locked(date(2026, 8, 15), is_supplementary=True)
    assert locked(date(2026, 8, 16), is_supplementary=True)
