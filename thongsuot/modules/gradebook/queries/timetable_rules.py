"""Rules of timetables: those of data/timetable/, or the school's own of the year."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError

from ..domain.timetable_rules import SubjectWords, TimetableRules
from ..models import TimetableSettings
from ..types import GradingFault

# Which file holds for a school whose highest grade is so much.
BY_GRADE = ((5, "primary"), (9, "lower_secondary"), (12, "upper_secondary"))


def usual_rules(grades: Collection[int | None]) -> TimetableRules:
    """The rules of data/timetable/ for the highest of the grades. Raises GradingFault naming file and field."""
    highest = max((grade for grade in grades if grade is not None and grade <= 12), default=12)
    code = next(code for most, code in BY_GRADE if highest <= most)
    return _usual(Path(settings.DATA_DIR) / "timetable" / f"{code}.json")


def own_rules(unit_id: int, school_year_id: int) -> TimetableSettings | None:
    return TimetableSettings.objects.filter(unit_id=unit_id, school_year_id=school_year_id).first()


def timetable_rules(unit_id: int, school_year_id: int, grades: Collection[int | None]) -> TimetableRules:
    """The school's own rules of the year, or the usual ones."""
    row = own_rules(unit_id, school_year_id)
    return usual_rules(grades) if row is None else TimetableRules.model_validate(row.body)


def subject_words() -> SubjectWords:
    return _words(Path(settings.DATA_DIR) / "timetable" / "words.json")


@lru_cache(maxsize=8)
def _usual(path: Path) -> TimetableRules:
    return _read(path, TimetableRules)


@lru_cache(maxsize=2)
def _words(path: Path) -> SubjectWords:
    return _read(path, SubjectWords)


def _read(path: Path, shape: Any) -> Any:
    try:
        return shape.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        said = _("Tệp %(file)s không đọc được: %(why)s")
        raise GradingFault(said % {"file": path.name, "why": error}) from error
