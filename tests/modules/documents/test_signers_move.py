"""Certificates when people leave, go to another school, become one record, hand over; when schools are merged or closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.registry import make_staff
from tests.modules.documents.certificates import NOW, TODAY, approved, certificate_file, registered
from thongsuot.journeys.hand_over import hand_over
from thongsuot.journeys.leave_post import leave_post
from thongsuot.journeys.merge_schools import close_school, merge_schools, undo_merger
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.documents import actions, queries
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.documents.types import CertificateFault
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry.models import Employment, Staff

SYSTEM = Actor.system()
LAST_DAY = date(2026, 11, 30)
LATER = timezone.make_aware(datetime(2026, 12, 1, 8, 0))


@pytest.fixture
def world(db):
    return make_province()


def registers(unit, staff, file, by=SYSTEM, **more):
    return actions.register_certificate(
        by=by, unit_id=unit.pk, staff=staff, data=file, medium="token", provider="", now=NOW, **more
    )


def test_who_leaves_signs_until_the_last_day_and_registers_anew_elsewhere(world):
    office = world.actor("school_office", "school_a1")
    teacher = make_staff(world.school_a1, "Lê Thị Mai", account=make_user())
    file = certificate_file("Lê Thị Mai")
    row = registers(world.school_a1, teacher, file)
    actions.approve_certificate(by=SYSTEM, certificate=row, now=NOW)
    waiting = registered(world.school_a1, teacher)
    post = Employment.objects.get(staff=teacher)
    with act_as(office):
        leave_post(by=office, employment=post, on=LAST_DAY, status="moved")
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, row.revoked_reason, waiting.state) == ("ended", "Chuyển công tác", "ended")
    assert queries.certificate_for(staff=teacher, at=NOW + timedelta(hours=1)) == row
    assert queries.certificate_for(staff=teacher, at=LATER - timedelta(hours=9)) == row
    assert queries.certificate_for(staff=teacher, at=LATER) is None
    # The holder is told in the words of the page; nothing of it is a revocation.
    assert Notification.objects.get(
        recipient_id=teacher.account_id, title__startswith="Chứng thư số thôi dùng"
    )
    with pytest.raises(CertificateFault, match="rời đơn vị"):
        actions.renew_certificate(by=office, certificate=row, data=file, now=NOW)
    # The same certificate at the next school: registered and approved there.
    there = make_staff(world.school_b1, "Lê Thị Mai")
    anew = registers(world.school_b1, there, file)
    assert (anew.fingerprint, anew.state, anew.unit) == (row.fingerprint, "registered", world.school_b1)
    with pytest.raises(CertificateFault, match="đã được đăng ký"):
        registers(world.school_b1, there, file)
    # Reported lost: no school takes it, and the date of the leaving is no later than it was.
    actions.revoke_certificate(by=SYSTEM, certificate=anew, reason="Mất USB token", now=LATER)
    with pytest.raises(CertificateFault, match="bị thu hồi"):
        registers(world.school_a2, make_staff(world.school_a2, "Lê Thị Mai"), file)


def test_another_school_cannot_end_it(world):
    teacher = make_staff(world.school_a1)
    approved(world.school_a1, teacher)
    stranger = world.actor("principal", "school_b1")
    with pytest.raises(NotAllowed):
        actions.end_certificates(
            by=stranger, staff=teacher, unit_id=world.school_a1.pk, on=LAST_DAY, reason="x"
        )


def test_two_records_of_one_person(world):
    kept, gone = make_staff(world.school_a1, "Võ Thị Tâm"), make_staff(world.school_b1, "Võ Thị Tâm")
    row = approved(world.school_b1, gone)
    with pytest.raises(NotAllowed):
        actions.carry_certificates(by=world.actor("principal", "school_a1"), kept=kept, gone=gone)
    assert (
        actions.carry_certificates(by=world.actor("department_officer", "office"), kept=kept, gone=gone) == 1
    )
    row.refresh_from_db()
    # What she signed at the other school was signed by her.
    assert (row.staff, row.unit, row.state) == (kept, world.school_b1, "approved")
    assert queries.certificate_for(staff=kept, at=NOW + timedelta(hours=1)) == row


def test_merged_schools(world):
    officer = world.actor("department_officer", "office")
    gone, into = world.school_a1, world.school_b1
    teacher = make_staff(gone, "Lê Thị Mai")
    row, seal = approved(gone, teacher), approved(gone)
    with act_as(officer):
        (merge,) = merge_schools(
            by=officer, gone=[gone], into=into, last_day=LAST_DAY, basis="QĐ 12/QĐ-UBND", now=NOW
        )
    assert merge.counts["signers"] == 1
    assert Staff.objects.get(pk=teacher.pk).unit == into
    row.refresh_from_db()
    seal.refresh_from_db()
    # The person goes on signing, now in the keeping of the successor; the old seal does not.
    assert (row.unit, row.state) == (into, "approved")
    assert (seal.unit, seal.state, seal.revoked_reason) == (gone, "ended", "QĐ 12/QĐ-UBND")
    assert queries.certificate_for(unit=gone, at=LATER) is None
    assert queries.certificate_for(unit=gone, at=NOW + timedelta(hours=1)) == seal
    with act_as(officer):
        undo_merger(by=officer, merge=merge, reason="Nhầm trường", now=NOW)
    row.refresh_from_db()
    seal.refresh_from_db()
    assert (row.unit, seal.state, seal.revoked_at) == (gone, "approved", None)


def test_a_closed_school_seals_no_more(world):
    officer = world.actor("department_officer", "office")
    seal = approved(world.school_a2)
    with act_as(officer):
        close_school(by=officer, unit=world.school_a2, last_day=LAST_DAY, basis="QĐ 9", now=NOW)
    seal.refresh_from_db()
    assert seal.state == "ended"


def test_people_of_department_and_commune_without_a_record(world):
    """They register their own, the department its seal, with which it accepts what schools send."""
    person = make_user(full_name="Trần Văn Sở")
    make_appointment(person, "department_leader", world.department, title="Phó Giám đốc")
    leader = actor_for(person)
    assert queries.registrable_accounts(leader, today=TODAY) == [(person, world.department)]
    row = registers(world.department, None, certificate_file("Trần Văn Sở"), by=leader, account=person)
    assert (row.is_seal, row.position, row.holder_account_id) == (False, "Phó Giám đốc", person.pk)
    officer = world.actor("department_officer", "office")
    actions.approve_certificate(by=officer, certificate=row, now=NOW)
    seal = approved(world.department, by=officer)
    at = NOW + timedelta(minutes=1)
    assert queries.certificate_for(account=person, at=at) == row
    assert queries.certificate_for(unit=world.department, at=at) == seal
    assert set(queries.certificates(leader)) == {row, seal}
    with pytest.raises(CertificateFault, match="không phải cho"):
        registers(world.department, None, certificate_file("Ai Khác"), by=leader, account=person)
    with pytest.raises(NotAllowed):
        registers(world.commune_a, None, certificate_file("Trần Văn Sở"), by=leader, account=person)
    clerk = world.actor("commune_officer", "commune_a_office")
    user = get_user_model().objects.get(pk=clerk.user_id)
    own = registers(world.commune_a_office, None, certificate_file(user.full_name), by=clerk, account=user)
    assert own.position == "Chuyên viên Phòng VH-XH"
    with pytest.raises(NotAllowed):
        registers(world.department, None, certificate_file("Trần Văn Sở"), by=clerk, account=person)
    # The role ends, and with it what it signed by.
    next_one = make_user()
    with act_as(SYSTEM):
        hand_over(by=SYSTEM, from_user=person, to_user=next_one, unit=world.department, on=LAST_DAY, now=NOW)
    row.refresh_from_db()
    assert row.state == "ended"
    assert SignerCertificate.objects.get(pk=seal.pk).state == "approved"
