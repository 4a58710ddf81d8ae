"""One record that held two persons becomes two, and one again to the last field."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.factories.gradebook import make_line
from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_contact, make_enrolment, make_result, make_student
from thongsuot.journeys.merge_people import merge_people
from thongsuot.journeys.split_person import preview_split, split_person, undo_split, what_blocks
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.gradebook.models import Absence, ClassSubject, SubjectMarks
from thongsuot.modules.registry.actions.splitting import Parting
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    MatchCandidate,
    PersonSplit,
    Student,
    StudentCharacteristic,
    Transfer,
    YearResult,
)
from thongsuot.modules.registry.types import BadValue, StateConflict

NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))


class World:
    def __init__(self):
        self.province, year = make_province(), make_school_year()
        self.officer = self.province.actor("department_officer", "office")
        self.first = make_class(self.province.school_a1, year, "1A")
        self.second = make_class(self.province.school_b1, year, "1B")
        self.pupil = make_student(
            self.province.school_a1, "Lê Thị Hoa", personal_id="051320000222", ministry_code="5100000002",
            phone="0905111222", local_code="9",
        )  # fmt: skip
        self.mine = make_enrolment(self.pupil, self.first, left_on=date(2026, 10, 1), exit_type="dropped_out")
        self.theirs = make_enrolment(self.pupil, self.second, entered_on=date(2026, 10, 2))
        self.mother, self.other_mother = (
            make_contact(self.pupil, "Mẹ Một"),
            make_contact(self.pupil, "Mẹ Hai"),
        )
        self.trait = StudentCharacteristic.objects.create(
            student=self.pupil,
            unit=self.province.school_b1,
            kind="policy",
            code="01",
            valid_from=date(2026, 10, 5),
        )

    def parting(self, **more):
        keys = {
            "spells": [self.theirs.pk], "contacts": [self.other_mother.pk], "characteristics": [self.trait.pk],
        }  # fmt: skip
        facts = {"full_name": "Lê  Thị Hoa", "birth_date": date(2020, 7, 1), "gender": "female"}
        return Parting(**{"facts": facts, "keys": keys, "moved": ["personal_id", "ministry_code"], **more})

    def split(self, parting=None, by=None, reason="Hai em trùng tên nhập chung một hồ sơ"):
        by = by or self.officer
        with act_as(by):
            return split_person(
                by=by, student=self.pupil, parting=parting or self.parting(), reason=reason, now=NOW
            )


@pytest.fixture
def world(db):
    return World()


def everything():
    found = {}
    for model in (Student, Enrolment, Contact, StudentCharacteristic, Transfer):
        for row in model.objects.order_by("pk").values():
            row.pop("updated_at", None)
            found[model.__name__, row["id"]] = {
                key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()
            }
    return found


def test_the_preview_shows_what_can_go(world):
    before = everything()
    plan = preview_split(by=world.officer, student=world.pupil)
    assert {name: len(rows) for name, rows in plan.rows.items()} == {
        "spells": 2, "contacts": 2, "characteristics": 1, "transfers": 0, "reports": 0,
    }  # fmt: skip
    assert plan.facts == ["personal_id", "ministry_code", "local_code", "phone"]
    assert plan.conflicts == []
    assert everything() == before


def test_each_has_what_belongs_to_it(world):
    split = world.split()
    world.pupil.refresh_from_db()
    other = split.other
    assert (other.full_name, other.unit, other.ministry_code) == (
        "Lê Thị Hoa", world.province.school_b1, "5100000002",
    )  # fmt: skip
    assert unseal(other.personal_id_sealed) == "051320000222"
    assert (world.pupil.personal_id_digest, world.pupil.ministry_code) == (None, "")
    assert world.pupil.provisional_code
    assert (world.pupil.phone, other.phone) == ("0905111222", "")
    assert [one.pk for one in other.enrolments.all()] == [world.theirs.pk]
    assert [one.pk for one in world.pupil.enrolments.all()] == [world.mine.pk]
    assert other.contacts.get() == world.other_mother
    assert other.characteristics.get() == world.trait
    assert MatchCandidate.objects.get().decision == "different"


def test_taken_back_all_is_as_before_but_for_the_record_that_stays_readable(world):
    before = everything()
    split = world.split()
    assert what_blocks(by=world.officer, split=split) == []
    with act_as(world.officer):
        undo_split(by=world.officer, split=split, now=NOW)
    after = everything()
    gone = after.pop(("Student", split.other_id))
    assert after == before
    assert (gone["merged_into_id"], gone["personal_id_digest"]) == (world.pupil.pk, None)
    with pytest.raises(StateConflict):
        undo_split(by=world.officer, split=split, now=NOW)


def test_what_was_written_since_blocks(world):
    split = world.split()
    make_contact(split.other, "Cha Mới", relation="father")
    assert what_blocks(by=world.officer, split=split) == [
        "Hồ sơ tách ra đã có thêm 1 mục “cha mẹ, người giám hộ”."
    ]
    Contact.objects.filter(full_name="Cha Mới").delete()
    Student.objects.filter(pk=world.pupil.pk).update(ministry_code="5100000077")
    with pytest.raises(StateConflict, match="đã được sửa"):
        undo_split(by=world.officer, split=split, now=NOW)


def test_refused(world):
    for wrong, field in (
        ({"keys": {}}, "spells"),
        ({"keys": {"spells": [world.mine.pk, world.theirs.pk]}}, "spells"),
        ({"keys": {"spells": [world.theirs.pk], "contacts": [make_contact(make_student(world.first.unit)).pk]}}, "contacts"),
        ({"facts": {"full_name": ""}}, "full_name"),
        ({"moved": ["merged_into"]}, "moved"),
    ):  # fmt: skip
        with pytest.raises(BadValue) as refused:
            world.split(world.parting(**wrong))
        assert refused.value.details["field"] == field
    with pytest.raises(BadValue):
        world.split(reason=" ")
    with pytest.raises(NotAllowed):
        world.split(by=world.province.actor("principal", "school_b1"))
    assert not PersonSplit.objects.exists()


def test_a_principal_splits_only_what_is_the_schools_own(world):
    principal = world.province.actor("principal", "school_a1")
    with pytest.raises((NotAllowed, BadValue)):
        world.split(by=principal)
    again = make_enrolment(
        world.pupil,
        world.first,
        entered_on=date(2026, 9, 20),
        left_on=date(2026, 9, 25),
        exit_type="dropped_out",
    )
    split = world.split(world.parting(keys={"spells": [again.pk]}, moved=[]), by=principal)
    assert split.other.unit == world.province.school_a1


def test_a_merge_that_was_a_mistake_is_split_where_it_was_made(world):
    twin = make_student(world.province.school_b1, "Lê Thị Hòa")
    with act_as(world.officer):
        merge_people(by=world.officer, kept=world.pupil, gone=twin, today=date(2026, 11, 23), now=NOW)
    assert any("gộp vào" in said for said in preview_split(by=world.officer, student=world.pupil).conflicts)
    with pytest.raises(StateConflict):
        world.split()


def test_marks_and_results_go_with_the_spells_and_come_back(world):
    """What the class of a spell wrote is its person's; the other class's stays."""
    for room in (world.first, world.second):
        subject = ClassSubject.objects.create(
            unit=room.unit, school_year=room.school_year, school_class=room, code="vietnamese", name="Tiếng Việt",
            form="score", periods=245,
        )  # fmt: skip
        make_line(subject, world.pupil, final=9)
        Absence.objects.create(
            unit=room.unit,
            school_class=room,
            student=world.pupil,
            on=date(2026, 10, room.pk % 20 + 1),
            session="morning",
        )
        make_result(world.pupil, room.school_year, unit=room.unit)
    split = world.split()

    def holders(model):
        return dict(model.objects.values_list("unit_id", "student_id"))

    after = {world.first.unit_id: world.pupil.pk, world.second.unit_id: split.other_id}
    assert holders(SubjectMarks) == holders(Absence) == holders(YearResult) == after
    with act_as(world.officer):
        undo_split(by=world.officer, split=split, now=NOW)
    before = dict.fromkeys(after, world.pupil.pk)
    assert holders(SubjectMarks) == holders(Absence) == holders(YearResult) == before
