"""Two schools become one: all that runs goes on, what has been stays, and every figure of an earlier day is the same."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import (
    make_class,
    make_enrolment,
    make_equipment,
    make_line,
    make_piece_of_land,
    make_report,
    make_room,
    make_staff,
    make_student,
    make_teaching,
)
from thongsuot.journeys.merge_schools import close_school, merge_schools, preview_merger
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import (
    Employment,
    Enrolment,
    Room,
    SchoolClass,
    SchoolMerge,
    Staff,
    Student,
    StudentCharacteristic,
    TeachingAssignment,
    Transfer,
)
from thongsuot.modules.registry.types import BadValue, StateConflict, StillInUse

LAST_DAY, NEXT_DAY = date(2026, 12, 31), date(2027, 1, 1)
NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))


class World:
    def __init__(self):
        self.province, self.year = make_province(), make_school_year()
        self.gone, self.into = self.province.school_a1, self.province.school_b1
        self.officer = self.province.actor("department_officer", "office")
        self.room = make_room(self.gone, "P101")
        make_equipment(self.gone), make_line(self.gone), make_piece_of_land(self.gone)
        self.teacher = make_staff(self.gone, "Cô Một", local_code="GV1")
        make_staff(self.into, "Cô Hai", local_code="GV1")
        self.old = make_class(
            self.gone, self.year, "1A", code="1A", room=self.room, homeroom_teacher=self.teacher
        )
        self.other = make_class(self.gone, self.year, "2A", code="2A", grade=2)
        make_class(self.into, self.year, "1A", code="1A")
        make_teaching(self.teacher, self.old)
        self.pupil = make_student(self.gone, "Trần Bé", school_class=self.old, local_code="7")
        make_student(self.into, "Lê Bé", school_class=SchoolClass.objects.get(unit=self.into), local_code="7")
        self.former = make_student(self.gone, "Phạm Cũ")
        make_enrolment(self.former, self.other, left_on=date(2026, 10, 1), exit_type="dropped_out")
        StudentCharacteristic.objects.create(
            student=self.pupil, unit=self.gone, kind="poverty", code="poor", valid_from=date(2026, 9, 5)
        )
        make_report(self.pupil)

    def merge(self, **more):
        given = {"gone": [self.gone], "into": self.into, "last_day": LAST_DAY, "basis": "QĐ 12/QĐ-UBND"}
        with act_as(self.officer):
            return merge_schools(by=self.officer, now=NOW, **{**given, **more})


@pytest.fixture
def world(db):
    return World()


def test_the_preview_says_what_would_move_and_writes_nothing(world):
    plan = preview_merger(by=world.officer, gone=world.gone, into=world.into, last_day=LAST_DAY)
    assert plan.counts == {
        "students": 2, "spells": 1, "classes": 2, "staff": 1, "land": 1, "room": 1, "equipment": 1,
        "internetline": 1,
    }  # fmt: skip
    assert (plan.renamed, plan.conflicts) == (("1A",), ())
    assert Student.objects.filter(unit=world.gone).count() == 2


def test_all_that_runs_goes_on_at_the_successor(world):
    (merge,) = world.merge()
    old, new = Enrolment.objects.filter(student=world.pupil).order_by("entered_on")
    assert (old.unit, old.left_on, old.exit_type, old.school_class) == (
        world.gone, LAST_DAY, "reorganized", world.old,
    )  # fmt: skip
    assert (new.unit, new.entered_on, new.left_on, new.status) == (world.into, NEXT_DAY, None, old.status)
    assert (new.school_class.name, new.school_class.code, new.school_class.valid_from) == (
        "1A CS2", "1A-CS2", NEXT_DAY,
    )  # fmt: skip
    room = Room.objects.get(unit=world.into)
    assert (new.school_class.room, room.valid_from) == (room, NEXT_DAY)
    assert new.school_class.homeroom_teacher == world.teacher
    assert SchoolClass.objects.get(unit=world.into, code="2A").name == "2A"
    assert TeachingAssignment.objects.get(unit=world.into).school_class == new.school_class
    posts = Employment.objects.filter(staff=world.teacher).order_by("valid_from")
    assert [(post.unit, post.valid_to) for post in posts] == [(world.gone, LAST_DAY), (world.into, None)]
    assert set(Student.objects.values_list("unit", flat=True)) == {world.into.pk}
    assert Student.objects.get(pk=world.pupil.pk).local_code == ""
    assert Staff.objects.get(pk=world.teacher.pk).local_code == ""
    assert merge.counts["spells"] == 1


def test_every_figure_of_an_earlier_day_is_the_same(world):
    def figures(day):
        return (
            sorted(Enrolment.objects.filter(queries.enrolled_on(day)).values_list("unit", "student", "school_class__name")),
            sorted(Employment.objects.filter(queries.as_of(day)).values_list("unit", "staff")),
            sorted(Room.objects.filter(queries.as_of(day)).values_list("unit", "name")),
            sorted(StudentCharacteristic.objects.filter(queries.as_of(day)).values_list("unit", "student", "code")),
        )  # fmt: skip

    days = [date(2026, 9, 30), date(2026, 12, 31)]
    before = [figures(day) for day in days]
    size = Enrolment.objects.filter(queries.enrolled_on(NEXT_DAY)).count()
    world.merge()
    assert [figures(day) for day in days] == before
    assert Enrolment.objects.filter(queries.enrolled_on(NEXT_DAY)).count() == size
    assert {row[0] for row in figures(NEXT_DAY)[0]} == {world.into.pk}


def test_what_has_not_begun_moves_as_it_is(world):
    Enrolment.objects.filter(student=world.pupil).update(entered_on=date(2027, 1, 18))
    world.merge()
    spell = Enrolment.objects.get(student=world.pupil)
    assert (spell.unit, spell.entered_on, spell.school_class.unit) == (
        world.into, date(2027, 1, 18), world.into,
    )  # fmt: skip


def test_who_works_at_both_keeps_one_post(world):
    Employment.objects.create(
        staff=world.teacher, unit=world.into, group="teacher", valid_from=date(2026, 9, 1)
    )
    world.merge()
    assert Employment.objects.filter(staff=world.teacher, valid_to=None).get().valid_from == date(2026, 9, 1)


def test_open_transfers_follow_and_one_between_the_two_is_pointless(world):
    def ask(student, source, target):
        return Transfer.objects.create(
            student=student, from_unit=source, to_unit=target, state="requested", effective_on=NEXT_DAY,
            student_name=student.full_name, requested_at=NOW,
        )  # fmt: skip

    away = ask(world.pupil, world.gone, world.province.upper_school)
    between = ask(world.former, world.gone, world.into)
    world.merge()
    away.refresh_from_db()
    between.refresh_from_db()
    assert (away.from_unit, away.state, between.state) == (world.into, "requested", "cancelled")


def test_settled_first(world):
    with pytest.raises(BadValue):
        world.merge(basis=" ")
    with pytest.raises(StateConflict, match="không dạy khối 1"):
        world.merge(into=world.province.school_b2)
    with pytest.raises(StateConflict, match="năm học trước"):
        world.merge(last_day=date(2027, 6, 30))
    with pytest.raises(StateConflict, match="là một"):
        world.merge(into=world.gone)
    assert not SchoolMerge.objects.exists()
    assert Student.objects.filter(unit=world.gone).count() == 2


def test_two_at_once_or_none(world):
    """The second of two cannot be merged: the first is not either."""
    pupil = make_student(
        world.province.school_b2, school_class=make_class(world.province.school_b2, world.year, grade=6)
    )
    with pytest.raises(StateConflict):
        world.merge(gone=[world.gone, world.province.school_b2])
    assert Student.objects.filter(unit=world.gone).count() == 2
    assert Enrolment.objects.get(student=pupil).left_on is None


def test_only_the_department(world):
    for role, unit in (("principal", "school_b1"), ("commune_officer", "commune_b_office"), ("system_administrator", "department")):  # fmt: skip
        with pytest.raises(NotAllowed):
            merge_schools(
                by=world.province.actor(role, unit), gone=[world.gone], into=world.into, last_day=LAST_DAY,
                basis="QĐ", now=NOW,
            )  # fmt: skip


def test_the_unit_ends_too_for_whoever_may_close_units(world):
    (merge,) = world.merge()
    world.gone.refresh_from_db()
    assert (merge.is_unit_closed, world.gone.valid_to) == (False, None)


def test_officer_and_administrator_in_one_person(world):
    both = make_user("hai.vai")
    make_appointment(both, "department_officer", world.province.office)
    make_appointment(both, "system_administrator", world.province.department)
    world.officer = actor_for(both, today=NOW.date())
    (merge,) = world.merge()
    world.gone.refresh_from_db()
    assert (merge.is_unit_closed, world.gone.valid_to) == (True, LAST_DAY)


def test_a_school_without_successor_has_to_be_empty(world):
    def close():
        with act_as(world.officer):
            return close_school(
                by=world.officer, unit=world.gone, last_day=LAST_DAY, basis="QĐ 13/QĐ-UBND", now=NOW
            )

    with pytest.raises(StillInUse, match="1 học sinh đang học, 1 người"):
        close()
    Enrolment.objects.filter(student=world.pupil).update(left_on=LAST_DAY, exit_type="dropped_out")
    Employment.objects.filter(unit=world.gone).update(valid_to=LAST_DAY)
    merge = close()
    assert merge.successor is None
    assert set(Room.objects.filter(unit=world.gone).values_list("valid_to", flat=True)) == {LAST_DAY}
    assert not SchoolClass.objects.filter(unit=world.gone, valid_to=None).exists()
    assert Student.objects.get(pk=world.former.pk).unit == world.gone
