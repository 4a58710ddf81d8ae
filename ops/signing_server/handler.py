"""HTTP of the contract, and the switches of the training."""

from __future__ import annotations

import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from desk import Desk, Refused

MOST_BYTES = 4 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """One desk behind one address."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], desk: Desk, *, token: str, training: bool) -> None:
        super().__init__(address, Handler)
        self.desk, self.token, self.training, self.down = desk, token, training, False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        path, body = urlsplit(self.path).path, self._body()
        if self.server.training and path.startswith("/training/"):
            return self._say(200, self._train(path.rpartition("/")[2], body))
        if self.server.down:
            return self._say(503, {"code": "down"})
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.server.token.encode()):
            return self._say(401, {"code": "not_known"})
        desk = self.server.desk
        doors = {
            "/csc/v2/credentials/info": desk.info,
            "/csc/v2/credentials/authorize": desk.authorize,
            "/csc/v2/credentials/authorizeCheck": desk.check,
            "/csc/v2/signatures/signHash": desk.sign,
        }
        if path not in doors or body is None:
            return self._say(404 if path not in doors else 400, {"code": "invalid_request"})
        try:
            return self._say(200, doors[path](body))
        except Refused as refused:
            return self._say(refused.status, {"code": refused.code})

    def _train(self, what: str, body: dict[str, Any] | None) -> dict[str, Any]:
        desk = self.server.desk
        match what:
            case "approve" | "deny":
                waiting = [asked.description for asked in desk.asked.values()]
                decided = desk.decide("approved" if what == "approve" else "denied")
                return {"decided": decided, "descriptions": waiting}
            case "mode":
                said = body or {}
                self.server.down = bool(said.get("down"))
                desk.wrong = bool(said.get("wrong"))
                desk.approve = str(said.get("approve", desk.approve))
        return {}

    def _body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            return None
        try:
            said = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return said if isinstance(said, dict) else None

    def _say(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Digests and activation data are nobody's business."""
