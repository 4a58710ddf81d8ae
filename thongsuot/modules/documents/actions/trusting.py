"""Roots added to and taken from those whom this installation trusts: files under TS_VAR/trust, by its operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.signing.trust import certificates_in

from ..queries.signing import known_roots, own_trust_dir, spaced
from ..types import CertificateFault


@dataclass(frozen=True)
class Trusted:
    """A certificate that is trusted from now on; confirmed_by: why its fingerprint was believed."""

    name: str
    fingerprint: str
    is_root: bool
    confirmed_by: str
    path: Path


def add_trusted(*, by: Actor, data: bytes, now: datetime, fingerprint: str = "") -> list[Trusted]:
    """Trust the certificates of a file (PEM, DER, PKCS#7). Each must be in known_roots.json, or be the one whose SHA-256
    is `fingerprint`, as its authority publishes it. All or none; again, nothing changes.

    Raises NotAllowed (not the operator), CertificateFault (no certificate, no authority's, ended, fingerprint unknown or
    another one: the message names what the file has).
    """
    if not by.is_system:
        raise NotAllowed(_("Chỉ người vận hành hệ thống thêm chứng thư gốc."))
    if b"PRIVATE KEY" in data:
        raise CertificateFault(_("Tệp có khóa bí mật: đây không phải tệp công bố của nhà cung cấp."))
    wanted, known = _plain(fingerprint), {one.fingerprint: one for one in known_roots()}
    found = []
    for certificate in _certificates(data):
        own = certificate.fingerprint(SHA256()).hex()
        _require_authority(certificate, now)
        if own != wanted and own not in known:
            said = _("Vân tay SHA-256 của “%(name)s” là %(own)s, không khớp với vân tay đã biết.")
            raise CertificateFault(said % {"name": _name(certificate), "own": spaced(own)})
        why = (
            _("vân tay do người vận hành nhập")
            if own == wanted
            else _("danh mục data/trust/known_roots.json")
        )
        is_root = certificate.issuer == certificate.subject
        path = own_trust_dir() / f"{own[:32]}.pem"
        found.append((certificate, Trusted(_name(certificate), own, is_root, why, path)))
    own_trust_dir().mkdir(mode=0o755, parents=True, exist_ok=True)
    for certificate, trusted in found:
        trusted.path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return [trusted for _certificate, trusted in found]


def remove_trusted(*, by: Actor, fingerprint: str) -> Path:
    """Trust a certificate no longer that was added here. Raises NotAllowed, CertificateFault (there is none such)."""
    if not by.is_system:
        raise NotAllowed(_("Chỉ người vận hành hệ thống bỏ chứng thư gốc."))
    wanted = _plain(fingerprint)
    for path in sorted(own_trust_dir().glob("*.pem")):
        for certificate in certificates_in(path.read_bytes()):
            if len(wanted) == 64 and certificate.fingerprint(SHA256()).hex() == wanted:
                path.unlink()
                return path
    raise CertificateFault(_("Không có chứng thư nào đã thêm với vân tay này."))


def _plain(fingerprint: str) -> str:
    return re.sub(r"[^0-9a-f]", "", fingerprint.casefold())


def _name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def _certificates(data: bytes) -> list[x509.Certificate]:
    try:
        return certificates_in(data)
    except ValueError:
        pass
    try:
        found = load_der_pkcs7_certificates(data)
    except ValueError:
        found = []
    if not found:
        raise CertificateFault(_("Tệp không phải là chứng thư số (.cer, .crt, .pem hoặc .p7b)."))
    return found


def _require_authority(certificate: x509.Certificate, now: datetime) -> None:
    try:
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_authority = False
    name = {"name": _name(certificate)}
    if not is_authority:
        raise CertificateFault(_("“%(name)s” không phải chứng thư của nhà cung cấp (CA).") % name)
    if certificate.not_valid_after_utc <= now:
        raise CertificateFault(_("“%(name)s” đã hết hạn.") % name)
