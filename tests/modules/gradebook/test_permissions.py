"""Each rule about one object says the same as its filter; row-level security hides what the filters leave out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.gradebook import fill_year, make_line
from tests.factories.organization import make_actor, make_appointment, make_user
from tests.factories.registry import make_contact
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook import models, permissions
from thongsuot.modules.gradebook.actions import (
    compute_results,
    enter_marks,
    lock_term,
    publish_year_results,
    take_back_publication,
)
from thongsuot.modules.gradebook.models import (
    ClassSubject,
    PupilYear,
    SubjectMarks,
    SubjectResult,
    YearJudgement,
)
from thongsuot.modules.gradebook.queries import (
    class_grid,
    class_records,
    class_subjects,
    my_classes,
    own_year,
    progress,
    suspicions,
)
from thongsuot.modules.gradebook.types import CellChange
from thongsuot.modules.organization.queries import actor_for

PAIRS = (
    (permissions.subjects_visible, permissions.can_see_subject),
    (permissions.subjects_entered, permissions.can_enter),
    (permissions.entered_by, permissions.can_enter),
)


@pytest.fixture
def people(world):
    province = world.province
    named = {
        name: getattr(world, name)
        for name in ("maths", "homeroom", "primary_homeroom", "principal", "office", "stranger")
    }
    more = {
        "commune": make_actor("commune_officer", province.commune_b_office),
        "other_commune": make_actor("commune_officer", province.commune_a_office),
        "department": make_actor("department_officer", province.office),
        "accountant": make_actor("accountant", world.school),
        "parent": make_actor("parent", world.school),
        "administrator": make_actor("system_administrator", province.department),
        "system": Actor.system(),
    }
    return named | more


def test_about_one_and_as_a_filter(world, people):
    rows = list(ClassSubject.objects.select_related("school_class"))
    for name, actor in people.items():
        for as_filter, about_one in PAIRS:
            found = set(ClassSubject.objects.filter(as_filter(actor)).values_list("pk", flat=True))
            assert found == {row.pk for row in rows if about_one(actor, row)}, (name, as_filter.__name__)
        for made in (world.secondary, world.primary):
            rows_of_class = models.TermConduct.objects.filter(permissions.classes_visible(actor)).query
            assert rows_of_class is not None
            seen = ClassSubject.objects.filter(
                permissions.classes_visible(actor), school_class=made.school_class
            ).exists()
            assert seen == permissions.can_see_class(actor, made.school_class), name


def test_who_sees_how_much(world, people):
    numbers = {name: class_subjects(actor).count() for name, actor in people.items()}
    secondary, primary = len(world.secondary.subjects), len(world.primary.subjects)
    assert numbers == {
        "maths": 1, "homeroom": secondary, "primary_homeroom": primary, "principal": secondary, "office": secondary,
        "stranger": primary, "commune": secondary + primary, "other_commune": 0, "department": secondary + primary,
        "accountant": 0, "parent": 0, "administrator": 0, "system": secondary + primary,
    }  # fmt: skip
    # Commune and department read; a homeroom teacher of a secondary class does not write the marks of others.
    entered = {name: len(my_classes(actor, world.year).subjects) for name, actor in people.items()}
    assert {name: number for name, number in entered.items() if number} == {
        "maths": 1, "primary_homeroom": primary, "principal": secondary, "office": secondary, "stranger": primary,
        "system": secondary + primary,
    }  # fmt: skip


def test_the_database_hides_other_schools(world):
    made = world.secondary
    first = made.students[0]
    fill_year(made, first)
    make_line(world.primary.subjects["mathematics"], world.primary.students[0])
    compute_results(by=None, unit=world.school, school_year=world.year)
    tables = (
        SubjectMarks,
        SubjectResult,
        PupilYear,
        ClassSubject,
        models.SubjectMarksEvent,
        models.TermConduct,
    )
    with act_as(world.stranger):
        for model in tables:
            assert not model.objects.filter(unit_id=world.school.pk).exists(), model
        assert SubjectMarks.objects.count() == 1
    with act_as(make_actor("parent", world.school)):
        assert not any(model.objects.exists() for model in tables)


def test_everything_works_as_the_web_role(world):
    """Not only as the owner, whom no policy binds: entering, computing, locking, publishing, reading."""
    made = world.secondary
    first, second = made.students
    subject = made.subjects["mathematics"]
    with act_as(world.maths):
        done = enter_marks(
            by=world.maths, class_subject=subject, term=1, changes=[CellChange(first.pk, "midterm", "", "9")]
        )
        assert done.saved
        assert class_grid(world.maths, subject, 1).rows[0].cells["midterm"] == "9.0"
        assert {one.kind for one in suspicions(world.maths, subject, 1)} == {"missing"}
    fill_year(made, second)
    YearJudgement.objects.create(
        unit=world.school, school_class=made.school_class, student=second, absences=0
    )
    asked = {"by": world.principal, "unit": world.school, "school_year": world.year}
    with act_as(world.principal):
        assert compute_results(**asked).pupils == 2
        for term in (1, 2):
            lock_term(**asked, term=term, now=world.now)
        published = publish_year_results(**asked, now=world.now)
        assert [one["student"] for one in published.changes] == [second.pk]
        later = world.now + timedelta(hours=1)
        assert take_back_publication(by=world.principal, publication=published, now=later)[1] == 0
        lines = {
            one.class_subject.code: one for one in progress(world.principal, world.school, world.year, 1)
        }
        assert len(class_records(world.principal, made.school_class)) == 2
    maths = lines["mathematics"]
    # Six cells of the one who is complete, one of the other.
    assert (maths.pupils, maths.wanted, maths.filled, len(maths.teachers), maths.is_locked) == (
        2,
        12,
        7,
        1,
        True,
    )


def test_a_family_sees_its_own(world):
    made = world.secondary
    first, second = made.students
    fill_year(made, first)
    compute_results(by=None, unit=world.school, school_year=world.year)
    user = make_user()
    make_appointment(user, "parent", world.school)
    make_contact(first, account=user)
    parent = actor_for(user)
    with act_as(parent):
        record = own_year(parent, first.public_id, world.year)
        assert (record.student_id, len(record.subjects), record.subjects[0].terms[0].midterm) == (
            first.pk,
            12,
            "8.0",
        )
        assert own_year(parent, second.public_id, world.year) is None
        assert class_grid(parent, made.subjects["mathematics"], 1) is None
    assert own_year(world.maths, first.public_id, world.year) is None
