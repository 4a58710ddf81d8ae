"""A pupil comes from another school during the year: the new school inherits what the old one had written.

The old school keeps its books as they were on the last day. The receiving school gets the marks of the terms so far in
its own books, so that the year's average can be computed, as cells that it cannot write over and that say whose they
are; it never writes them anew (Quy chế học bạ của Sở GDĐT TP.HCM, QĐ 1789/QĐ-SGDĐT Điều 22). Called by
journeys.transfer_student.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.queries import last_spells

from ..bulk.parcels import is_empty, parcel, schools_before
from ..bulk.staleness import hold_for_writing, mark_stale
from ..domain.carrying import added, cells_of, closed_cells, columns_of_cells, line_of_cells
from ..domain.cells import Line
from ..models import (
    Absence,
    CarriedYear,
    ClassSubject,
    PupilTraits,
    PupilYear,
    Reassessment,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    YearJudgement,
)
from ..queries.books import line_of
from ..types import StateConflict

TRANSFER, MATCH = "registry.transfer", "registry.match"


@dataclass(frozen=True)
class Inherited:
    """lines: terms of subjects now in the books; missing: subjects that the class has no book of (yet): they are kept in
    the record of the transfer, and go into the books when those are opened.
    """

    lines: int = 0
    missing: tuple[str, ...] = ()


def _require(by: Actor, unit_id: int) -> None:
    if not by.can(TRANSFER, unit_id):
        raise NotAllowed(_("Chỉ trường tiếp nhận mới nhận được kết quả học tập của học sinh."))


@transaction.atomic
def inherit_year(*, by: Actor, student: Any, school_class: Any, on: date, now: datetime) -> Inherited:
    """What other schools wrote of the pupil in the class's year becomes the class's, up to `on`, the first day there.

    Doing it again brings what is new and changes nothing else. Results are computed again. Raises NotAllowed.
    """
    unit_id, year = school_class.unit_id, school_class.school_year
    _require(by, unit_id)
    # Rows of the other schools are out of the receiving one's sight; the right has been looked at.
    with act_as(Actor.system()):
        hold_for_writing(unit_id, year.pk)
        lines = 0
        missing: dict[str, str] = {}
        for from_unit, last_class in schools_before(student, year.pk, unit_id).items():
            content, absences = parcel(student, year, from_unit, last_class, on)
            row = CarriedYear.objects.filter(
                unit_id=unit_id, school_year=year, student=student, from_unit_id=from_unit
            ).first()
            if row is None and is_empty(content, absences):
                continue
            row = row or CarriedYear(
                unit_id=unit_id, school_year=year, student=student, from_unit_id=from_unit
            )
            before = row.content
            row.content, row.carried_at, row.carried_by_id = content, now, by.user_id
            for name, value in absences.items():
                setattr(row, name, value)
            lines += _place(row, school_class, before)
            row.save()
            missing |= _missing(row)
        mark_stale(unit_id, year.pk, [student.pk])
    return Inherited(lines, tuple(missing.values()))


def settle_inherited(*, by: Actor, unit_id: int, school_year_id: int) -> int:
    """Books were opened: what came before them goes into them now; returns how many lines. For actions of this module."""
    rows = [
        row
        for row in CarriedYear.objects.filter(unit_id=unit_id, school_year_id=school_year_id)
        if _missing(row)
    ]
    if not rows:
        return 0
    spells = last_spells(Actor.system(), school_year_id=school_year_id, unit_ids=[unit_id])
    sits = {pupil: class_id for _unit, pupil, class_id, _grade in reversed(list(spells))}
    lines = 0
    for row in rows:
        subject = ClassSubject.objects.filter(school_class_id=sits.get(row.student_id))
        found = subject.select_related("school_class").first()
        if found is not None:
            lines += _place(row, found.school_class, row.content)
            row.save(update_fields=["closed"])
            mark_stale(unit_id, school_year_id, [row.student_id])
    return lines


def _missing(row: CarriedYear) -> dict[str, str]:
    """Subjects of which something has not found a book: name by code."""
    return {
        code: one["name"]
        for code, one in row.content["subjects"].items()
        if any(f"{code}|{term}" not in row.closed for term in one["terms"])
    }


# -- into the books ---------------------------------------------------------------------------------


def _place(row: CarriedYear, school_class: Any, before: Mapping[str, Any]) -> int:
    """Write what the row carries, beyond what `before` (an earlier carrying) brought, and note which cells are closed."""
    lines = _place_marks(row, school_class, before)
    _place_conduct(row, school_class)
    _place_traits(row, school_class)
    if row.content["has_plan"]:
        judged, _made = YearJudgement.objects.get_or_create(
            school_class=school_class, student_id=row.student_id, defaults={"unit_id": row.unit_id}
        )
        if not judged.has_plan:
            judged.has_plan = True
            judged.save()
    return lines


def _place_marks(row: CarriedYear, school_class: Any, before: Mapping[str, Any]) -> int:
    subjects = {
        one.code: one
        for one in ClassSubject.objects.filter(school_class=school_class, code__in=row.content["subjects"])
    }
    there = {
        (one.class_subject_id, one.term): one
        for one in SubjectMarks.objects.filter(class_subject__in=subjects.values(), student_id=row.student_id)
    }
    lines = 0
    for code, subject in subjects.items():
        for term, cells in row.content["subjects"][code]["terms"].items():
            key = f"{code}|{term}"
            had = before.get("subjects", {}).get(code, {}).get("terms", {}) if key in row.closed else {}
            new = {cell: text for cell, text in cells.items() if had.get(term, {}).get(cell) != text}
            closed = row.closed.setdefault(key, [])
            if not new:
                continue
            marks = there.get((subject.pk, int(term))) or SubjectMarks(
                unit_id=row.unit_id,
                class_subject=subject,
                student_id=row.student_id,
                term=int(term),
                version=0,
            )
            done = added(line_of(marks) if marks.pk else Line(), new)
            _write(marks, done.line)
            is_over = int(term) in row.content["over"]
            found = {done.places[one] for one in closed_cells(new, is_over=is_over) if one in done.places}
            row.closed[key] = sorted({*closed, *found})
            _make_room(subject, columns_of_cells(cells_of(done.line)))
            lines += 1
    return lines


def _write(marks: SubjectMarks, line: Line) -> None:
    for name in Line.__dataclass_fields__:
        value = getattr(line, name)
        setattr(marks, name, list(value) if isinstance(value, tuple) else value)
    marks.version += 1
    marks.save()


def _make_room(subject: ClassSubject, columns: int) -> None:
    """The other school has given more regular assessments than the class has columns: a mark that counts is seen."""
    if columns > subject.regular_count:
        subject.regular_count = columns
        subject.save(update_fields=["regular_count"])


def _place_conduct(row: CarriedYear, school_class: Any) -> None:
    for term, said in row.content["conduct"].items():
        made, _new = TermConduct.objects.get_or_create(
            school_class=school_class,
            student_id=row.student_id,
            term=int(term),
            defaults={"unit_id": row.unit_id, "version": 0},
        )
        closed = set(row.closed.get(f"conduct|{term}", ()))
        for name, text in said.items():
            if not getattr(made, name):
                setattr(made, name, text)
                if name == "conduct" or int(term) in row.content["over"]:
                    closed.add(name)
        row.closed[f"conduct|{term}"] = sorted(closed)
        made.version += 1
        made.save()


def _place_traits(row: CarriedYear, school_class: Any) -> None:
    for moment, levels in row.content["traits"].items():
        made, _new = PupilTraits.objects.get_or_create(
            school_class=school_class,
            student_id=row.student_id,
            moment=moment,
            defaults={"unit_id": row.unit_id, "version": 0},
        )
        closed = set(row.closed.get(f"traits|{moment}", ())) | (levels.keys() - made.levels.keys())
        row.closed[f"traits|{moment}"] = sorted(closed)
        made.levels = {**levels, **made.levels}
        made.version += 1
        made.save()


# -- taken back -------------------------------------------------------------------------------------


@transaction.atomic
def take_back_inherited(*, by: Actor, student: Any, unit_id: int, school_year_id: int) -> int:
    """The pupil was received by mistake: what was inherited goes out of the school's books again. How many lines.

    Who had sat there before in the year keeps what was written then. Raises NotAllowed, StateConflict (the school has
    written something of its own since: that is not thrown away).
    """
    _require(by, unit_id)
    return _take_back(student, unit_id, school_year_id, keeps_own=False)


def _take_back(student: Any, unit_id: int, school_year_id: int, *, keeps_own: bool) -> int:
    """keeps_own: what the school itself has written stays, instead of standing in the way."""
    with act_as(Actor.system()):
        hold_for_writing(unit_id, school_year_id)
        own = {"student": student, "unit_id": unit_id}
        spells = student.enrolments.filter(unit_id=unit_id, school_year_id=school_year_id)
        carried = list(CarriedYear.objects.filter(school_year_id=school_year_id, **own))
        if keeps_own and not carried:
            return 0
        closed = _all_closed(carried)
        lines = _without_marks(own, school_year_id, carried, closed)
        rest = _without_the_rest(own, school_year_id, closed)
        keeps_own |= spells.filter(left_on__isnull=False).exclude(exit_type="withdrawn").exists()
        if not keeps_own and (rest or any(line != Line() for line in lines.values())):
            raise StateConflict(
                _(
                    "Trường đã ghi điểm, rèn luyện hoặc chuyên cần cho học sinh từ khi nhận: xóa các mục đó trước."
                )
            )
        for marks, line in lines.items():
            if line == Line():
                marks.delete()
            else:
                _write(marks, line)
        CarriedYear.objects.filter(pk__in=[row.pk for row in carried]).delete()
        SubjectResult.objects.filter(class_subject__school_year_id=school_year_id, **own).delete()
        PupilYear.objects.filter(school_year_id=school_year_id, **own).delete()
    return len(lines)


@transaction.atomic
def inherit_anew(*, by: Actor, student: Any, now: datetime) -> None:
    """Whose spells are whose has changed (records merged or made two): what came along from other schools is put together
    again from the spells that the pupil has now; what each school itself wrote stays. Raises NotAllowed.
    """
    if not by.can(MATCH):
        raise NotAllowed(_("Anh/chị không có quyền gộp, tách hồ sơ."))
    with act_as(Actor.system()):
        carried = CarriedYear.objects.filter(student=student).order_by()
        places = set(carried.values_list("unit_id", "school_year_id"))
        spells = student.enrolments.exclude(exit_type="withdrawn").select_related("school_class__school_year")
        spells = spells.filter(school_class__isnull=False).order_by("entered_on", "pk")
        last = {(spell.unit_id, spell.school_year_id): spell for spell in spells}
        places |= {key for key, spell in last.items() if spell.left_on is None}
        for unit_id, year_id in sorted(places):
            _take_back(student, unit_id, year_id, keeps_own=True)
            spell = last.get((unit_id, year_id))
            if spell is not None:
                inherit_year(
                    by=Actor.system(),
                    student=student,
                    school_class=spell.school_class,
                    on=spell.entered_on,
                    now=now,
                )


def _all_closed(carried: Iterable[CarriedYear]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in carried:
        for key, names in row.closed.items():
            found.setdefault(key, set()).update(names)
    return found


def _without_marks(
    own: Mapping[str, Any],
    school_year_id: int,
    carried: Iterable[CarriedYear],
    closed: Mapping[str, set[str]],
) -> dict[SubjectMarks, Line]:
    """Each line that came along, without the cells that did."""
    rows = SubjectMarks.objects.filter(class_subject__school_year_id=school_year_id, **own)
    found = {}
    for marks in rows.select_related("class_subject"):
        code, term = marks.class_subject.code, str(marks.term)
        said: set[tuple[str, str]] = set()
        for row in carried:
            said |= row.content["subjects"].get(code, {}).get("terms", {}).get(term, {}).items()
        cells = cells_of(line_of(marks)).items()
        shut = closed.get(f"{code}|{term}", set())
        found[marks] = line_of_cells(
            {cell: text for cell, text in cells if cell not in shut and (cell, text) not in said}
        )
    return found


def _without_the_rest(own: Mapping[str, Any], school_year_id: int, closed: Mapping[str, set[str]]) -> bool:
    """Take conduct and traits that came along out of their rows; whether something of the school's own is left."""
    in_year = {"school_class__school_year_id": school_year_id, **own}
    left = Absence.objects.filter(**in_year).exists()
    left |= Reassessment.objects.filter(class_subject__school_year_id=school_year_id, **own).exists()
    for conduct in TermConduct.objects.filter(**in_year):
        for name in closed.get(f"conduct|{conduct.term}", ()):
            setattr(conduct, name, "")
        left |= _kept(conduct, bool(conduct.conduct or conduct.remark))
    for traits in PupilTraits.objects.filter(**in_year):
        shut = closed.get(f"traits|{traits.moment}", set())
        traits.levels = {code: level for code, level in traits.levels.items() if code not in shut}
        left |= _kept(traits, bool(traits.levels))
    for judged in YearJudgement.objects.filter(**in_year):
        said = (judged.trained, judged.helped, judged.stands_out, judged.absences, judged.remark)
        left |= _kept(judged, said != ("", "", False, None, ""))
    return left


def _kept(row: Any, is_written: bool) -> bool:
    """Save what is still written, drop an empty row."""
    if is_written:
        row.save()
    else:
        row.delete()
    return is_written
