from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.timeliness import SOON_DAYS, timeliness
from thongsuot.modules.directives.types import OPEN_STATES, AssignmentState, DeadlineKind, Timeliness

TODAY = date(2026, 3, 31)


def stand(**given_facts):
    facts = {
        "state": AssignmentState.IN_PROGRESS,
        "deadline_kind": DeadlineKind.DATE,
        "due_on": None,
        "completed_on": None,
        "event_occurred_on": None,
        "today": TODAY,
    }
    return timeliness(**{**facts, **given_facts})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"due_on": date(2026, 3, 30)}, Timeliness.LATE),
        ({"due_on": date(2026, 3, 31)}, Timeliness.DUE_SOON),
        ({"due_on": date(2026, 4, 7)}, Timeliness.DUE_SOON),
        ({"due_on": date(2026, 4, 8)}, Timeliness.ON_TIME),
        ({"due_on": date(2026, 3, 30), "state": AssignmentState.SUBMITTED}, Timeliness.LATE),
        ({"due_on": date(2026, 3, 30), "state": AssignmentState.PAUSED}, Timeliness.STOPPED),
        ({"state": AssignmentState.CANCELLED}, Timeliness.STOPPED),
        ({"deadline_kind": DeadlineKind.EVENT}, Timeliness.WAITING),
        ({"deadline_kind": DeadlineKind.EVENT, "event_occurred_on": TODAY}, Timeliness.NO_DEADLINE),
        (
            {"deadline_kind": DeadlineKind.EVENT, "event_occurred_on": TODAY, "due_on": TODAY},
            Timeliness.DUE_SOON,
        ),
        ({"deadline_kind": DeadlineKind.ONGOING}, Timeliness.NO_DEADLINE),
        (
            {"state": AssignmentState.ACCEPTED, "due_on": date(2026, 3, 1), "completed_on": date(2026, 3, 1)},
            Timeliness.DONE_ON_TIME,
        ),
        (
            {"state": AssignmentState.ACCEPTED, "due_on": date(2026, 3, 1), "completed_on": date(2026, 3, 2)},
            Timeliness.DONE_LATE,
        ),
        ({"state": AssignmentState.ACCEPTED, "completed_on": date(2026, 3, 2)}, Timeliness.DONE),
    ],
)
def test_worked_examples(facts, expected):
    assert stand(**facts) == expected


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(due_on=days, today=days, state=st.sampled_from(OPEN_STATES), kind=st.sampled_from(DeadlineKind.values))
def test_open_work_with_a_day_is_exactly_one_of_three(due_on, today, state, kind):
    found = stand(due_on=due_on, today=today, state=state, deadline_kind=kind)
    left = (due_on - today).days
    assert (found == Timeliness.LATE) == (left < 0)
    assert (found == Timeliness.DUE_SOON) == (0 <= left <= SOON_DAYS)
    assert (found == Timeliness.ON_TIME) == (left > SOON_DAYS)


@given(today=days, state=st.sampled_from(AssignmentState.values), kind=st.sampled_from(DeadlineKind.values))
def test_nothing_is_late_without_a_day(today, state, kind):
    found = stand(today=today, state=state, deadline_kind=kind)
    assert found not in (Timeliness.LATE, Timeliness.DUE_SOON, Timeliness.DONE_LATE)


@given(due_on=days, today=days)
def test_time_only_makes_open_work_later(due_on, today):
    order = [Timeliness.ON_TIME, Timeliness.DUE_SOON, Timeliness.LATE]
    before, after = stand(due_on=due_on, today=today), stand(due_on=due_on, today=today + timedelta(days=1))
    assert order.index(after) >= order.index(before)


@given(due_on=days, completed_on=days, today=days)
def test_what_is_done_no_longer_changes(due_on, completed_on, today):
    facts = {"state": AssignmentState.ACCEPTED, "due_on": due_on, "completed_on": completed_on}
    assert stand(**facts, today=today) == stand(**facts, today=TODAY)
