"""The personal id set right or taken away; accounts of the family linked and unlinked: by page, with a reason, kept."""

import re

import pytest
from django.urls import reverse

from tests.factories.organization import make_appointment, make_user
from tests.factories.registry import make_contact
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import Contact, FamilyCode, FamilyCodeTry, Student


@pytest.fixture
def pupil(province):
    Student.objects.filter(pk=province.pupils[0].pk).update(identity_status="matched")
    return Student.objects.get(pk=province.pupils[0].pk)


def address(name, pupil, *more):
    return reverse(f"registry:{name}", args=[pupil.public_id, *more])


def test_a_wrong_number_is_put_right_and_taken_away(office, browse, province, pupil):
    url = address("student-personal-id", pupil)
    taken = unseal(province.pupils[1].personal_id_sealed)
    for number, reason in (
        ("051220999999", ""),
        ("123", "sai"),
        (taken, "sai"),
        (unseal(pupil.personal_id_sealed), "sai"),
    ):
        assert office.post(url, {"number": number, "reason": reason}).status_code == 422
    assert office.post(url, {"number": "051 220 999 999", "reason": "Theo giấy khai sinh"}).status_code == 302
    pupil.refresh_from_db()
    assert (unseal(pupil.personal_id_sealed), pupil.identity_status) == ("051220999999", "mended")
    assert office.post(url, {"number": "", "reason": "Số của em khác"}).status_code == 302
    pupil.refresh_from_db()
    assert (pupil.personal_id_sealed, pupil.personal_id_digest) == (None, None)
    history = queries.student_history(pupil, full=True)
    assert {entry.reason for entry in history} >= {"Số của em khác", "Theo giấy khai sinh"}
    assert "051220" not in office.get(address("student-detail", pupil), {"tab": "history"}).content.decode()
    for role, unit in (
        ("school_office", "school_b1"),
        ("department_officer", "office"),
        ("teacher", "school_a1"),
    ):
        assert browse(role, unit).get(url).status_code == 404


def test_a_parent_is_linked_and_unlinked(office, browse, province, pupil):
    contact = make_contact(pupil)
    parent, stranger = make_user("phu.huynh"), make_user("nguoi.la")
    make_appointment(parent, "parent", province.school_a1)
    make_appointment(stranger, "parent", province.school_b1)
    url = address("contact-account-link", pupil, contact.pk)
    for wrong in ("khong.co", "nguoi.la"):
        response = office.post(url, {"username": wrong})
        assert response.status_code == 422
        assert "Không có tài khoản này" in response.content.decode()
    assert queries.own_children(actor_for(parent)) == []
    assert office.post(url, {"username": "Phu.Huynh"}).status_code == 302
    assert [child.pk for child in queries.own_children(actor_for(parent))] == [pupil.pk]
    assert office.post(url, {"username": "phu.huynh"}).status_code == 422
    assert "phu.huynh" in office.get(address("student-detail", pupil), {"tab": "family"}).content.decode()
    other = province.pupils[1]
    assert office.get(address("contact-account-link", other, contact.pk)).status_code == 404
    assert browse("school_office", "school_b1").get(url).status_code == 404
    gone = address("contact-account-unlink", pupil, contact.pk)
    assert office.post(gone, {"reason": ""}).status_code == 422
    assert office.post(gone, {"reason": "Không còn là người giám hộ"}).status_code == 302
    assert Contact.objects.get(pk=contact.pk).account is None
    assert queries.own_children(actor_for(parent)) == []


def test_a_pupil_has_one_account_and_an_account_one_pupil(office, province, pupil):
    account = make_user("hoc.sinh")
    make_appointment(account, "pupil", province.school_a1)
    assert office.post(address("account-link", pupil), {"username": "hoc.sinh"}).status_code == 302
    assert (
        office.post(address("account-link", province.pupils[1]), {"username": "hoc.sinh"}).status_code == 422
    )
    assert Student.objects.get(account=account) == pupil
    assert office.post(address("account-unlink", pupil), {"reason": "Ghi nhầm"}).status_code == 302
    assert not Student.objects.filter(account=account).exists()


def test_a_slip_is_shown_once_and_entered_by_the_parent(office, browse, client, province, pupil):
    contact = make_contact(pupil)
    url = address("contact-family-code", pupil, contact.pk)
    assert office.get(url).status_code == 200
    slip = office.post(url)
    (code,) = re.findall(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", slip.content.decode())
    assert slip["Cache-Control"] == "no-store"
    tab = office.get(address("student-detail", pupil), {"tab": "family"}).content.decode()
    assert "Đã cấp mã" in tab
    assert code not in tab + office.get(url).content.decode()
    for role, unit in (("school_office", "school_b1"), ("teacher", "school_a1"), ("parent", "school_a1")):
        assert browse(role, unit).get(url).status_code == 404
    parent = make_user("phu.huynh")
    make_appointment(parent, "parent", province.school_a1)
    client.force_login(parent)
    page = reverse("registry:family-code-enter")
    assert page in client.get(reverse("registry:children")).content.decode()
    assert client.post(page, {"code": ""}).status_code == 422
    wrong = client.post(page, {"code": "AAAAA-BBBBB"})
    assert (wrong.status_code, FamilyCodeTry.objects.count()) == (422, 1)
    found = client.post(page, {"code": code})
    assert found["Location"] == reverse("registry:child", args=[pupil.public_id])
    assert [child.pk for child in queries.own_children(actor_for(parent))] == [pupil.pk]
    # Somebody of the staff may be a parent too.
    assert office.get(page).status_code == 200
    # Taken back by page, for the pupil's own account.
    own = address("family-code", pupil)
    assert office.post(own).status_code == 200
    assert office.post(address("family-code-withdraw", pupil)).status_code == 302
    assert FamilyCode.objects.get(contact=None).withdrawn_at is not None
