"""Signature values that came back from elsewhere (a provider, a desk), checked before they are put anywhere."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

_HASHED = Prehashed(SHA256())


def is_signature(certificate: x509.Certificate, digest: bytes, value: bytes) -> bool:
    """Is `value` the signature of the certificate's key over the message with this SHA-256 digest (RSA PKCS #1 v1.5, or
    ECDSA in DER)?
    """
    public = certificate.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(value, digest, padding.PKCS1v15(), _HASHED)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(value, digest, ec.ECDSA(_HASHED))
        else:
            return False
    except InvalidSignature:
        return False
    return True
