from datetime import date

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.types import AlreadyEnrolled, BadValue, StateConflict, WrongClass

SEPT, OCT, NOV = date(2026, 9, 7), date(2026, 10, 5), date(2026, 11, 2)


@pytest.fixture
def world(db):
    province = make_province()
    province.year = make_school_year()
    province.first = make_class(province.school_a1, province.year, "1A", grade=1)
    province.second = make_class(province.school_a1, province.year, "1B", grade=1)
    province.pupil = make_student(province.school_a1, "Trần Bé")
    return province


@pytest.fixture
def office(world):
    return world.actor("school_office", "school_a1")


def test_one_open_spell(world, office):
    spell = actions.enrol(by=office, student=world.pupil, school_class=world.first, on=SEPT)
    assert (spell.grade, spell.status, spell.student_name) == (1, "01", "Trần Bé")
    with pytest.raises(AlreadyEnrolled):
        actions.enrol(by=office, student=world.pupil, school_class=world.second, on=OCT)


def test_moving_ends_one_and_begins_another(world, office):
    actions.enrol(by=office, student=world.pupil, school_class=world.first, on=SEPT)
    actions.move_class(by=office, student=world.pupil, to_class=world.second, on=OCT)
    assert [
        list(queries.roster(office, world.first, on=day)) != [] for day in (SEPT, date(2026, 10, 4), OCT)
    ] == [
        True,
        True,
        False,
    ]
    assert queries.roster(office, world.second, on=OCT).get().student == world.pupil
    with pytest.raises(WrongClass):
        actions.move_class(by=office, student=world.pupil, to_class=world.second, on=NOV)
    with pytest.raises(BadValue):
        actions.move_class(by=office, student=world.pupil, to_class=world.first, on=SEPT)


def test_moving_on_the_first_day_puts_the_spell_right(world, office):
    actions.enrol(by=office, student=world.pupil, school_class=world.first, on=SEPT)
    actions.move_class(by=office, student=world.pupil, to_class=world.second, on=SEPT)
    assert world.pupil.enrolments.get().school_class == world.second


def test_leaving_and_coming_back(world, office):
    actions.enrol(by=office, student=world.pupil, school_class=world.first, on=SEPT)
    with pytest.raises(BadValue) as refusal:
        actions.leave(by=office, student=world.pupil, on=OCT, reason_code="")
    assert refusal.value.details["field"] == "reason_code"
    left = actions.leave(by=office, student=world.pupil, on=OCT, reason_code="01")
    assert (left.status, left.exit_type, left.exit_reason) == ("05", "dropped_out", "01")
    with pytest.raises(StateConflict):
        actions.leave(by=office, student=world.pupil, on=OCT, reason_code="01")
    with pytest.raises(BadValue):  # the last day there still belongs to the first spell
        actions.return_to_school(by=office, student=world.pupil, school_class=world.second, on=OCT)
    back = actions.return_to_school(by=office, student=world.pupil, school_class=world.second, on=NOV)
    assert (back.status, back.entry_type) == ("03", "returned")


def test_nobody_returns_who_never_left(world, office):
    with pytest.raises(StateConflict):
        actions.return_to_school(by=office, student=world.pupil, school_class=world.first, on=OCT)


def test_classes_of_others_closed_or_over(world, office):
    other = make_class(world.school_b1, world.year)
    with pytest.raises(WrongClass):
        actions.enrol(by=office, student=world.pupil, school_class=other, on=OCT)
    with pytest.raises(BadValue):
        actions.enrol(by=office, student=world.pupil, school_class=world.first, on=date(2026, 8, 1))
    with pytest.raises(BadValue):
        actions.enrol(by=office, student=world.pupil, school_class=world.first, on=date(2027, 6, 1))


def test_a_mixed_class_keeps_the_pupils_own_grade(world, office):
    mixed = make_class(world.school_a1, world.year, "1+2", grade=1, mixed_grades="2")
    with pytest.raises(WrongClass):
        actions.enrol(by=office, student=world.pupil, school_class=mixed, on=OCT, grade=3)
    assert actions.enrol(by=office, student=world.pupil, school_class=mixed, on=OCT, grade=2).grade == 2


def test_what_was_written_by_mistake_counts_nowhere(world, office):
    spell = actions.enrol(by=office, student=world.pupil, school_class=world.first, on=OCT)
    with pytest.raises(BadValue):
        actions.withdraw(by=office, enrolment=spell, reason=" ")
    actions.withdraw(by=office, enrolment=spell, reason="ghi nhầm")
    assert not queries.roster(office, world.first, on=OCT).exists()
    actions.enrol(by=office, student=world.pupil, school_class=world.second, on=OCT)


@pytest.mark.parametrize(
    ("role", "unit"),
    [("teacher", "school_a1"), ("principal", "school_b1"), ("commune_officer", "commune_a_office")],
)
def test_only_the_school(world, role, unit):
    by = world.actor(role, unit)
    with pytest.raises(NotAllowed):
        actions.enrol(by=by, student=world.pupil, school_class=world.first, on=OCT)
