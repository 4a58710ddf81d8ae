"""What authorities say of revocation, asked where certificates point to, kept as files."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from tests.kit.signing.files import RULE, SINCE, VALID, signed
from thongsuot.kit.signing.asking import ask_about
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.fetching import RevocationFetcher, addresses, responders
from thongsuot.kit.signing.practice import PracticeAuthority, utc_now
from thongsuot.kit.signing.reading import read_xml
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Reason, Verdict


@pytest.fixture
def authority_online():
    """The web server of an authority: GET its list, POST a question to its responder."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked += 1
            self.give(self.server.status, self.server.body)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/ocsp-request"
            self.server.questions.append(ocsp.load_der_ocsp_request(body))
            self.give(self.server.status, self.server.answer)

        def give(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.questions, server.status, server.body, server.answer = 0, [], 200, b"", b""
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    # Looked at often, so that the end of a test does not wait for half a second.
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_list_is_fetched_once_and_believed_when_it_is_the_issuers(authority_online, tmp_path):
    lists, now = authority_online, utc_now()
    root = PracticeAuthority("Cơ quan D", since=SINCE)
    key = root.key("Cô Lan", valid=VALID, crl_url=lists.url)
    assert addresses(key.certificate) == [lists.url]
    assert addresses(root.certificate) == []
    data = signed(key)

    def judged():
        trust = TrustStore([root.certificate], fetch=RevocationFetcher(tmp_path / "lists"))
        return verify_xml(data, trust=trust, regions=RULE, at=now)[0]

    for status, body in [(503, b""), (302, b""), (200, b"junk")]:
        lists.status, lists.body = status, body
        found = judged()
        assert (found.verdict, found.reasons) == (Verdict.INDETERMINATE, (Reason.NO_REVOCATION_DATA,))
    forged = PracticeAuthority("Cơ quan D", since=SINCE)
    lists.status, lists.body = 200, forged.crl(at=now - timedelta(days=9)).public_bytes(Encoding.DER)
    assert judged().reasons == (Reason.NO_REVOCATION_DATA,)
    # Its next update has passed: it is asked for again.
    lists.body = root.crl(at=now - timedelta(hours=1)).public_bytes(Encoding.DER)
    assert judged().verdict is Verdict.VALID
    asked = lists.asked
    assert judged().verdict is Verdict.VALID
    assert lists.asked == asked


def test_the_responder_is_asked_first_and_the_list_where_it_does_not_know(authority_online, tmp_path):
    server, now = authority_online, utc_now()
    root = PracticeAuthority("Cơ quan D", since=SINCE)
    key = root.key("Cô Lan", valid=VALID, crl_url=f"{server.url}/crl", ocsp_url=f"{server.url}/ocsp")
    assert responders(key.certificate) == [f"{server.url}/ocsp"]
    assert responders(root.certificate) == []
    data, folder = signed(key), tmp_path / "kept"

    def judged():
        trust = TrustStore([root.certificate], fetch=RevocationFetcher(folder))
        return verify_xml(data, trust=trust, regions=RULE, at=now)[0]

    def der(answer):
        return answer.public_bytes(Encoding.DER)

    recent = now - timedelta(hours=1)
    forged = PracticeAuthority("Cơ quan D", since=SINCE)
    another = root.key("Cô Hoa", valid=VALID)
    busy = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    server.body = root.crl(at=recent).public_bytes(Encoding.DER)
    # Junk, "try later", the word of a stranger or about somebody else: the list decides.
    for answer in (b"junk", der(busy), der(forged.answer(key.certificate, at=recent)), b""):
        server.answer, asked = answer, server.asked
        assert judged().verdict is Verdict.VALID
        assert server.asked == asked + (asked == 0)
    server.answer = der(root.answer(another.certificate, at=recent))
    assert judged().verdict is Verdict.VALID
    assert not list(folder.glob("*.ocsp"))
    (question,) = {each.serial_number for each in server.questions}
    assert question == key.certificate.serial_number
    # The responder knows of the revocation before the list does.
    root.revoke(key.certificate, VALID[0])
    server.answer, questions = der(root.answer(key.certificate, at=recent)), len(server.questions)
    assert judged().reasons == (Reason.REVOKED,)
    assert judged().reasons == (Reason.REVOKED,)
    assert len(server.questions) == questions + 1


def test_a_stale_answer_is_asked_for_again_and_a_silent_address_is_left_alone(authority_online, tmp_path):
    server, now = authority_online, utc_now()
    root = PracticeAuthority("Cơ quan E", since=SINCE)
    key = root.key("Cô Lan", valid=VALID, ocsp_url=server.url)
    trust = TrustStore([root.certificate], fetch=RevocationFetcher(tmp_path))
    data = signed(key, when=now - timedelta(minutes=5))

    def judged():
        return verify_xml(data, trust=trust, regions=RULE, at=now)[0]

    old = root.answer(key.certificate, at=now - timedelta(days=3), lasts=timedelta(days=1))
    server.answer = old.public_bytes(Encoding.DER)
    assert judged().reasons == (Reason.STALE_REVOCATION_DATA,)
    server.answer = root.answer(key.certificate, at=now - timedelta(minutes=1)).public_bytes(Encoding.DER)
    assert judged().verdict is Verdict.VALID
    questions = len(server.questions)
    assert judged().verdict is Verdict.VALID
    assert len(server.questions) == questions
    other = root.key("Cô Mai", valid=VALID, ocsp_url=server.url)
    server.status, data = 503, signed(other)
    for _ in range(3):
        assert judged().reasons == (Reason.NO_REVOCATION_DATA,)
    assert len(server.questions) == questions + 1


def test_what_was_asked_ahead_counts_where_nobody_may_be_asked(authority_online, tmp_path):
    """As in a transaction of the database: the network is not waited for, what lies in the folder counts."""
    server, now = authority_online, utc_now()
    root = PracticeAuthority("Cơ quan F", since=SINCE)
    key = root.key("Cô Lan", valid=VALID, crl_url=f"{server.url}/ahead")
    data, may_ask = signed(key), [False]
    server.body = root.crl(at=now - timedelta(hours=1)).public_bytes(Encoding.DER)
    trust = TrustStore(
        [root.certificate], fetch=RevocationFetcher(tmp_path / "ahead", may_ask=lambda: may_ask[0])
    )

    def judged():
        return verify_xml(data, trust=trust, regions=RULE, at=now)[0]

    asked = server.asked
    assert judged().reasons == (Reason.NO_REVOCATION_DATA,)
    assert server.asked == asked
    may_ask[0] = True
    assert ask_about(read_xml(data), trust=trust, now=now) == 1
    assert server.asked == asked + 1
    may_ask[0] = False
    assert judged().verdict is Verdict.VALID
    # Another process finds it in the folder.
    trust = TrustStore([root.certificate], fetch=RevocationFetcher(tmp_path / "ahead", may_ask=lambda: False))
    assert judged().verdict is Verdict.VALID
    assert server.asked == asked + 1
