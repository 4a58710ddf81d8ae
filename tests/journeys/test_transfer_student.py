"""One school asks, the other lets go, the first receives; whoever asks learns nothing but the name of the school."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_contact, make_student
from thongsuot.journeys import transfer_student as journey
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.actions import transferring
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    ErrorReport,
    RegistryFact,
    Student,
    StudentCharacteristic,
    Transfer,
)
from thongsuot.modules.registry.types import (
    BadValue,
    Looked,
    NotFoundElsewhere,
    Sought,
    StateConflict,
    TransferPending,
    WrongClass,
)

NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))
FIRST_DAY = date(2026, 11, 30)
BORN = date(2020, 3, 8)


class World:
    def __init__(self):
        self.province, self.year = make_province(), make_school_year()
        self.sending, self.receiving = self.province.school_a1, self.province.school_b1
        self.here = make_class(self.sending, self.year, "1A")
        self.there = make_class(self.receiving, self.year, "1B")
        self.pupil = make_student(
            self.sending, "Trần Thị Bé", personal_id="051320000111", school_class=self.here, birth_date=BORN
        )
        make_contact(self.pupil, "Lê Thị Mẹ")
        self.asker = self.province.actor("school_office", "school_b1")
        self.keeper = self.province.actor("school_office", "school_a1")
        self.sought = Sought("Tran thi be", personal_id="051 320 000 111")

    def request(self, **more):
        given = {
            "to_unit_id": self.receiving.pk,
            "sought": self.sought,
            "grade": 1,
            "effective_on": FIRST_DAY,
        }
        with act_as(self.asker):
            return journey.request_transfer(by=self.asker, now=NOW, **{**given, **more})

    def release(self, transfer):
        with act_as(self.keeper):
            return journey.release_transfer(by=self.keeper, transfer=transfer, now=NOW)

    def complete(self, transfer, **more):
        given = {"school_class": self.there, "on": FIRST_DAY, "now": NOW}
        with act_as(self.asker):
            return journey.complete_transfer(by=self.asker, transfer=transfer, **{**given, **more})


@pytest.fixture
def world(db):
    return World()


def test_asked_let_go_received(world):
    StudentCharacteristic.objects.create(
        student=world.pupil, unit=world.sending, kind="poverty", code="poor", valid_from=date(2026, 9, 5)
    )
    StudentCharacteristic.objects.create(
        student=world.pupil, unit=world.sending, kind="policy", code="01", valid_from=date(2026, 9, 5),
        valid_to=date(2026, 10, 1),
    )  # fmt: skip
    transfer = world.request()
    assert (transfer.state, transfer.student_name) == ("requested", "Tran thi be")
    world.release(transfer)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.student_name, transfer.grade) == ("released", "Trần Thị Bé", 1)
    # Nobody falls between two schools: until the other receives, the pupil sits here.
    assert Enrolment.objects.get(student=world.pupil, left_on=None).unit == world.sending
    world.complete(transfer)

    old, new = Enrolment.objects.filter(student=world.pupil).order_by("entered_on")
    assert (old.unit, old.exit_type, old.left_on, old.status) == (
        world.sending, "transferred_out", date(2026, 11, 29), "04",
    )  # fmt: skip
    assert (new.unit, new.entry_type, new.entered_on, new.status, new.left_on) == (
        world.receiving, "transferred_in", FIRST_DAY, "02", None,
    )  # fmt: skip
    assert (old.other_school, new.other_school) == ("Trường Tiểu học Hòa Lợi", "Trường Tiểu học An Bình")
    world.pupil.refresh_from_db()
    assert (world.pupil.unit, world.pupil.local_code) == (world.receiving, "")
    facts = StudentCharacteristic.objects.order_by("kind", "valid_from").values_list(
        "kind", "unit__name", "valid_from", "valid_to"
    )
    assert list(facts) == [
        ("policy", "Trường Tiểu học An Bình", date(2026, 9, 5), date(2026, 10, 1)),
        ("poverty", "Trường Tiểu học An Bình", date(2026, 9, 5), date(2026, 11, 29)),
        ("poverty", "Trường Tiểu học Hòa Lợi", FIRST_DAY, None),
    ]
    with act_as(world.asker):
        assert queries.student(world.asker, world.pupil.public_id).contacts.get().full_name == "Lê Thị Mẹ"
    with act_as(world.keeper):
        assert queries.student(world.keeper, world.pupil.public_id) is None
        assert queries.enrolments(world.keeper).get().student_name == "Trần Thị Bé"


def test_the_search_door_tells_the_school_and_nothing_else(world):
    with act_as(world.asker):
        seen = journey.look_for_student(
            by=world.asker, to_unit_id=world.receiving.pk, sought=world.sought, now=NOW
        )
        assert (seen.state, seen.school) == (Looked.FOUND, "Trường Tiểu học An Bình")
        assert set(vars(seen)) == {"state", "school"}
        assert not Student.objects.exists()
        assert not Contact.objects.exists()
        # Asked for, still nothing of the dossier: only the row with what the asker himself wrote.
        transfer = journey.request_transfer(
            by=world.asker, to_unit_id=world.receiving.pk, sought=world.sought, grade=1,
            effective_on=FIRST_DAY, now=NOW,
        )  # fmt: skip
        row = queries.transfers(world.asker).get()
        assert (row.pk, row.student_name) == (transfer.pk, "Tran thi be")
        assert not Student.objects.exists()
        assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("sought", "state"),
    [
        (Sought("Trần Thị Khác", personal_id="051320000111"), Looked.NONE),
        (Sought("Trần Thị Bé", personal_id="051320000112"), Looked.NONE),
        (Sought("Trần Thị Bé", birth_date=BORN), Looked.FOUND),
        (Sought("Trần Thị Bé", birth_date=BORN + timedelta(days=1)), Looked.NONE),
        (Sought("Trần Thị Bé", personal_id="051320000111", birth_date=date(2019, 1, 1)), Looked.NONE),
    ],
)
def test_all_that_is_given_has_to_agree(world, sought, state):
    with act_as(world.asker):
        seen = journey.look_for_student(by=world.asker, to_unit_id=world.receiving.pk, sought=sought, now=NOW)
    assert seen.state == state
    assert bool(seen.school) == (state is Looked.FOUND)


def test_every_look_leaves_the_same_trace(world):
    for sought in (world.sought, Sought("Không Có Ai", birth_date=BORN)):
        with act_as(world.asker):
            journey.look_for_student(by=world.asker, to_unit_id=world.receiving.pk, sought=sought, now=NOW)
    found, nobody = ReadingLog.objects.order_by("pk")
    assert (found.subject_table, found.subject_pk) == ("registry_student", str(world.pupil.pk))
    assert (nobody.subject_table, nobody.subject_pk) == ("organization_unit", str(world.receiving.pk))
    assert found.purpose == nobody.purpose == transferring.LOOKED_FOR
    assert "Bé" not in found.purpose


def test_who_tries_names_is_stopped(world):
    RegistryFact.objects.create(key="looks_per_day", value=2, source="thử", set_at=NOW)
    now = timezone.now()
    for _ in range(2):
        journey.look_for_student(by=world.asker, to_unit_id=world.receiving.pk, sought=world.sought, now=now)
    with pytest.raises(StateConflict):
        journey.look_for_student(by=world.asker, to_unit_id=world.receiving.pk, sought=world.sought, now=now)


def test_two_of_the_same_name_and_day_need_a_number(world):
    make_student(world.province.upper_school, "Trần Thị Bé", birth_date=BORN)
    by_day = Sought("Trần Thị Bé", birth_date=BORN)
    seen = journey.look_for_student(by=world.asker, to_unit_id=world.receiving.pk, sought=by_day, now=NOW)
    assert (seen.state, seen.school) == (Looked.SEVERAL, "")
    with pytest.raises(NotFoundElsewhere):
        world.request(sought=by_day)


def test_restricted_erased_and_merged_are_not_found(world):
    for fields in ({"restricted_at": NOW}, {"erased_at": NOW}):
        Student.objects.filter(pk=world.pupil.pk).update(restricted_at=None, erased_at=None)
        Student.objects.filter(pk=world.pupil.pk).update(**fields)
        with pytest.raises(NotFoundElsewhere):
            world.request()


@pytest.mark.parametrize(
    ("sought", "field"),
    [
        (Sought("Bé 123", birth_date=BORN), "full_name"),
        (Sought("Trần Thị Bé", personal_id="12345"), "personal_id"),
        (Sought("Trần Thị Bé"), "birth_date"),
    ],
)
def test_too_little_is_said_at_its_field(world, sought, field):
    with pytest.raises(BadValue) as said:
        world.request(sought=sought)
    assert said.value.details["field"] == field


def test_only_whoever_keeps_a_school_may(world):
    teacher = world.province.actor("teacher", "school_b1")
    commune = world.province.actor("commune_officer", "commune_b_office")
    for actor in (teacher, commune, world.keeper):
        with pytest.raises(NotAllowed):
            journey.look_for_student(by=actor, to_unit_id=world.receiving.pk, sought=world.sought, now=NOW)
        with pytest.raises(NotAllowed):
            journey.request_transfer(
                by=actor, to_unit_id=world.receiving.pk, sought=world.sought, grade=1,
                effective_on=FIRST_DAY, now=NOW,
            )  # fmt: skip
    transfer = world.request()
    with pytest.raises(NotAllowed):
        journey.release_transfer(by=world.asker, transfer=transfer, now=NOW)
    with pytest.raises(NotAllowed):
        journey.cancel_transfer(by=world.keeper, transfer=transfer)
    world.release(transfer)
    with pytest.raises(NotAllowed):
        journey.complete_transfer(
            by=world.keeper, transfer=transfer, school_class=world.there, on=FIRST_DAY, now=NOW
        )


def test_refused_with_a_reason_the_pupil_stays(world):
    transfer = world.request()
    with pytest.raises(BadValue):
        journey.refuse_transfer(by=world.keeper, transfer=transfer, reason="  ", now=NOW)
    journey.refuse_transfer(by=world.keeper, transfer=transfer, reason="Gia đình chưa có đơn", now=NOW)
    for step in (world.release, world.complete):
        with pytest.raises(StateConflict):
            step(transfer)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.answer) == ("refused", "Gia đình chưa có đơn")
    # Another request may follow.
    assert world.request().state == "requested"


def test_withdrawn_by_the_asker_and_taken_back_by_the_keeper(world):
    transfer = world.release(world.request())
    journey.cancel_transfer(by=world.asker, transfer=transfer)
    with pytest.raises(StateConflict):
        world.complete(transfer)
    transfer = world.release(world.request())
    journey.refuse_transfer(by=world.keeper, transfer=transfer, reason="Nhầm em khác", now=NOW)
    with pytest.raises(StateConflict):
        world.complete(transfer)


def test_received_only_into_an_own_open_class_and_after_the_pupil_came_here(world):
    transfer = world.request()
    with pytest.raises(StateConflict):
        world.complete(transfer)
    world.release(transfer)
    with pytest.raises(WrongClass):
        world.complete(transfer, school_class=world.here)
    with pytest.raises(BadValue):
        world.complete(transfer, on=date(2027, 6, 15))
    # A refusal leaves nothing half done.
    assert Enrolment.objects.get(student=world.pupil).left_on is None
    assert Student.objects.get(pk=world.pupil.pk).unit == world.sending


def test_in_the_summer_the_spell_that_never_began_is_withdrawn(world):
    spell = world.pupil.enrolments.get()
    Enrolment.objects.filter(pk=spell.pk).update(left_on=date(2027, 5, 31), exit_type="year_end")
    next_year = make_school_year(2027)
    second = make_class(world.sending, next_year, "2A", grade=2)
    never = Enrolment.objects.create(
        student=world.pupil, unit=world.sending, school_year=next_year, school_class=second, grade=2,
        entered_on=next_year.starts_on, entry_type="promoted", student_name=world.pupil.full_name,
    )  # fmt: skip
    there = make_class(world.receiving, next_year, "2B", grade=2)
    transfer = world.release(world.request(grade=2, effective_on=date(2027, 9, 5)))
    world.complete(transfer, school_class=there, on=date(2027, 9, 5))
    never.refresh_from_db()
    spell.refresh_from_db()
    assert never.exit_type == "withdrawn"
    assert (spell.exit_type, spell.left_on, spell.status) == ("transferred_out", date(2027, 5, 31), "11")
    assert Enrolment.objects.get(student=world.pupil, left_on=None).unit == world.receiving


def test_a_pupil_who_completed_a_level_is_taken_in_as_new(world):
    world.pupil.enrolments.update(left_on=date(2026, 10, 1), exit_type="graduated")
    transfer = world.release(world.request())
    assert world.complete(transfer).entry_type == "new"
    assert world.pupil.enrolments.get(exit_type="graduated").unit == world.sending


def test_who_has_to_act_next_is_told_without_a_name(world):
    transfer = world.release(world.request())
    world.complete(transfer)
    said = list(
        Notification.objects.filter(kind="registry.transfers")
        .order_by("pk")
        .values_list("recipient_id", "title", "body")
    )
    assert [who for who, _title, _body in said] == [
        world.keeper.user_id, world.asker.user_id, world.keeper.user_id,
    ]  # fmt: skip
    assert all("Bé" not in title + body for _who, title, body in said)


def test_what_hangs_on_the_dossier_goes_along(world):
    parent = world.province.actor("parent", "school_a1")
    report = ErrorReport.objects.create(
        student=world.pupil, unit=world.sending, field="phone", said="Số mới", reported_by_id=parent.user_id,
        reported_at=NOW,
    )  # fmt: skip
    world.complete(world.release(world.request()))
    report.refresh_from_db()
    assert report.unit == world.receiving


@pytest.mark.django_db(transaction=True)
def test_two_schools_at_once_one_is_served():
    with connection.cursor() as cursor:
        cursor.execute("set thongsuot.may_truncate = 'on'")
    world = World()
    other = world.province.actor("principal", "upper_school")
    gate, said = threading.Barrier(2), []

    def ask(actor, unit, grade):
        gate.wait(timeout=10)
        try:
            with act_as(actor):
                journey.request_transfer(
                    by=actor, to_unit_id=unit.pk, sought=world.sought, grade=grade,
                    effective_on=FIRST_DAY, now=NOW,
                )  # fmt: skip
        except Refused as error:
            said.append(type(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=ask, args=args)
        for args in ((world.asker, world.receiving, 1), (other, world.province.upper_school, 10))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert said == [TransferPending]
    assert Transfer.objects.count() == 1
