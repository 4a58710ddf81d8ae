"""A Sở's gateway of transcripts as another supplier might build one, for tests and training: docs/transcript-gateway.md.

    python ops/transcript_gateway.py --port 8119 --token SECRET [--refuse UUID]

POST /api/hoc-ba/giao-dich takes the six transactions. What was handed in is worked on when it is asked about for the
second time: the first answer is "wait". It looks into the packing and at each UUID, not at signatures: that is the real
gateway's work. Standard library only; not for the Internet.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import re
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_BYTES = 11 * 1024 * 1024
FUNCTIONS = {
    1: "submit", 2: "submit_result", 3: "register_certificate", 4: "certificate_result", 5: "recall",
    6: "recall_result",
}  # fmt: skip
UUID = re.compile(r"<MA_TRA_CUU_UUID>([0-9a-f-]{36})</MA_TRA_CUU_UUID>")


class Refusal(Exception):
    """The call is answered with this status, code and words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words


class Gateway:
    """refused: UUIDs that are refused; decisions: of certificates by serial, of recalls by UUID; down: calls that end in
    503 before it answers again."""

    def __init__(self, *, refused: frozenset[str] = frozenset()) -> None:
        self.refused = refused
        self.decisions: dict[str, int] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.store: set[str] = set()
        self.down = 0
        self.calls: list[int] = []

    def answer(self, said: dict[str, Any]) -> dict[str, Any]:
        if FUNCTIONS.get(said["type"]) != said["function"]:
            raise Refusal(400, "SAI_HAM", "function không khớp với type.")
        self.calls.append(said["type"])
        if said["type"] % 2:
            return self._take(said)
        return self._tell(said)

    def _take(self, said: dict[str, Any]) -> dict[str, Any]:
        content = self._unpack(said["content"])
        digest = hashlib.sha256(said["content"].encode()).hexdigest()
        known = self.messages.setdefault(
            said["messageid"], {"type": said["type"], "digest": digest, "text": content, "asked": 0}
        )
        if known["digest"] != digest:
            raise Refusal(400, "NOI_DUNG", "messageid này đã dùng cho một giao dịch khác.")
        return {"ResponseCode": "DA_NHAN"}

    def _unpack(self, content: str) -> str:
        try:
            packed = base64.b64decode(content, validate=True)
            plain = gzip.decompress(packed[4:])
            (length,) = struct.unpack("<i", packed[:4])
        except (ValueError, OSError, struct.error) as error:
            raise Refusal(400, "NOI_DUNG", "Nội dung không giải nén được.") from error
        if length != len(plain):
            raise Refusal(400, "NOI_DUNG", "Độ dài ghi trước nội dung không đúng.")
        return plain.decode().replace('\\"', '"')

    def _tell(self, said: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get(said["asked"])
        if message is None or message["type"] != said["type"] - 1:
            return {"ResponseCode": "KHONG_CO"}
        message["asked"] += 1
        if message["asked"] == 1:
            return {"ResponseCode": "CHO", "State": "waiting", "Fault": "", "items": []}
        items = {1: self._submitted, 3: self._registered, 5: self._recalled}[message["type"]](message["text"])
        return {"ResponseCode": "XONG", "State": "done", "Fault": "", "items": items}

    def _submitted(self, text: str) -> list[dict[str, Any]]:
        found = [(uuid, uuid not in self.refused) for uuid in UUID.findall(text)]
        self.store |= {uuid for uuid, taken in found if taken}
        return [
            {
                "ma_tra_cuu_uuid": uuid,
                "trang_thai": int(taken),
                "error": "" if taken else "TU_CHOI",
                "error_description": "" if taken else "Từ chối để luyện tập.",
            }
            for uuid, taken in found
        ]

    def _registered(self, text: str) -> list[dict[str, Any]]:
        serial = json.loads(text)["serial_number"]
        return [{"serial_number": serial, "trang_thai": self.decisions.get(serial), "error": ""}]

    def _recalled(self, text: str) -> list[dict[str, Any]]:
        return [
            {
                "ma_tra_cuu_uuid": uuid,
                "trang_thai": self.decisions.get(uuid, 1) if uuid in self.store else 3,
                "error": "",
                "error_description": "" if uuid in self.store else "Kho không có học bạ này.",
            }
            for uuid in UUID.findall(text)
        ]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], gateway: Gateway, *, token: str) -> None:
        super().__init__(address, Handler)
        self.gateway, self.token = gateway, token


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length", "0")), MOST_BYTES)))
        gateway, number = self.server.gateway, said.get("messageid", "")
        if gateway.down:
            gateway.down -= 1
            return self._say(503, {})
        try:
            right = hashlib.sha256(self.server.token.encode()).hexdigest()
            if said.get("token") != self.server.token or said.get("password") != right:
                raise Refusal(401, "XAC_THUC", "Không xác thực được.")
            told = {"MessageId": number, "Error": "", "ErrorDescription": "", **gateway.answer(said)}
            return self._say(200, told)
        except Refusal as refusal:
            told = {"MessageId": number, "Error": refusal.code, "ErrorDescription": refusal.words}
            return self._say(refusal.status, told)

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
    parser.add_argument("--port", type=int, default=8119, help="0: any free one, told on the first line")
    parser.add_argument("--token", required=True)
    parser.add_argument("--refuse", action="append", default=[], metavar="UUID")
    options = parser.parse_args()
    gateway = Gateway(refused=frozenset(options.refuse))
    server = Server((options.host, options.port), gateway, token=options.token)
    print(f"http://{options.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
