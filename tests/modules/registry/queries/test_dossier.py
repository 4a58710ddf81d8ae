"""Masks: who sees what of a dossier, and of its history."""

from datetime import date

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_contact, make_staff, make_student
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import CodeList, CodeValue
from thongsuot.modules.registry import actions, queries


@pytest.fixture
def world(db):
    province = make_province()
    for name, code, word in (("dan_toc", "20", "Hrê"), ("loai_khuyet_tat", "03", "Nhìn")):
        CodeValue.objects.create(
            code_list=CodeList.objects.create(code=name, name=name), code=code, name=word
        )
    unit = province.school_a1
    school_class = make_class(unit, make_school_year(), "1A")
    province.pupil = make_student(
        unit, "Đinh Bé", personal_id="051320009911", ethnicity="20", school_class=school_class
    )
    make_contact(province.pupil, "Đinh Thị Mẹ")
    office = province.actor("school_office", "school_a1")
    actions.set_characteristic(
        by=office,
        student=province.pupil,
        kind="disability",
        code="03",
        valid_from=date(2024, 1, 1),
        note="Giấy 12",
    )
    actions.update_student(by=office, student=province.pupil, changes={"personal_id": "051320009922"})
    province.pupil.refresh_from_db()
    return province


def everything(actor, student, *, full):
    with act_as(actor):
        dossier = queries.student_dossier(actor, student, full=full)
        history = queries.student_history(student, full=dossier.is_full)
    said = [f"{change.old} {change.new}" for entry in history for change in entry.changes]
    traits = [f"{one.words} {one.note}" for one in dossier.characteristics]
    return dossier, " ".join([dossier.personal_id, dossier.ethnicity, *traits, *said])


def test_the_school_sees_it_when_it_asks(world):
    office = world.actor("school_office", "school_a1")
    dossier, text = everything(office, world.pupil, full=True)
    assert dossier.is_full
    assert all(word in text for word in ("051320009922", "Hrê", "Nhìn", "Giấy 12"))
    dossier, text = everything(office, world.pupil, full=False)
    assert (dossier.is_full, dossier.personal_id) == (False, "••••••••9922")
    assert not any(word in text for word in ("051320009922", "Hrê", "Nhìn", "Giấy 12"))


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("department_leader", "department"),
        ("commune_officer", "commune_a_office"),
        ("department_officer", "office"),
    ],
)
def test_those_above_do_not_see_it_even_when_they_ask(world, role, unit):
    dossier, text = everything(world.actor(role, unit), world.pupil, full=True)
    assert not dossier.is_full
    assert not dossier.may_open
    assert not any(word in text for word in ("051320009922", "051320009911", "Hrê", "Nhìn", "Giấy 12"))


def test_old_numbers_are_nowhere_in_the_history(world):
    _, text = everything(world.actor("school_office", "school_a1"), world.pupil, full=True)
    assert "051320009911" not in text


def test_the_dossier_is_whole(world):
    dossier, _ = everything(world.actor("school_office", "school_a1"), world.pupil, full=False)
    assert [contact.full_name for contact in dossier.contacts] == ["Đinh Thị Mẹ"]
    assert dossier.now is not None
    assert dossier.now.class_name == "1A"


def test_staff(world):
    member = make_staff(world.school_a1, "Lê Thị Dạy", personal_id="051188000123", ethnicity="20")
    office = world.actor("school_office", "school_a1")
    assert queries.staff_dossier(office, member).personal_id == "••••••••0123"
    assert queries.staff_dossier(office, member, full=True).personal_id == "051188000123"
    leader = world.actor("department_leader", "department")
    assert queries.staff_dossier(leader, member, full=True).ethnicity == "••••"
