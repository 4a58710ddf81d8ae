"""Keys that sign. A key never leaves its place: it cannot be pickled, copied, printed, logged or stored in a model.

`sign` takes a batch so that one authorisation (a PIN, a tap on a phone) signs a whole class. Signatures come as X.509
and CMS write them (ECDSA in DER); XML turns them into its own form.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol, runtime_checkable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .types import KeyUnavailable

RSA_SHA256 = "rsa-sha256"
ECDSA_SHA256 = "ecdsa-sha256"
LEAST_RSA_BITS = 2048


@runtime_checkable
class SigningKey(Protocol):
    """What signs. `chain`: the issuers' certificates from the signer's issuer upwards, as far as known."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]: ...

    @property
    def algorithm(self) -> str: ...

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """Signatures over each of `data` (whole messages; SHA-256 is applied here). Raises KeyUnavailable."""
        ...


class Guarded:
    """A holder of a key, which keeps it to itself."""

    __slots__ = ()

    _certificate: x509.Certificate
    _chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return self._chain

    @property
    def algorithm(self) -> str:
        return algorithm_of(self._certificate)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of certificate {self._certificate.serial_number:x}>"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signing key cannot be pickled or copied")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a signing key cannot be pickled or copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a signing key cannot be pickled or copied")


def algorithm_of(certificate: x509.Certificate) -> str:
    """Which of our two algorithms the certificate's key signs with. Raises KeyUnavailable (weak_key, wrong_certificate)."""
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < LEAST_RSA_BITS:
            raise KeyUnavailable("weak_key")
        return RSA_SHA256
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return ECDSA_SHA256
    raise KeyUnavailable("wrong_certificate")


class SoftwareKey(Guarded):
    """A key in a file, for the demo, for tests and for a server's own seal where no HSM is at hand."""

    __slots__ = ("_certificate", "_chain", "_sign_one")

    def __init__(
        self,
        private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        """Raises KeyUnavailable (weak_key; wrong_certificate when key and certificate are not of one pair)."""
        if private_key.public_key() != certificate.public_key():
            raise KeyUnavailable("wrong_certificate")
        self._certificate, self._chain = certificate, tuple(chain)
        algorithm_of(certificate)
        # A closure, not an attribute: nothing that walks over an object's fields meets the key.
        if isinstance(private_key, rsa.RSAPrivateKey):
            scheme, digest, rsa_sign = padding.PKCS1v15(), SHA256(), private_key.sign
            self._sign_one = lambda message: rsa_sign(message, scheme, digest)
        else:
            curve, ec_sign = ec.ECDSA(SHA256()), private_key.sign
            self._sign_one = lambda message: ec_sign(message, curve)

    @classmethod
    def from_pem(cls, pem: bytes, *, password: bytes | None = None) -> SoftwareKey:
        """From one PEM text: the private key, its certificate, then the issuers. Raises KeyUnavailable (no_key)."""
        try:
            private = load_pem_private_key(pem, password)
            certificates = x509.load_pem_x509_certificates(pem)
        except (ValueError, TypeError):
            # Without the error's own words: they may quote the file.
            raise KeyUnavailable("no_key") from None
        if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise KeyUnavailable("wrong_certificate")
        return cls(private, certificates[0], certificates[1:])

    @classmethod
    def from_file(cls, path: Path, *, password: bytes | None = None) -> SoftwareKey:
        """From a file that only its owner may read. Raises KeyUnavailable (no_key, not_private)."""
        try:
            if path.stat().st_mode & 0o077:
                raise KeyUnavailable("not_private")
            pem = path.read_bytes()
        except OSError:
            raise KeyUnavailable("no_key") from None
        return cls.from_pem(pem, password=password)

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """Signatures over each of `data`."""
        return [self._sign_one(message) for message in data]
