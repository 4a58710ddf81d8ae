"""A year ends: everybody goes somewhere, nobody is lost; done twice it is done once; taken back it is as before."""

import random
import threading
from datetime import date, datetime

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.organization import make_province, make_school, make_school_year, make_unit
from tests.factories.registry import (
    make_class,
    make_enrolment,
    make_result,
    make_staff,
    make_student,
    make_teaching,
)
from thongsuot.journeys.promote_year import preview_promotion, promote_year, set_outcomes, undo_promotion
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.registry import actions
from thongsuot.modules.registry.actions import promotion_plan
from thongsuot.modules.registry.models import Enrolment, SchoolClass, YearPromotion, YearResult
from thongsuot.modules.registry.types import BadValue, StateConflict, TooEarly

TODAY = date(2027, 6, 10)
NOW = timezone.make_aware(datetime(2027, 6, 10, 9, 0))
SYSTEM = Actor.system()


class World:
    def __init__(self):
        self.province, self.year, self.next = make_province(), make_school_year(2026), make_school_year(2027)
        self.school = self.province.school_a1
        self.principal = self.province.actor("principal", "school_a1")
        self.teacher = make_staff(self.school, "Cô Một")
        self.first = self.make_class("1A", 1, homeroom_teacher=self.teacher)
        self.second = self.make_class("2A", 2)
        self.last = self.make_class("5A", 5)
        self.pupils = {
            name: make_student(self.school, f"Bé {name}", school_class=school_class)
            for name, school_class in (("An", self.first), ("Bình", self.first), ("Chi", self.second),
                                       ("Dung", self.last), ("Én", self.last))
        }  # fmt: skip

    def make_class(self, name, grade, **fields):
        return make_class(self.school, self.year, name, code=name, grade=grade, **fields)

    def spell(self, name, year=None):
        return Enrolment.objects.get(student=self.pupils[name], school_year=year or self.year)

    def outcomes(self, **said):
        keys = {self.spell(name).pk: outcome for name, outcome in said.items()}
        with act_as(self.principal):
            return set_outcomes(by=self.principal, unit_id=self.school.pk, from_year=self.year, outcomes=keys)

    def end(self, **more):
        given_ = {"unit_id": self.school.pk, "from_year": self.year, "today": TODAY, "now": NOW}
        with act_as(self.principal):
            return promote_year(by=self.principal, **{**given_, **more})

    def undo(self, done):
        with act_as(self.principal):
            return undo_promotion(by=self.principal, done=done, now=NOW)


@pytest.fixture
def world(db):
    return World()


def everything():
    spells = Enrolment.objects.order_by("pk").values()
    return list(spells), list(SchoolClass.objects.order_by("pk").values())


def test_the_preview_says_what_would_be_and_writes_nothing(world):
    before = everything()
    with act_as(world.principal):
        plan = preview_promotion(by=world.principal, unit_id=world.school.pk, from_year=world.year)
    assert everything() == before
    assert (plan.to_year, plan.counts) == (world.next, {"promoted": 3, "graduated": 2})
    assert [(one.source.name, one.name, one.grade) for one in plan.classes] == [
        ("1A", "2A", 2), ("2A", "3A", 3), ("5A", "", None),
    ]  # fmt: skip
    assert [one.name for one in plan.intake] == ["1A"]


def test_everybody_goes_where_the_school_said(world):
    world.outcomes(Bình="retained", Dung="left")
    done = world.end()
    assert done.counts == {
        "promoted": 2,
        "retained": 1,
        "graduated": 1,
        "left": 1,
        "waiting": 0,
        "classes": 3,
    }
    an, binh = world.spell("An", world.next), world.spell("Bình", world.next)
    assert (an.school_class.name, an.grade, an.entry_type, an.entered_on) == (
        "2A", 2, "promoted", date(2027, 9, 5),
    )  # fmt: skip
    assert (binh.school_class.name, binh.grade, binh.entry_type) == ("1A", 1, "retained")
    old = world.spell("An")
    assert (old.left_on, old.exit_type, old.status) == (date(2027, 5, 31), "year_end", "01")
    assert (world.spell("Én").exit_type, world.spell("Dung").exit_type) == ("graduated", "year_end")
    assert not Enrolment.objects.filter(student=world.pupils["Dung"], left_on=None).exists()
    assert Enrolment.objects.filter(left_on=None).count() == 3
    assert SchoolClass.objects.get(school_year=world.next, name="2A").homeroom_teacher is None


def test_the_homeroom_teacher_goes_along_when_wanted_and_no_class_for_new_ones(world):
    world.end(keep_homeroom=True, with_intake=False)
    second = SchoolClass.objects.get(school_year=world.next, code="2A")
    assert second.homeroom_teacher == world.teacher
    assert not SchoolClass.objects.filter(school_year=world.next, code="1A").exists()


def test_who_stays_without_a_class_waits_for_one(world):
    world.outcomes(Bình="retained")
    world.end(with_intake=False)
    spell = world.spell("Bình", world.next)
    assert (spell.school_class, spell.grade) == (None, 1)
    first = make_class(world.school, world.next, "1A", code="1A", grade=1)
    actions.move_class(by=world.principal, student=world.pupils["Bình"], to_class=first, on=spell.entered_on)
    spell.refresh_from_db()
    assert spell.school_class == first


def test_done_twice_is_done_once_and_a_late_one_follows(world):
    done = world.end()
    before = everything()
    assert world.end().pk == done.pk
    assert everything() == before
    late = make_student(world.school, "Bé Muộn")
    make_enrolment(late, world.first)
    again = world.end()
    assert again.pk != done.pk
    assert (again.counts["promoted"], again.counts["classes"]) == (1, 0)
    assert Enrolment.objects.get(student=late, left_on=None).school_class.name == "2A"
    with pytest.raises(StateConflict):
        world.undo(done)
    world.undo(again)
    world.undo(YearPromotion.objects.get(pk=done.pk))


def test_a_class_that_is_there_is_used(world):
    made = make_class(world.school, world.next, "2A", code="2A", grade=2)
    world.end()
    assert world.spell("An", world.next).school_class == made


def test_a_mixed_class_stays_together(world):
    mixed = world.make_class("Ghép 3+4", 3, mixed_grades="4")
    for name, grade in (("Ba", 3), ("Bốn", 4)):
        world.pupils[name] = make_student(world.school, f"Bé {name}")
        make_enrolment(world.pupils[name], mixed, grade=grade)
    world.end()
    ba, bon = world.spell("Ba", world.next), world.spell("Bốn", world.next)
    assert (ba.school_class.name, ba.school_class.mixed_grades, ba.grade) == ("Ghép 3+4", "4", 4)
    assert (bon.school_class, bon.grade) == (None, 5)


def test_taken_back_all_is_as_before(world):
    world.outcomes(Bình="retained")
    before = everything()
    done = world.end()
    assert everything() != before
    world.undo(done)
    assert everything() == before
    with pytest.raises(StateConflict):
        world.undo(done)
    assert world.end().counts["promoted"] == 3, "ended once more, without the old exceptions"


def moved(world):
    third = make_class(world.school, world.next, "2B", code="2B", grade=2)
    actions.move_class(by=SYSTEM, student=world.pupils["An"], to_class=third, on=date(2027, 9, 5))


def edited(world):
    SchoolClass.objects.filter(school_year=world.next, code="2A").update(max_students=30)


def taught(world):
    make_teaching(world.teacher, SchoolClass.objects.get(school_year=world.next, code="2A"))


def filled(world):
    second = SchoolClass.objects.get(school_year=world.next, code="1A")
    make_student(world.school, "Bé Mới", school_class=second)


def gone_to_another_school(world):
    pupil = world.pupils["Dung"]
    pupil.unit = world.province.school_b2
    pupil.save()


@pytest.mark.parametrize("change", [moved, edited, taught, filled, gone_to_another_school])
def test_not_taken_back_when_something_hangs_on_it(world, change):
    done = world.end()
    change(world)
    before = everything()
    with pytest.raises(StateConflict):
        world.undo(done)
    assert everything() == before


def test_refused(world):
    with pytest.raises(TooEarly):
        world.end(today=date(2027, 3, 1))
    office = world.province.actor("school_office", "school_a1")
    other = world.province.actor("principal", "school_b1")
    for actor in (office, other):
        with pytest.raises(NotAllowed):
            promote_year(by=actor, unit_id=world.school.pk, from_year=world.year, today=TODAY, now=NOW)
    with pytest.raises(BadValue):
        world.outcomes(An="graduated")
    with pytest.raises(StateConflict):
        promote_year(
            by=SYSTEM, unit_id=world.school.pk, from_year=world.next, today=date(2028, 6, 10), now=NOW
        )


def test_exceptions_are_kept_and_the_usual_one_forgets_them(world):
    world.outcomes(An="retained", Chi="left")
    world.outcomes(An="promoted")
    draft = YearPromotion.objects.get()
    assert draft.outcomes == {str(world.spell("Chi").pk): "left"}
    assert draft.done_at is None


def test_the_result_of_the_year_is_proposed_and_who_is_assessed_again_waits(world):
    for name, said in (("An", {"promotion": "again"}), ("Bình", {"promotion": "retained"}),
                       ("Én", {"is_completed": True})):  # fmt: skip
        make_result(world.pupils[name], world.year, **said)
    # What an earlier school said does not count against what this one says.
    make_result(world.pupils["Én"], world.year, unit=world.province.school_b1, promotion="retained")
    with act_as(world.principal):
        plan = preview_promotion(by=world.principal, unit_id=world.school.pk, from_year=world.year)
    pupils = {one.name: one for group in plan.classes for one in group.pupils}
    assert {name: (one.usual, one.reason) for name, one in pupils.items()} == {
        "Bé An": ("waiting", "again"),
        "Bé Bình": ("retained", "retained"),
        "Bé Chi": ("promoted", "no_result"),
        "Bé Dung": ("graduated", "no_result"),
        "Bé Én": ("graduated", "completed"),
    }
    assert (plan.with_result, plan.ending) == (3, 4)
    world.outcomes(Chi="waiting", Bình="promoted")
    first = world.end()
    assert (first.counts["waiting"], first.counts["promoted"], first.counts["graduated"]) == (2, 1, 2)
    assert (world.spell("An").left_on, world.spell("Chi").left_on) == (None, None)
    # Nothing new is known: done again it does nothing, and Chi still waits.
    assert world.end() == first
    YearResult.objects.filter(student=world.pupils["An"]).update(promotion="promoted")
    second = world.end()
    assert (second.counts["promoted"], second.counts["waiting"]) == (1, 1)
    assert world.spell("An", world.next).school_class.name == "2A"
    world.outcomes(Chi="retained")
    third = world.end()
    assert world.spell("Chi", world.next).entry_type == "retained"
    for done in (third, second, first):
        world.undo(done)
    assert Enrolment.objects.filter(left_on=None, school_year=world.year).count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_at_once_end_the_year_once():
    with connection.cursor() as cursor:
        cursor.execute("set thongsuot.may_truncate = 'on'")
    world, gate, keys = World(), threading.Barrier(2), []

    def run():
        gate.wait(timeout=10)
        try:
            keys.append(world.end().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert Enrolment.objects.filter(school_year=world.next).count() == 3


LEVELS = st.lists(
    st.sampled_from(["preschool", "primary", "lower_secondary", "upper_secondary"]), min_size=1, unique=True
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(levels=LEVELS, sizes=st.lists(st.integers(0, 4), min_size=1, max_size=6), seed=st.integers(0, 10**6))
def test_nobody_is_lost(db, levels, sizes, seed):
    """Pupils of the school = promoted + retained + graduated + left + waiting, and each has at most one open spell."""
    chance = random.Random(seed)
    year = SchoolYear.objects.filter(name="2026-2027").first() or make_school_year(2026)
    following = SchoolYear.objects.filter(name="2027-2028").first() or make_school_year(2027)
    school = make_school(parent=make_unit("commune"), levels=tuple(levels))
    grades = sorted(promotion_plan.grades_taught(by=SYSTEM, unit_id=school.pk))
    pupils = 0
    for number, size in enumerate(sizes):
        grade = chance.choice(grades)
        mixed = f"{chance.choice(grades)}" if chance.random() < 0.2 else ""
        room = make_class(
            school, year, f"{grade}A{number}", code=f"{grade}A{number}", grade=grade, mixed_grades=mixed
        )
        for _ in range(size):
            make_student(school, school_class=room)
            pupils += 1
    plan = preview_promotion(by=SYSTEM, unit_id=school.pk, from_year=year)
    chosen = {
        one.spell_id: chance.choice(one.possible)
        for group in plan.classes
        for one in group.pupils
        if chance.random() < 0.5
    }
    set_outcomes(by=SYSTEM, unit_id=school.pk, from_year=year, outcomes=chosen)
    plan = preview_promotion(by=SYSTEM, unit_id=school.pk, from_year=year)
    assert sum(plan.counts.values()) == plan.pupils == pupils
    if not pupils:
        return
    before = everything()
    if plan.counts["waiting"] == pupils:
        with pytest.raises(StateConflict):
            promote_year(by=SYSTEM, unit_id=school.pk, from_year=year, today=TODAY, now=NOW)
        assert everything() == before
        return
    done = promote_year(by=SYSTEM, unit_id=school.pk, from_year=year, today=TODAY, now=NOW)
    counts = {name: number for name, number in done.counts.items() if name != "classes"}
    assert sum(counts.values()) == pupils
    ours = Enrolment.objects.filter(unit=school)
    assert ours.filter(school_year=year, left_on=None).count() == counts["waiting"]
    assert ours.filter(school_year=following, left_on=None).count() == counts["promoted"] + counts["retained"]
    assert ours.filter(school_year=year, exit_type="graduated").count() == counts["graduated"]
    for spell in ours.filter(school_year=following).select_related("school_class"):
        assert spell.grade in grades
        room = spell.school_class
        assert room is None or spell.grade == room.grade or str(spell.grade) in room.mixed_grades
    undo_promotion(by=SYSTEM, done=done, now=NOW)
    assert everything() == before
