"""What people decide of the year of a class, with what the year comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..models import PupilYear, YearJudgement
from ..types import Conduct, Outcome, PrimaryLearning
from .rules import rules_held
from .summer import conduct_before_training
from .words import name_of


@dataclass(frozen=True)
class JudgedPupil:
    """row: the judgement, or None; outcome: in words, "" while nothing is computed; opens: "trained" or "helped" where the
    year asks for it."""

    row: YearJudgement | None
    outcome: str
    opens: str
    is_stale: bool


@rules_held()
def judged_pupils(school_class: Any) -> dict[int, JudgedPupil]:
    """By pupil, of those who have a result or a judgement. school_class: with unit__school and school_year."""
    rows = {row.student_id: row for row in YearJudgement.objects.filter(school_class=school_class)}
    years = PupilYear.objects.filter(
        unit_id=school_class.unit_id, school_year_id=school_class.school_year_id, school_class=school_class
    ).select_related("school_class__school_year", "unit__school")
    found = {key: JudgedPupil(row, "", _stands(row), False) for key, row in rows.items()}
    for year in years:
        row = rows.get(year.student_id)
        opens = _stands(row) or _asks(year)
        found[year.student_id] = JudgedPupil(row, name_of(Outcome(year.outcome)), opens, year.is_stale)
    return found


def _stands(row: YearJudgement | None) -> str:
    """What is written stays open, so that it can be taken away."""
    if row is None:
        return ""
    return "trained" if row.trained else "helped" if row.helped else ""


def _asks(year: PupilYear) -> str:
    if year.learning == PrimaryLearning.NOT_DONE:
        return "helped"
    return "trained" if conduct_before_training(year) == Conduct.NOT_PASSED else ""
