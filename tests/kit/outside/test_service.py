"""A call to another program, against a small one of our own in another thread."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from thongsuot.kit.outside.service import Declined, Service, Unreachable


class Script(BaseHTTPRequestHandler):
    """Answers what the test wrote down, in order; the last one again and again."""

    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        script = self.server.script
        status, headers, body = script.pop(0) if len(script) > 1 else script[0]
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _answer

    def log_message(self, *args):
        pass


@pytest.fixture
def other():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Script)
    server.seen, server.script = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def service(other, **more):
    return Service("other", f"http://127.0.0.1:{other.server_address[1]}", "bimat", timeout=2, **more)


def test_an_answer_with_token_and_key(other):
    other.script = [(202, {"Retry-After": "7"}, {"ok": 1})]
    answer = service(other).call("POST", "/x", json={"a": 1}, idempotency_key="k" * 8)
    assert (answer.status, answer.body, answer.wait) == (202, {"ok": 1}, 7)
    _method, _path, headers = other.seen[0]
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer bimat", "k" * 8)


def test_a_short_fault_is_tried_again(other):
    other.script = [(503, {}, {}), (200, {}, {"ok": 1})]
    assert service(other).call("GET", "/x").body == {"ok": 1}
    assert len(other.seen) == 2


def test_a_write_without_a_key_is_sent_once(other):
    other.script = [(503, {"Retry-After": "9"}, {})]
    with pytest.raises(Unreachable) as fault:
        service(other).call("POST", "/x", json={})
    assert (fault.value.reason, fault.value.wait, len(other.seen)) == ("http_503", 9, 1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [((200, {}, b"<html>"), "not_json"), ((429, {}, {}), "http_429")],
)
def test_no_usable_answer(other, answer, reason):
    other.script = [answer]
    with pytest.raises(Unreachable) as fault:
        service(other, tries=1).call("GET", "/x")
    assert fault.value.reason == reason


def test_a_refusal_is_not_tried_again_and_a_redirect_not_followed(other):
    other.script = [(422, {}, {"code": "too_many"})]
    with pytest.raises(Declined) as refusal:
        service(other).call("GET", "/x")
    assert (refusal.value.status, refusal.value.code, len(other.seen)) == (422, "too_many", 1)
    other.script = [(302, {"Location": "http://127.0.0.1:9/"}, {})]
    with pytest.raises(Declined):
        service(other).call("GET", "/x")


def test_nobody_there(other):
    gone = service(other, tries=1)
    other.shutdown()
    other.server_close()
    with pytest.raises(Unreachable) as fault:
        gone.call("GET", "/x")
    assert fault.value.reason == "no_connection"
