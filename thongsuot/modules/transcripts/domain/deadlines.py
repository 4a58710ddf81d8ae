"""When something is due: data/transcripts/deadlines.json, corrected by people on the page of deadlines. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field as Given

from .profile import Plain


class Deadline(Plain):
    """A day of the calendar year in which the school year ends, or a number of working days."""

    code: str
    name: str
    month: int | None = None
    day: int | None = None
    working_days: int | None = None
    confidence: Literal["V", "V2", "M", "I"]
    note: str = ""

    def in_year(self, first_year: int) -> date | None:
        """The day for the school year that begins in `first_year`."""
        if self.month is None or self.day is None:
            return None
        return date(first_year + 1, self.month, self.day)


class Reminding(Plain):
    """Days ahead of a deadline on which people are reminded, then every so many days; from how many days after it the
    principal, and the department, are told of others' work."""

    ahead: tuple[int, ...]
    then_every: int = Given(gt=0)
    leader_after: int
    department_after: int
    confidence: Literal["V", "V2", "M", "I"]
    note: str = ""


class Deadlines(Plain):
    legal_source: str
    reminding: Reminding
    deadlines: tuple[Deadline, ...]

    def named(self, code: str) -> Deadline:
        return next(one for one in self.deadlines if one.code == code)


def reminder_step(due: date, today: date, rule: Reminding) -> int | None:
    """The latest reminder whose day has come, as days left (below zero: after the day); None before the first. After
    downtime one reminder is sent, not all that were missed."""
    left = (due - today).days
    if left >= 0:
        return min((step for step in rule.ahead if step >= left), default=None)
    return -1 - (-1 - left) // rule.then_every * rule.then_every


def after_lock(*, today: date, first_year: int, deadlines: Deadlines, is_supplementary: bool = False) -> bool:
    """Is the year closed for this transcript, so that a correction needs the approval of those above?"""
    last = deadlines.named("supplementary" if is_supplementary else "year_locked").in_year(first_year)
    return last is not None and today > last
