"""What a school has written of a pupil's year, put together as one parcel that another school can rest its books on.

Read as the system: the receiving school never sees the rows themselves, only what is carried (models/carried.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from ..domain.carrying import added, cells_of
from ..domain.cells import Line
from ..models import Absence, CarriedYear, PupilTraits, SubjectMarks, TermConduct, YearJudgement
from ..queries.books import line_of

Content = dict[str, Any]


def schools_before(student: Any, school_year_id: int, unit_id: int) -> dict[int, Any]:
    """Other schools at which the pupil sat in the year, the last one first: {unit: last class there}."""
    spells = student.enrolments.filter(school_year_id=school_year_id).exclude(unit_id=unit_id)
    spells = spells.exclude(exit_type="withdrawn").select_related("school_class")
    found: dict[int, Any] = {}
    for spell in spells.order_by("-entered_on", "-pk"):
        found.setdefault(spell.unit_id, spell.school_class)
    return found


def parcel(
    student: Any, school_year: Any, unit_id: int, last_class: Any, on: date
) -> tuple[Content, dict[str, Any]]:
    """(content of CarriedYear, absences) of what `unit_id` itself wrote up to `on`; not what it had inherited."""
    inherited = CarriedYear.objects.filter(unit_id=unit_id, school_year=school_year, student=student)
    closed: dict[str, set[str]] = {}
    for row in inherited:
        for key, names in row.closed.items():
            closed.setdefault(key, set()).update(names)
    judged = YearJudgement.objects.filter(
        unit_id=unit_id, student=student, school_class__school_year=school_year
    )
    content: Content = {
        "class": last_class.name if last_class is not None else "",
        "grade": last_class.grade if last_class is not None else None,
        "over": [term.number for term in school_year.terms.all() if term.ends_on < on],
        "has_plan": judged.filter(has_plan=True).exists(),
        "subjects": _subjects(student, school_year, unit_id, last_class, closed),
        "conduct": _conduct(student, school_year, unit_id, last_class, closed),
        "traits": _traits(student, school_year, unit_id, last_class, closed),
    }
    return content, _absences(student, school_year, unit_id, judged)


def is_empty(content: Content, absences: Mapping[str, Any]) -> bool:
    told = content["subjects"] or content["conduct"] or content["traits"] or content["has_plan"]
    return not told and not absences.get("absences")


def _last_first(rows: Collection[Any], class_of: Any, last_class: Any) -> list[Any]:
    """What the last class wrote counts before what an earlier one wrote."""
    last = last_class.pk if last_class is not None else None
    return sorted(rows, key=lambda row: (class_of(row) != last, -row.pk))


def _subjects(
    student: Any, school_year: Any, unit_id: int, last_class: Any, closed: Mapping[str, set[str]]
) -> dict[str, Any]:
    rows = SubjectMarks.objects.filter(
        student=student, unit_id=unit_id, class_subject__school_year=school_year
    ).select_related("class_subject")
    lines: dict[tuple[str, int], Line] = {}
    names: dict[str, str] = {}
    for row in _last_first(list(rows), lambda one: one.class_subject.school_class_id, last_class):
        key = row.class_subject.code, row.term
        own = {
            cell: text
            for cell, text in cells_of(line_of(row)).items()
            if cell not in closed.get(f"{key[0]}|{key[1]}", ())
        }
        if own:
            lines[key] = added(lines.get(key, Line()), own).line
            names.setdefault(row.class_subject.code, row.class_subject.name)
    found: dict[str, Any] = {}
    for (code, term), line in sorted(lines.items()):
        found.setdefault(code, {"name": names[code], "terms": {}})["terms"][str(term)] = cells_of(line)
    return found


def _conduct(
    student: Any, school_year: Any, unit_id: int, last_class: Any, closed: Mapping[str, set[str]]
) -> dict[str, dict[str, str]]:
    rows = TermConduct.objects.filter(student=student, unit_id=unit_id, school_class__school_year=school_year)
    found: dict[str, dict[str, str]] = {}
    for row in _last_first(list(rows), lambda one: one.school_class_id, last_class):
        for name in ("conduct", "remark"):
            text, term = getattr(row, name), str(row.term)
            if text and name not in closed.get(f"conduct|{term}", ()):
                found.setdefault(term, {}).setdefault(name, text)
    return found


def _traits(
    student: Any, school_year: Any, unit_id: int, last_class: Any, closed: Mapping[str, set[str]]
) -> dict[str, dict[str, str]]:
    rows = PupilTraits.objects.filter(student=student, unit_id=unit_id, school_class__school_year=school_year)
    found: dict[str, dict[str, str]] = {}
    for row in _last_first(list(rows), lambda one: one.school_class_id, last_class):
        for code, level in row.levels.items():
            if level and code not in closed.get(f"traits|{row.moment}", ()):
                found.setdefault(row.moment, {}).setdefault(code, level)
    return found


def _absences(student: Any, school_year: Any, unit_id: int, judged: Any) -> dict[str, Any]:
    """Sessions missed; one a day counts (TT 22/2021 Điều 12). A number that the school stated goes before counted ones."""
    rows = Absence.objects.filter(unit_id=unit_id, school_class__school_year=school_year, lesson__isnull=True)
    days = {True: set[date](), False: set[date]()}
    for on, is_excused in rows.filter(student=student).values_list("on", "is_excused"):
        days[is_excused].add(on)
    stated = judged.exclude(absences=None).order_by("-updated_at").values_list("absences", flat=True).first()
    # A school in which nobody is ever missing has not kept the attendance.
    counted = len(days[True] | days[False]) if rows.exists() else None
    return {
        "absences": counted if stated is None else stated,
        "excused": len(days[True]),
        "unexcused": len(days[False]),
    }
