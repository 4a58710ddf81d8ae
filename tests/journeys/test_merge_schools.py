"""Two schools become one: all that runs goes on, what has been stays, and every figure of an earlier day is the same."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.factories.gradebook import make_line as make_marks
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
from thongsuot.journeys.merge_schools import (
    close_school,
    merge_schools,
    preview_merger,
    undo_merger,
    what_blocks,
)
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.models import (
    CarriedYear,
    ClassSubject,
    MarkLock,
    SubjectMarks,
    TermConduct,
)
from thongsuot.modules.organization.models import Appointment, SchoolSite, Unit
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import (
    Employment,
    Enrolment,
    ErrorReport,
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
        self.annex = SchoolSite.objects.create(
            school=self.gone.school, name="Điểm Làng Mới", valid_from=self.gone.valid_from
        )
        self.head, self.clerk = make_user("hieutruong.cu"), make_user("vanthu.cu")
        make_appointment(self.head, "principal", self.gone)
        make_appointment(self.clerk, "school_office", self.gone)
        self.room = make_room(self.gone, "P101", site=self.annex)
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
    assert plan.records.counts == {
        "students": 2, "spells": 1, "classes": 2, "staff": 1, "land": 1, "room": 1, "equipment": 1,
        "internetline": 1,
    }  # fmt: skip
    assert (plan.records.renamed, plan.conflicts) == ((("1A (1A)", "1A CS2 (1A-CS2)"),), ())
    assert (plan.records.shared, plan.records.twice) == ({"student": 1, "staff": 1}, 0)
    assert (plan.sites, plan.moving, [(one.row.role, one.may_go_on) for one in plan.ending]) == (
        2,
        1,
        [("principal", True)],
    )
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
    assert Student.objects.get(pk=world.pupil.pk).local_code == "7-CS2"
    assert Staff.objects.get(pk=world.teacher.pk).local_code == "GV1-CS2"
    assert merge.counts["spells"] == 1
    assert merge.made["codes"] == [
        ["class", "1A (1A)", "1A CS2 (1A-CS2)"], ["student", "7", "7-CS2"], ["staff", "GV1", "GV1-CS2"],
    ]  # fmt: skip


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


def test_sites_roles_and_the_unit_itself(world):
    (merge,) = world.merge()
    world.gone.refresh_from_db()
    assert (merge.is_unit_closed, world.gone.valid_to, world.gone.code) == (True, LAST_DAY, world.gone.code)
    sites = SchoolSite.objects.filter(school_id=world.into.pk, is_main=False).order_by("name")
    assert [(one.name, one.valid_from) for one in sites] == [
        ("Trường Tiểu học An Bình", NEXT_DAY), ("Điểm Làng Mới", NEXT_DAY),
    ]  # fmt: skip
    assert set(SchoolSite.objects.filter(school_id=world.gone.pk).values_list("valid_to", flat=True)) == {
        LAST_DAY
    }
    assert Room.objects.get(unit=world.into).site.name == "Điểm Làng Mới"
    assert Room.objects.get(unit=world.gone).site == world.annex
    roles = Appointment.objects.filter(user__in=[world.head, world.clerk]).order_by("user", "valid_from")
    assert [(one.role, one.unit, one.valid_to) for one in roles] == [
        ("principal", world.gone, LAST_DAY), ("school_office", world.gone, LAST_DAY),
        ("school_office", world.into, None),
    ]  # fmt: skip
    assert {key: merge.counts[key] for key in ("sites", "roles_moved", "roles_ended")} == {
        "sites": 2, "roles_moved": 1, "roles_ended": 1,
    }  # fmt: skip


def test_a_vice_head_goes_on_when_wanted(world):
    post = Appointment.objects.get(user=world.head)
    (merge,) = world.merge(keep=[post.pk])
    assert Appointment.objects.get(user=world.head, unit=world.into).role == "principal"
    assert merge.counts["roles_ended"] == 0


TABLES = (
    Appointment, Employment, Enrolment, Room, SchoolClass, SchoolSite, Staff, Student, StudentCharacteristic,
    TeachingAssignment, Transfer, Unit, ErrorReport,
)  # fmt: skip


def everything():
    """All rows of all tables that a merger touches, without the times of touching."""
    found = {}
    for model in TABLES:
        for row in model.objects.values():
            row.pop("updated_at", None)
            found[model.__name__, row["id"]] = {
                key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()
            }
    return found


def undo(world, merge, reason="Quyết định đã thu hồi"):
    with act_as(world.officer):
        return undo_merger(by=world.officer, merge=merge, reason=reason, now=NOW)


def test_taken_back_everything_is_as_before(world):
    Employment.objects.create(
        staff=world.teacher, unit=world.into, group="teacher", valid_from=date(2026, 9, 1)
    )
    late = make_student(world.gone, "Võ Muộn", school_class=world.old, entered_on=date(2027, 1, 18))
    Transfer.objects.create(
        student=late, from_unit=world.gone, to_unit=world.into, state="requested", effective_on=NEXT_DAY,
        student_name="Võ Muộn", requested_at=NOW,
    )  # fmt: skip
    before = everything()
    (merge,) = world.merge()
    assert everything() != before
    assert what_blocks(by=world.officer, merge=merge) == []
    undone = undo(world, merge)
    assert everything() == before
    assert (undone.undone_at, undone.is_unit_closed, undone.undo_reason) == (
        NOW,
        False,
        "Quyết định đã thu hồi",
    )
    with pytest.raises(StateConflict, match="đã được hoàn tác"):
        undo(world, merge)
    world.merge()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda w: Enrolment.objects.filter(unit=w.into, student=w.pupil).update(left_on=NEXT_DAY, exit_type="moved_class"), "quá trình học"),
        (lambda w: make_student(w.into, school_class=SchoolClass.objects.get(unit=w.into, code="2A"), entered_on=NEXT_DAY), "1 mục “quá trình học” mới"),
        (lambda w: SchoolClass.objects.filter(unit=w.into, code="2A").update(name="2B"), "1 mục “lớp”"),
        (lambda w: Student.objects.filter(pk=w.pupil.pk).update(unit=w.province.upper_school), "1 mục “học sinh”"),
        (lambda w: Room.objects.filter(unit=w.into).update(name="Phòng mới"), "1 mục “phòng”"),
        (lambda w: make_room(w.into, "P9", site=SchoolSite.objects.get(school_id=w.into.pk, name="Điểm Làng Mới")), "1 mục “phòng” mới"),
        (lambda w: SchoolMerge.objects.create(unit=w.into, successor=w.province.upper_school, last_day=NEXT_DAY, basis="QĐ", done_at=NOW), "sau đó"),
    ],
)  # fmt: skip
def test_what_was_built_on_it_blocks_and_is_named(world, build, said):
    (merge,) = world.merge()
    build(world)
    assert any(said in one for one in what_blocks(by=world.officer, merge=merge))
    before = everything()
    with pytest.raises(StateConflict, match=said):
        undo(world, merge)
    assert everything() == before


def test_an_edited_dossier_does_not_block_and_keeps_the_edit(world):
    (merge,) = world.merge()
    Student.objects.filter(pk=world.pupil.pk).update(phone="0905111222")
    undo(world, merge)
    pupil = Student.objects.get(pk=world.pupil.pk)
    assert (pupil.phone, pupil.unit, pupil.local_code) == ("0905111222", world.gone, "7")


def test_taking_back_needs_a_reason_and_the_right(world):
    (merge,) = world.merge()
    with pytest.raises(BadValue):
        undo(world, merge, reason=" ")
    with pytest.raises(NotAllowed):
        undo_merger(by=world.province.actor("principal", "school_b1"), merge=merge, reason="Nhầm", now=NOW)


def test_classes_of_the_same_name_under_other_codes_clash_too(world):
    SchoolClass.objects.filter(unit=world.into).update(code="LOP-1A", name="1a")
    world.merge()
    assert SchoolClass.objects.filter(unit=world.into, name="1A CS2", code="1A-CS2").exists()


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
    before = everything()
    merge = close()
    assert merge.successor is None
    world.gone.refresh_from_db()
    assert world.gone.valid_to == LAST_DAY
    assert set(Room.objects.filter(unit=world.gone).values_list("valid_to", flat=True)) == {LAST_DAY}
    assert not SchoolClass.objects.filter(unit=world.gone, valid_to=None).exists()
    assert Student.objects.get(pk=world.former.pk).unit == world.gone
    assert everything() != before
    undo(world, merge)
    assert everything() == before


def test_books_go_on_at_the_successor_and_come_back_with_what_was_written_there(world):
    room = {"unit": world.gone, "school_class": world.old, "school_year": world.year}
    maths, reading = (
        ClassSubject.objects.create(**room, code=code, name=code, form="score", periods=105)
        for code in ("mathematics", "vietnamese")
    )
    marks = make_marks(maths, world.pupil, final=9)
    TermConduct.objects.create(
        unit=world.gone, school_class=world.old, student=world.pupil, term=1, remark="Ngoan"
    )
    MarkLock.objects.create(unit=world.gone, school_year=world.year, term=1, locked_at=NOW)
    CarriedYear.objects.create(
        unit=world.gone, school_year=world.year, student=world.pupil, from_unit=world.province.school_b2,
        carried_at=NOW,
    )  # fmt: skip
    (merge,) = world.merge()
    new = SchoolClass.objects.get(unit=world.into, code="1A-CS2")
    marks.refresh_from_db()
    assert (marks.unit, marks.class_subject.unit, marks.class_subject.school_class) == (
        world.into,
        world.into,
        new,
    )
    conduct = TermConduct.objects.get()
    assert (conduct.unit, conduct.school_class) == (world.into, new)
    assert CarriedYear.objects.get().unit == world.into
    # What was closed stays closed: of the classes that came, not of the successor's own.
    assert MarkLock.objects.get(unit=world.into).school_class == new
    # Written at the successor since: it goes back with the pupil.
    make_marks(reading.__class__.objects.get(pk=reading.pk), world.pupil, final=8)
    assert what_blocks(by=world.officer, merge=merge) == []
    with act_as(world.officer):
        undo_merger(by=world.officer, merge=merge, reason="Quyết định bị thu hồi", now=NOW)
    assert set(SubjectMarks.objects.values_list("unit", "class_subject__school_class")) == {
        (world.gone.pk, world.old.pk)
    }
    assert SubjectMarks.objects.count() == 2
    assert TermConduct.objects.get().school_class == world.old
    assert CarriedYear.objects.get().unit == world.gone
    assert [lock.school_class for lock in MarkLock.objects.all()] == [None]
