"""What the data sets read from the database, and that the whole and its parts agree."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from tests.factories.organization import make_province
from tests.factories.registry import make_class, make_enrolment, make_staff, make_student
from tests.modules.registry.checks.defects import CLEAN
from tests.modules.registry.checks.worlds import (
    TODAY,
    clean_school,
    clean_staff,
    clean_student,
    settle,
    settle_dates,
)
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import AdministrativeUnit
from thongsuot.modules.quality.domain.evaluation import ActiveRule, evaluate
from thongsuot.modules.quality.types import BOOK
from thongsuot.modules.registry.models import Contact, Enrolment, Staff, Student, StudentCharacteristic

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    province = make_province()
    year, commune = settle()
    province.year, province.commune = year, commune
    province.class_a1 = clean_school(province.school_a1, year, commune)
    province.class_b1 = clean_school(province.school_b1, year, commune)
    return province


def load(code, units=None):
    with act_as(Actor.system()):
        return BOOK.datasets[code].load(units, TODAY)


def broken(units):
    """(rule, object) of every violation at these units."""
    found = set()
    for dataset in BOOK.datasets.values():
        active = [ActiveRule(rule, rule.parameters) for rule in BOOK.rules_of(dataset.code)]
        evaluated = evaluate(load(dataset.code, units), active, today=TODAY, codes=dataset.codes())
        found |= set(evaluated.violations.select("rule", "object_id").iter_rows())
    return found


def test_a_clean_school_has_no_violation(world):
    assert broken([world.school_a1.pk, world.school_b1.pk]) == set()


@pytest.mark.parametrize("code", sorted(CLEAN))
def test_reads_the_columns_that_rules_are_tested_with(world, code):
    frame = load(code)
    assert set(frame.columns) == set(CLEAN[code])
    assert frame.height > 0


@pytest.mark.parametrize("code", sorted(CLEAN))
def test_a_part_reads_what_the_whole_reads_of_it(world, code):
    """Also what is counted over other schools: a copied number, a namesake, an address used twice."""
    first = Student.objects.filter(unit=world.school_a1).first()
    other = Student.objects.filter(unit=world.school_b1).first()
    for field in ("personal_id_sealed", "personal_id_digest", "ministry_code", "name_fold"):
        setattr(other, field, getattr(first, field))
    other.save()
    one, two = (
        Staff.objects.filter(unit=world.school_a1).first(),
        Staff.objects.filter(unit=world.school_b1).first(),
    )
    two.email = one.email.upper()
    two.save()
    unit = world.school_a1.pk
    whole = load(code).filter(pl.col("unit_id") == unit).sort("id")
    part = load(code, [unit]).sort("id")
    assert part.equals(whole)
    if code == "student":
        copied = part.row(by_predicate=pl.col("id") == first.pk, named=True)
        counts = ("same_id_here", "same_id_elsewhere", "same_code_elsewhere", "namesakes_elsewhere")
        assert [copied[name] for name in counts] == [0, 1, 1, 1]
    if code == "staff":
        assert part.row(by_predicate=pl.col("id") == one.pk, named=True)["same_email_elsewhere"] == 1


def test_personal_ids_leave_only_their_parts(world):
    student = make_student(world.school_a1, personal_id="051318000123", birth_date=date(2018, 3, 8))
    frame = load("student", [world.school_a1.pk])
    assert "sealed" not in frame.columns
    assert "id_key" not in frame.columns
    row = frame.row(by_predicate=pl.col("id") == student.pk, named=True)
    assert [row[name] for name in ("id_shaped", "id_province", "id_century", "id_year")] == [
        True,
        "051",
        3,
        18,
    ]
    short = make_student(world.school_a1, personal_id="51318000123")
    none = make_student(world.school_a1, personal_id="")
    frame = load("student", [world.school_a1.pk])
    shapes = dict(frame.select("id", "id_shaped").iter_rows())
    assert shapes[short.pk] is False
    assert shapes[none.pk] is None
    assert not any("051318000123" in str(value) for value in frame.rows())


def test_who_has_left_is_not_assessed(world):
    gone = clean_student(world.school_a1, world.class_a1)
    Enrolment.objects.filter(student=gone).update(left_on=TODAY, exit_type="transferred_out")
    waiting = clean_student(world.school_a1, world.class_a1)
    Enrolment.objects.filter(student=waiting).update(left_on=TODAY, exit_type="year_end")
    erased = clean_student(world.school_a1, world.class_a1)
    Student.objects.filter(pk=erased.pk).update(erased_at="2026-11-01T00:00+07:00")
    ids = set(load("student", [world.school_a1.pk])["id"])
    assert waiting.pk in ids
    assert not {gone.pk, erased.pk} & ids
    settle_dates()
    assert ("student.enrolment.missing", waiting.pk) in broken([world.school_a1.pk])


def test_two_records_of_one_person_in_a_school(world):
    one = clean_student(world.school_a1, world.class_a1)
    two = clean_student(world.school_a1, world.class_a1)
    for field in ("personal_id_sealed", "personal_id_digest", "name_fold"):
        setattr(two, field, getattr(one, field))
    two.save()
    settle_dates()
    found = {rule for rule, pk in broken([world.school_a1.pk]) if pk in (one.pk, two.pk)}
    assert found == {"student.personal_id.copied_here", "student.dossier.namesake_here"}


def test_a_commune_counts_by_the_day_of_the_dossier(world):
    """The list as it stood when the dossier was last written: units merge without rewriting history."""
    student = Student.objects.filter(unit=world.school_a1).first()
    AdministrativeUnit.objects.filter(code="21031").update(valid_to=TODAY - timedelta(days=10))
    assert ("student.residence.commune", student.pk) not in broken([world.school_a1.pk])
    Student.objects.filter(pk=student.pk).update(updated_at=f"{TODAY}T08:00+07:00")
    found = broken([world.school_a1.pk])
    assert ("student.residence.commune", student.pk) in found
    assert ("school.commune.ended", world.school_a1.pk) in found


def test_contacts_and_characteristics(world):
    student = Student.objects.filter(unit=world.school_a1).first()
    Contact.objects.filter(student=student).update(phone="12345")
    for code in ("poor", "near_poor"):
        StudentCharacteristic.objects.create(
            student=student, unit=student.unit, kind="poverty", code=code, valid_from=date(2026, 1, 1)
        )
    StudentCharacteristic.objects.create(
        student=student, unit=student.unit, kind="disability", code="77", valid_from=date(2026, 1, 1)
    )
    found = {rule for rule, pk in broken([world.school_a1.pk]) if pk == student.pk}
    wanted = {"contacts.phone", "characteristics.poverty", "characteristics.disability"}
    assert found == {f"student.{code}" for code in wanted}


def test_a_class_is_counted_as_of_today(world):
    unit = world.school_a1
    empty = make_class(unit, world.year, "3B", grade=3)
    full = make_class(unit, world.year, "3C", grade=3)
    for _ in range(36):
        student = make_student(unit, birth_date=date(2018, 3, 8))
        make_enrolment(student, full)
    leaver = make_student(unit, birth_date=date(2018, 3, 8))
    spell = make_enrolment(leaver, full)
    Enrolment.objects.filter(pk=spell.pk).update(left_on=TODAY - timedelta(days=1), exit_type="dropped_out")
    sizes = dict(load("class", [unit.pk]).select("id", "size").iter_rows())
    assert sizes[empty.pk] == 0
    assert sizes[full.pk] == 36
    found = broken([unit.pk])
    assert {("class.size.empty", empty.pk), ("class.homeroom.missing", empty.pk)} <= found
    assert ("class.size.limit", full.pk) in found


def test_staff_who_left_are_out_and_heads_are_counted(world):
    unit = world.school_a1
    second = clean_staff(unit, position="01", group="manager")
    gone = make_staff(unit, status="retired")
    assert gone.pk not in set(load("staff", [unit.pk])["id"])
    assert ("school.head.several", unit.pk) in broken([unit.pk])
    second.employments.update(status="moved")
    assert ("school.head.several", unit.pk) not in broken([unit.pk])


def test_overlapping_spells(world):
    student = Student.objects.filter(unit=world.school_a1).first()
    first = Enrolment.objects.get(student=student)
    Enrolment.objects.filter(pk=first.pk).update(left_on=date(2026, 10, 15), exit_type="moved_class")
    again = make_enrolment(student, world.class_a1, entered_on=date(2026, 10, 1))
    assert ("enrolment.entered_on.overlap", first.pk) in broken([world.school_a1.pk])
    Enrolment.objects.filter(pk=again.pk).update(entered_on=date(2026, 10, 16))
    assert ("enrolment.entered_on.overlap", first.pk) not in broken([world.school_a1.pk])
