"""From a certificate to the key that signs, and whom we trust. Keys lie in files, on devices, at providers: never here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography import x509
from django.conf import settings
from django.db import connection

from thongsuot.kit.outside.service import Service
from thongsuot.kit.signing.fetching import RevocationFetcher
from thongsuot.kit.signing.keys import SigningKey, SoftwareKey
from thongsuot.kit.signing.pades import TimestampAuthority
from thongsuot.kit.signing.remote_keys import RemoteKey
from thongsuot.kit.signing.token_keys import TokenKey
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import KeyUnavailable

from ..models import SignerCertificate
from ..types import CertificateMedium
from .desk import DeskKey
from .provider import ProviderKey, are_asked_outside


def keys_dir() -> Path:
    """Where software keys lie, one file for each certificate, named by its fingerprint; for this system's user only."""
    return Path(settings.VAR_DIR) / "keys"


def key_for(
    certificate: SignerCertificate,
    *,
    pin: Callable[[], str] | None = None,
    description: str = "",
    desk: UUID | None = None,
) -> SigningKey:
    """The key of `certificate`. `pin` opens the HSM, by default from the file that the settings name; `description` is what
    the signer reads on the phone; `desk`: what a token at the signer's own desk signs for, when that can be waited for.

    Raises KeyUnavailable: no_key, no_token (a token, and nobody waits for it), wrong_certificate ...
    """
    key = _opened(certificate, pin, description, desk)
    if key.certificate != x509.load_der_x509_certificate(bytes(certificate.der)):
        raise KeyUnavailable("wrong_certificate")
    return key


def _opened(
    certificate: SignerCertificate, pin: Callable[[], str] | None, description: str, desk: UUID | None
) -> SigningKey:
    match certificate.medium:
        case CertificateMedium.SOFTWARE:
            path = keys_dir() / f"{certificate.fingerprint}.pem"
            try:
                return _from_file(path, path.stat().st_mtime_ns)
            except OSError:
                raise KeyUnavailable("no_key") from None
        case CertificateMedium.TOKEN if desk is not None:
            return DeskKey(x509.load_der_x509_certificate(bytes(certificate.der)), desk)
        case CertificateMedium.HSM if settings.SIGNING_PKCS11_LIBRARY:
            return TokenKey(
                library=settings.SIGNING_PKCS11_LIBRARY,
                token_label=settings.SIGNING_PKCS11_TOKEN,
                key_label=certificate.key_reference,
                pin=pin or _hsm_pin,
                certificate=x509.load_der_x509_certificate(bytes(certificate.der)),
            )
        case CertificateMedium.REMOTE | CertificateMedium.SIM if settings.REMOTE_SIGNING_URL:
            if are_asked_outside() or connection.in_atomic_block:
                held = x509.load_der_x509_certificate(bytes(certificate.der))
                return ProviderKey(held, lambda: _at_provider(certificate, description))
            return _at_provider(certificate, description)
    raise KeyUnavailable("no_token")


def _at_provider(certificate: SignerCertificate, description: str) -> RemoteKey:
    service = Service(
        "signing", settings.REMOTE_SIGNING_URL, settings.REMOTE_SIGNING_TOKEN, timeout=30, tries=1
    )
    return RemoteKey(service, certificate.key_reference, description=description)


def _hsm_pin() -> str:
    """Raises KeyUnavailable: no_pin (no file is named, or it cannot be read), not_private."""
    path = Path(settings.SIGNING_PKCS11_PIN_FILE)
    try:
        if not settings.SIGNING_PKCS11_PIN_FILE:
            raise KeyUnavailable("no_pin")
        if path.stat().st_mode & 0o077:
            raise KeyUnavailable("not_private")
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise KeyUnavailable("no_pin") from None


@lru_cache(maxsize=512)
def _from_file(path: Path, _changed: int) -> SoftwareKey:
    """Reading an RSA key costs 40 ms, a signature half of one."""
    return SoftwareKey.from_file(path)


def own_trust_dir() -> Path:
    """Roots that this installation's operator has added."""
    return Path(settings.VAR_DIR) / "trust"


@dataclass(frozen=True)
class KnownRoot:
    """A published certificate whose fingerprint two sources agree upon (data/trust/known_roots.json)."""

    name: str
    owner: str
    fingerprint: str
    download: str


def known_roots() -> list[KnownRoot]:
    """Certificates that an operator may add without typing a fingerprint."""
    said = json.loads((Path(settings.DATA_DIR) / "trust" / "known_roots.json").read_text(encoding="utf-8"))
    return [
        KnownRoot(one["name"], one["owner"], one["sha256"], one["download"]) for one in said["certificates"]
    ]


def spaced(fingerprint: str) -> str:
    """As authorities print it: F0:4B:..."""
    return ":".join(re.findall("..", fingerprint.upper()))


def trust_store() -> TrustStore:
    """Roots and revocation data of `data/trust` and `TS_VAR/trust`; read again when a file there changes.

    Where authorities are asked (`TS_FETCH_REVOCATION`), never inside a transaction: there, what was asked before counts
    (`kit/signing/asking.py`).
    """
    folders = (Path(settings.DATA_DIR) / "trust", own_trust_dir())
    return _store(folders, _newest(folders))


def _newest(folders: tuple[Path, ...]) -> tuple[tuple[str, int], ...]:
    files = (path for folder in folders if folder.is_dir() for path in folder.rglob("*"))
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=2)
def _store(folders: tuple[Path, ...], _state: tuple[tuple[str, int], ...]) -> TrustStore:
    fetch = None
    if settings.FETCH_REVOCATION:
        fetch = RevocationFetcher(Path(settings.VAR_DIR) / "revocation", may_ask=_is_outside_transaction)
    return TrustStore.from_folders(folders, fetch=fetch)


def _is_outside_transaction() -> bool:
    """An authority may take its seconds; rows that a transaction has locked may not wait for it."""
    return not connection.in_atomic_block


def timestamp_authority() -> TimestampAuthority | None:
    """The authority that stamps our signatures; None where none is set."""
    if not settings.TIMESTAMP_URL:
        return None
    return TimestampAuthority(settings.TIMESTAMP_URL, token=settings.TIMESTAMP_TOKEN)
