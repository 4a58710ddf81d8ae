"""HTTP of the contract, and the switches of the training."""

from __future__ import annotations

import hmac
import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from answering import BadList, Desk

MOST_BYTES = 4 * 1024 * 1024
RESULTS = re.compile(r"/v1/batches/([0-9a-f]{32})/results")


class Mode:
    """What the server is told to be: {"down": true}, {"slow": 3}, {"half": true}, {"drop": true} (takes the list, then
    hangs up before it answers)."""

    def __init__(self) -> None:
        self.down, self.slow, self.half, self.drop = False, 0.0, False, False

    def set(self, said: dict[str, Any]) -> None:
        self.down, self.slow = bool(said.get("down")), float(said.get("slow", 0))
        self.half, self.drop = bool(said.get("half")), bool(said.get("drop"))


class Server(ThreadingHTTPServer):
    """One desk behind one address."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], desk: Desk, *, token: str, training: bool) -> None:
        super().__init__(address, Handler)
        self.desk, self.token, self.training, self.mode = desk, token, training, Mode()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self._body()
        if self.server.training and path == "/training/mode":
            self.server.mode.set(body if isinstance(body, dict) else {})
            return self._say(
                200, {"received": self.server.desk.received, "lists": len(self.server.desk.batches)}
            )
        if self._kept_out():
            return None
        if path != "/v1/batches":
            return self._say(404, {"code": "no_such_address"})
        return self._submit(body)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if self._kept_out():
            return None
        found = RESULTS.fullmatch(asked.path)
        if not found:
            return self._say(404, {"code": "no_such_address"})
        offset, limit = _number(asked.query, "offset", 0), _number(asked.query, "limit", 500)
        answer = self.server.desk.results(
            found.group(1), offset, max(1, min(limit, 1000)), half=self.server.mode.half
        )
        if answer is None:
            return self._say(404, {"code": "no_such_batch"})
        return self._say(200, answer, wait=0 if answer["complete"] else 1)

    def _submit(self, body: Any) -> None:
        key = self.headers.get("Idempotency-Key", "")
        if not 8 <= len(key) <= 80:
            return self._say(400, {"code": "no_idempotency_key"})
        try:
            people = body.get("people") if isinstance(body, dict) else None
            number, taken, new = self.server.desk.submit(key, people, half=self.server.mode.half)
        except BadList as error:
            return self._say(422, {"code": str(error)})
        if self.server.mode.drop:
            self.close_connection = True
            return None
        return self._say(202 if new else 200, {"batch": number, "accepted": taken}, wait=1)

    def _kept_out(self) -> bool:
        """Down, slow or without a token; whether an answer has been given."""
        if self.server.mode.slow:
            time.sleep(self.server.mode.slow)
        if self.server.mode.down:
            self._say(503, {"code": "down"}, wait=5)
            return True
        scheme, _space, said = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(said.encode(), self.server.token.encode()):
            self._say(401, {"code": "no_token"})
            return True
        return False

    def _body(self) -> Any:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self.close_connection = True
            return None
        try:
            return json.loads(self.rfile.read(length) or b"null")
        except ValueError:
            return None

    def _say(self, status: int, body: dict[str, Any], *, wait: int = 0) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if wait:
            self.send_header("Retry-After", str(wait))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses and people are nobody's business."""


def _number(query: str, name: str, default: int) -> int:
    text = parse_qs(query).get(name, [""])[0]
    return int(text) if text.isdecimal() and len(text) < 8 else default
