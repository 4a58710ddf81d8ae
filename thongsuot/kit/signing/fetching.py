"""Whether a certificate was revoked, asked of the authority at the addresses that the certificate names, and kept as files.

First its OCSP responder (RFC 6960; one certificate, some hundred bytes), then its lists (RFC 5280, 4.2.1.13). Only
certificates whose path leads to a trusted root get here, so the addresses are those of an authority we trust; even so only
http and https are followed, without redirects, within a time and a size. What is fetched is signed by its authority.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from .revocation import ANSWER_LASTS, RevocationAnswer
from .trust import Proof

TIMEOUT = (3, 10)
MOST_BYTES = 32 * 1024 * 1024
MOST_ANSWER_BYTES = 256 * 1024
# An address that did not answer is left alone for a while: a file of many signatures must not wait for it at each.
ASK_AGAIN_AFTER = 300
log = logging.getLogger(__name__)
T = TypeVar("T")


class RevocationFetcher:
    """Gives a TrustStore what an authority says of a certificate; asked again when its "next update" has passed."""

    def __init__(self, folder: Path, *, may_ask: Callable[[], bool] = lambda: True) -> None:
        """may_ask: whether the network may be waited for now; what lies in the folder counts in any case."""
        self._folder, self._may_ask = folder, may_ask
        self._silent: dict[str, float] = {}

    def __call__(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[Proof]:
        """The responder's answer; where there is none that counts, the lists that can be had."""
        answer = self._answer(certificate, issuer)
        if answer is not None:
            yield answer
            return
        for url in addresses(certificate):
            found = self._list(url)
            if found is not None:
                yield found

    def _answer(self, certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPResponse | None:
        """The first answer that speaks of this certificate by its issuer's word, and knows it."""
        about = f"{issuer.fingerprint(SHA256()).hex()} {certificate.serial_number:x}"
        for url in responders(certificate):
            file = self._folder / f"{sha256(f'{url} {about}'.encode()).hexdigest()}.ocsp"
            kept = _current_answer(file)
            if kept is not None and _counts(kept, certificate, issuer):
                return kept
            data = self._asked(url, MOST_ANSWER_BYTES, _request(certificate, issuer))
            answer = _read(ocsp.load_der_ocsp_response, data)
            if answer is not None and _counts(answer, certificate, issuer):
                self._keep(file, data)
                return answer
        return None

    def _list(self, url: str) -> x509.CertificateRevocationList | None:
        file = self._folder / f"{sha256(url.encode()).hexdigest()}.crl"
        kept = _read(x509.load_der_x509_crl, _bytes_of(file))
        if kept is not None and kept.next_update_utc is not None and kept.next_update_utc > datetime.now(UTC):
            return kept
        data = self._asked(url, MOST_BYTES)
        found = _read(x509.load_der_x509_crl, data)
        if found is not None:
            self._keep(file, data)
        return found

    def _asked(self, url: str, most: int, body: bytes | None = None) -> bytes:
        """What the address gives, with a body by POST; empty when it gives nothing."""
        if not self._may_ask() or monotonic() < self._silent.get(url, 0):
            return b""
        method, headers = (
            ("GET", {}) if body is None else ("POST", {"Content-Type": "application/ocsp-request"})
        )
        try:
            with requests.request(
                method, url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
            ) as answer:
                data = answer.raw.read(most + 1, decode_content=True)
                if answer.status_code != 200 or len(data) > most:
                    raise ValueError
        except (requests.RequestException, OSError, ValueError):
            log.warning("revocation data not to be had from %s", urlsplit(url).hostname)
            self._silent[url] = monotonic() + ASK_AGAIN_AFTER
            return b""
        return bytes(data)

    def _keep(self, file: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".draft")
        draft.write_bytes(data)
        draft.replace(file)


def _request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    # The digests only name the issuer, and many responders know SHA-1 alone (RFC 5019). No nonce: answers are kept, and
    # how old one may be is judged by its times.
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1())  # noqa: S303
    return builder.build().public_bytes(Encoding.DER)


def _counts(answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        return RevocationAnswer(answer).status(certificate, issuer, b"") is not None
    except ValueError:
        # "Try later", "unauthorized", and the like.
        return False


def _current_answer(file: Path) -> ocsp.OCSPResponse | None:
    answer = _read(ocsp.load_der_ocsp_response, _bytes_of(file))
    if answer is None or answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    until = answer.next_update_utc or answer.this_update_utc + ANSWER_LASTS
    return answer if until > datetime.now(UTC) else None


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _read(load: Callable[[bytes], T], data: bytes) -> T | None:
    try:
        return load(data) if data else None
    except ValueError:
        return None


def addresses(certificate: x509.Certificate) -> list[str]:
    """The http and https addresses of its revocation lists."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _web(name for point in points for name in point.full_name or ())


def responders(certificate: x509.Certificate) -> list[str]:
    """The http and https addresses of its OCSP responders (RFC 5280, 4.2.2.1)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    ways = [each for each in access if each.access_method == AuthorityInformationAccessOID.OCSP]
    return _web(each.access_location for each in ways)


def _web(names: Iterable[x509.GeneralName]) -> list[str]:
    named = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return [url for url in named if urlsplit(url).scheme in ("http", "https")]
