"""A document of marks graded: every pupil's results with the reason of each. No database is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from ..domain import primary, secondary
from ..domain.plan import Stage
from ..domain.reasons import Reason
from ..domain.record import Fault, FileIn, PupilIn, Reader, shape_faults
from ..domain.rules import PrimaryRules, SecondaryRules
from ..types import GradingFault
from .rules import Rules, file_rules, programme, rules_of
from .words import TRAITS, name_of, sentence

LAST_GRADES = {"primary": 5, "lower_secondary": 9, "upper_secondary": 12}
CONTINUING_LAST = (9, 12)


def grade_document(data: Any, more_rules: Sequence[Rules] = ()) -> dict[str, Any]:
    """{"rules", "school_year", "level", "grade", "pupils": [...], "errors": [...]} as data/grading/README.md describes.

    data: the parsed JSON, numbers as Decimal. more_rules: beside those of data/grading/; of two that begin to hold in the
    same year the later one is taken. A pupil who cannot be read stands in `errors` with field and reason and
    keeps nobody else back. Raises GradingFault when the document itself is not to be understood.
    """
    document = _document(data)
    known = (*file_rules(), *more_rules)
    rules = rules_of(document.level, document.grade, document.first_year, document.rules, known)
    stage = programme().stage(document.level)
    pupils, errors = [], []
    for place, raw in enumerate(document.pupils, start=1):
        given, faults = _pupil(raw)
        graded: dict[str, Any] = {}
        if given is not None:
            graded, faults = _graded(rules, stage, document, given)
        if faults:
            name = given.id if given is not None else str(raw.get("id", ""))
            errors += [_error(place, name, fault) for fault in faults]
        else:
            pupils.append(graded)
    return {
        "rules": {
            key: getattr(rules, key) for key in ("code", "title", "legal_source", "confidence", "note")
        },
        "school_year": document.school_year,
        "level": document.level,
        "grade": document.grade,
        "pupils": pupils,
        "errors": errors,
    }


def _document(data: Any) -> FileIn:
    try:
        document = FileIn.model_validate(data)
    except ValidationError as error:
        said = "; ".join(f"{fault.field}: {_(fault.said)}" for fault in shape_faults(error))
        raise GradingFault(said) from error
    if int(document.school_year[5:]) != document.first_year + 1:
        raise GradingFault(_("school_year: năm học là hai năm liền nhau, ví dụ 2026-2027"))
    return document


def _pupil(raw: Mapping[str, Any]) -> tuple[PupilIn | None, list[Fault]]:
    try:
        return PupilIn.model_validate(raw), []
    except ValidationError as error:
        return None, shape_faults(error)


def _error(place: int, name: str, fault: Fault) -> dict[str, Any]:
    return {"row": place, "pupil": name, "field": fault.field, "reason": _(fault.said) % dict(fault.about)}


def _graded(
    rules: SecondaryRules | PrimaryRules, stage: Stage | None, document: FileIn, given: PupilIn
) -> tuple[dict[str, Any], list[Fault]]:
    reader = Reader(document.grade, stage)
    missing = _missing(stage, document.grade, [one.code for one in given.subjects])
    names = {str(code): str(name) for code, name in TRAITS.items()}
    names |= {one.code: one.name for one in stage.subjects} if stage else {}
    last = document.grade == LAST_GRADES.get(document.level) or (
        document.level == "continuing" and document.grade in CONTINUING_LAST
    )
    if isinstance(rules, PrimaryRules):
        year = reader.primary(rules, given)
        if reader.faults:
            return {}, reader.faults
        return _of_primary(
            given, primary.year_outcome(rules, year, missing=missing, is_last_grade=last), names
        ), []
    marks = reader.secondary(rules, given)
    if reader.faults:
        return {}, reader.faults
    found = secondary.year_outcome(rules, marks, missing=missing, is_last_grade=last)
    return _of_secondary(given, found, names), []


def _missing(stage: Stage | None, grade: int, taken: Sequence[str]) -> list[str]:
    if stage is None:
        return []
    lacking = stage.missing(grade, taken)
    if number := stage.choices_missing(grade, taken):
        lacking.append(_("%(number)s môn lựa chọn") % {"number": number})
    return lacking


def _of_primary(given: PupilIn, found: primary.PrimaryOutcome, names: dict[str, str]) -> dict[str, Any]:
    return {"id": given.id, "learning": {"year": found.learning}, **_end(found, found.reasons, names)}


def _of_secondary(given: PupilIn, found: secondary.YearOutcome, names: dict[str, str]) -> dict[str, Any]:
    first, second, year = found.learning
    return {
        "id": given.id,
        "subjects": [
            {
                "code": one.code,
                "name": names.get(one.code, one.code),
                "terms": [_number(mark) for mark in one.terms],
                "year": _number(one.year),
                "after": _number(one.after),
                "reasons": [sentence(reason, {one.code: ""}).removeprefix(": ") for reason in one.reasons],
            }
            for one in found.subjects
        ],
        "learning": {"term_1": first, "term_2": second, "year": year, "after": found.after},
        "conduct": found.conduct,
        "reassess": list(found.again),
        **_end(found, found.reasons, names),
    }


def _end(found: Any, reasons: Sequence[Reason], names: dict[str, str]) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "outcome_name": name_of(found.outcome),
        "award": found.award,
        "award_name": name_of(found.award) if found.award else None,
        "reasons": [{"why": reason.why, "said": sentence(reason, names)} for reason in reasons],
    }


def _number(mark: Any) -> Any:
    """JSON has no decimals: one digit after the point is exact as printed."""
    return float(mark) if isinstance(mark, Decimal) else mark
