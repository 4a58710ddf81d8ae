"""Certificates of signers: registered, approved, renewed, revoked; who may; who signed with which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.registry import make_staff
from tests.modules.documents.certificates import NOW, TODAY, approved, authority, certificate_file, registered
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.queries import value
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.signing.practice import new_key, pem_of, write_private
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.modules.documents import actions, queries
from thongsuot.modules.documents.domain.expiry import reminder_step
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.documents.permissions import can_see, certificates_visible
from thongsuot.modules.documents.tasks import keep_certificates
from thongsuot.modules.documents.types import CertificateFault

SYSTEM = Actor.system()


@pytest.fixture
def world(db):
    return make_province()


def refused(match: str, **said):
    with pytest.raises(CertificateFault, match=match) as caught:
        actions.register_certificate(
            **{"by": SYSTEM, "medium": "token", "provider": "X", "now": NOW, "staff": None, **said}
        )
    return caught.value.details.get("field")


def test_what_is_no_certificate_for_this_person(world):
    school = world.school_a1
    teacher = make_staff(school, "Nguyễn Thị Hòa")
    at = {"unit_id": school.pk, "staff": teacher}
    own = certificate_file("NGUYỄN THỊ HOÀ")
    private, certificate = authority().issue(
        "Nguyễn Thị Hòa", valid=(NOW - timedelta(days=1), NOW + timedelta(days=9))
    )
    assert refused("khóa bí mật", data=pem_of(private, certificate), **at) == "file"
    refused("không phải là chứng thư số", data=b"hello", **at)
    refused("không phải là chứng thư số", data=b"x" * 100_000, **at)
    refused("cấp cho “Trần Văn Nam”", data=certificate_file("Trần Văn Nam"), **at)
    refused("hết hạn ngày", data=certificate_file("Nguyễn Thị Hòa", days=-1), **at)
    refused("không được cấp để ký", data=certificate_file("Nguyễn Thị Hòa", usage=["key_encipherment"]), **at)
    refused("quá ngắn", data=certificate_file("Nguyễn Thị Hòa", key=new_key("rsa1024")), **at)
    refused("không được cấp để ký", data=authority().certificate.public_bytes(Encoding.DER), **at)
    assert refused("tên khóa", data=own, **at, medium="remote") == "key_reference"
    with pytest.raises(NotAllowed):
        actions.register_certificate(
            by=SYSTEM,
            unit_id=world.school_b1.pk,
            staff=teacher,
            data=own,
            medium="token",
            provider="",
            now=NOW,
        )
    assert not SignerCertificate.objects.exists()
    # The tone mark stands elsewhere, the letters are large: the same person.
    row = actions.register_certificate(by=SYSTEM, data=own, medium="token", provider="", now=NOW, **at)
    assert (row.provider, row.state, row.position) == ("CA luyện tập", "registered", "Giáo viên")
    refused("đã được đăng ký", data=own, **at)


def test_from_registration_to_the_end(world):
    school = world.school_a1
    office, head = world.actor("school_office", "school_a1"), world.actor("principal", "school_a1")
    teacher = make_staff(school, "Lê Thị Mai", account=make_user())
    assert queries.certificate_for(staff=teacher, at=NOW) is None
    row = registered(school, teacher, by=office)
    assert Notification.objects.filter(recipient_id=head.user_id, kind="documents.certificate").count() == 1
    # Not approved, it signs nothing.
    assert queries.certificate_for(staff=teacher, at=NOW) is None
    with pytest.raises(NotAllowed):
        actions.approve_certificate(by=office, certificate=row, now=NOW)
    actions.approve_certificate(by=head, certificate=row, now=NOW)
    with pytest.raises(CertificateFault, match="không còn chờ duyệt"):
        actions.approve_certificate(by=head, certificate=row, now=NOW)
    assert queries.certificate_for(staff=teacher, at=NOW) == row
    assert queries.certificate_for(unit=school, at=NOW) is None
    seal = approved(school)
    assert queries.certificate_for(unit=school, at=NOW) == seal
    later = NOW + timedelta(days=10)
    with pytest.raises(CertificateFault, match="tương lai"):
        actions.revoke_certificate(by=office, certificate=row, reason="Mất", now=NOW, since=later)
    with pytest.raises(CertificateFault, match="lý do"):
        actions.revoke_certificate(by=office, certificate=row, reason=" ", now=NOW)
    actions.revoke_certificate(by=office, certificate=row, reason="Mất USB token", now=later)
    assert queries.certificate_for(staff=teacher, at=later + timedelta(minutes=1)) is None
    # What was signed before stays signed by it.
    assert queries.certificate_for(staff=teacher, at=NOW + timedelta(days=9)) == row
    renewed = actions.renew_certificate(
        by=office, certificate=row, data=certificate_file("Lê Thị Mai", days=1000), now=later
    )
    assert (renewed.renews_id, renewed.medium, renewed.state) == (row.pk, "token", "registered")
    assert queries.position_at(teacher, date(2019, 1, 1)) == ""


def test_everybody_sees_and_keeps_their_own(world):
    teacher = world.actor("teacher", "school_a1")
    mine = make_staff(world.school_a1, "Võ Thị Tâm", account=get_user_model().objects.get(pk=teacher.user_id))
    own = registered(world.school_a1, mine, by=teacher)
    others = [
        registered(world.school_a1, make_staff(world.school_a1)),
        registered(world.school_b1, make_staff(world.school_b1)),
        registered(world.school_b1),
    ]
    with pytest.raises(NotAllowed):
        registered(world.school_a1, make_staff(world.school_a1), by=teacher)
    with pytest.raises(NotAllowed):
        actions.approve_certificate(by=teacher, certificate=own, now=NOW)
    with pytest.raises(NotAllowed):
        actions.revoke_certificate(by=teacher, certificate=others[0], reason="x", now=NOW)
    people = [
        (teacher, {own}),
        (world.actor("school_office", "school_a1"), {own, others[0]}),
        (world.actor("principal", "school_b1"), set(others[1:])),
        (world.actor("department_officer", "office"), {own, *others}),
        (world.actor("commune_officer", "commune_a_office"), {own, others[0]}),
        (world.actor("parent", "school_a1"), set()),
        (SYSTEM, {own, *others}),
    ]
    for actor, seen in people:
        rows = SignerCertificate.objects.all()
        assert set(rows.filter(certificates_visible(actor))) == seen
        assert {row for row in rows if can_see(actor, row)} == seen
    assert list(queries.registrable_staff(teacher, today=TODAY)) == [mine]
    actions.revoke_certificate(by=teacher, certificate=own, reason="Mất máy", now=NOW)


def test_reminders_and_the_end(world):
    school = world.school_a1
    office = world.actor("school_office", "school_a1")
    teacher = make_staff(school, account=make_user())
    row = approved(school, teacher, days=45)
    told = actions.send_expiry_reminders(by=SYSTEM, now=NOW)
    assert told == 2
    assert actions.send_expiry_reminders(by=SYSTEM, now=NOW) == 0
    assert actions.send_expiry_reminders(by=SYSTEM, now=NOW + timedelta(days=20)) == 2
    assert Notification.objects.filter(recipient_id=office.user_id).count() == 2
    successor = actions.renew_certificate(
        by=SYSTEM, certificate=row, data=certificate_file(teacher.full_name), now=NOW
    )
    actions.approve_certificate(by=SYSTEM, certificate=successor, now=NOW)
    assert actions.send_expiry_reminders(by=SYSTEM, now=NOW + timedelta(days=44)) == 0
    assert actions.expire_certificates(by=SYSTEM, now=NOW + timedelta(days=46)) == 1
    row.refresh_from_db()
    assert row.state == "expired"
    assert queries.certificate_for(staff=teacher, at=NOW + timedelta(days=46)) == successor
    with pytest.raises(NotAllowed):
        actions.send_expiry_reminders(by=office, now=NOW)
    assert [reminder_step(days) for days in (61, 60, 45, 30, 8, 7, 1, 0, -1)] == [
        None,
        60,
        60,
        30,
        30,
        7,
        1,
        1,
        None,
    ]


def test_the_share_of_teachers_who_can_sign(world):
    school = world.school_a1
    people = [make_staff(school) for _ in range(4)]
    make_staff(school, status="on_leave")
    make_staff(school, group="employee")
    manager = make_staff(school, group="manager")
    approved(school, people[0])
    registered(school, people[1])
    soon = approved(school, people[2], days=5)
    approved(school, manager)
    share = lambda code, day: value(code, school.pk, day)  # noqa: E731
    now = share("digital.teachers_signature", TODAY)
    assert (now.numerator, now.denominator, now.value) == (2, 4, 50)
    assert share("digital.staff_signature", TODAY).value == 100
    assert share("digital.teachers_signature", TODAY + timedelta(days=10)).value == 25
    actions.revoke_certificate(by=SYSTEM, certificate=soon, reason="x", now=NOW + timedelta(days=1))
    assert share("digital.teachers_signature", TODAY).value == 50
    assert share("digital.teachers_signature", TODAY + timedelta(days=2)).value == 25
    assert share("digital.teachers_signature", TODAY - timedelta(days=1)).value == 0


def test_the_key_of_a_certificate(world, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    school = world.school_a1
    private, certificate = authority().issue(
        school.name, valid=(NOW - timedelta(days=1), NOW + timedelta(days=9))
    )
    row = actions.register_certificate(
        by=SYSTEM,
        unit_id=school.pk,
        staff=None,
        data=certificate.public_bytes(Encoding.DER),
        medium="software",
        provider="",
        now=NOW,
    )
    with pytest.raises(KeyUnavailable, match="no_key"):
        queries.key_for(row)
    queries.keys_dir().mkdir(mode=0o700)
    write_private(queries.keys_dir() / f"{row.fingerprint}.pem", pem_of(private, certificate))
    assert queries.key_for(row).certificate == certificate
    other, foreign = authority().issue("Ai đó", valid=(NOW - timedelta(days=1), NOW + timedelta(days=9)))
    write_private(queries.keys_dir() / f"{row.fingerprint}.pem", pem_of(other, foreign))
    with pytest.raises(KeyUnavailable, match="wrong_certificate"):
        queries.key_for(row)
    row.medium = "token"
    with pytest.raises(KeyUnavailable, match="no_token"):
        queries.key_for(row)
    assert queries.trust_store().roots == ()
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "ca.pem").write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    (tmp_path / "trust" / "ca.crl").write_bytes(authority().crl(at=NOW).public_bytes(Encoding.DER))
    assert queries.trust_store().roots == (authority().certificate,)
    assert len(queries.trust_store().crl_ders) == 1


def test_the_pages(world, client):
    school = world.school_a1
    teacher = make_staff(school, "Đặng Thị Bích")
    private, spare = authority().issue(
        "Đặng Thị Bích", valid=(NOW - timedelta(days=1), NOW + timedelta(days=9000))
    )
    file = lambda data: SimpleUploadedFile("bich.cer", data)  # noqa: E731
    office, head = _signed_in(world, "school_office"), _signed_in(world, "principal")
    page = office.get(reverse("documents:certificate-register")).content.decode()
    assert "Đặng Thị Bích" in page
    assert f"Con dấu: {school.name}" in page
    said = {"signer": str(teacher.public_id), "medium": "token", "provider": "", "key_reference": ""}
    wrong = office.post(
        reverse("documents:certificate-register"), {**said, "file": file(pem_of(private, spare))}
    )
    assert (wrong.status_code, "coi khóa này là đã lộ" in wrong.content.decode()) == (422, True)
    good = spare.public_bytes(Encoding.DER)
    made = office.post(reverse("documents:certificate-register"), {**said, "file": file(good)})
    row = SignerCertificate.objects.get()
    detail = reverse("documents:certificate-detail", args=[row.public_id])
    assert made["Location"] == detail
    assert "Chờ duyệt" in office.get(detail).content.decode()
    assert "Duyệt</" not in office.get(detail).content.decode()
    assert office.post(detail + "duyet/").status_code == 404
    assert head.post(detail + "duyet/")["Location"] == detail
    row.refresh_from_db()
    assert row.state == "approved"
    assert office.get(detail + "tai/").content == good
    history = head.get(detail + "?tab=history")
    assert history.status_code == 200
    listed = head.get(reverse("documents:certificate-list"), {"state": "approved", "q": "dang thi bich"})
    assert "Đặng Thị Bích" in listed.content.decode()
    assert (
        "Đặng Thị Bích" not in head.get(reverse("documents:certificate-list") + "?soon=true").content.decode()
    )
    assert head.get(detail + "gia-han/").status_code == 200
    told = office.post(detail + "thu-hoi/", {"reason": "Mất USB token"})
    assert told["Location"] == detail
    row.refresh_from_db()
    assert (row.state, row.revoked_reason) == ("revoked", "Mất USB token")
    stranger = _signed_in(world, "principal", "school_b1")
    for address in (detail, detail + "tai/", detail + "gia-han/", detail + "thu-hoi/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(detail + "duyet/").status_code == 404
    assert _signed_in(world, "parent").get(reverse("documents:certificate-list")).status_code == 404


def test_renewed_reminded_ended_over_the_pages(world):
    """The second half of a certificate's life, as its holder, the office and the head see it."""
    school = world.school_a1
    user = make_user()
    teacher = make_staff(school, "Đặng Thị Bích", account=user)
    make_appointment(user, "teacher", school)
    now = timezone.now()

    def issue(days: int):
        valid = (now - timedelta(days=9), now + timedelta(days=days))
        return authority().issue("Đặng Thị Bích", valid=valid)[1]

    old = actions.register_certificate(
        by=SYSTEM, unit_id=school.pk, staff=teacher, data=issue(20).public_bytes(Encoding.DER), medium="token",
        provider="VNPT-CA", now=now,
    )  # fmt: skip
    actions.approve_certificate(by=SYSTEM, certificate=old, now=now)
    office, head, holder = _signed_in(world, "school_office"), _signed_in(world, "principal"), Client()
    holder.force_login(user)
    # What the worker does every morning.
    keep_certificates(by=SYSTEM, today=timezone.localdate())
    told = Notification.objects.get(recipient=user, kind="documents.certificate_expiring")
    assert "hết hạn ngày" in told.title
    assert told.title in holder.get(reverse("notify:list")).content.decode()
    assert "Đặng Thị Bích" in head.get(reverse("documents:certificate-list") + "?soon=true").content.decode()
    detail = reverse("documents:certificate-detail", args=[old.public_id])
    assert (
        "còn 20 ngày" in holder.get(detail).content.decode()
        or "còn 19 ngày" in holder.get(detail).content.decode()
    )
    # The holder renews; the same file is no renewal.
    same = SimpleUploadedFile("cu.cer", bytes(old.der))
    fields = {"medium": "token", "provider": "", "key_reference": ""}
    assert holder.post(detail + "gia-han/", {**fields, "file": same}).status_code == 422
    file = SimpleUploadedFile("moi.cer", issue(900).public_bytes(Encoding.DER))
    made = holder.post(detail + "gia-han/", {**fields, "file": file})
    new = SignerCertificate.objects.exclude(pk=old.pk).get()
    assert made["Location"] == reverse("documents:certificate-detail", args=[new.public_id])
    assert (new.renews, new.provider, new.state) == (old, "VNPT-CA", "registered")
    assert head.post(made["Location"] + "duyet/")["Location"] == made["Location"]
    assert (
        "Đặng Thị Bích" not in head.get(reverse("documents:certificate-list") + "?soon=true").content.decode()
    )
    assert "đã được duyệt" in holder.get(reverse("notify:list")).content.decode()
    # Its time is over, then its holder leaves.
    SignerCertificate.objects.filter(pk=old.pk).update(valid_to=now - timedelta(days=1))
    keep_certificates(by=SYSTEM, today=timezone.localdate())
    assert "Hết hạn" in office.get(detail).content.decode()
    left = office.post(
        reverse("leave-post", args=[teacher.public_id]),
        {"on": timezone.localdate().isoformat(), "status": "moved"},
    )
    assert left.status_code == 302
    page = holder.get(made["Location"]).content.decode()
    assert "Thôi dùng ở đơn vị" in page
    assert "Gia hạn" not in page


def _signed_in(world, role: str, unit: str = "school_a1") -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=world.actor(role, unit).user_id))
    return client
