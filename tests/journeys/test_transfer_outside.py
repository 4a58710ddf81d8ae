"""Over the border of the province: out with papers, in with the sending place, and back to the record that was there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.journeys import transfer_student as journey
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.registry.models import (
    Enrolment,
    RegistryFact,
    Student,
    StudentCharacteristic,
    Transfer,
)
from thongsuot.modules.registry.types import (
    AlreadyEnrolled,
    BadValue,
    Outside,
    Returning,
    StateConflict,
    TransferPending,
    WrongClass,
)

NOW = timezone.localtime().replace(hour=9)
TODAY = NOW.date()
BORN, NUMBER = date(2020, 3, 8), "051320000777"
DA_NANG = Outside(
    " TH Số 1 ", "thành phố Đà Nẵng", document_number="12/GT", document_on=TODAY - timedelta(days=2),
    papers=("Học bạ", "Đơn xin chuyển trường"),
)  # fmt: skip


class World:
    def __init__(self):
        self.province = make_province()
        self.year = make_school_year(TODAY.year - (TODAY.month < 9))
        self.old, self.new = self.province.school_a1, self.province.school_b1
        self.keeper = self.province.actor("school_office", "school_a1")
        self.asker = self.province.actor("school_office", "school_b1")
        self.last_day = max(self.year.starts_on, TODAY - timedelta(days=10))
        self.here = make_class(self.old, self.year, "1A")
        self.there = make_class(self.new, self.year, "1B")
        self.pupil = make_student(
            self.old,
            "Trần Thị Bé",
            birth_date=BORN,
            personal_id=NUMBER,
            school_class=self.here,
            local_code="7",
        )
        StudentCharacteristic.objects.create(
            student=self.pupil, unit=self.old, kind="poverty", code="poor", valid_from=self.year.starts_on
        )

    def facts(self, **more):
        return {
            "full_name": "trần thị bé",
            "birth_date": BORN,
            "gender": "female",
            "personal_id": NUMBER,
            **more,
        }

    def out(self, **more):
        given = {"student": self.pupil, "outside": DA_NANG, "on": self.last_day, "now": NOW, **more}
        with act_as(self.keeper):
            return journey.transfer_out(by=self.keeper, **given)

    def look(self, by=None, unit=None, **facts):
        by = by or self.asker
        with act_as(by):
            return journey.find_returning(
                by=by, unit_id=(unit or self.new).pk, facts=self.facts(**facts), now=NOW
            )

    def come(self, facts=None, **more):
        given = {
            "unit_id": self.new.pk, "facts": facts or self.facts(), "outside": DA_NANG, "school_class": self.there,
            "on": TODAY, "now": NOW, **more,
        }  # fmt: skip
        with act_as(self.asker):
            return journey.transfer_in(by=self.asker, **given)


@pytest.fixture
def world(db):
    return World()


def test_out_with_papers_and_the_state_follows(world):
    transfer = world.out()
    spell = world.pupil.enrolments.get()
    assert (spell.exit_type, spell.left_on, spell.other_school) == (
        "transferred_out", world.last_day, "TH Số 1, thành phố Đà Nẵng",
    )  # fmt: skip
    assert spell.status in {"04", "08", "11"}
    assert (transfer.to_name, transfer.place, transfer.document_number, transfer.papers) == (
        "TH Số 1", "thành phố Đà Nẵng", "12/GT", ["Học bạ", "Đơn xin chuyển trường"],
    )  # fmt: skip
    journey.confirm_arrival(by=world.keeper, transfer=transfer, on=TODAY, answer="Giấy tiếp nhận 9")
    transfer.refresh_from_db()
    assert (transfer.confirmed_on, transfer.answer) == (TODAY, "Giấy tiếp nhận 9")
    with pytest.raises(StateConflict):
        journey.confirm_arrival(by=world.keeper, transfer=transfer, on=TODAY)


def test_out_taken_back(world):
    transfer = world.out()
    journey.take_back_transfer_out(by=world.keeper, transfer=transfer, reason="Ghi nhầm em")
    spell = world.pupil.enrolments.get()
    assert (spell.exit_type, spell.left_on, spell.other_school, spell.status) == ("", None, "", "01")
    with pytest.raises(StateConflict):
        journey.take_back_transfer_out(by=world.keeper, transfer=transfer, reason="Lần nữa")


def test_out_refused(world):
    for wrong, field in (
        ({"outside": Outside("", "Đà Nẵng", document_number="1")}, "school"),
        ({"outside": Outside("TH", " ", document_number="1")}, "place"),
        ({"outside": Outside("TH", "Lào", is_abroad=True)}, "document_number"),
        (
            {"outside": Outside("TH", "Lào", document_number="1", document_on=TODAY + timedelta(days=1))},
            "document_on",
        ),
        ({"outside": Outside("TH", "Lào", document_number="1", papers=("Thẻ thư viện",))}, "papers"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": world.year.starts_on - timedelta(days=1)}, "on"),
    ):
        with pytest.raises(BadValue) as refused:
            world.out(**wrong)
        assert refused.value.details["field"] == field
    with pytest.raises(NotAllowed):
        journey.transfer_out(by=world.asker, student=world.pupil, outside=DA_NANG, on=world.last_day, now=NOW)
    Transfer.objects.create(
        student=world.pupil, from_unit=world.old, to_unit=world.new, state="requested", effective_on=TODAY,
        student_name="Bé", requested_at=NOW,
    )  # fmt: skip
    with pytest.raises(TransferPending):
        world.out()


def test_in_for_the_first_time(world):
    facts = world.facts(
        full_name="Lê Văn Mới", personal_id="048220000123", gender="male", birth_place="Đà Nẵng"
    )
    assert world.look(**facts) == (Returning.NEW, "")
    transfer = world.come(facts)
    student = transfer.student
    assert (student.full_name, student.unit, unseal(student.personal_id_sealed)) == (
        "Lê Văn Mới", world.new, "048220000123",
    )  # fmt: skip
    spell = student.enrolments.get()
    assert (spell.entry_type, spell.school_class, spell.other_school) == (
        "transferred_in", world.there, "TH Số 1, thành phố Đà Nẵng",
    )  # fmt: skip
    assert (transfer.from_unit, transfer.from_name, transfer.to_unit, transfer.state) == (
        None, "TH Số 1", world.new, "completed",
    )  # fmt: skip


def test_who_comes_back_keeps_the_record(world):
    world.out()
    assert world.look() == (Returning.BACK, world.old.name)
    before = Student.objects.count()
    transfer = world.come(world.facts(ministry_code="5100000009"))
    assert Student.objects.count() == before
    world.pupil.refresh_from_db()
    assert (transfer.student, world.pupil.unit, world.pupil.local_code) == (world.pupil, world.new, "")
    assert (world.pupil.ministry_code, world.pupil.full_name) == ("5100000009", "Trần Thị Bé")
    assert world.pupil.enrolments.count() == 2
    facts = world.pupil.characteristics.order_by("valid_from")
    assert [(one.unit, one.valid_to) for one in facts] == [
        (world.old, TODAY - timedelta(days=1)),
        (world.new, None),
    ]


def test_by_the_ministrys_code_alone(world):
    Student.objects.filter(pk=world.pupil.pk).update(
        personal_id_sealed=None, personal_id_digest=None, ministry_code="5100000009"
    )
    world.out()
    facts = world.facts(ministry_code="5100000009")
    assert world.look(**facts)[0] == Returning.BACK
    world.come(facts)
    world.pupil.refresh_from_db()
    assert unseal(world.pupil.personal_id_sealed) == NUMBER


def test_perhaps_known_is_asked(world):
    world.out()
    facts = world.facts(personal_id="")
    assert world.look(**facts) == (Returning.PERHAPS, world.old.name)
    with pytest.raises(StateConflict, match="hồ sơ cũ"):
        world.come(facts)
    other = world.come(facts, same_person=False)
    assert other.student != world.pupil
    assert world.come(facts, same_person=True, on=TODAY).student == world.pupil


def test_who_studies_in_the_province_is_not_taken_in_here(world):
    assert world.look() == (Returning.ELSEWHERE, world.old.name)
    with pytest.raises(StateConflict, match="Đề nghị nhận học sinh"):
        world.come()
    assert world.look(by=world.keeper, unit=world.old)[0] == Returning.HERE
    with pytest.raises(AlreadyEnrolled):
        journey.transfer_in(
            by=world.keeper, unit_id=world.old.pk, facts=world.facts(), outside=DA_NANG, school_class=world.here,
            on=TODAY, now=NOW,
        )  # fmt: skip


def test_a_twin_by_name_who_studies_here_is_never_doubled_without_a_word(world):
    assert world.look(personal_id="051320000999")[0] == Returning.NEW, "another number is another child"
    facts = world.facts(personal_id="")
    assert world.look(**facts) == (Returning.TWIN, world.old.name)
    with pytest.raises(StateConflict, match="hãy chọn"):
        world.come(facts)
    with pytest.raises(StateConflict, match="Đề nghị nhận học sinh"):
        world.come(facts, same_person=True)
    assert world.come(facts, same_person=False).student != world.pupil


def test_a_number_of_somebody_else_tells_nothing(world):
    with pytest.raises(BadValue) as refused:
        world.look(full_name="Nguyễn Khác")
    assert world.old.name not in refused.value.message
    Student.objects.filter(pk=world.pupil.pk).update(ministry_code="5100000009")
    with pytest.raises(BadValue):
        world.look(personal_id="051320000778", ministry_code="5100000009")
    make_student(world.province.upper_school, "Trần Thị Bé", ministry_code="5100000010")
    with pytest.raises(StateConflict, match="gộp"):
        world.look(ministry_code="5100000010")


def test_every_look_is_traced_and_counted(world):
    world.look()
    assert ReadingLog.objects.get().subject_pk == str(world.pupil.pk)
    RegistryFact.objects.create(key="looks_per_day", value=1, source="thử", set_at=NOW)
    with pytest.raises(StateConflict):
        world.look()


def test_in_refused(world):
    for wrong, kind in (
        ({"school_class": world.here}, WrongClass),
        ({"on": TODAY + timedelta(days=900)}, BadValue),
        ({"facts": world.facts(full_name="1")}, BadValue),
        ({"facts": world.facts(birth_date=None)}, BadValue),
        ({"facts": world.facts(personal_id="12")}, BadValue),
    ):
        with pytest.raises(kind):
            world.come(**wrong)
    with pytest.raises(NotAllowed):
        journey.transfer_in(
            by=world.keeper, unit_id=world.new.pk, facts=world.facts(), outside=DA_NANG, school_class=world.there,
            on=TODAY, now=NOW,
        )  # fmt: skip
    assert Transfer.objects.count() == 0


def test_in_taken_back_the_record_lies_where_it_lay(world):
    world.out()
    before = list(StudentCharacteristic.objects.values())
    transfer = world.come()
    with act_as(world.asker):
        journey.take_back_transfer_in(by=world.asker, transfer=transfer, reason="Nhầm trường")
    world.pupil.refresh_from_db()
    assert (world.pupil.unit, world.pupil.local_code) == (world.old, "7")
    assert list(StudentCharacteristic.objects.values()) == before
    assert Enrolment.objects.get(unit=world.new).exit_type == "withdrawn"
    assert world.come().student == world.pupil


def test_in_is_not_taken_back_once_the_pupil_has_moved_on(world):
    transfer = world.come(world.facts(full_name="Lê Văn Mới", personal_id="048220000123"))
    Enrolment.objects.filter(student=transfer.student).update(left_on=TODAY, exit_type="dropped_out")
    with pytest.raises(StateConflict):
        journey.take_back_transfer_in(by=world.asker, transfer=transfer, reason="Nhầm")
    with pytest.raises(NotAllowed):
        journey.take_back_transfer_in(by=world.keeper, transfer=transfer, reason="Nhầm")
