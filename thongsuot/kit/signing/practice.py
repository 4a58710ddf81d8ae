"""A certification authority for practice: the demo, tests and benches. Its root is trusted nowhere unless it is put there.

Its certificates look like those of a public authority: critical basic constraints and key usage, a subject with the
person's name and unit, three years of validity at most (NĐ 23/2025/NĐ-CP).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from .keys import SoftwareKey

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
THREE_YEARS = timedelta(days=3 * 365)
TEN_YEARS = timedelta(days=10 * 365)
_SIGN_DOCUMENTS = ("digital_signature", "content_commitment")


def new_key(kind: str = "ec") -> PrivateKey:
    """A fresh key: "ec" (P-256), "rsa" (2048 bits), "rsa1024" (too short, for tests)."""
    match kind:
        case "ec":
            return ec.generate_private_key(ec.SECP256R1())
        case "rsa1024":
            return rsa.generate_private_key(65537, 1024)  # noqa: S505  # what must be refused
        case _:
            return rsa.generate_private_key(65537, 2048)


class PracticeAuthority:
    """A root, what it issued, and its revocation list."""

    def __init__(self, name: str, *, since: datetime, key: PrivateKey | None = None) -> None:
        self._key = key or new_key()
        self._name = _name(name)
        self._revoked: dict[int, datetime] = {}
        self.certificate = self._certify(
            self._name, self._key.public_key(), (since, since + TEN_YEARS), self._ca_extensions()
        )

    def issue(
        self,
        name: str,
        *,
        organisation: str = "",
        valid: tuple[datetime, datetime],
        key: PrivateKey | None = None,
        usage: Sequence[str] = _SIGN_DOCUMENTS,
        time_stamping: bool = False,
        crl_url: str = "",
        ocsp_url: str = "",
    ) -> tuple[PrivateKey, x509.Certificate]:
        """A certificate for `name` with its private key (made when not given)."""
        key = key or new_key()
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (key_usage(*usage), True),
        ]
        if time_stamping:
            extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
        if crl_url:
            at = [x509.UniformResourceIdentifier(crl_url)]
            point = x509.DistributionPoint(full_name=at, relative_name=None, reasons=None, crl_issuer=None)
            extensions.append((x509.CRLDistributionPoints([point]), False))
        if ocsp_url:
            where = x509.UniformResourceIdentifier(ocsp_url)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
            extensions.append((x509.AuthorityInformationAccess([access]), False))
        return key, self._certify(_name(name, organisation), key.public_key(), valid, extensions)

    def key(self, name: str, **details: object) -> SoftwareKey:
        """`issue`, ready to sign."""
        private, certificate = self.issue(name, **details)  # type: ignore[arg-type]
        return SoftwareKey(private, certificate, [self.certificate])

    def subordinate(self, name: str, *, since: datetime) -> PracticeAuthority:
        """An authority below this one."""
        below = PracticeAuthority(name, since=since)
        below.certificate = self._certify(
            below._name,
            below._key.public_key(),
            (since, since + TEN_YEARS),
            self._ca_extensions(),
        )
        return below

    def revoke(self, certificate: x509.Certificate, at: datetime) -> None:
        """Into the next revocation list."""
        self._revoked[certificate.serial_number] = at

    def crl(self, *, at: datetime, lasts: timedelta = timedelta(days=7)) -> x509.CertificateRevocationList:
        """The revocation list as of `at`."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(at)
            .next_update(at + lasts)
        )
        for serial, when in self._revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            )
        return builder.sign(self._key, SHA256())

    def answer(
        self, certificate: x509.Certificate, *, at: datetime, lasts: timedelta = timedelta(days=1)
    ) -> ocsp.OCSPResponse:
        """What its OCSP responder says of one of its certificates as of `at`."""
        revoked_at = self._revoked.get(certificate.serial_number)
        builder = ocsp.OCSPResponseBuilder().add_response(
            certificate,
            self.certificate,
            SHA1(),  # noqa: S303  # names the issuer, protects nothing
            ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD,
            at,
            at + lasts,
            revoked_at,
            None,
        )
        by = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        return by.sign(self._key, SHA256())

    def save(self, folder: Path) -> None:
        """Key and certificate into `folder`, which only its owner may enter."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(folder / "authority.pem", pem_of(self._key, self.certificate))

    @classmethod
    def load(cls, folder: Path) -> PracticeAuthority:
        """The authority that `save` kept. Raises FileNotFoundError."""
        pem = (folder / "authority.pem").read_bytes()
        authority = cls.__new__(cls)
        private = load_pem_private_key(pem, None)
        if not isinstance(private, PrivateKey):
            raise ValueError("authority.pem")
        authority._key = private
        (authority.certificate,) = x509.load_pem_x509_certificates(pem)
        authority._name, authority._revoked = authority.certificate.subject, {}
        return authority

    def _ca_extensions(self) -> list[tuple[x509.ExtensionType, bool]]:
        return [
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (key_usage("key_cert_sign", "crl_sign"), True),
        ]

    def _certify(
        self,
        subject: x509.Name,
        public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
        valid: tuple[datetime, datetime],
        extensions: list[tuple[x509.ExtensionType, bool]],
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid[0])
            .not_valid_after(valid[1])
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, SHA256())


def key_usage(*names: str) -> x509.KeyUsage:
    """A key usage with just these bits."""
    bits = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**{**bits, **dict.fromkeys(names, True)})


def pem_of(key: PrivateKey, *certificates: x509.Certificate) -> bytes:
    """Key and certificates as one PEM text."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def write_private(path: Path, data: bytes) -> None:
    """A file that nobody but its owner ever could read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)


def utc_now() -> datetime:
    """Now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _name(common: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])
