"""The dates of a yearly round. Pure; the days themselves are data (data/maturity/calendar.json), corrected by round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..types import RubricFault

# Days before a date on which people are reminded; the last one is the day after.
REMIND = (14, 7, 3, 1, 0, -1)


@dataclass(frozen=True)
class RoundDates:
    as_of: date
    self_due_on: date
    forward_due_on: date
    external_due_on: date
    appeal_days: int


def dates_of(rules: Mapping[str, Any], year: int) -> RoundDates:
    """The dates of the round that ends in `year`. Raises RubricFault when the file is not right."""
    try:
        return RoundDates(
            as_of=_day(rules["as_of"], year),
            self_due_on=_day(rules["self"], year),
            forward_due_on=_day(rules["forward"], year),
            external_due_on=_day(rules["external"], year),
            appeal_days=int(rules["appeal_days"]),
        )
    except (KeyError, ValueError) as error:
        raise RubricFault(f"data/maturity/calendar.json: {error}") from error


def _day(month_day: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{month_day}")


def remind_step(due_on: date, today: date) -> int | None:
    """The reminder that the day calls for (days left, -1 after), None on all other days.

    A day missed is not made up: the next one comes soon.
    """
    left = (due_on - today).days
    return left if left in REMIND else None


def appeal_until(published_on: date, days: int) -> date:
    """The last day on which an appeal is taken."""
    return published_on + timedelta(days=days)
