from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.transitions import (
    ASSIGNMENT_ACTS,
    ASSIGNMENT_STEPS,
    OBLIGATION_STEPS,
    is_open_to,
    next_obligation_state,
    next_state,
)
from thongsuot.modules.directives.types import AssignmentState as S
from thongsuot.modules.directives.types import ObligationState as O

verbs = st.sampled_from(sorted(ASSIGNMENT_STEPS))


def walk(steps):
    state, path = S.ASSIGNED, [S.ASSIGNED]
    for verb in steps:
        state = next_state(state, verb) or state
        path.append(state)
    return path


def test_the_usual_way():
    assert walk(["start", "report", "submit", "return", "report", "submit", "accept"]) == [
        S.ASSIGNED,
        S.IN_PROGRESS,
        S.IN_PROGRESS,
        S.SUBMITTED,
        S.RETURNED,
        S.IN_PROGRESS,
        S.SUBMITTED,
        S.ACCEPTED,
    ]


def test_only_known_states():
    for steps in ASSIGNMENT_STEPS.values():
        assert set(steps) | set(steps.values()) <= set(S.values)
    for steps in OBLIGATION_STEPS.values():
        assert set(steps) | set(steps.values()) <= set(O.values)


def test_every_state_can_be_reached_and_every_open_one_can_be_finished():
    reached = {S.ASSIGNED}
    while True:
        more = {
            after
            for steps in ASSIGNMENT_STEPS.values()
            for before, after in steps.items()
            if before in reached
        }
        if more <= reached:
            break
        reached |= more
    assert reached == set(S.values)
    for state in set(S.values) - {S.ACCEPTED, S.CANCELLED}:
        assert any(state in steps for steps in ASSIGNMENT_STEPS.values())


@given(st.lists(verbs, max_size=30))
def test_finished_and_cancelled_are_the_end(steps):
    path = walk(steps)
    for end in (S.ACCEPTED, S.CANCELLED):
        if end in path:
            assert set(path[path.index(end) :]) == {end}


@given(st.lists(verbs, max_size=30))
def test_nothing_is_accepted_that_was_not_submitted(steps):
    path = walk(steps)
    if S.ACCEPTED in path:
        assert path[path.index(S.ACCEPTED) - 1] == S.SUBMITTED


def test_nobody_works_on_what_has_ended():
    for verb in [*ASSIGNMENT_STEPS, *ASSIGNMENT_ACTS]:
        assert not is_open_to(S.ACCEPTED, verb)
        assert not is_open_to(S.CANCELLED, verb)


def test_reports():
    assert next_obligation_state(O.OWED, "submit") == O.SUBMITTED
    assert next_obligation_state(O.RETURNED, "submit") == O.SUBMITTED
    assert next_obligation_state(O.ACCEPTED, "return") is None
    assert next_obligation_state(O.WAIVED, "submit") is None
