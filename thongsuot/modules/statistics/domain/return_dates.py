"""When returns are due, and which reminder a due day calls for on a day. Pure.

Steps are named by the days left: 7, 3, 1 and 0 ahead; -1 after it, then each week (-8, -15 ...).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

AHEAD = (7, 3, 1, 0)
FIRST_AFTER = -1
THEN_EVERY = 7


def due_day(last_day: date, is_working_day: Callable[[date], bool]) -> date:
    """The last day of a deadline; the next working day where it is a free one (Bộ luật Dân sự 2015 Điều 148)."""
    while not is_working_day(last_day):
        last_day += timedelta(days=1)
    return last_day


def reminder_step(due_on: date, today: date) -> int | None:
    """The latest step whose day has come: after downtime one reminder is sent, not all that were missed."""
    left = (due_on - today).days
    if left > AHEAD[0]:
        return None
    if left >= 0:
        return min(step for step in AHEAD if step >= left)
    return FIRST_AFTER - (FIRST_AFTER - left) // THEN_EVERY * THEN_EVERY
