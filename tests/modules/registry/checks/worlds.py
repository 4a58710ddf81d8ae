"""A small school in which nothing is wrong, by the rules as they are."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from tests.factories.organization import make_administrative_unit, make_school_year
from tests.factories.registry import (
    make_class,
    make_contact,
    make_enrolment,
    make_equipment,
    make_room,
    make_staff,
    make_student,
    make_teaching,
)
from thongsuot.modules.organization.models import CodeList, CodeValue, SchoolYear
from thongsuot.modules.registry.checks.people import CODES
from thongsuot.modules.registry.checks.staff import LISTS
from thongsuot.modules.registry.models import Employment, InternetLine, Land, Staff, Student

TODAY = date(2026, 11, 23)
WRITTEN = datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
MORE_LISTS = ("loai_khuyet_tat", "dien_chinh_sach", "trang_thai_hoc_sinh", "ly_do_thoi_hoc")
COMMUNE = "21031"
_codes = iter(range(5_100_000_001, 9_999_999_999))


def load_codes():
    for name in sorted({*CODES, *LISTS, *MORE_LISTS}):
        text = (settings.DATA_DIR / "codes" / f"{name}.json").read_text(encoding="utf-8")
        code_list, _ = CodeList.objects.get_or_create(code=name, defaults={"name": name})
        values = [
            CodeValue(code_list=code_list, code=v["code"], name=v["name"]) for v in json.loads(text)["values"]
        ]
        CodeValue.objects.bulk_create(values, ignore_conflicts=True)


def settle():
    """Two school years, the code lists, a commune; the year of today is returned."""
    load_codes()
    province = make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")
    commune = make_administrative_unit(COMMUNE, "Sa Thầy", parent=province)
    make_school_year(2025)
    return make_school_year(2026), commune


def person(**fields):
    return {
        "ministry_code": str(next(_codes)),
        "identity_status": "matched",
        "residence_commune_code": COMMUNE,
        **fields,
    }


def clean_student(unit, school_class, **fields):
    given = {"birth_date": date(2018, 3, 8), **fields}
    student = make_student(
        unit, school_class=school_class, **person(birth_place="Sa Thầy", residence_address="Thôn 3", **given)
    )
    student.full_name, student.name_fold = (
        f"Trần Thị {word(student.pk)}",
        f"tran thi {word(student.pk).lower()}",
    )
    student.save(update_fields=["full_name", "name_fold"])
    make_contact(student, phone="0912345678")
    return student


def word(number):
    """A name of letters for each number."""
    letters = ""
    while number:
        number, rest = divmod(number, 20)
        letters += "abcdeghiklmnopqrstuv"[rest]
    return letters.capitalize()


def clean_staff(unit, *, position="", group="teacher", **fields):
    member = make_staff(
        unit,
        group=group,
        **person(degree="16", email=f"gv{next(_codes)}@example.edu.vn", phone="0912345678",
                 recruited_on=date(2012, 9, 1), ethnicity="01", **fields),
    )  # fmt: skip
    member.full_name, member.name_fold = f"Phạm Thị {word(member.pk)}", f"pham thi {word(member.pk).lower()}"
    member.save(update_fields=["full_name", "name_fold"])
    subjects = ["Toán"] if group == "teacher" else []
    Employment.objects.filter(staff=member).update(position=position, contract="1", subjects=subjects)
    return member


def clean_school(unit, year, commune, *, size=3):
    """One class of third-graders with its teacher, its room and what else a school must have."""
    number = str(unit.pk).zfill(6)
    unit.address, unit.phone, unit.email = "Thôn 3", "0255123456", f"th{unit.pk}@example.edu.vn"
    unit.administrative_unit = commune
    unit.save()
    unit.school.ministry_code = f"51{number}"
    unit.school.save()
    clean_staff(unit, position="01", group="manager")
    teacher = clean_staff(unit)
    room = make_room(unit, "P1", area=50, capacity=35)
    for kind in ("library", "toilet", "health"):
        make_room(unit, kind.capitalize(), kind=kind)
    made = make_class(unit, year, "3A", grade=3, homeroom_teacher=teacher, room=room)
    make_teaching(teacher, made)
    for _ in range(size):
        clean_student(unit, made)
    make_equipment(unit, "Máy tính để bàn", needed=12)
    InternetLine.objects.create(
        unit=unit,
        name="Cáp quang",
        provider="VNPT",
        technology="cáp quang",
        bandwidth=150,
        valid_from=date(2020, 1, 1),
    )
    Land.objects.create(unit=unit, name="Khu chính", area=5000, valid_from=date(2010, 1, 1))
    settle_dates()
    return made


def settle_dates():
    """What the database stamps by its own clock is set to days of the story."""
    for model in (Student, Staff):
        model.objects.update(created_at=WRITTEN, updated_at=WRITTEN)


__all__ = ["TODAY", "SchoolYear", "clean_school", "clean_staff", "clean_student", "make_enrolment", "settle"]
