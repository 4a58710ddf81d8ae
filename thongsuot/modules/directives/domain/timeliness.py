"""Where a task stands against its deadline on a day. Pure; `queries.timeliness_case` says the same in SQL."""

from __future__ import annotations

from datetime import date

from ..types import AssignmentState, DeadlineKind, Timeliness

# "Sắp đến hạn" of the trackers: the last week, both ends counted.
SOON_DAYS = 7
STOPPED = (AssignmentState.PAUSED, AssignmentState.CANCELLED)


def timeliness(
    *,
    state: str,
    deadline_kind: str,
    due_on: date | None,
    completed_on: date | None,
    event_occurred_on: date | None,
    today: date,
) -> Timeliness:
    """Late is only ever said where a day is set; a product dated on the last day is on time."""
    if state in STOPPED:
        return Timeliness.STOPPED
    if state == AssignmentState.ACCEPTED:
        if due_on is None or completed_on is None:
            return Timeliness.DONE
        return Timeliness.DONE_ON_TIME if completed_on <= due_on else Timeliness.DONE_LATE
    if due_on is None:
        waits = deadline_kind == DeadlineKind.EVENT and event_occurred_on is None
        return Timeliness.WAITING if waits else Timeliness.NO_DEADLINE
    days_left = (due_on - today).days
    if days_left < 0:
        return Timeliness.LATE
    return Timeliness.DUE_SOON if days_left <= SOON_DAYS else Timeliness.ON_TIME
