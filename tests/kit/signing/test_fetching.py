"""Revocation lists fetched where certificates point to, kept as files."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.kit.signing.files import RULE, SINCE, VALID, signed
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.fetching import ListFetcher, addresses
from thongsuot.kit.signing.practice import PracticeAuthority, utc_now
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Reason, Verdict


@pytest.fixture
def lists():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked += 1
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(len(self.server.body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(self.server.body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.status, server.body = 0, 200, b""
    server.url = f"http://127.0.0.1:{server.server_address[1]}/ca.crl"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_list_is_fetched_once_and_believed_when_it_is_the_issuers(lists, tmp_path):
    now = utc_now()
    root = PracticeAuthority("Cơ quan D", since=SINCE)
    key = root.key("Cô Lan", valid=VALID, crl_url=lists.url)
    assert addresses(key.certificate) == [lists.url]
    assert addresses(root.certificate) == []
    data = signed(key)

    def judged():
        trust = TrustStore([root.certificate], fetch=ListFetcher(tmp_path / "lists"))
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
