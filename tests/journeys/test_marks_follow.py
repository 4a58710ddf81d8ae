"""What is written of a pupil follows to another class and another school, through the real journeys, and comes back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.gradebook import make_line, make_open_class
from tests.factories.organization import make_actor, make_province, make_school, make_school_year
from tests.factories.registry import make_class, make_enrolment, make_student
from thongsuot.journeys import transfer_student as journey
from thongsuot.journeys.merge_people import merge_people, split_people
from thongsuot.journeys.move_class import move_class
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.actions import (
    AbsenceEntry,
    ConductEntry,
    TraitEntry,
    compute_results,
    enter_marks,
    open_class_subjects,
    record_absences,
    set_conduct,
    set_traits,
)
from thongsuot.modules.gradebook.models import (
    CarriedYear,
    ClassSubject,
    PupilTraits,
    PupilYear,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    YearJudgement,
)
from thongsuot.modules.gradebook.queries import class_grid, class_records
from thongsuot.modules.gradebook.types import BadValue, CellChange, StateConflict
from thongsuot.modules.registry.models import Enrolment, Transfer
from thongsuot.modules.registry.types import Sought

NOW = timezone.make_aware(datetime(2027, 2, 15, 9, 0))
FIRST_DAY = date(2027, 2, 22)
SYSTEM = Actor.system()
D = Decimal


class World:
    """A pupil of the eighth grade with the first term and a piece of the second, and the school that is to receive."""

    def __init__(self):
        self.province, self.year = make_province(), make_school_year()
        self.old = self.province.school_b2
        self.new = make_school(
            "Trường THCS An Bình", parent=self.province.commune_a, levels=("lower_secondary",)
        )
        self.made = make_open_class(self.old, self.year, grade=8, pupils=0)
        self.pupil = make_student(self.old, "Trần Thị Bé", school_class=self.made.school_class)
        self.maths, self.music = (
            self.made.subjects["mathematics"],
            self.made.subjects["music"] if "music" in self.made.subjects else self.made.subjects["arts"],
        )
        self.asker = make_actor("school_office", self.new)
        self.keeper = self.province.actor("school_office", "school_b2")
        self.there = make_class(self.new, self.year, "8B", grade=8)

    def write_first_term(self):
        make_line(
            self.maths,
            self.pupil,
            1,
            regular=[D(8), D(7), D(9), D(8)],
            midterm=D(7),
            final=D(8),
            remark="Chăm",
        )
        make_line(self.maths, self.pupil, 2, regular=[D(6), None, D(9)], remark="Đang tiến bộ")
        make_line(self.music, self.pupil, 1, regular_levels=["Đ", "Đ"], midterm_level="Đ", final_level="Đ")
        with act_as(SYSTEM):
            set_conduct(
                by=SYSTEM, school_class=self.made.school_class, term=1,
                entries=[ConductEntry(self.pupil.pk, "good", "Ngoan")],
            )  # fmt: skip
            days = (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 6))
            record_absences(
                by=SYSTEM, school_class=self.made.school_class,
                entries=[
                    AbsenceEntry(self.pupil.pk, on, session, None, on.day == 5)
                    for on, session in zip(days, ("morning", "morning", "afternoon"), strict=True)
                ],
            )  # fmt: skip

    def open_books(self):
        with act_as(SYSTEM):
            open_class_subjects(by=SYSTEM, unit=self.new, school_year=self.year)

    def transfer(self, asker=None, keeper=None, there=None, on=FIRST_DAY):
        asker, keeper, there = asker or self.asker, keeper or self.keeper, there or self.there
        sought = Sought(self.pupil.full_name, birth_date=self.pupil.birth_date)
        with act_as(asker):
            asked = journey.request_transfer(
                by=asker, to_unit_id=there.unit_id, sought=sought, grade=there.grade, effective_on=on, now=NOW
            )
        with act_as(keeper):
            journey.release_transfer(by=keeper, transfer=asked, now=NOW)
        with act_as(asker):
            journey.complete_transfer(by=asker, transfer=asked, school_class=there, on=on, now=NOW)
        return Transfer.objects.get(pk=asked.pk)

    def line(self, unit, code="mathematics", term=1):
        return SubjectMarks.objects.get(unit=unit, class_subject__code=code, student=self.pupil, term=term)


@pytest.fixture
def world(db):
    made = World()
    made.write_first_term()
    return made


def everything_at(unit):
    rows = {}
    for model in (SubjectMarks, TermConduct, CarriedYear, Enrolment):
        for row in model.objects.filter(unit=unit).order_by("pk").values():
            row.pop("updated_at", None)
            rows[model.__name__, row["id"]] = row
    return rows


def test_the_new_school_inherits_the_year_so_far(world):
    world.open_books()
    before = everything_at(world.old)
    world.transfer()

    first, second = world.line(world.new), world.line(world.new, term=2)
    assert (first.regular, first.midterm, first.final) == ([D(8), D(7), D(9), D(8)], D(7), D(8))
    assert second.regular == [D(6), None, D(9)]
    assert world.line(world.new, world.music.code).final_level == "Đ"
    conduct = TermConduct.objects.get(unit=world.new, student=world.pupil, term=1)
    assert (conduct.conduct, conduct.remark) == ("good", "Ngoan")
    carried = CarriedYear.objects.get()
    assert (carried.unit, carried.from_unit, carried.absences, carried.excused, carried.unexcused) == (
        world.new, world.old, 2, 1, 1,
    )  # fmt: skip
    # The old school keeps its books as they were; only the spell has ended.
    after = everything_at(world.old)
    spell = next(key for key in before if key[0] == "Enrolment")
    assert after.pop(spell)["exit_type"] == "transferred_out"
    before.pop(spell)
    assert after == before

    # What came along is read, not written over; the rest of the line is the new school's.
    subject = ClassSubject.objects.get(school_class=world.there, code="mathematics")
    with act_as(world.asker):
        grid = class_grid(world.asker, subject, 2)
        assert set(grid.rows[0].carried) == {"regular.0", "regular.2"}
        assert set(grid.rows[0].carried.values()) == {world.old.name}
        changes = [
            CellChange(world.pupil.pk, "regular.0", "6.0", "10"),
            CellChange(world.pupil.pk, "regular.2", "9.0", "9"),
            CellChange(world.pupil.pk, "regular.1", "", "7"),
            CellChange(world.pupil.pk, "remark", "Đang tiến bộ", "Tiến bộ nhiều"),
        ]
        outcome = enter_marks(by=world.asker, class_subject=subject, term=2, changes=changes)
        assert [one.column for one in outcome.faults] == ["regular.0"]
        assert {one.column for one in outcome.saved} == {"regular.1", "regular.2", "remark"}
        closed_term = [CellChange(world.pupil.pk, "remark", "Chăm", "Lười")]
        assert enter_marks(by=world.asker, class_subject=subject, term=1, changes=closed_term).faults
        with pytest.raises(BadValue):
            set_conduct(
                by=world.asker, school_class=world.there, term=1,
                entries=[ConductEntry(world.pupil.pk, "fair")],
            )  # fmt: skip
    assert world.line(world.new, term=2).regular == [D(6), D(7), D(9)]


def test_the_year_is_computed_over_both_schools(world):
    world.open_books()
    world.transfer()
    line = world.line(world.new, term=2)
    line.regular, line.midterm, line.final = [D(6), D(7), D(9), D(8)], D(8), D(9)
    line.save()
    with act_as(SYSTEM):
        record_absences(
            by=SYSTEM,
            school_class=world.there,
            entries=[AbsenceEntry(world.pupil.pk, date(2027, 3, 1), "morning")],
        )
        compute_results(by=SYSTEM, unit=world.new, school_year=world.year)
        compute_results(by=SYSTEM, unit=world.old, school_year=world.year)
    result = SubjectResult.objects.get(student=world.pupil, class_subject__code="mathematics")
    # (32 + 14 + 24) / 9 = 7.8; (30 + 16 + 27) / 9 = 8.1; (7.8 + 2 x 8.1) / 3 = 8.0
    assert (result.unit, result.term1, result.term2, result.year) == (world.new, D("7.8"), D("8.1"), D("8.0"))
    assert PupilYear.objects.get(student=world.pupil).absences == 3
    with act_as(world.asker):
        record = class_records(world.asker, world.there)[0]
    assert (record.carried_from, record.excused, record.unexcused) == ((world.old.name,), 1, 2)


def test_each_school_sees_its_own_rows_and_no_more(world):
    world.open_books()
    world.transfer()
    with act_as(world.asker):
        assert set(SubjectMarks.objects.values_list("unit", flat=True)) == {world.new.pk}
        assert CarriedYear.objects.count() == 1
    with act_as(world.keeper):
        assert set(SubjectMarks.objects.values_list("unit", flat=True)) == {world.old.pk}
        assert not CarriedYear.objects.exists()
        # Its book still has the line, closed.
        row = class_grid(world.keeper, world.maths, 1).rows[0]
        assert (row.name, row.has_left, row.cells["final"]) == ("Trần Thị Bé", True, "8.0")


def test_books_that_are_opened_later_take_in_what_came_before(world):
    world.transfer()
    assert not SubjectMarks.objects.filter(unit=world.new).exists()
    assert CarriedYear.objects.get().closed.keys() == {"conduct|1"}
    world.open_books()
    assert world.line(world.new).final == D(8)
    world.open_books()
    assert SubjectMarks.objects.filter(unit=world.new).count() == 3


def test_taken_back_nothing_is_left_and_the_old_school_goes_on(world):
    world.open_books()
    before = everything_at(world.old)
    world.pupil.refresh_from_db()
    code = world.pupil.local_code
    transfer = world.transfer()
    with act_as(world.keeper), pytest.raises(NotAllowed):
        journey.take_back_transfer_in(by=world.keeper, transfer=transfer, reason="Nhầm em khác")
    subject = ClassSubject.objects.get(school_class=world.there, code="mathematics")
    cell = CellChange(world.pupil.pk, "regular.1", "", "7")
    undone = CellChange(world.pupil.pk, "regular.1", "7.0", "")
    with act_as(world.asker):
        enter_marks(by=world.asker, class_subject=subject, term=2, changes=[cell])
        with pytest.raises(StateConflict, match="đã ghi điểm"):
            journey.take_back_transfer_in(by=world.asker, transfer=transfer, reason="Nhầm em khác")
        enter_marks(by=world.asker, class_subject=subject, term=2, changes=[undone])
        journey.take_back_transfer_in(by=world.asker, transfer=transfer, reason="Nhầm em khác")
    assert everything_at(world.old) == before
    for model in (SubjectMarks, TermConduct, CarriedYear):
        assert not model.objects.filter(unit=world.new).exists()
    world.pupil.refresh_from_db()
    assert (world.pupil.unit, world.pupil.local_code) == (world.old, code)
    assert Enrolment.objects.get(unit=world.new).exit_type == "withdrawn"


def test_back_again_within_the_year_each_school_s_part_is_there_once(world):
    world.open_books()
    world.transfer()
    line = world.line(world.new, term=2)
    line.regular = [D(6), D(7), D(9)]
    line.save()
    world.transfer(world.keeper, world.asker, world.made.school_class, on=date(2027, 3, 22))
    assert world.line(world.old, term=2).regular == [D(6), D(7), D(9)]
    assert world.line(world.old).regular == [D(8), D(7), D(9), D(8)]
    back = CarriedYear.objects.get(unit=world.old)
    assert back.content["subjects"]["mathematics"]["terms"]["2"]["regular.1"] == "7.0"
    assert back.closed["mathematics|2"] == ["regular.1"]


def test_another_class_of_the_school_goes_on_with_the_marks(world):
    other = make_open_class(world.old, world.year, grade=8, pupils=1, name="8C")
    make_line(other.subjects["mathematics"], world.pupil, 2, regular=[None, D(5), D(10)])
    with act_as(world.keeper):
        move_class(by=world.keeper, student=world.pupil, to_class=other.school_class, on=FIRST_DAY)
    first, second = world.line(world.old), world.line(world.old, term=2)
    assert first.class_subject == second.class_subject == other.subjects["mathematics"]
    # What the new class had stays in its column; the mark whose column was taken stands in the next free one.
    assert second.regular == [D(6), D(5), D(10), D(9)]
    assert TermConduct.objects.get().school_class == other.school_class
    with act_as(SYSTEM):
        compute_results(by=SYSTEM, unit=world.old, school_year=world.year)
        record = next(
            one for one in class_records(world.keeper, other.school_class) if one.student_id == world.pupil.pk
        )
    assert (record.subjects[0].code, record.absences, record.excused) == ("literature", 2, 1)


def test_a_class_changed_by_a_file_is_noticed_when_results_are_computed(world):
    other = make_open_class(world.old, world.year, grade=8, pupils=0, name="8C")
    spell = Enrolment.objects.get(student=world.pupil)
    Enrolment.objects.filter(pk=spell.pk).update(left_on=date(2027, 1, 4), exit_type="moved_class")
    Enrolment.objects.create(
        student=world.pupil, unit=world.old, school_year=world.year, school_class=other.school_class, grade=8,
        entry_type="moved_class", entered_on=date(2027, 1, 5), student_name=world.pupil.full_name,
    )  # fmt: skip
    with act_as(SYSTEM):
        compute_results(by=SYSTEM, unit=world.old, school_year=world.year)
    assert world.line(world.old).class_subject.school_class == other.school_class
    assert SubjectResult.objects.get(class_subject__code="mathematics").term1 == D("7.8")


def test_two_records_of_one_pupil_at_two_schools_made_one_inherit_too(world):
    """The new school had written a second record instead of asking for the pupil; undone, each school has its own again."""
    world.open_books()
    twin = make_student(world.new, "Tran Thi Be", personal_id="", local_code="")
    make_enrolment(twin, world.there, entered_on=FIRST_DAY)
    Enrolment.objects.filter(student=world.pupil).update(
        left_on=date(2027, 2, 21), exit_type="transferred_out"
    )
    subject = ClassSubject.objects.get(school_class=world.there, code="mathematics")
    make_line(subject, twin, 2, regular=[None, D(7)], midterm=D(8))
    officer = world.province.actor("department_officer", "office")
    before = everything_at(world.new)
    with act_as(officer):
        merge = merge_people(by=officer, kept=twin, gone=world.pupil, today=FIRST_DAY, now=NOW)
    line = SubjectMarks.objects.get(unit=world.new, student=twin, class_subject=subject, term=2)
    assert (line.regular, line.midterm) == ([D(6), D(7), D(9)], D(8))
    assert CarriedYear.objects.get().from_unit == world.old
    with act_as(officer):
        split_people(by=officer, merge=merge, now=NOW)
    after = everything_at(world.new)
    for row in (*before.values(), *after.values()):
        row.pop("version", None)
    assert after == before


def test_qualities_of_a_primary_pupil_come_along_by_moment(world):
    old, new = (
        make_open_class(getattr(world.province, name), world.year, grade=3, pupils=0)
        for name in ("school_b1", "school_a1")
    )
    world.pupil = make_student(
        old.unit, "Lê Văn Tí", school_class=old.school_class, birth_date=date(2018, 5, 6)
    )
    traits = {"unit": old.unit, "school_class": old.school_class, "student": world.pupil}
    PupilTraits.objects.create(**traits, moment="GK1", levels={"patriotism": "T", "honesty": "Đ"})
    YearJudgement.objects.create(**traits, has_plan=True, absences=4)
    asker, keeper = make_actor("school_office", new.unit), make_actor("school_office", old.unit)
    world.transfer(asker, keeper, new.school_class)
    made = PupilTraits.objects.get(unit=new.unit)
    assert (made.moment, made.levels) == ("GK1", {"patriotism": "T", "honesty": "Đ"})
    assert YearJudgement.objects.get(unit=new.unit).has_plan
    assert CarriedYear.objects.get().absences == 4
    with act_as(asker):
        entry = TraitEntry(world.pupil.pk, {"kindness": "T"})
        set_traits(by=asker, school_class=new.school_class, moment="GK1", entries=[entry])
        entry = TraitEntry(world.pupil.pk, {"honesty": "T"})
        with pytest.raises(BadValue, match="Hòa Lợi"):
            set_traits(by=asker, school_class=new.school_class, moment="GK1", entries=[entry])


def test_nobody_but_the_receiving_school_inherits(world):
    from thongsuot.modules.gradebook.actions import inherit_year

    with pytest.raises(NotAllowed):
        inherit_year(by=world.keeper, student=world.pupil, school_class=world.there, on=FIRST_DAY, now=NOW)
