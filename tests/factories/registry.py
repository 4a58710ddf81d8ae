"""Classes, pupils, staff and rooms for tests. Names are invented."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from django.utils import timezone

from tests.factories.organization import TODAY, make_user
from thongsuot.kit.sealing.sealing import digest, seal
from thongsuot.kit.text.vietnamese import fold, person_sort_key
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry.models import (
    Contact,
    Employment,
    Enrolment,
    Equipment,
    ErrorReport,
    InternetLine,
    Land,
    Room,
    SchoolClass,
    Staff,
    Student,
    TeachingAssignment,
    YearResult,
)

_numbers = itertools.count(1)
YEAR_BEGINS = date(2026, 9, 5)


def make_class(
    unit: Unit, school_year: SchoolYear, name: str = "", *, grade: int | None = 1, code: str = "", **fields
) -> SchoolClass:
    number = next(_numbers)
    name = name or f"{grade}A{number}"
    return SchoolClass.objects.create(
        unit=unit,
        school_year=school_year,
        name=name,
        code=code or f"L{number}",
        grade=grade,
        valid_from=fields.pop("valid_from", school_year.starts_on),
        **fields,
    )


def personal_id_of(birth_date: date, gender: str, *, province: str = "051", tail: int | None = None) -> str:
    """A personal id of the right shape: province, century and sex, year, six digits."""
    century = {19: 0, 20: 2, 21: 4}[birth_date.year // 100] + (gender == "female")
    return f"{province}{century}{birth_date.year % 100:02d}{tail if tail is not None else next(_numbers):06d}"


def _person(full_name: str, personal_id: str | None, birth_date: date | None, gender: str) -> dict:
    if personal_id is None and birth_date is not None:
        personal_id = personal_id_of(birth_date, gender)
    return {
        "full_name": full_name,
        "name_fold": fold(full_name),
        "sort_key": person_sort_key(full_name),
        "birth_date": birth_date,
        "gender": gender,
        "personal_id_sealed": seal(personal_id or ""),
        "personal_id_digest": digest(personal_id),
    }


def make_student(
    unit: Unit,
    full_name: str = "",
    *,
    personal_id: str | None = None,
    birth_date: date | None = date(2020, 3, 8),
    gender: str = "female",
    school_class: SchoolClass | None = None,
    entered_on: date | None = None,
    **fields,
) -> Student:
    """A pupil whose dossier lies at `unit`; in `school_class` when given. personal_id "": none; None: made up."""
    full_name = full_name or f"Trần Thị Thử {next(_numbers)}"
    student = Student.objects.create(
        unit=unit,
        local_code=fields.pop("local_code", f"HS{next(_numbers)}"),
        ethnicity=fields.pop("ethnicity", "01"),
        **_person(full_name, personal_id, birth_date, gender),
        **fields,
    )
    if school_class is not None:
        make_enrolment(student, school_class, entered_on=entered_on)
    return student


def make_enrolment(
    student: Student, school_class: SchoolClass, *, entered_on: date | None = None, **fields
) -> Enrolment:
    return Enrolment.objects.create(
        student=student,
        unit=school_class.unit,
        school_year=school_class.school_year,
        school_class=school_class,
        grade=fields.pop("grade", school_class.grade),
        entered_on=entered_on or school_class.school_year.starts_on,
        student_name=student.full_name,
        **fields,
    )


def make_result(
    student: Student, school_year: SchoolYear, *, unit: Unit | None = None, **fields
) -> YearResult:
    """What the year came to for the pupil, as its school said."""
    return YearResult.objects.create(
        student=student, school_year=school_year, unit=unit or student.unit, **fields
    )


def make_contact(student: Student, full_name: str = "", *, relation: str = "mother", **fields) -> Contact:
    return Contact.objects.create(
        student=student, relation=relation, full_name=full_name or f"Lê Thị Mẹ {next(_numbers)}", **fields
    )


def make_staff(
    unit: Unit,
    full_name: str = "",
    *,
    personal_id: str | None = None,
    birth_date: date | None = date(1988, 4, 30),
    gender: str = "female",
    group: str = "teacher",
    status: str = "working",
    **fields,
) -> Staff:
    """Somebody employed at `unit` since 2020."""
    member = Staff.objects.create(
        unit=unit,
        local_code=fields.pop("local_code", f"GV{next(_numbers)}"),
        **_person(full_name or f"Phạm Thị Dạy {next(_numbers)}", personal_id, birth_date, gender),
        **fields,
    )
    Employment.objects.create(
        staff=member, unit=unit, group=group, status=status, valid_from=date(2020, 9, 1)
    )
    return member


def make_teaching(
    member: Staff, school_class: SchoolClass, subject: str = "Toán", **fields
) -> TeachingAssignment:
    return TeachingAssignment.objects.create(
        staff=member,
        school_class=school_class,
        unit=school_class.unit,
        subject=subject,
        lessons_per_week=fields.pop("lessons_per_week", Decimal("4")),
        valid_from=fields.pop("valid_from", school_class.valid_from),
        **fields,
    )


def make_room(unit: Unit, name: str = "", **fields) -> Room:
    return Room.objects.create(
        unit=unit,
        name=name or f"Phòng {next(_numbers)}",
        **{"kind": "classroom", "build": "solid", "valid_from": date(2015, 9, 1), **fields},
    )


def make_equipment(unit: Unit, name: str = "", **fields) -> Equipment:
    return Equipment.objects.create(
        unit=unit,
        name=name or f"Máy tính {next(_numbers)}",
        **{"kind": "computer", "quantity": 10, "valid_from": date(2020, 9, 1), **fields},
    )


def make_piece_of_land(unit: Unit, name: str = "", **fields) -> Land:
    return Land.objects.create(
        unit=unit,
        name=name or f"Khu đất {next(_numbers)}",
        **{"area": Decimal("1200"), "valid_from": date(2010, 9, 1), **fields},
    )


def make_line(unit: Unit, name: str = "", **fields) -> InternetLine:
    return InternetLine.objects.create(
        unit=unit,
        name=name or f"Đường truyền {next(_numbers)}",
        **{"provider": "Nhà mạng", "bandwidth": 200, "valid_from": date(2022, 9, 1), **fields},
    )


def make_report(student: Student, said: str = "Ngày sinh đúng là 09/03/2020", **fields) -> ErrorReport:
    return ErrorReport.objects.create(
        student=student,
        unit=student.unit,
        field=fields.pop("field", "birth_date"),
        said=said,
        reported_by=fields.pop("reported_by", None) or make_user(),
        reported_at=timezone.now(),
        **fields,
    )


__all__ = [
    "TODAY",
    "YEAR_BEGINS",
    "make_class",
    "make_contact",
    "make_enrolment",
    "make_equipment",
    "make_line",
    "make_piece_of_land",
    "make_report",
    "make_room",
    "make_staff",
    "make_student",
    "make_teaching",
    "personal_id_of",
]
