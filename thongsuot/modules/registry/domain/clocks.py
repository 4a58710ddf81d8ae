"""Days that the law gives. Pure."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def working_days_after(day: date, number: int) -> date:
    """The `number`-th working day after `day`. Saturdays and Sundays are left out; public holidays are not known here,
    so that the answer may fall due a holiday too early, never too late.
    """
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day
