"""A ledger gives back what was: made rows go, changed columns return, dropped rows come back, and what was built blocks."""

import json
from datetime import date

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_room, make_student
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.modules.registry.models import Enrolment, Room, SchoolClass, Student

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_province().school_a1


def through_json(ledger):
    return Ledger.of(json.loads(json.dumps(ledger.as_json())))


def test_changed_in_steps_returns_to_the_first_value(school):
    room, ledger = make_room(school, "P1"), Ledger()
    ledger.update(Room.objects.filter(pk=room.pk), name="P2", valid_to=date(2026, 12, 31))
    ledger.update(Room.objects.filter(pk=room.pk), name="P3")
    found = through_json(ledger)
    assert found.faults() == []
    found.take_back()
    room.refresh_from_db()
    assert (room.name, room.valid_to) == ("P1", None)


def test_sealed_numbers_survive_the_way(school):
    pupil, ledger = make_student(school), Ledger()
    before = Student.objects.values().get()
    ledger.update(Student.objects.filter(pk=pupil.pk), personal_id_sealed=None, personal_id_digest=None)
    through_json(ledger).take_back()
    assert Student.objects.values().get() == before


def test_dropped_rows_come_back_with_their_keys(school):
    room, ledger = make_room(school, "P1", area="45.5"), Ledger()
    before = Room.objects.values().get()
    assert ledger.drop(Room.objects.filter(pk=room.pk)) == 1
    assert not Room.objects.exists()
    through_json(ledger).take_back()
    assert Room.objects.values().get() == before


def test_made_rows_go_unless_something_hangs_on_them_or_they_were_edited(school):
    year = make_school_year()
    ledger = Ledger()
    ledger.add([made := make_class(school, year, "1A")])
    assert through_json(ledger).faults() == []
    make_student(school, school_class=made)
    (fault,) = through_json(ledger).faults()
    assert (fault.kind, fault.model, fault.count) == ("built", Enrolment, 1)
    Enrolment.objects.all().delete()
    SchoolClass.objects.update(name="1B")
    (fault,) = through_json(ledger).faults()
    assert (fault.kind, fault.model, fault.count) == ("changed", SchoolClass, 1)
    SchoolClass.objects.update(name="1A")
    through_json(ledger).take_back()
    assert not SchoolClass.objects.exists()


def test_a_soft_table_does_not_block_and_is_left_where_it_went(school):
    one, two, ledger = make_room(school, "P1"), make_room(school, "P2"), Ledger()
    ledger.update(Room.objects.all(), soft=True, note="chuyển")
    Room.objects.filter(pk=two.pk).update(note="đã khác")
    found = through_json(ledger)
    assert found.faults() == []
    found.take_back()
    assert [row.note for row in Room.objects.order_by("name")] == ["", "đã khác"]
    assert one.pk


def test_nothing_noted_nothing_to_do():
    ledger = Ledger.of({})
    assert ledger.faults() == []
    ledger.take_back()
