from datetime import date

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_contact, make_student
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest, unseal
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.models import Student
from thongsuot.modules.registry.types import BadValue, ChangedMeanwhile, DuplicateCode, StateConflict


@pytest.fixture
def world(db):
    province = make_province()
    province.year = make_school_year()
    return province


@pytest.fixture
def office(world):
    return world.actor("school_office", "school_a1")


def create(by, world, **facts):
    facts = {"full_name": " Ðinh  Văn Bé ", "birth_date": date(2020, 3, 8), "gender": "male", **facts}
    with act_as(by):
        return actions.create_student(by=by, unit_id=world.school_a1.pk, facts=facts)


def test_a_new_dossier(world, office):
    made = create(office, world, personal_id="0512 2000 0001", ethnicity="01", local_code="007")
    made.refresh_from_db()
    assert (made.full_name, made.name_fold, made.local_code) == ("Đinh Văn Bé", "dinh van be", "007")
    assert unseal(made.personal_id_sealed) == "051220000001"
    assert bytes(made.personal_id_digest) == digest("051220000001")
    assert b"051220000001" not in bytes(made.personal_id_sealed)
    assert made.provisional_code.startswith("TAM-")


def test_the_ministrys_code_replaces_the_provisional_one(world, office):
    made = create(office, world)
    kept = made.pk
    done = actions.update_student(by=office, student=made, changes={"ministry_code": "0790001"})
    assert (done.ministry_code, done.provisional_code, done.pk) == ("0790001", "", kept)
    assert Student.objects.count() == 1
    gone = actions.update_student(by=office, student=done, changes={"ministry_code": ""})
    assert gone.provisional_code.startswith("TAM-")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"full_name": "  "}, "full_name"),
        ({"full_name": "Bé 2"}, "full_name"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"gender": "nam"}, "gender"),
        ({"personal_id": "123"}, "personal_id"),
        ({"phone": "0" * 30}, "phone"),
        ({"identity_status": "matched"}, "identity_status"),
    ],
)
def test_what_cannot_be_right_is_refused(world, office, facts, field):
    with pytest.raises(BadValue) as refusal:
        create(office, world, **facts)
    assert refusal.value.details["field"] == field
    assert not Student.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("local_code", "7"), ("personal_id", "051220000001"), ("ministry_code", "79")]
)
def test_codes_are_not_shared_in_a_school(world, office, name, value):
    create(office, world, **{name: value})
    with pytest.raises(DuplicateCode) as refusal:
        create(office, world, **{name: value})
    assert refusal.value.details["field"] == name


def test_only_what_is_named_changes_and_the_open_spell_follows(world, office):
    school_class = make_class(world.school_a1, world.year)
    student = make_student(world.school_a1, "Lê Cũ", school_class=school_class, phone="0900")
    actions.update_student(by=office, student=student, changes={"full_name": "Lê Mới"})
    student.refresh_from_db()
    assert (student.full_name, student.phone) == ("Lê Mới", "0900")
    assert student.enrolments.get().student_name == "Lê Mới"


def test_a_second_editor_overwrites_nothing(world, office):
    student = make_student(world.school_a1, "Lê Thị Một")
    seen = queries.edition_of(student)
    actions.update_student(by=office, student=student, changes={"phone": "0911"}, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        actions.update_student(by=office, student=student, changes={"phone": "0922"}, seen=seen)
    student.refresh_from_db()
    assert student.phone == "0911"


def test_a_check_in_the_background_turns_no_editor_away(world, office):
    student = make_student(world.school_a1)
    seen = queries.edition_of(student)
    Student.objects.filter(pk=student.pk).update(identity_status="matched")
    done = actions.update_student(by=office, student=student, changes={"full_name": "Tên Khác"}, seen=seen)
    assert done.identity_status == "mended"


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("department_officer", "office"),
        ("commune_officer", "commune_a_office"),
        ("school_office", "school_b1"),
        ("teacher", "school_a1"),
        ("accountant", "school_a1"),
        ("parent", "school_a1"),
    ],
)
def test_only_the_school_writes(world, role, unit):
    student = make_student(world.school_a1, phone="1")
    with pytest.raises(NotAllowed):
        actions.update_student(by=world.actor(role, unit), student=student, changes={"phone": "2"})
    student.refresh_from_db()
    assert student.phone == "1"


def test_a_merged_or_restricted_dossier_is_closed(world, office):
    kept, gone = make_student(world.school_a1), make_student(world.school_a1)
    Student.objects.filter(pk=gone.pk).update(merged_into=kept)
    with pytest.raises(StateConflict):
        actions.update_student(by=office, student=gone, changes={"phone": "2"})


def test_one_of_a_kind_ends_the_one_before(world, office):
    student = make_student(world.school_a1)
    first = actions.set_characteristic(
        by=office, student=student, kind="poverty", code="poor", valid_from=date(2025, 1, 1)
    )
    actions.set_characteristic(
        by=office, student=student, kind="poverty", code="near_poor", valid_from=date(2026, 1, 1)
    )
    first.refresh_from_db()
    assert first.valid_to == date(2025, 12, 31)
    with pytest.raises(StateConflict):
        actions.set_characteristic(
            by=office, student=student, kind="poverty", code="near_poor", valid_from=date(2026, 2, 1)
        )
    with pytest.raises(BadValue):
        actions.set_characteristic(
            by=office, student=student, kind="poverty", code="rich", valid_from=date(2026, 2, 1)
        )


def test_a_characteristic_ends(world, office):
    student = make_student(world.school_a1)
    one = actions.set_characteristic(
        by=office, student=student, kind="boarding", code="", valid_from=date(2026, 9, 5)
    )
    with pytest.raises(BadValue):
        actions.close_characteristic(by=office, characteristic=one, on=date(2026, 9, 4))
    actions.close_characteristic(by=office, characteristic=one, on=date(2026, 10, 1))
    with pytest.raises(StateConflict):
        actions.close_characteristic(by=office, characteristic=one, on=date(2026, 10, 1))


def test_contacts(world, office):
    student = make_student(world.school_a1)
    facts = {"relation": "mother", "full_name": "Lê  Thị Mẹ", "phone": "0900"}
    contact = actions.save_contact(by=office, student=student, facts=facts)
    assert contact.full_name == "Lê Thị Mẹ"
    with pytest.raises(BadValue):
        actions.save_contact(by=office, student=student, facts=facts)
    actions.save_contact(by=office, student=student, contact=contact, facts={"phone": "0911"})
    contact.refresh_from_db()
    assert (contact.full_name, contact.phone) == ("Lê Thị Mẹ", "0911")
    actions.remove_contact(by=office, contact=contact)
    assert not student.contacts.exists()
    with pytest.raises(NotAllowed):
        actions.remove_contact(by=world.actor("teacher", "school_a1"), contact=make_contact(student))
