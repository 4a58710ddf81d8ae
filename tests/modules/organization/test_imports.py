from datetime import date

import pytest

from tests.factories.organization import (
    LONG_AGO,
    TODAY,
    make_administrative_unit,
    make_appointment,
    make_province,
    make_user,
)
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.importing.headers import DataRow
from thongsuot.kit.importing.types import RowState
from thongsuot.modules.organization.imports import AppointmentImporter, ChangeImporter, Levels, SchoolImporter
from thongsuot.modules.organization.models import AdministrativeUnitChange, Appointment, School

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def administrator(province):
    return province.actor("system_administrator", "department")


def plan(importer, actor, *rows):
    return importer.plan([DataRow(number, cells) for number, cells in enumerate(rows, 2)], actor)


def apply(importer, actor, *rows):
    plans = plan(importer, actor, *rows)
    assert [p.errors for p in plans] == [[] for _ in plans]
    todo = [p for p in plans if p.state in (RowState.NEW, RowState.CHANGED)]
    importer.apply(todo, actor)
    return plans


SCHOOL = {
    "code": "S9",
    "name": "Trường TH&THCS Mới",
    "levels": "TH&THCS",
    "parent": "UBND xã An Bình",
    "administrative_unit": 23527.0,
    "valid_from": "05/09/2026",
    "school_type": "công lập",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mầm non", ["preschool"]),
        ("Tiểu học, THCS", ["primary", "lower_secondary"]),
        ("THPT và THCS", ["lower_secondary", "upper_secondary"]),
        ("GDTX", ["continuing"]),
    ],
)
def test_levels_in_words(text, expected):
    assert Levels("levels", "Cấp học").read(text) == expected


def test_schools_are_founded_and_then_corrected(province, administrator):
    make_administrative_unit("23527", "Sa Thầy", parent=make_administrative_unit("51", "Q", kind="Tỉnh"))
    importer = SchoolImporter()
    (first,) = apply(importer, administrator, SCHOOL)
    school = School.objects.get(unit__code="S9")
    assert first.state == RowState.NEW
    assert (school.levels, school.unit.parent) == (["primary", "lower_secondary"], province.commune_a)
    assert school.unit.administrative_unit.code == "23527"
    (again,) = plan(importer, administrator, SCHOOL)
    assert again.state == RowState.UNCHANGED
    apply(importer, administrator, {**SCHOOL, "phone": "0255 3", "name": "Trường TH&THCS Khác"})
    school.unit.refresh_from_db()
    assert (school.unit.name, school.unit.phone) == ("Trường TH&THCS Khác", "0255 3")


def test_what_a_school_file_cannot_do(province, administrator):
    bad, unknown = plan(
        SchoolImporter(),
        administrator,
        {**SCHOOL, "levels": "đại học", "administrative_unit": "99999"},
        {**SCHOOL, "code": "S8", "administrative_unit": "", "parent": "Phòng GDĐT huyện"},
    )
    assert {e.field for e in bad.errors} == {"levels", "administrative_unit"}
    assert {e.field for e in unknown.errors} == {"parent"}
    moved = {**SCHOOL, "code": province.school_a1.code, "parent": "Sở", "administrative_unit": ""}
    (moved_plan,) = plan(SchoolImporter(), administrator, {**moved, "valid_from": LONG_AGO})
    assert [e.field for e in moved_plan.errors] == ["parent"]


def test_people_are_appointed_and_ended(province, administrator):
    user = make_user("co.giao")
    row = {"user": "Co.Giao", "role": "giáo viên", "unit": province.school_a1.code, "valid_from": TODAY}
    apply(AppointmentImporter(), administrator, row)
    made = Appointment.objects.get(user=user)
    assert (made.role, made.unit, made.valid_to) == ("teacher", province.school_a1, None)
    apply(AppointmentImporter(), administrator, {**row, "valid_to": date(2026, 12, 31)})
    made.refresh_from_db()
    assert made.valid_to == date(2026, 12, 31)


def test_a_file_appoints_no_further_than_its_actor(province):
    make_user("co.giao")
    principal = province.actor("principal", "school_a1")
    row = {"user": "co.giao", "role": "teacher", "valid_from": TODAY}
    (elsewhere,) = plan(AppointmentImporter(), principal, {**row, "unit": province.school_b1.code})
    assert {e.field for e in elsewhere.errors} == {"unit"}
    upwards = plan(
        AppointmentImporter(), principal, {**row, "role": "principal", "unit": province.school_a1.code}
    )
    with pytest.raises(NotAllowed):
        AppointmentImporter().apply(upwards, principal)


def test_an_appointment_is_not_rewritten_by_a_file(province, administrator):
    user = make_user("co.giao")
    make_appointment(user, "teacher", province.school_a1)
    row = {"user": "co.giao", "role": "teacher", "unit": province.school_a1.code, "valid_from": TODAY}
    (changed,) = plan(AppointmentImporter(), administrator, row)
    assert changed.state == RowState.REJECTED


def test_the_old_to_new_map(administrator):
    commune = make_administrative_unit(
        "23527", "Sa Thầy", parent=make_administrative_unit("51", "Q", kind="Tỉnh")
    )
    row = {"level": "commune", "old_name": "Xã Sa Sơn", "new_unit": "23527", "effective_on": "2025-07-01"}
    apply(ChangeImporter(), administrator, row)
    line = AdministrativeUnitChange.objects.get()
    assert (line.new_unit, line.old_name_fold, line.is_corrected) == (commune, "xa sa son", True)
    apply(ChangeImporter(), administrator, {**row, "document": "NQ 1677/NQ-UBTVQH15"})
    line.refresh_from_db()
    assert line.document == "NQ 1677/NQ-UBTVQH15"
    assert not ChangeImporter().allowed(Actor(user_id=1, name=""))
