"""What a certificate says: names, key, what it was issued for. Parsed once, however many signatures it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from .keys import LEAST_RSA_BITS
from .types import Reason

# Uses under which a certificate may sign documents, when it names any.
SIGNING_USES = frozenset(
    {
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
        ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # document signing as Microsoft names it
        ObjectIdentifier("1.2.840.113583.1.1.5"),  # authentic documents as Adobe names it
    }
)
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """A certificate, read."""

    certificate: x509.Certificate
    der: bytes
    fingerprint: bytes
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None
    # "rsa", "ecdsa", or "" for a key of no use.
    kind: str
    name: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    # What is wrong with it whoever asks: a weak key, a use it was not issued for.
    flaws: tuple[Reason, ...]


@lru_cache(maxsize=8192)
def identity_of(der: bytes) -> Identity:
    """Raises ValueError when these bytes are no certificate."""
    certificate = x509.load_der_x509_certificate(der)
    public, flaws = _usable_key(certificate)
    if not may_sign_documents(certificate):
        flaws = (*flaws, Reason.WRONG_KEY_USAGE)
    return Identity(
        certificate=certificate,
        der=certificate.public_bytes(Encoding.DER),
        fingerprint=certificate.fingerprint(SHA256()),
        public_key=public,
        kind=_kind(public),
        name=name_of(certificate.subject),
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        flaws=flaws,
    )


def _kind(public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None) -> str:
    if public is None:
        return ""
    return "rsa" if isinstance(public, rsa.RSAPublicKey) else "ecdsa"


def name_of(name: x509.Name) -> str:
    """The common name, or the organisation's, or all of it."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return str(attribute.value)
    return name.rfc4514_string()


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Whether it was issued to sign documents: digitalSignature or nonRepudiation, no authority's certificate."""
    try:
        extensions = certificate.extensions
    except ValueError:
        return False
    for extension in extensions:
        match extension.value:
            case x509.BasicConstraints(ca=True):
                return False
            case x509.KeyUsage() as usage:
                if not (usage.digital_signature or usage.content_commitment):
                    return False
            case x509.ExtendedKeyUsage() as uses:
                if not SIGNING_USES.intersection(uses):
                    return False
    return True


def _usable_key(
    certificate: x509.Certificate,
) -> tuple[rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None, tuple[Reason, ...]]:
    try:
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None, (Reason.ALGORITHM_REFUSED,)
    if isinstance(public, rsa.RSAPublicKey):
        return public, (Reason.WEAK_KEY,) if public.key_size < LEAST_RSA_BITS else ()
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, _CURVES):
        return public, ()
    return None, (Reason.ALGORITHM_REFUSED,)
