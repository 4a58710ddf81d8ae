"""XAdES, agreed on by signxml and xmlsec1."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

from tests.kit.signing.files import AT, SIGNED_AT, SINCE, VALID, authority, ready, trusted
from tests.kit.signing.test_pades import stamper
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.practice import PracticeAuthority
from thongsuot.kit.signing.timestamps import request_for, token_in
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Reason, SigningFault, Verdict
from thongsuot.kit.signing.xades import sign_xades


def document() -> etree._Element:
    return etree.fromstring('<qd:QuyetDinh xmlns:qd="urn:quyet-dinh"><qd:So>12/QĐ</qd:So>\n</qd:QuyetDinh>')


def stamp(message: bytes) -> bytes:
    request = request_for(message)
    return token_in(stamper().request_tsa_response(tsp.TimeStampReq.load(request)).dump(), request)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_whole_document_is_signed(kind, tmp_path):
    root = document()
    sign_xades(root, key=ready(kind), signature_id="ky", signed_at=SIGNED_AT)
    data = etree.tostring(root, encoding="utf-8")
    (found,) = verify_xml(data, trust=trusted(), at=AT)
    assert (found.verdict, found.reasons, found.signed_at) == (Verdict.VALID, (), SIGNED_AT)
    assert found.regions == ("/QuyetDinh",)
    (tmp_path / "root.pem").write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    (tmp_path / "s.xml").write_bytes(data)
    command = ["xmlsec1", "--verify", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"]
    command += ["--trusted-pem", str(tmp_path / "root.pem"), str(tmp_path / "s.xml")]
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == 0, done.stderr
    verifier = XAdESVerifier()
    verifier.excise_empty_xmlns_declarations = True
    expected = XAdESSignatureConfiguration(expect_references=2)
    results = verifier.verify(data, x509_cert=ready(kind).certificate, expect_config=expected)
    assert len(results) == 2
    changed = data.replace(b"12/", b"13/")
    (found,) = verify_xml(changed, trust=trusted(), at=AT)
    assert (found.verdict, Reason.ALTERED in found.reasons) == (Verdict.INVALID, True)


def test_a_time_stamp_within():
    root = document()
    sign_xades(root, key=ready(), signature_id="ky", signed_at=SIGNED_AT, timestamp=stamp)
    data = etree.tostring(root, encoding="utf-8")
    (found,) = verify_xml(data, trust=trusted(), at=AT)
    assert (found.verdict, found.timestamp) == (Verdict.VALID, SIGNED_AT + timedelta(seconds=30))
    other = document()
    sign_xades(
        other, key=ready(), signature_id="ky", signed_at=SIGNED_AT + timedelta(seconds=1), timestamp=stamp
    )
    path = ".//{*}EncapsulatedTimeStamp"
    root.find(path).text = other.find(path).text
    (found,) = verify_xml(etree.tostring(root), trust=trusted(), at=AT)
    assert (found.verdict, found.reasons) == (Verdict.INDETERMINATE, (Reason.TIMESTAMP_WRONG,))


def test_proof_within_the_file():
    root = document()
    before = etree.tostring(root)
    bare = TrustStore([authority().certificate])
    options = {"key": ready(), "signature_id": "ky", "signed_at": SIGNED_AT}
    with pytest.raises(SigningFault, match="no_revocation"):
        sign_xades(root, timestamp=stamp, trust=bare, **options)
    with pytest.raises(SigningFault, match="timestamp_unreachable"):
        sign_xades(root, trust=trusted(), **options)
    assert etree.tostring(root) == before
    sign_xades(root, timestamp=stamp, trust=trusted(), **options)
    data = etree.tostring(root, encoding="utf-8")
    # Years later, without any list at hand: what the file brings is enough.
    late = VALID[1] + timedelta(days=400)
    (found,) = verify_xml(data, trust=bare, at=late)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ())
    for spoiled in ("EncapsulatedCRLValue", "EncapsulatedTimeStamp"):
        other = etree.fromstring(data)
        for each in other.iter("{*}" + spoiled):
            each.text = each.text[:-9] + ("A" if each.text[-9] != "A" else "B") + each.text[-8:]
        (found,) = verify_xml(etree.tostring(other), trust=bare, at=late)
        assert found.verdict is Verdict.INDETERMINATE
    stranger = TrustStore([PracticeAuthority("Ai đó", since=SINCE).certificate])
    (found,) = verify_xml(data, trust=stranger, at=AT)
    assert Reason.UNKNOWN_ISSUER in found.reasons


def test_nothing_is_left_behind():
    root = document()
    before = etree.tostring(root)

    def down(message):
        raise SigningFault("timestamp_unreachable")

    with pytest.raises(SigningFault, match="timestamp_unreachable"):
        sign_xades(root, key=ready(), signature_id="ky", signed_at=SIGNED_AT, timestamp=down)
    with pytest.raises(SigningFault, match="naive_time"):
        sign_xades(root, key=ready(), signature_id="ky", signed_at=datetime(2026, 5, 1))
    assert etree.tostring(root) == before
