"""Completing a level: previewed with reasons, decided with number and date, taken back while nothing hangs on it."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.factories.organization import make_province, make_school, make_school_year
from tests.factories.registry import make_class, make_enrolment, make_student
from thongsuot.journeys.graduate import graduate, hold_back, preview_graduation, undo_graduation, what_blocks
from thongsuot.journeys.promote_year import preview_promotion, promote_year
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.actions.erasing import erase_student
from thongsuot.modules.registry.models import Completion, Enrolment, Graduation, Student, Transfer
from thongsuot.modules.registry.types import BadValue, StateConflict, TooEarly

TODAY, LAST_DAY = date(2027, 6, 2), date(2027, 5, 31)
NOW = timezone.make_aware(datetime(2027, 6, 2, 9, 0))


class World:
    def __init__(self):
        self.province, self.year, self.next = make_province(), make_school_year(2026), make_school_year(2027)
        self.school = self.province.school_a1
        self.principal = self.province.actor("principal", "school_a1")
        self.class_a = make_class(self.school, self.year, "5A", code="5A", grade=5)
        self.class_b = make_class(self.school, self.year, "5B", code="5B", grade=5)
        self.fourth = make_class(self.school, self.year, "4A", code="4A", grade=4)
        self.pupils = {
            name: make_student(
                self.school, f"Bé {name}", school_class=school_class, ministry_code=f"51{number}"
            )
            for number, (name, school_class) in enumerate(
                (("An", self.class_a), ("Bình", self.class_a), ("Chi", self.class_b), ("Dung", self.fourth))
            )
        }

    @property
    def of(self):
        return {"by": self.principal, "unit_id": self.school.pk, "school_year": self.year, "grade": 5}

    def spell(self, name):
        return Enrolment.objects.get(student=self.pupils[name], school_year=self.year)

    def preview(self):
        with act_as(self.principal):
            return preview_graduation(**self.of)

    def hold(self, **reasons):
        with act_as(self.principal):
            return hold_back(reasons={self.spell(name).pk: why for name, why in reasons.items()}, **self.of)

    def decide(self, **more):
        given = {
            "decision_number": "45/QĐ-THAB", "decided_on": date(2027, 5, 28), "last_day": LAST_DAY,
            "today": TODAY, "now": NOW, **self.of, **more,
        }  # fmt: skip
        with act_as(given["by"]):
            return graduate(**given)

    def undo(self, row):
        with act_as(self.principal):
            return undo_graduation(by=self.principal, graduation=row, now=NOW)


@pytest.fixture
def world(db):
    return World()


def test_the_preview_says_who_completes_who_not_and_why(world):
    Student.objects.filter(pk=world.pupils["Bình"].pk).update(restricted_at=NOW)
    Transfer.objects.create(
        student=world.pupils["Chi"], from_unit=world.school, to_unit=world.province.school_b1, state="requested",
        student_name="Bé Chi", effective_on=TODAY, requested_at=NOW,
    )  # fmt: skip
    before = list(Enrolment.objects.order_by("pk").values())
    plan = world.preview()
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert [group.name for group, _pupils in plan.classes] == ["5A", "5B"]
    assert (plan.ends_here, plan.counts) == (True, {"completed": 1, "held_back": 2})
    assert {one.spell.student_name: (one.completes, one.blocked) for one in plan.pupils} == {
        "Bé An": (True, ""),
        "Bé Bình": (False, "Hồ sơ đang bị hạn chế xử lý"),
        "Bé Chi": (False, "Đang có đề nghị chuyển trường chưa xong"),
    }
    assert plan.pupils[0].lacks == ("nơi sinh",)


def test_decided_and_what_the_next_level_gets(world):
    world.hold(Bình="Chưa hoàn thành chương trình lớp học")
    row = world.decide()
    assert row.counts == {"completed": 2, "held_back": 1, "ended": 2}
    assert (world.spell("An").exit_type, world.spell("An").left_on) == ("graduated", LAST_DAY)
    assert world.spell("Bình").left_on is None
    assert world.spell("Dung").left_on is None
    assert Completion.objects.get(completes=False).reason == "Chưa hoàn thành chương trình lớp học"
    commune = world.province.actor("commune_officer", "commune_a_office")
    with act_as(commune):
        names = [one.enrolment.student_name for one in queries.completions(commune)]
    assert names == ["Bé An", "Bé Chi"]
    stranger = world.province.actor("principal", "school_b1")
    with act_as(stranger):
        assert not queries.completions(stranger).exists()


def test_who_was_held_back_stays_in_the_grade_when_the_year_ends(world):
    world.hold(Bình="Chờ đánh giá lại sau hè")
    world.decide()
    with act_as(world.principal):
        plan = preview_promotion(by=world.principal, unit_id=world.school.pk, from_year=world.year)
    assert {one.name: one.outcome.value for group in plan.classes for one in group.pupils} == {
        "Bé Bình": "retained", "Bé Dung": "promoted",
    }  # fmt: skip


def test_later_the_held_back_complete_by_a_decision_of_their_own(world):
    world.hold(Bình="Chờ đánh giá lại sau hè")
    world.decide()
    assert [one.spell.student_name for one in world.preview().pupils] == ["Bé Bình"]
    second = world.decide(decision_number="60/QĐ-THAB", last_day=TODAY, decided_on=TODAY)
    assert second.counts == {"completed": 1, "held_back": 0, "ended": 1}
    with pytest.raises(StateConflict, match="Không có học sinh"):
        world.decide()


def test_taken_back_all_sit_in_class_again(world):
    before = list(Enrolment.objects.order_by("pk").values())
    row = world.decide()
    assert what_blocks(by=world.principal, graduation=row) == []
    world.undo(row)
    assert list(Enrolment.objects.order_by("pk").values()) == before
    with pytest.raises(StateConflict):
        world.undo(row)
    assert world.decide().counts["completed"] == 3


def test_what_came_since_blocks(world):
    world.hold(Bình="Chưa đạt")
    row = world.decide()
    other = make_class(world.province.school_b2, world.next, "6A", grade=6)
    Student.objects.filter(pk=world.pupils["An"].pk).update(unit=world.province.school_b2)
    make_enrolment(world.pupils["An"], other)
    with pytest.raises(StateConflict, match="1 học sinh đã được trường khác tiếp nhận"):
        world.undo(row)
    with act_as(world.principal):
        promote_year(by=world.principal, unit_id=world.school.pk, from_year=world.year, today=TODAY, now=NOW)
        assert len(what_blocks(by=world.principal, graduation=row)) == 2


def test_a_school_that_teaches_on_keeps_the_pupils_in_class(world):
    whole = make_school(
        "Trường TH và THCS Số 9", parent=world.province.commune_a, levels=("primary", "lower_secondary")
    )
    world.school, world.province.school_whole = whole, whole
    world.principal = world.province.actor("principal", "school_whole")
    pupil = make_student(whole, school_class=make_class(whole, world.year, "5C", grade=5))
    row = world.decide()
    assert row.counts == {"completed": 1, "held_back": 0, "ended": 0}
    assert pupil.enrolments.get().left_on is None
    assert world.preview().pupils == []
    world.undo(row)
    assert len(world.preview().pupils) == 1


def test_refused(world):
    for wrong, field in (
        ({"decision_number": " "}, "decision_number"),
        ({"decided_on": date(2027, 6, 3)}, "decided_on"),
        ({"decided_on": date(2026, 1, 3)}, "decided_on"),
        ({"last_day": date(2027, 9, 1)}, "last_day"),
    ):
        with pytest.raises(BadValue) as refused:
            world.decide(**wrong)
        assert refused.value.details["field"] == field
    with pytest.raises(TooEarly):
        world.decide(today=date(2027, 3, 1), decided_on=date(2027, 3, 1))
    with pytest.raises(StateConflict):
        world.decide(grade=4)
    with pytest.raises(NotAllowed):
        world.decide(by=world.province.actor("school_office", "school_a1"))
    with pytest.raises(StateConflict):
        hold_back(**{**world.of, "reasons": {world.spell("Dung").pk: "Không thuộc khối"}})
    assert not Graduation.objects.filter(done_at__isnull=False).exists()


def test_who_came_after_the_last_day_does_not_complete(world):
    Enrolment.objects.filter(student=world.pupils["Chi"]).update(entered_on=date(2027, 6, 1))
    row = world.decide()
    assert row.counts == {"completed": 2, "held_back": 1, "ended": 2}
    assert Completion.objects.get(completes=False).reason == "Vào lớp sau ngày học cuối"


def test_erasing_takes_the_reasons_of_the_person_only(world):
    world.hold(An="Lý do của An", Bình="Lý do của Bình")
    spell = world.spell("An")
    Enrolment.objects.filter(pk=spell.pk).update(left_on=TODAY, exit_type="dropped_out")
    with act_as(world.principal):
        erase_student(by=world.principal, student=world.pupils["An"], now=NOW)
    assert Graduation.objects.get().held_back == {str(world.spell("Bình").pk): "Lý do của Bình"}
