"""Revocation lists fetched from the addresses that a certificate names (RFC 5280, 4.2.1.13), and kept as files.

Only certificates whose path leads to a trusted root get here, so the addresses are those of an authority we trust; even so
only http and https are followed, without redirects, within a time and a size. What is fetched is signed by its authority.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography import x509

TIMEOUT = (3, 10)
MOST_BYTES = 32 * 1024 * 1024
log = logging.getLogger(__name__)


class ListFetcher:
    """Gives a TrustStore the lists of an issuer; each is fetched again when its "next update" has passed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[bytes]:
        """Lists (DER) that the certificate points to; those that cannot be had are left out."""
        for url in addresses(certificate):
            found = self._kept(url) or self._fetched(url)
            if found is not None:
                yield found

    def _file(self, url: str) -> Path:
        return self._folder / f"{sha256(url.encode()).hexdigest()}.crl"

    def _kept(self, url: str) -> bytes | None:
        try:
            data = self._file(url).read_bytes()
        except OSError:
            return None
        until = x509.load_der_x509_crl(data).next_update_utc
        return data if until is not None and until > datetime.now(UTC) else None

    def _fetched(self, url: str) -> bytes | None:
        try:
            with requests.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
                data = answer.raw.read(MOST_BYTES + 1, decode_content=True)
                if answer.status_code != 200 or len(data) > MOST_BYTES:
                    raise ValueError
            x509.load_der_x509_crl(data)
        except (requests.RequestException, OSError, ValueError):
            log.warning("revocation list not to be had from %s", urlsplit(url).hostname)
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._file(url).with_suffix(".draft")
        draft.write_bytes(data)
        draft.replace(self._file(url))
        return bytes(data)


def addresses(certificate: x509.Certificate) -> list[str]:
    """The http and https addresses of its revocation lists."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    named = [
        name.value
        for point in points
        for name in point.full_name or ()
        if isinstance(name, x509.UniformResourceIdentifier)
    ]
    return [url for url in named if urlsplit(url).scheme in ("http", "https")]
