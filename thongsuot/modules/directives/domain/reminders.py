"""Which reminder a due day calls for on a day. Pure.

Steps are named by the days left: 7, 3, 1 and 0 ahead; -1 after it, then each week (-8, -15 ...).
"""

from __future__ import annotations

from datetime import date, timedelta

AHEAD = (7, 3, 1, 0)
FIRST_AFTER = -1
THEN_EVERY = 7


def reminder_step(due_on: date, today: date) -> int | None:
    """The latest step whose day has come: after downtime one reminder is sent, not all that were missed."""
    left = (due_on - today).days
    if left > AHEAD[0]:
        return None
    if left >= 0:
        return min(step for step in AHEAD if step >= left)
    return FIRST_AFTER - (FIRST_AFTER - left) // THEN_EVERY * THEN_EVERY


def step_day(due_on: date, step: int) -> date:
    """The day on which `step` comes."""
    return due_on - timedelta(days=step)
