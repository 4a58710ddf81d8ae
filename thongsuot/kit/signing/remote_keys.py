"""Keys at a provider of remote signing, in the words of the Cloud Signature Consortium's API v2 (docs/remote-signing.md).

One authorisation (the signer's tap on a phone) covers a whole batch of digests: the provider is told the digests before
the signer is asked, and can sign no others with it. Only digests leave the house. What comes back is checked.
"""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any

from cryptography import x509

from thongsuot.kit.outside.service import Declined, Service, Unreachable

from .keys import Guarded, algorithm_of
from .returned import is_signature
from .types import KeyUnavailable

SHA256_OID = "2.16.840.1.101.3.4.2.1"
SIGNING_OIDS = {"rsa-sha256": "1.2.840.113549.1.1.11", "ecdsa-sha256": "1.2.840.10045.4.3.2"}
# A signer who looks for his phone.
PATIENCE_SECONDS = 180
ASK_EVERY_SECONDS = 2.0


class RemoteKey(Guarded):
    """The credential `credential` of one signer at the provider `service`."""

    __slots__ = (
        "_ask_every",
        "_certificate",
        "_chain",
        "_credential",
        "_description",
        "_patience",
        "_service",
    )

    def __init__(
        self,
        service: Service,
        credential: str,
        *,
        description: str = "",
        patience: float = PATIENCE_SECONDS,
        ask_every: float = ASK_EVERY_SECONDS,
    ) -> None:
        """`description`: what the signer reads on his phone ("40 học bạ lớp 5A"). Raises KeyUnavailable."""
        self._service, self._credential, self._description = service, credential, description
        self._patience, self._ask_every = patience, ask_every
        said = self._call("/csc/v2/credentials/info", {"credentialID": credential, "certificates": "chain"})
        try:
            ders = [b64decode(each, validate=True) for each in said["cert"]["certificates"]]
            self._certificate, *chain = [x509.load_der_x509_certificate(der) for der in ders]
        except (KeyError, TypeError, ValueError):
            raise KeyUnavailable("no_key") from None
        self._chain = tuple(chain)
        algorithm_of(self._certificate)

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """Signatures over each of `data`, under one authorisation. Raises KeyUnavailable; all or nothing."""
        if not data:
            return []
        digests = [sha256(message).digest() for message in data]
        written = [b64encode(digest).decode() for digest in digests]
        authorisation = self._authorise(written)
        said = self._call(
            "/csc/v2/signatures/signHash",
            {
                "credentialID": self._credential,
                "SAD": authorisation,
                "hashes": written,
                "hashAlgorithmOID": SHA256_OID,
                "signAlgo": SIGNING_OIDS[self.algorithm],
            },
        )
        try:
            values = [b64decode(each, validate=True) for each in said["signatures"]]
        except (KeyError, TypeError, ValueError):
            raise KeyUnavailable("wrong_signature") from None
        if len(values) != len(digests):
            raise KeyUnavailable("wrong_signature")
        if not all(map(is_signature, repeat(self._certificate), digests, values)):
            raise KeyUnavailable("wrong_signature")
        return values

    def _authorise(self, hashes: list[str]) -> str:
        said = self._call(
            "/csc/v2/credentials/authorize",
            {
                "credentialID": self._credential,
                "numSignatures": len(hashes),
                "hashes": hashes,
                "hashAlgorithmOID": SHA256_OID,
                "description": self._description,
            },
        )
        until = time.monotonic() + self._patience
        while not said.get("SAD"):
            if "handle" not in said or time.monotonic() >= until:
                raise KeyUnavailable("not_authorised", again=True)
            time.sleep(self._ask_every)
            said = self._call("/csc/v2/credentials/authorizeCheck", {"handle": said["handle"]})
        return str(said["SAD"])

    def _call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._service.call("POST", path, json=body).body
        except Unreachable:
            raise KeyUnavailable("unreachable", again=True) from None
        except Declined as declined:
            refused = declined.code in ("authorisation_denied", "authorisation_expired")
            raise KeyUnavailable("not_authorised" if refused else "declined") from None
        if not isinstance(answer, dict):
            raise KeyUnavailable("declined")
        return answer
