"""When something is due: data/transcripts/deadlines.json, corrected by people on the page of deadlines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
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


class OwnDay(Plain):
    """Another day for one school year (first_year), for one level, or for both; None and "": for all of them."""

    code: str
    first_year: int | None = None
    level: str = ""
    month: int
    day: int
    basis: str = ""

    def holds(self, code: str, first_year: int, level: str) -> bool:
        return self.code == code and self.first_year in (None, first_year) and self.level in ("", level)


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
    own_days: tuple[OwnDay, ...] = ()

    def day_of(self, code: str, first_year: int, level: str = "") -> date | None:
        """The day for a level in the school year that begins in `first_year`: what was said of this year goes before what
        was said of all years, then what was said of this level before what was said of all."""
        said = [one for one in self.own_days if one.holds(code, first_year, level)]
        if not said:
            return self.named(code).in_year(first_year)
        one = max(said, key=lambda one: (one.first_year is not None, one.level != ""))
        return date(first_year + 1, one.month, one.day)

    def last_day_of(self, code: str, first_year: int, levels: Iterable[str]) -> date | None:
        """Of a school of several levels: the last of their days, after which all is late."""
        days = [self.day_of(code, first_year, level) for level in levels] or [self.day_of(code, first_year)]
        return max((day for day in days if day is not None), default=None)

    def days(self, code: str, first_year: int, levels: Iterable[str]) -> dict[date, list[str]]:
        """The days of the levels, each with those that it holds for; in order."""
        found: dict[date, list[str]] = {}
        for level in levels:
            day = self.day_of(code, first_year, level)
            if day is not None:
                found.setdefault(day, []).append(level)
        return dict(sorted(found.items()))

    def named(self, code: str) -> Deadline:
        return next(one for one in self.deadlines if one.code == code)


def reminder_step(due: date, today: date, rule: Reminding) -> int | None:
    """The latest reminder whose day has come, as days left (below zero: after the day); None before the first. After
    downtime one reminder is sent, not all that were missed."""
    left = (due - today).days
    if left >= 0:
        return min((step for step in rule.ahead if step >= left), default=None)
    return -1 - (-1 - left) // rule.then_every * rule.then_every


def after_lock(
    *, today: date, first_year: int, deadlines: Deadlines, level: str = "", is_supplementary: bool = False
) -> bool:
    """Is the year closed for this transcript, so that a correction needs the approval of those above?"""
    last = deadlines.day_of("supplementary" if is_supplementary else "year_locked", first_year, level)
    return last is not None and today > last
