"""A document sent, shown and signed on the pages: with a key file, with a token at the desk; what cannot be signed."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import typst
from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.factories.organization import make_province
from tests.factories.registry import make_staff
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.pades import verify_pdf
from thongsuot.kit.signing.practice import PracticeAuthority, pem_of, write_private
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import KeyUnavailable, Verdict
from thongsuot.modules.documents import actions, queries
from thongsuot.modules.documents.actions import document_signing
from thongsuot.modules.documents.models import DeskSigning, DocumentSigning, SignerCertificate
from thongsuot.modules.documents.permissions import (
    can_see_document,
    can_sign_with,
    documents_visible,
    may_sign_with,
)
from thongsuot.modules.documents.queries import signing
from thongsuot.modules.documents.types import DocumentFault

SYSTEM = Actor.system()
XML = '<QuyetDinh xmlns="urn:quyet-dinh"><!-- nháp --><So>12/QĐ</So></QuyetDinh>'.encode()
NEW = "/van-ban/ky/them/"


class Desk:
    """A teacher and the school's office, each with a certificate whose key this machine holds."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.province = make_province()
        self.school = self.province.school_a1
        self.root = PracticeAuthority("CA luyện tập", since=self.now - timedelta(days=400))
        self.teacher = self.province.actor("teacher", "school_a1")
        self.office = self.province.actor("school_office", "school_a1")
        staff = make_staff(self.school, "Lê Thị Mai", account=self.user(self.teacher))
        queries.keys_dir().mkdir(mode=0o700, parents=True)
        self.own, self.seal = self.certificate("Lê Thị Mai", staff), self.certificate(self.school.name)
        self.trust = TrustStore([self.root.certificate], crls=[self.root.crl(at=self.now)])

    def user(self, actor):
        return get_user_model().objects.get(pk=actor.user_id)

    def certificate(self, name, staff=None):
        key, certificate = self.root.issue(
            name, valid=(self.now - timedelta(days=9), self.now + timedelta(days=400))
        )
        row = actions.register_certificate(
            by=SYSTEM, unit_id=self.school.pk, staff=staff, data=certificate.public_bytes(Encoding.PEM),
            medium="software", provider="CA", now=self.now,
        )  # fmt: skip
        write_private(queries.keys_dir() / f"{row.fingerprint}.pem", pem_of(key, certificate))
        return actions.approve_certificate(by=SYSTEM, certificate=row, now=timezone.now())

    def client(self, actor):
        client = Client()
        client.force_login(self.user(actor))
        return client


@pytest.fixture
def desk(db, settings, tmp_path):
    settings.VAR_DIR, settings.TIMESTAMP_URL = tmp_path / "var", ""
    return Desk()


def pdf():
    return typst.compile("Quyết định #pagebreak() trang hai".encode(), pdf_standards=["1.7"])


def locked_pdf():
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf())))
    writer.encrypt("mật khẩu", "mật khẩu")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def sent(client, certificate, data, name, **more):
    upload = SimpleUploadedFile(name, data)
    said = {"file": upload, "certificate": str(certificate.public_id), "level": "B-B", "reason": "Phê duyệt"}
    return client.post(NEW, {**said, **more})


def test_what_is_shown_is_signed_and_only_its_people_see_it(desk):
    teacher, office = desk.client(desk.teacher), desk.client(desk.office)
    for client, certificate, data, name, verify in (
        (teacher, desk.own, pdf(), "Quyết định.pdf", verify_pdf),
        (office, desk.seal, XML, "so-12.xml", verify_xml),
    ):
        address = sent(client, certificate, data, name)["Location"]
        row = DocumentSigning.objects.get(title=name)
        page = client.get(address).content.decode()
        assert (row.state, "Tôi đã xem, ký văn bản" in page) == ("shown", True)
        if name.endswith(".pdf"):
            assert client.get(f"{address}trang/2/").content[8:12] == b"WEBP"
            assert client.get(f"{address}trang/3/").status_code == 404
        else:
            # Comments are not signed, and not shown.
            assert ("12/QĐ" in page, "nháp" in page) == (True, False)
        assert client.post(address, {"lam": "ky"})["Location"] == address
        assert client.post(address, {"lam": "ky"}).status_code == 302
        job = Job.objects.get(arguments__signing_id=row.pk)
        by = desk.teacher if client is teacher else desk.office
        assert (job.task, job.requested_by_id) == ("documents.sign", by.user_id)
        actions.sign_open_document(by=by, signing_id=row.pk, now=timezone.now())
        # Taken up again after a kill: signed once.
        actions.sign_open_document(by=by, signing_id=row.pk, now=timezone.now())
        row.refresh_from_db()
        content = b"".join(client.get(queries.files_of(row)["signed"].url).streaming_content)
        (found,) = verify(content, trust=desk.trust)
        assert (found.verdict, found.signed_at) == (Verdict.VALID, row.moment.replace(microsecond=0))
        assert client.get(f"{address}?dang=running", headers={"hx-request": "true"})["HX-Refresh"] == "true"
        assert "Tải tệp đã ký" in client.get(address).content.decode()
        assert client.post(address, {"lam": "bo"}).status_code == 302
        assert DocumentSigning.objects.filter(pk=row.pk).exists()
    listed = office.get(reverse("documents:signing-list"), {"q": "so-12"}).content.decode()
    assert ("so-12.xml" in listed, "Quyết định.pdf" in listed) == (True, False)
    own = DocumentSigning.objects.get(kind="pdf")
    for stranger in (office, desk.client(desk.province.actor("principal", "school_b1"))):
        for address in ("", "trang/1/"):
            assert stranger.get(f"/van-ban/ky/{own.public_id}/{address}").status_code == 404
        assert stranger.get(queries.files_of(own)["signed"].url).status_code == 404
    assert desk.client(desk.province.actor("parent", "school_a1")).get("/van-ban/ky/").status_code == 404
    rights_are_equal(desk)


def rights_are_equal(desk):
    """Filter and question about one say the same, for everybody."""
    actors = [desk.teacher, desk.office, SYSTEM] + [
        desk.province.actor(role, unit)
        for role, unit in (("principal", "school_a1"), ("department_officer", "department"))
    ]
    for actor in actors:
        for model, visible, can in (
            (SignerCertificate, may_sign_with, can_sign_with),
            (DocumentSigning, documents_visible, can_see_document),
        ):
            found = set(model.objects.filter(visible(actor)))
            assert found == {row for row in model.objects.all() if can(actor, row)}, (actor.name, model)


def test_what_cannot_be_signed_is_said_and_leaves_nothing(desk, settings):
    client = desk.client(desk.teacher)
    for data, name, words in (
        (b"%PDF-1.7 hong", "hong.pdf", "không phải là PDF đúng cấu trúc"),
        (locked_pdf(), "khoa.pdf", "có mật khẩu"),
        (b"<a><b></a>", "hong.xml", "không phải là XML đúng cấu trúc"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "x.xml", "DOCTYPE"),
        (b"%PDF-1.7" + b"0" * (16 * 1024 * 1024), "to.pdf", "lớn hơn mức cho phép"),
        (b"ghi chu", "a.txt", "không nhận định dạng"),
    ):
        answer = sent(client, desk.own, data, name)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), name
    assert sent(client, desk.seal, XML, "a.xml").status_code == 422
    assert sent(client, desk.own, XML, "a.xml", level="B-T").status_code == 422
    assert not DocumentSigning.objects.exists()
    assert not StoredFile.objects.exists()
    # Between the look and the yes the certificate goes out of use; a stopped one may be tried again, or taken back.
    address = sent(client, desk.own, XML, "a.xml")["Location"]
    SignerCertificate.objects.filter(pk=desk.own.pk).update(
        state="revoked", revoked_at=timezone.now(), revoked_reason="Mất"
    )
    client.post(address, {"lam": "ky"})
    assert "đã hết hạn, bị thu hồi" in client.get(address).content.decode()
    assert "không ký được: Đã thu hồi" in client.get(NEW).content.decode()
    assert "Chưa có chứng thư số để ký" in client.get(NEW).content.decode()
    SignerCertificate.objects.filter(pk=desk.own.pk).update(state="approved", revoked_at=None)
    client.post(address, {"lam": "ky"})
    row = DocumentSigning.objects.get()
    (queries.keys_dir() / f"{desk.own.fingerprint}.pem").unlink()
    with pytest.raises(DocumentFault, match="Không tìm thấy khóa ký"):
        actions.sign_open_document(by=desk.teacher, signing_id=row.pk, now=timezone.now())
    page = client.get(address).content.decode()
    assert ("Không tìm thấy khóa ký" in page, "Ký lại" in page) == (True, True)
    assert client.post(address, {"lam": "bo"})["Location"] == "/van-ban/ky/"
    assert not StoredFile.objects.exists()


def test_a_token_at_the_desk_signs_the_very_file_and_no_network_in_a_transaction(desk, monkeypatch):
    SignerCertificate.objects.filter(pk=desk.seal.pk).update(medium="token")
    client, outer = desk.client(desk.office), len(connection.savepoint_ids)
    signs = document_signing._signed_file

    def signed_file(*arguments, **more):
        # Whatever asks a key or an authority holds no row of anybody.
        assert len(connection.savepoint_ids) == outer
        return signs(*arguments, **more)

    monkeypatch.setattr(document_signing, "_signed_file", signed_file)
    for data, name, verify in ((pdf(), "qd.pdf", verify_pdf), (XML, "qd.xml", verify_xml)):
        address = sent(client, desk.seal, data, name)["Location"]
        client.post(address, {"lam": "ky"})
        row = DocumentSigning.objects.get(title=name)
        assert actions.sign_open_document(by=desk.office, signing_id=row.pk, now=timezone.now()) == "open"
        waiting = DeskSigning.objects.get(reference=row.public_id)
        assert "Lấy mã ký tại bàn" in client.get(address).content.decode()
        code = actions.issue_desk_code(by=desk.office, signing=waiting, now=timezone.now())
        taken = actions.take_desk_signing(by=SYSTEM, code=code, now=timezone.now())
        key = SoftwareKey.from_file(queries.keys_dir() / f"{desk.seal.fingerprint}.pem")
        values = key.sign([bytes(one) for one in taken.signing.messages])
        actions.answer_desk_signing(by=SYSTEM, ticket=taken.ticket, signatures=values, now=timezone.now())
        actions.sign_open_document(by=desk.office, signing_id=row.pk, now=timezone.now())
        row.refresh_from_db()
        waiting.refresh_from_db()
        assert (row.state, waiting.state, bytes(waiting.digest) != b"") == ("signed", "used", True)
        content = b"".join(client.get(queries.files_of(row)["signed"].url).streaming_content)
        (found,) = verify(content, trust=desk.trust)
        assert (found.verdict, found.signed_at) == (Verdict.VALID, row.moment.replace(microsecond=0))
    # Stopped while it waits.
    address = sent(client, desk.seal, XML, "khac.xml")["Location"]
    client.post(address, {"lam": "ky"})
    row = DocumentSigning.objects.get(title="khac.xml")
    actions.sign_open_document(by=desk.office, signing_id=row.pk, now=timezone.now())
    client.post(address, {"lam": "dung"})
    row.refresh_from_db()
    assert (row.state, row.fault) == ("failed", "Người ký đã dừng.")
    assert DeskSigning.objects.get(reference=row.public_id).state == "ended"


def test_a_provider_of_remote_signing_is_asked_outside_of_transactions(desk, settings, monkeypatch):
    SignerCertificate.objects.filter(pk=desk.own.pk).update(medium="remote")
    settings.REMOTE_SIGNING_URL = "https://provider.example"
    client, outer, asked = desk.client(desk.teacher), len(connection.savepoint_ids), []

    class Provider:
        certificate = SoftwareKey.from_file(queries.keys_dir() / f"{desk.own.fingerprint}.pem").certificate

        def sign(self, data):
            asked.append((len(connection.savepoint_ids) == outer, len(data)))
            if len(asked) == 1:
                raise KeyUnavailable("not_authorised")
            return SoftwareKey.from_file(queries.keys_dir() / f"{desk.own.fingerprint}.pem").sign(data)

    monkeypatch.setattr(signing, "_at_provider", lambda row, description: Provider())
    for data, name, verify in ((pdf(), "qd.pdf", verify_pdf), (XML, "qd.xml", verify_xml)):
        address = sent(client, desk.own, data, name)["Location"]
        client.post(address, {"lam": "ky"})
        row = DocumentSigning.objects.get(title=name)
        if not asked:
            # The signer said no on the phone, and yes the second time.
            with pytest.raises(DocumentFault, match="không chấp thuận"):
                actions.sign_open_document(by=desk.teacher, signing_id=row.pk, now=timezone.now())
            client.post(address, {"lam": "ky"})
        assert actions.sign_open_document(by=desk.teacher, signing_id=row.pk, now=timezone.now()) == "signed"
        row.refresh_from_db()
        content = b"".join(client.get(queries.files_of(row)["signed"].url).streaming_content)
        assert [one.verdict for one in verify(content, trust=desk.trust)] == [Verdict.VALID]
    assert asked == [(True, 1)] * 3
