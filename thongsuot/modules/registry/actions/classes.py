"""Classes of a school year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.grades import grades_of, mixed_grades
from ..models import Enrolment, Room, SchoolClass, Staff
from ..types import BadValue, DuplicateCode, StateConflict
from .checking import locked, only_named, require_edit

CLASS_FIELDS = frozenset(
    {
        "code",
        "name",
        "grade",
        "mixed_grades",
        "site_id",
        "homeroom_teacher_id",
        "room_id",
        "sessions_per_week",
        "is_two_sessions",
        "is_boarding",
        "foreign_language",
        "max_students",
        "valid_from",
    }
)


@transaction.atomic
def create_class(*, by: Actor, unit_id: int, school_year_id: int, facts: Mapping[str, Any]) -> SchoolClass:
    """A class of a school in a year. Without `code` its name is its code; without `valid_from` it begins with the year.

    Raises NotAllowed, BadValue (grade not taught there, teacher, room or site of another school, day outside the
    year), DuplicateCode.
    Legal source: the school charter (TT 15/2026/TT-BGDĐT, in place of TT 28/2020 and TT 32/2020; preschool: TT 52/2020).
    """
    require_edit(by=by, unit_id=unit_id)
    given = only_named(by=by, given=facts, allowed=CLASS_FIELDS)
    made = SchoolClass(unit_id=unit_id, school_year_id=school_year_id)
    given.setdefault("name", "")
    given["code"] = given.get("code") or given["name"]
    given["valid_from"] = given.get("valid_from") or made.school_year.starts_on
    _write(by, made, given)
    made.save()
    return made


@transaction.atomic
def update_class(
    *, by: Actor, school_class: SchoolClass, changes: Mapping[str, Any], seen: str = ""
) -> SchoolClass:
    """Change only the fields that are named. Raises as create_class, and ChangedMeanwhile."""
    require_edit(by=by, unit_id=school_class.unit_id)
    row = locked(by=by, row=school_class, seen=seen)
    _write(by, row, only_named(by=by, given=changes, allowed=CLASS_FIELDS))
    row.save()
    return row


@transaction.atomic
def close_class(*, by: Actor, school_class: SchoolClass, on: date) -> SchoolClass:
    """Open for the last time on `on`. Raises NotAllowed, BadValue (before it began), StateConflict (pupils still in it)."""
    require_edit(by=by, unit_id=school_class.unit_id)
    row = locked(by=by, row=school_class)
    if on < row.valid_from:
        raise BadValue(_("Ngày đóng sớm hơn ngày mở lớp."), field="on")
    still = Enrolment.objects.filter(school_class=row, left_on__isnull=True).count()
    if still:
        said = _("Lớp còn %(count)d học sinh đang học: hãy chuyển lớp hoặc kết thúc trước khi đóng.")
        raise StateConflict(said % {"count": still}, field="on")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    return row


def _write(by: Actor, row: SchoolClass, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    for name in ("name", "code"):
        if not getattr(row, name):
            raise BadValue(_("Cần tên lớp."), field="name")
        if len(getattr(row, name)) > {"name": 60, "code": 30}[name]:
            raise BadValue(_("Tên, mã lớp quá dài."), field=name)
    twins = SchoolClass.objects.filter(
        unit_id=row.unit_id, school_year_id=row.school_year_id, code=row.code
    ).exclude(pk=row.pk)
    if twins.exists():
        said = _("Năm học này trường đã có lớp mang mã “%(code)s”.")
        raise DuplicateCode(said % {"code": row.code}, field="code")
    _require_grade(row)
    _require_own(by, row)
    year = row.school_year
    if not year.starts_on.replace(month=6, day=1) <= row.valid_from <= year.ends_on:
        raise BadValue(_("Ngày mở lớp phải nằm trong năm học (kể cả hè trước đó)."), field="valid_from")


def _require_grade(row: SchoolClass) -> None:
    school = getattr(row.unit, "school", None)
    taught = grades_of(school.levels) if school else frozenset()
    if taught and row.grade is not None and row.grade not in taught:
        raise BadValue(_("Trường không dạy khối này."), field="grade")
    if taught and mixed_grades(row.mixed_grades) - taught:
        raise BadValue(_("Khối ghép: ghi số khối mà trường dạy, cách nhau dấu phẩy."), field="mixed_grades")


def _require_own(by: Actor, row: SchoolClass) -> None:
    """Teacher, room and site belong to the same school."""
    unit_id = row.unit_id
    if (
        row.homeroom_teacher_id
        and not Staff.objects.filter(
            pk=row.homeroom_teacher_id, employments__unit_id=unit_id, employments__valid_to__isnull=True
        ).exists()
    ):
        raise BadValue(_("Giáo viên chủ nhiệm phải đang làm việc ở trường."), field="homeroom_teacher_id")
    if row.room_id and not Room.objects.filter(pk=row.room_id, unit_id=unit_id).exists():
        raise BadValue(_("Phòng học phải là phòng của trường."), field="room_id")
    if row.site_id and not organization.sites_of(by, unit_id).filter(pk=row.site_id).exists():
        raise BadValue(_("Điểm trường phải là điểm của trường."), field="site_id")
