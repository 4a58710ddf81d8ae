"""The rules of a circular as data (data/grading/): marks and weights, thresholds, the conduct matrix, promotion. Pure.

A new circular is a new file, or a version that the department has set (models/rules.py): `rules_for` finds the one that
holds for a grade in a school year, so that two years may stand under two rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from ..types import Conduct, Learning, PrimaryLearning

Mark = Annotated[Decimal, Field(ge=0, le=10)]
Count = Annotated[int, Field(ge=0, le=100)]
Moment = Literal["GK1", "CK1", "GK2", "CN"]


class Plain(BaseModel):
    """Nothing unknown is let in, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Applies(Plain):
    """From the school year that begins in `from_year` on."""

    level: str
    grade: int = Field(ge=1, le=12)
    from_year: int = Field(ge=2000, le=2100)


class RegularNumber(Plain):
    """`number` regular assessments (ĐĐGtx) a term where a subject has `from_periods` periods a year, or more."""

    from_periods: int = Field(ge=1)
    number: Count


class Weights(Plain):
    regular: Count
    midterm: Count
    final: Count


class Threshold(Plain):
    """A level of learning: every score subject at least `every`, in `subjects` of them at least `enough`, at most
    `comments_failed` comment subjects Chưa đạt. Marks of the 10-point scale.
    """

    level: Learning
    every: Mark
    enough: Mark
    subjects: Count
    comments_failed: Count


class Excellent(Plain):
    subjects: Count
    at_least: Mark


class RuleFile(Plain):
    code: str
    title: str
    legal_source: str
    confidence: Literal["V", "V2", "M", "I"]
    note: str = ""
    unsure: dict[str, Literal["V2", "M", "I"]] = {}
    applies: tuple[Applies, ...]

    def holds_for(self, level: str, grade: int, year: int) -> int | None:
        """The year from which these rules hold for the grade; None when they do not."""
        found = [a.from_year for a in self.applies if (a.level, a.grade) == (level, grade)]
        return max((first for first in found if first <= year), default=None)


class SecondaryRules(RuleFile):
    """TT 22/2021 and what is built like it. regular_by_score: ascending; learning: best level first."""

    kind: Literal["secondary"]
    mark_decimals: Annotated[int, Field(ge=0, le=2)]
    regular_by_score: tuple[RegularNumber, ...]
    regular_by_comment: Count
    absent_periodic: Mark
    weights: Weights
    term_weights: tuple[Count, Count]
    learning: tuple[Threshold, ...]
    adjustment_steps: Count
    conduct: dict[Conduct, dict[Conduct, Conduct]]
    most_absences: Annotated[int, Field(ge=0, le=366)]
    reassess_below: Mark
    both_failed_repeats: bool
    excellent: Excellent

    @model_validator(mode="after")
    def whole(self) -> SecondaryRules:
        """Every pair of conduct results has an answer; levels stand best first; something is weighed."""
        if any(set(row) != set(Conduct) for row in self.conduct.values()) or set(self.conduct) != set(
            Conduct
        ):
            raise ValueError("conduct")
        order = [list(Learning).index(one.level) for one in self.learning]
        if order != sorted(set(order)) or Learning.NOT_PASSED in [one.level for one in self.learning]:
            raise ValueError("learning")
        if not sum(self.term_weights) or not (self.weights.midterm and self.weights.final):
            raise ValueError("weights")
        return self

    def regular_number(self, form: str, periods: int) -> int:
        """How many regular assessments a term asks for (Điều 6): of a comment subject one number for all."""
        if form == "comment":
            return self.regular_by_comment
        return max((one.number for one in self.regular_by_score if one.from_periods <= periods), default=0)


class PrimaryThreshold(Plain):
    """A level of the year: the worst subject level, the worst of qualities and competences, the lowest year-end test."""

    level: PrimaryLearning
    subjects: Literal["T", "H", "C"]
    traits: Literal["T", "Đ", "C"]
    tests: Annotated[int, Field(ge=0, le=10)]


class Tests(Plain):
    """Which subjects have a periodic test at which moments, in which grades (TT 27/2020 Điều 7)."""

    subjects: tuple[str, ...]
    moments: tuple[Moment, ...]
    grades: tuple[int, ...]


class PrimaryRules(RuleFile):
    """TT 27/2020. learning: best level first."""

    kind: Literal["primary"]
    tests: tuple[Tests, ...]
    learning: tuple[PrimaryThreshold, ...]
    completed_from: PrimaryLearning
    qualities: tuple[str, ...]
    competences: tuple[str, ...]
    most_test: int

    def tested(self, grade: int, moment: str) -> set[str]:
        """Codes of the subjects with a test at this moment."""
        fitting = (one for one in self.tests if grade in one.grades and moment in one.moments)
        return {code for one in fitting for code in one.subjects}


Rules = Annotated[SecondaryRules | PrimaryRules, Field(discriminator="kind")]
RULES: TypeAdapter[SecondaryRules | PrimaryRules] = TypeAdapter(Rules)


def rules_for(
    known: Iterable[SecondaryRules | PrimaryRules], level: str, grade: int, year: int
) -> SecondaryRules | PrimaryRules | None:
    """The newest rules that hold for the grade in the school year beginning in `year`; of two that begin to hold in the same
    year the one that stands later in `known`. None when there are none."""
    found = [
        (first, place, one)
        for place, one in enumerate(known)
        if (first := one.holds_for(level, grade, year)) is not None
    ]
    return max(found, key=lambda triple: triple[:2])[2] if found else None
