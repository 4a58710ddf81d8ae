"""When something is due: data/transcripts/deadlines.json, corrected by people on the page of deadlines. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

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


class Deadlines(Plain):
    legal_source: str
    deadlines: tuple[Deadline, ...]

    def named(self, code: str) -> Deadline:
        return next(one for one in self.deadlines if one.code == code)


def after_lock(*, today: date, first_year: int, deadlines: Deadlines, is_supplementary: bool = False) -> bool:
    """Is the year closed for this transcript, so that a correction needs the approval of those above?"""
    last = deadlines.named("supplementary" if is_supplementary else "year_locked").in_year(first_year)
    return last is not None and today > last
