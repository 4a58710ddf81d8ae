"""What the provider knows: credentials, authorisations bound to digests, each used once."""

from __future__ import annotations

import re
import secrets
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

AUTHORISATION_SECONDS = 300
CREDENTIAL = re.compile(r"[A-Za-z0-9._-]{1,80}\Z")


class Refused(Exception):
    """`status` of HTTP, `code` of the contract."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class Authorisation:
    credential: str
    hashes: tuple[str, ...]
    description: str
    state: str
    until: float


class Desk:
    """`approve`: at-once, ask or deny. `wrong`: signatures come back spoiled (training)."""

    def __init__(self, folder: Path, *, approve: str = "at-once") -> None:
        self.folder, self.approve, self.wrong = folder, approve, False
        self.asked: dict[str, Authorisation] = {}
        self._granted: dict[str, Authorisation] = {}
        self._lock = Lock()

    def info(self, said: dict[str, Any]) -> dict[str, Any]:
        _, certificates = self._credential(said.get("credentialID"))
        ders = [b64encode(each.public_bytes(Encoding.DER)).decode() for each in certificates]
        return {"cert": {"status": "valid", "certificates": ders}, "multisign": 1000, "SCAL": "2"}

    def authorize(self, said: dict[str, Any]) -> dict[str, Any]:
        name, hashes = said.get("credentialID"), said.get("hashes")
        self._credential(name)
        if not isinstance(hashes, list) or not hashes or said.get("numSignatures") != len(hashes):
            raise Refused(400, "invalid_request")
        if self.approve == "deny":
            raise Refused(403, "authorisation_denied")
        until = time.monotonic() + AUTHORISATION_SECONDS
        asked = Authorisation(
            str(name), tuple(map(str, hashes)), str(said.get("description", "")), "asked", until
        )
        handle = secrets.token_urlsafe(24)
        with self._lock:
            self.asked[handle] = asked
            if self.approve == "at-once":
                asked.state = "approved"
        return self.check({"handle": handle})

    def check(self, said: dict[str, Any]) -> dict[str, Any]:
        handle = str(said.get("handle", ""))
        with self._lock:
            asked = self.asked.get(handle)
            if asked is None or time.monotonic() > asked.until:
                raise Refused(403, "authorisation_expired")
            if asked.state == "denied":
                raise Refused(403, "authorisation_denied")
            if asked.state == "asked":
                return {"handle": handle}
            del self.asked[handle]
            activation = secrets.token_urlsafe(32)
            self._granted[activation] = asked
        return {"SAD": activation, "expiresIn": AUTHORISATION_SECONDS}

    def decide(self, state: str) -> int:
        """Training: the signer taps on all that waits."""
        with self._lock:
            for asked in self.asked.values():
                asked.state = state
            return len(self.asked)

    def sign(self, said: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            # Used up whatever comes of it: an authorisation signs once.
            granted = self._granted.pop(str(said.get("SAD", "")), None)
        if granted is None or time.monotonic() > granted.until:
            raise Refused(403, "authorisation_expired")
        if (
            said.get("credentialID") != granted.credential
            or tuple(said.get("hashes") or ()) != granted.hashes
        ):
            raise Refused(403, "not_what_was_authorised")
        private, _ = self._credential(granted.credential)
        try:
            values = [self._signature(private, b64decode(each, validate=True)) for each in granted.hashes]
        except ValueError:
            raise Refused(400, "invalid_request") from None
        return {"signatures": [b64encode(value).decode() for value in values]}

    def _signature(self, private: Any, digest: bytes) -> bytes:
        if self.wrong:
            digest = digest[::-1]
        hashed = Prehashed(SHA256())
        if isinstance(private, rsa.RSAPrivateKey):
            return private.sign(digest, padding.PKCS1v15(), hashed)
        if isinstance(private, ec.EllipticCurvePrivateKey):
            return private.sign(digest, ec.ECDSA(hashed))
        raise Refused(500, "key_kind")

    def _credential(self, name: Any) -> tuple[Any, list[x509.Certificate]]:
        if not isinstance(name, str) or not CREDENTIAL.match(name):
            raise Refused(400, "invalid_request")
        path = self.folder / f"{name}.pem"
        if not path.is_file():
            raise Refused(404, "no_such_credential")
        pem = path.read_bytes()
        return load_pem_private_key(pem, None), x509.load_pem_x509_certificates(pem)
