"""Whether a signature value is the one that a certificate's key made over a message."""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .canonical import SIGNATURES
from .certificates import Identity

_PKCS1 = padding.PKCS1v15()


def verifies(signer: Identity, algorithm: str, value: bytes, message: bytes) -> bool:
    """By the signature algorithm named (a key of `canonical.SIGNATURES`); a key of another kind verifies nothing."""
    kind, digest = SIGNATURES[algorithm]
    if kind != signer.kind:
        return False
    # Of the kind that was asked for.
    public: Any = signer.public_key
    try:
        if kind == "rsa":
            public.verify(value, message, _PKCS1, digest)
        else:
            half = (public.key_size + 7) // 8
            if len(value) != 2 * half:
                return False
            r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True
