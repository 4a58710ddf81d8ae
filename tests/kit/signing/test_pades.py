"""Signatures in PDF, agreed on by poppler's pdfsig; time-stamps of a practice authority over HTTP."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from base64 import b64decode
from datetime import timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from tests.kit.signing.files import (
    AT,
    RULE,
    SIGNED_AT,
    SINCE,
    VALID,
    authority,
    ready,
    rsa_key,
    signed,
    trusted,
    trusting,
)
from thongsuot.kit.signing.canonical import DSIG
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.pades import Appearance, TimestampAuthority, sign_pdf, verify_pdf
from thongsuot.kit.signing.practice import PracticeAuthority, utc_now
from thongsuot.kit.signing.timestamps import TimestampFault, check_token, fetch_token
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Reason, SigningFault, Verdict


@cache
def page() -> bytes:
    return typst.compile("Học bạ của *Lê Văn Bình*, điểm 8,5".encode(), pdf_standards=["1.7"])


def signed_pdf(**options) -> bytes:
    return sign_pdf(page(), **{"key": ready(), "signed_at": SIGNED_AT, **options})


def pdfsig(data: bytes, tmp_path) -> str:
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig is not installed (apt install poppler-utils)")
    (tmp_path / "signed.pdf").write_bytes(data)
    done = subprocess.run(["pdfsig", "-nocert", str(tmp_path / "signed.pdf")], capture_output=True, text=True)
    return done.stdout


@cache
def stamper() -> DummyTimeStamper:
    private, certificate = authority().issue("Dấu thời gian", valid=VALID, time_stamping=True, key=rsa_key())
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(der),
        fixed_dt=SIGNED_AT + timedelta(seconds=30),
    )


@pytest.fixture(scope="module")
def stamps():
    """A time-stamp authority at an address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            request = self.rfile.read(int(self.headers["Content-Length"]))
            if self.server.down:
                self.send_error(503)
                return
            body = stamper().request_tsa_response(tsp.TimeStampReq.load(request)).dump()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.down, server.url = False, f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_pdf_is_valid_here_and_for_pdfsig(kind, tmp_path):
    data = signed_pdf(key=ready(kind), appearance=Appearance(0, (120, 40, 180, 60)), reason="Ký học bạ")
    (found,) = verify_pdf(data, trust=trusted(), at=AT)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ())
    assert found.signer == "Nguyễn Thị Hòa & <Lan>"
    assert found.signed_at == SIGNED_AT
    said = pdfsig(data, tmp_path)
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert verify_pdf(page(), trust=trusted()) == []


def test_two_signers_and_what_comes_after(tmp_path):
    once = signed_pdf()
    twice = sign_pdf(once, key=ready("ec"), signed_at=SIGNED_AT + timedelta(hours=1))
    found = verify_pdf(twice, trust=trusted(), at=AT)
    assert [each.reasons for each in found] == [(), ()]
    assert pdfsig(twice, tmp_path).count("Signature is Valid") == 2
    # Text laid over the page in a later revision.
    writer = IncrementalPdfFileWriter(BytesIO(once))
    laid_over = writer.add_object(StreamObject(stream_data=b"0 0 100 100 re f"))
    writer.add_stream_to_page(0, laid_over)
    writer.write(changed := BytesIO())
    (found,) = verify_pdf(changed.getvalue(), trust=trusted(), at=AT)
    assert (found.verdict, Reason.CHANGED_AFTER_SIGNING in found.reasons) == (Verdict.INVALID, True)


def test_refusals(tmp_path):
    data = bytearray(signed_pdf())
    spot = data.index(b"/Producer") if b"/Producer" in data else 60
    data[spot + 3] ^= 1
    (found,) = verify_pdf(bytes(data), trust=trusted(), at=AT)
    assert (found.verdict, found.reasons) == (Verdict.INVALID, (Reason.ALTERED,))
    assert "Digest Mismatch" in pdfsig(bytes(data), tmp_path)
    past = authority().key("Cô Lan", valid=(VALID[0], SIGNED_AT - timedelta(days=1)))
    (found,) = verify_pdf(signed_pdf(key=past), trust=trusted(), at=AT)
    assert (found.verdict, found.reasons) == (Verdict.INVALID, (Reason.EXPIRED,))
    stranger = PracticeAuthority("Ai đó", since=SINCE).key("Cô Lan", valid=VALID)
    (found,) = verify_pdf(signed_pdf(key=stranger), trust=trusted(), at=AT)
    assert (found.verdict, found.reasons) == (Verdict.INDETERMINATE, (Reason.UNKNOWN_ISSUER,))
    bare = TrustStore([authority().certificate])
    (found,) = verify_pdf(signed_pdf(), trust=bare, at=AT)
    assert (found.verdict, found.reasons) == (Verdict.INDETERMINATE, (Reason.NO_REVOCATION_DATA,))
    for junk in (b"", b"%PDF-1.7 nothing", b"\0" * 1000):
        with pytest.raises(SigningFault, match="not_pdf"):
            verify_pdf(junk, trust=trusted())
        with pytest.raises(SigningFault, match="not_pdf"):
            sign_pdf(junk, key=ready(), signed_at=SIGNED_AT)


def test_time_stamps_and_proof_within_the_file(stamps, tmp_path):
    at_address = TimestampAuthority(stamps.url)
    data = signed_pdf(level="B-T", timestamps=at_address)
    (found,) = verify_pdf(data, trust=trusted(), at=AT)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ())
    assert found.timestamp == SIGNED_AT + timedelta(seconds=30)
    assert "Signature is Valid" in pdfsig(data, tmp_path)
    # Years later the certificate has expired: with the stamp and a list of then the signature still counts.
    late = VALID[1] + timedelta(days=400)
    assert verify_pdf(data, trust=trusted(), at=late)[0].verdict is Verdict.VALID
    (unstamped,) = verify_pdf(signed_pdf(), trust=trusted(), at=late)
    assert (unstamped.verdict, Reason.NO_PROOF_OF_TIME in unstamped.reasons) == (Verdict.INDETERMINATE, True)
    long_lived = signed_pdf(level="B-LT", timestamps=at_address, trust=_now_trusted())
    bare = TrustStore([authority().certificate])
    (found,) = verify_pdf(long_lived, trust=bare, at=AT)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ())
    with pytest.raises(SigningFault, match="no_revocation"):
        signed_pdf(level="B-LT", timestamps=at_address, trust=bare)
    with pytest.raises(SigningFault, match="timestamp_unreachable"):
        signed_pdf(level="B-T")


def _now_trusted() -> TrustStore:
    return TrustStore([authority().certificate], crls=[authority().crl(at=utc_now() - timedelta(minutes=5))])


def test_a_token_beside_an_xml_file(stamps):
    root = PracticeAuthority("Cơ quan C", since=SINCE)
    key = root.key("Cô Lan", valid=VALID)
    data = signed(key)
    (found,) = verify_xml(data, trust=trusting(root), at=AT, regions=RULE)
    value = b64decode(etree.fromstring(data).findtext(f".//{{{DSIG}}}SignatureValue"))
    token = fetch_token(stamps.url, value)
    root.revoke(key.certificate, SIGNED_AT + timedelta(days=1))
    trust = TrustStore(
        [root.certificate, authority().certificate],
        crls=[root.crl(at=AT), authority().crl(at=AT)],
    )
    options = {"trust": trust, "at": AT, "regions": RULE}
    (without,) = verify_xml(data, **options)
    assert (without.verdict, without.reasons) == (Verdict.INDETERMINATE, (Reason.REVOKED_LATER,))
    (with_token,) = verify_xml(data, **options, timestamps={"ky-1": token})
    assert (with_token.verdict, with_token.timestamp) == (Verdict.VALID, SIGNED_AT + timedelta(seconds=30))
    assert found.verdict is Verdict.VALID
    # A token of another signature, a spoiled one, one of an authority nobody trusts.
    for wrong in (
        fetch_token(stamps.url, b"khac"),
        token[:-9] + bytes([token[-9] ^ 1]) + token[-8:],
        b"junk",
    ):
        (refused,) = verify_xml(data, **options, timestamps={"ky-1": wrong})
        assert Reason.TIMESTAMP_WRONG in refused.reasons
        assert refused.verdict is not Verdict.VALID
    with pytest.raises(TimestampFault, match="unknown_issuer"):
        check_token(token, value, trusting(root))
    stamps.down = True
    with pytest.raises(SigningFault, match="timestamp_unreachable"):
        fetch_token(stamps.url, value)
    stamps.down = False


class Heard:
    """A key that remembers what it was asked to sign."""

    def __init__(self, key) -> None:
        self._key, self.asked = key, []

    def __getattr__(self, name):
        return getattr(self._key, name)

    def sign(self, data):
        self.asked += [bytes(one) for one in data]
        return self._key.sign(data)


@pytest.mark.parametrize("standard", ["1.7", "a-2b"])
def test_whenever_it_is_written_the_same_bytes_are_signed(standard):
    """What a token at a desk signed some minutes ago must fit the file that is written now."""
    key = Heard(ready())
    pdf = typst.compile("Quyết định".encode(), pdf_standards=[standard])
    for wait in (0, 1.1):
        time.sleep(wait)
        done = sign_pdf(pdf, key=key, signed_at=SIGNED_AT, reason="Phê duyệt")
    first, second = key.asked
    assert first == second
    (found,) = verify_pdf(done, trust=trusted(), at=AT)
    assert found.verdict is Verdict.VALID
