from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_student
from thongsuot.journeys.leave_and_return import leave_school, return_to_school
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.registry.models import StudentCharacteristic, Transfer
from thongsuot.modules.registry.types import StateConflict, TransferPending

LAST_DAY, BACK = date(2026, 11, 2), date(2026, 11, 16)


@pytest.fixture
def world(db):
    world = make_province()
    world.room = make_class(world.school_a1, make_school_year(), "1A")
    world.pupil = make_student(world.school_a1, "Trần Bé", school_class=world.room)
    for kind, code in (("boarding", ""), ("poverty", "poor")):
        StudentCharacteristic.objects.create(
            student=world.pupil, unit=world.school_a1, kind=kind, code=code, valid_from=date(2026, 9, 5)
        )
    world.office = world.actor("school_office", "school_a1")
    return world


def leave(world, **more):
    given = {"by": world.office, "student": world.pupil, "on": LAST_DAY, "reason_code": "01"}
    return leave_school(**{**given, **more})


def test_what_belongs_to_attending_ends_what_the_person_is_stays(world):
    leave(world)
    facts = dict(StudentCharacteristic.objects.values_list("kind", "valid_to"))
    assert facts == {"boarding": LAST_DAY, "poverty": None}
    spell = return_to_school(by=world.office, student=world.pupil, school_class=world.room, on=BACK)
    assert (spell.entry_type, spell.entered_on, spell.left_on) == ("returned", BACK, None)


def test_a_transfer_that_waits_is_settled_first(world):
    transfer = Transfer.objects.create(
        student=world.pupil, from_unit=world.school_a1, to_unit=world.school_b1, state="requested",
        student_name="Trần Bé", effective_on=BACK, requested_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(TransferPending):
        leave(world)
    transfer.delete()
    leave(world)
    with pytest.raises(StateConflict):
        leave(world)


def test_only_whoever_keeps_the_dossier(world):
    with pytest.raises(NotAllowed):
        leave(world, by=world.actor("principal", "school_b1"))


def test_the_page_of_the_dossier_leads_here(world, client):
    user = make_user("vp.mot")
    make_appointment(user, "school_office", world.school_a1)
    client.force_login(user)
    dossier = reverse("registry:student-detail", args=[world.pupil.public_id])
    url = reverse("leave-school", args=[world.pupil.public_id])
    assert url in client.get(dossier, {"tab": "path"}).content.decode()
    assert client.get(url).status_code == 200
