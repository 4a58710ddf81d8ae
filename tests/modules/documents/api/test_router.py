"""Certificates through API keys: listed, registered, approved, revoked; nothing of others, never a key."""

from __future__ import annotations

import base64
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.factories.registry import make_staff
from tests.modules.directives.api.conftest import call, place  # noqa: F401
from tests.modules.documents.certificates import approved, authority, certificate_file
from thongsuot.kit.signing.practice import pem_of
from thongsuot.modules.documents.models import SignerCertificate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _many_calls(settings):
    settings.API_CALLS_PER_MINUTE = 10_000


def test_the_whole_life(call, place):  # noqa: F811
    teacher = make_staff(place.school_a1, "Đặng Thị Bích")
    approved(place.school_b1, make_staff(place.school_b1))
    office, head = call("school_office", "school_a1"), call("principal", "school_a1")
    said = {
        "unit_id": place.school_a1.pk,
        "staff_id": str(teacher.public_id),
        "certificate": certificate_file("Đặng Thị Bích").decode(),
        "medium": "token",
    }
    made = office.post("/certificates", said)
    assert made.status_code == 201, made.content.decode()
    row = made.json()
    assert (row["holder"], row["state"], row["can_sign"], row["is_seal"]) == (
        "Đặng Thị Bích", "registered", False, False,
    )  # fmt: skip
    assert "key_reference" not in row
    again = office.post("/certificates", said)
    assert (again.status_code, again.json()["detail"]) == (409, "Chứng thư số này đã được đăng ký.")
    path = f"/certificates/{row['id']}"
    assert office.post(f"{path}/approve").status_code == 404
    assert head.post(f"{path}/approve").json()["state"] == "approved"
    assert office.get(path).json()["staff_id"] == str(teacher.public_id)
    assert [one["id"] for one in office.items("/certificates", q="dang thi bich", state="approved")] == [
        row["id"]
    ]
    assert len(office.items("/certificates")) == 1
    revoked = office.post(f"{path}/revoke", {"reason": "Mất USB token"})
    assert (revoked.json()["state"], revoked.json()["can_sign"]) == ("revoked", False)
    stranger = call("principal", "school_b1")
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/revoke", {"reason": "x"}).status_code == 404
    assert office.get(f"/certificates/{uuid4()}").status_code == 404


def test_seal_own_and_what_is_refused(call, place):  # noqa: F811
    office = call("school_office", "school_a1")
    seal = base64.b64encode(authority_der(place.school_a1.name)).decode()
    said = {"unit_id": place.school_a1.pk, "certificate": seal, "medium": "token"}
    assert office.post("/certificates", said).json()["is_seal"] is True
    private, certificate = authority().issue(
        "Ai đó",
        valid=(authority().certificate.not_valid_before_utc, authority().certificate.not_valid_after_utc),
    )
    for wrong in (
        {"certificate": "không phải base64"},
        {"certificate": pem_of(private, certificate).decode()},
        {"medium": "remote"},
    ):
        assert office.post("/certificates", {**said, **wrong}).status_code in (409, 422)
    assert office.post("/certificates", {**said, "own": True}).status_code == 404
    assert office.post("/certificates", {**said, "unit_id": place.school_b1.pk}).status_code == 404
    clerk = call("commune_officer", "commune_a_office")
    own = clerk.post(
        "/certificates",
        {
            "unit_id": place.commune_a_office.pk,
            "own": True,
            "certificate": certificate_file(clerk.user.full_name).decode(),
            "medium": "token",
        },
    )
    assert own.status_code == 201, own.content.decode()
    assert SignerCertificate.objects.get(public_id=own.json()["id"]).account == clerk.user
    assert (
        call("school_office", "school_a1", scopes=["registry.view"]).get("/certificates").status_code == 404
    )


def authority_der(name: str) -> bytes:
    from cryptography import x509

    return x509.load_pem_x509_certificate(certificate_file(name)).public_bytes(Encoding.DER)
