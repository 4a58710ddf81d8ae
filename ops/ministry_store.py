"""A store of transcripts as the ministry keeps one, for tests and training: the contract of docs/transcript-gateway.md.

    python ops/ministry_store.py --port 8118 --token SECRET [--agree] [--refuse UUID]

POST /v1/transcripts {"transcripts": [{"uuid", "sha256", "content"}]} -> {"results": [{"uuid", "error"}]}; the content is
unpacked and compared with its digest; a UUID that is known with another digest is refused. POST /v1/recalls {"uuid"} ->
{"state": "waiting" | "agreed" | "refused"}. Standard library only; not for the Internet.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_BYTES = 32 * 1024 * 1024


class Store:
    """What has been received, by UUID; agree: recalls are agreed to at once."""

    def __init__(self, *, agree: bool = False, refused: frozenset[str] = frozenset()) -> None:
        self.agree, self.refused = agree, refused
        self.kept: dict[str, str] = {}
        self.recalled: set[str] = set()
        self.calls = 0

    def take(self, one: dict[str, Any]) -> str:
        """The reason of a refusal; "" when it is kept."""
        if one["uuid"] in self.refused:
            return "refused_for_training"
        packed = base64.b64decode(one["content"], validate=True)
        plain = gzip.decompress(packed[4:]).replace(b'\\"', b'"')
        digest = hashlib.sha256(plain).hexdigest()
        if digest != one["sha256"]:
            return "digest_differs"
        if self.kept.setdefault(one["uuid"], digest) != digest:
            return "uuid_used"
        return ""

    def recall(self, uuid: str) -> str:
        if uuid not in self.kept:
            return "refused"
        if self.agree:
            self.recalled.add(uuid)
        return "agreed" if uuid in self.recalled else "waiting"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: Store, *, token: str) -> None:
        super().__init__(address, Handler)
        self.store, self.token = store, token


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self._body()
        self.server.store.calls += 1
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given, f"Bearer {self.server.token}"):
            return self._say(401, {"code": "token"})
        if self.path == "/v1/transcripts":
            rows = body["transcripts"]
            return self._say(
                200,
                {"results": [{"uuid": one["uuid"], "error": self.server.store.take(one)} for one in rows]},
            )
        if self.path == "/v1/recalls":
            return self._say(200, {"state": self.server.store.recall(body["uuid"])})
        return self._say(404, {"code": "no_such_address"})

    def _body(self) -> Any:
        length = min(int(self.headers.get("Content-Length", "0")), MOST_BYTES)
        return json.loads(self.rfile.read(length) or b"{}")

    def _say(self, status: int, said: dict[str, Any]) -> None:
        raw = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: contents are personal data."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8118, help="0: any free one, told on the first line")
    parser.add_argument("--token", required=True)
    parser.add_argument("--agree", action="store_true", help="agree to every recall")
    parser.add_argument("--refuse", action="append", default=[], metavar="UUID")
    options = parser.parse_args()
    store = Store(agree=options.agree, refused=frozenset(options.refuse))
    server = Server((options.host, options.port), store, token=options.token)
    print(f"http://{options.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
