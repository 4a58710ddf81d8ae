"""Speaking with the platform: docs/desk-signing.md. Standard library only."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

# One call: path and JSON in, status and JSON out.
Post = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]
AT_HOME = ("localhost", "127.0.0.1", "::1")


class ServerFault(Exception):
    """The message is Vietnamese and is shown as it stands."""


@dataclass(frozen=True)
class Batch:
    ticket: str
    title: str
    unit: str
    holder: str
    certificate: bytes
    messages: tuple[bytes, ...]


def over_http(address: str) -> Post:
    """Calls to the platform at `address`. Raises ServerFault for one that is not encrypted."""
    base = address.rstrip("/")
    parts = urlsplit(base)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in AT_HOME):
        raise ServerFault("Địa chỉ phải bắt đầu bằng https://")

    def post(path: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        request = Request(  # noqa: S310 - the scheme was looked at above
            base + path, json.dumps(said).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except HTTPError as refusal:
            try:
                return refusal.code, json.load(refusal)
            except ValueError:
                return refusal.code, {}
        except (URLError, OSError, ValueError):
            raise ServerFault("Không kết nối được với máy chủ. Hãy kiểm tra mạng và địa chỉ.") from None

    return post


def fetch(post: Post, code: str) -> Batch:
    """What is to be signed under `code`. Raises ServerFault."""
    said = _ask(post, "/api/ky-tai-ban/nhan", {"code": code})
    return Batch(
        ticket=said["ticket"],
        title=said["title"],
        unit=said["unit"],
        holder=said["holder"],
        certificate=b64decode(said["certificate"]),
        messages=tuple(b64decode(one) for one in said["messages"]),
    )


def bring(post: Post, batch: Batch, signatures: Sequence[bytes]) -> None:
    """Hand the signatures in. Raises ServerFault: nothing is kept then."""
    values = [b64encode(one).decode() for one in signatures]
    _ask(post, "/api/ky-tai-ban/tra", {"ticket": batch.ticket, "signatures": values})


def refuse(post: Post, batch: Batch, why: str) -> None:
    """Tell that the signer will not sign. Raises ServerFault."""
    _ask(post, "/api/ky-tai-ban/tra", {"ticket": batch.ticket, "refused": why})


def _ask(post: Post, path: str, said: dict[str, Any]) -> dict[str, Any]:
    status, answer = post(path, said)
    if status != 200:
        raise ServerFault(answer.get("fault") or f"Máy chủ từ chối (HTTP {status}).")
    return answer
