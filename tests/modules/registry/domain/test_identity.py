from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.registry.domain.identity import (
    DISAGREED,
    FOLLOWS,
    TO_SEND,
    BadAnswer,
    may_follow,
    read_verdict,
    wait_before,
)
from thongsuot.modules.registry.types import IdentityStatus as S

REFERENCE = "0b8f6d5e-5f0b-4d0e-9d4a-6d4f4a1f2b3c"


def test_every_state_has_its_ways():
    assert set(FOLLOWS) == set(S)
    assert all(may_follow(state, S.WAITING) for state in TO_SEND)
    # Nothing is sent that somebody has not looked at.
    assert not any(may_follow(state, S.WAITING) for state in DISAGREED | {S.MATCHED})
    assert not may_follow(S.WITH_POLICE, S.MATCHED)


def test_every_state_leads_on():
    for start in S:
        seen, todo = set(), [start]
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                todo += FOLLOWS[state]
        assert S.MATCHED in seen


def test_waits():
    assert [wait_before(n) for n in (1, 2, 3, 20)] == [timedelta(minutes=m) for m in (1, 2, 4, 120)]
    assert wait_before(1, asked=600) == timedelta(minutes=10)


@given(st.integers(min_value=-5, max_value=10**6), st.integers(min_value=0, max_value=86_400))
def test_waits_never_shrink_and_never_overflow(attempt, asked):
    assert timedelta(minutes=1) <= wait_before(attempt, asked=asked) <= timedelta(days=1)
    assert wait_before(attempt + 1, asked=asked) >= wait_before(attempt, asked=asked)


def test_answers():
    said = {"reference": REFERENCE, "status": "mismatched", "differing": ["gender", "full_name"]}
    verdict = read_verdict(said)
    assert (verdict.reference, verdict.status, verdict.differing) == (
        UUID(REFERENCE),
        S.MISMATCHED,
        ("full_name", "gender"),
    )
    assert read_verdict({"reference": REFERENCE, "status": "pending"}) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reference": "x"}, "reference"),
        ({"status": "with_police"}, "status"),
        ({"status": "waiting"}, "status"),
        ({"status": "mismatched", "differing": []}, "differing"),
        ({"status": "matched", "differing": ["gender"]}, "differing"),
        ({"status": "mismatched", "differing": ["phone"]}, "differing"),
        ({"status": "mismatched", "differing": "gender"}, "differing"),
    ],
)
def test_answers_that_the_contract_does_not_know(change, reason):
    with pytest.raises(BadAnswer) as error:
        read_verdict({"reference": REFERENCE, "status": "matched", **change})
    assert error.value.reason == reason


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_nonsense_is_refused(said):
    with pytest.raises(BadAnswer):
        read_verdict(said)
