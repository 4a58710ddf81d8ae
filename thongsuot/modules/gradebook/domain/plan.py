"""Subjects and periods of the general education programme (GDPT 2018) as data: data/grading/gdpt2018.json. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field

from .rules import Plain


class PlannedSubject(Plain):
    """A subject of a level; periods a year (35 weeks) by grade: everybody's, of the optional subject, of the chosen one.

    taught_as: other names by which teaching assignments call it, or a part of it. short: what stands over a narrow column.
    """

    code: str
    name: str
    short: str = ""
    form: Literal["score", "comment"]
    taught_as: tuple[str, ...] = ()
    periods: dict[int, int]
    optional: dict[int, int] = {}
    choice: dict[int, int] = {}

    def periods_in(self, grade: int) -> int | None:
        """None where the grade does not have the subject at all."""
        return self.periods.get(grade) or self.choice.get(grade) or self.optional.get(grade)

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which an assignment may call it."""
        return (self.name, *self.taught_as)


class Stage(Plain):
    """What one level of education teaches. choose: how many of the subjects with `choice` a pupil takes."""

    level: str
    choose: int = 0
    topic_periods: int = 0
    total_periods: dict[int, int]
    subjects: tuple[PlannedSubject, ...] = Field(min_length=1)

    def subject(self, code: str, grade: int) -> PlannedSubject | None:
        return next((s for s in self.subjects if s.code == code and s.periods_in(grade)), None)

    def missing(self, grade: int, taken: Collection[str]) -> list[str]:
        """Names of the subjects that everybody of the grade has and `taken` (codes) lacks."""
        return [s.name for s in self.subjects if s.periods.get(grade) and s.code not in taken]

    def choices_missing(self, grade: int, taken: Collection[str]) -> int:
        """How many chosen subjects `taken` is short of."""
        offered = [s.code for s in self.subjects if s.choice.get(grade)]
        return max(0, self.choose - sum(code in taken for code in offered)) if offered else 0


class Programme(Plain):
    code: str
    title: str
    legal_source: str
    confidence: Literal["V", "V2", "M", "I"]
    note: str = ""
    stages: tuple[Stage, ...]

    def stage(self, level: str) -> Stage | None:
        return next((one for one in self.stages if one.level == level), None)
