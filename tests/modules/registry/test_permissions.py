"""Each rule about one object says the same as its filter, for every role."""

import pytest
from django.db import connection

from tests.factories.organization import TODAY, make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_staff, make_student, make_teaching
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry import permissions as p
from thongsuot.modules.registry.models import Enrolment, SchoolClass, Staff, Student

HOLDERS = [
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_leader", "commune_a"),
    ("commune_officer", "commune_a_office"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("accountant", "school_a1"),
    ("teacher", "school_a1"),
    ("parent", "school_a1"),
    ("pupil", "school_a1"),
    ("system_administrator", "department"),
]
SEES = {
    "department_leader": {"a1", "a2", "b1"},
    "department_officer": {"a1", "a2", "b1"},
    "commune_leader": {"a1", "a2"},
    "commune_officer": {"a1", "a2"},
    "principal": {"a1"},
    "school_office": {"a1"},
}
# Whose files they may bring in: a school its own, the department's officer those of many schools.
IMPORTS = {"department_officer": {"a1", "a2", "b1"}, "principal": {"a1"}, "school_office": {"a1"}}


@pytest.fixture
def world(db):
    province, year = make_province(), make_school_year()
    for short in ("a1", "a2", "b1"):
        unit = getattr(province, f"school_{short}")
        leader = make_staff(unit, f"Cô {short}")
        school_class = make_class(unit, year, f"1{short}", homeroom_teacher=leader)
        make_student(unit, f"Bé {short}", school_class=school_class)
        make_teaching(leader, school_class)
    return province


@pytest.mark.parametrize(("role", "unit"), HOLDERS)
def test_one_and_many_agree(world, role, unit):
    actor = world.actor(role, unit)
    for model, many, one in (
        (Student, p.students_visible, p.can_see_student),
        (SchoolClass, p.classes_visible, p.can_see_class),
        (Enrolment, p.enrolments_visible, p.can_see_enrolment),
        (Staff, p.rows_visible, p.can_see_row),
        (Student, p.imports_within, lambda by, row: p.can_import(by, row.unit_id)),
    ):
        listed = set(model.objects.filter(many(actor)))
        assert listed == {thing for thing in model.objects.all() if one(actor, thing)}
    names = {
        name.split()[-1]
        for name in Student.objects.filter(p.students_visible(actor)).values_list("full_name", flat=True)
    }
    assert names == SEES.get(role, set())
    brings_in = {
        name.split()[-1]
        for name in Student.objects.filter(p.imports_within(actor)).values_list("full_name", flat=True)
    }
    assert brings_in == IMPORTS.get(role, set())


def test_a_teacher_sees_own_classes_only(world):
    user = make_user()
    make_appointment(user, "teacher", world.school_a1)
    year = SchoolClass.objects.first().school_year
    mine = make_staff(world.school_a1, "Cô Của Lớp", account=user)
    taught = make_class(world.school_a1, year, "1B")
    make_teaching(mine, taught)
    make_student(world.school_a1, "Bé mình", school_class=taught)
    actor = actor_for(user, today=TODAY)
    assert [s.full_name for s in Student.objects.filter(p.students_visible(actor))] == ["Bé mình"]
    assert list(SchoolClass.objects.filter(p.classes_visible(actor))) == [taught]
    assert not p.can_see_sensitive(actor, world.school_a1.pk)


def test_the_database_shows_a_school_its_own_rows_only(world):
    """A raw query under the web role, whatever the code above it asks for."""
    actor = world.actor("school_office", "school_a1")
    with act_as(actor), connection.cursor() as cursor:
        cursor.execute("select full_name from registry_student")
        assert cursor.fetchall() == [("Bé a1",)]
        cursor.execute("select student_name from registry_enrolment")
        assert cursor.fetchall() == [("Bé a1",)]
        cursor.execute("select distinct full_name from registry_studentevent")
        assert cursor.fetchall() == [("Bé a1",)]
