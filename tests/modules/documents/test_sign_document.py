"""Documents other than transcripts, signed by the command line with a certificate of this installation."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import typst
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories.organization import make_province
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.pades import verify_pdf
from thongsuot.kit.signing.practice import PracticeAuthority, pem_of, write_private
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Verdict
from thongsuot.modules.documents import actions, queries
from thongsuot.modules.documents.actions.signing import sign_document

SYSTEM = Actor.system()
XML = '<QuyetDinh xmlns="urn:quyet-dinh"><So>12/QĐ</So></QuyetDinh>'.encode()


def run(*arguments):
    out = StringIO()
    call_command("sign_document", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_file_is_signed_and_nothing_is_written_when_it_cannot_be(db, settings, tmp_path):
    settings.VAR_DIR, settings.TIMESTAMP_URL = tmp_path / "var", ""
    now, school = timezone.now(), make_province().school_a1
    root = PracticeAuthority("CA luyện tập", since=now - timedelta(days=400))
    key, certificate = root.issue(school.name, valid=(now - timedelta(days=9), now + timedelta(days=400)))
    row = actions.register_certificate(
        by=SYSTEM, unit_id=school.pk, staff=None, data=certificate.public_bytes(Encoding.PEM),
        medium="software", provider="CA", now=now,
    )  # fmt: skip
    queries.keys_dir().mkdir(mode=0o700, parents=True)
    write_private(queries.keys_dir() / f"{row.fingerprint}.pem", pem_of(key, certificate))
    xml, pdf = tmp_path / "vb.xml", tmp_path / "vb.pdf"
    xml.write_bytes(XML)
    pdf.write_bytes(typst.compile("Quyết định".encode(), pdf_standards=["1.7"]))
    to_sign = ("--certificate", row.fingerprint.upper())
    with pytest.raises(CommandError, match="Không có chứng thư số nào đang dùng") as caught:
        run(xml, *to_sign)
    assert caught.value.returncode == 2
    actions.approve_certificate(by=SYSTEM, certificate=row, now=timezone.now())
    for level in ("B-T", "B-LT"):
        for file in (xml, pdf):
            with pytest.raises(CommandError, match="dấu thời gian"):
                run(file, *to_sign, "--level", level)
    assert sorted(tmp_path.glob("vb*")) == [pdf, xml]
    trust = TrustStore([root.certificate], crls=[root.crl(at=now)])
    for file, verify in ((xml, verify_xml), (pdf, verify_pdf)):
        signed = tmp_path / f"vb-ky{file.suffix}"
        assert run(file, *to_sign) == f"{signed}\n"
        (found,) = verify(signed.read_bytes(), trust=trust)
        assert (found.verdict, found.signer) == (Verdict.VALID, school.name)
        with pytest.raises(CommandError, match="không ghi đè"):
            run(file, *to_sign)
    pdf.write_bytes(b"%PDF-1.7 hong")
    with pytest.raises(CommandError, match="PDF đúng cấu trúc"):
        run(pdf, *to_sign, "--out", tmp_path / "khac.pdf")
    with pytest.raises(NotAllowed):
        sign_document(by=Actor(user_id=None, name="Ai đó"), data=XML, fingerprint=row.fingerprint, now=now)
