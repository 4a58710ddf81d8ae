"""Values that must not lie readable in the database: sealed with AES-256-GCM, found again by a keyed digest.

A sealed value is: one byte with the number of its key, 12 bytes of nonce, ciphertext with its tag. The digest is
HMAC-SHA256 under a key of its own: equal texts have equal digests, and without the key nobody can try out all numbers
(a personal id has only some 10^9 plausible values).
Basis: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; NĐ 330/2026/NĐ-CP Điều 52, 69 (encryption of stored personal data).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(Exception):
    """The value was sealed under a key that is not here, or was changed."""


@lru_cache(maxsize=8)
def _keys(secrets: tuple[str, ...]) -> tuple[dict[int, AESGCM], int, bytes]:
    """Ciphers by number, the number that seals, the key of digests (of the first secret, which never changes)."""
    ciphers = {n: AESGCM(_derive(secret, b"seal")) for n, secret in enumerate(secrets, start=1)}
    return ciphers, len(secrets), _derive(secrets[0], b"digest")


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"thongsuot." + purpose).derive(
        secret.encode()
    )


def seal(text: str) -> bytes | None:
    """The sealed form of `text`; None for an empty one."""
    return next(iter(seal_many([text])))


def seal_many(texts: Iterable[str | None]) -> Iterable[bytes | None]:
    """`seal` for many values, the keys looked up once."""
    ciphers, number, _ = _keys(tuple(settings.SEALING_SECRETS))
    encrypt, prefix = ciphers[number].encrypt, bytes([number])
    for text in texts:
        if not text:
            yield None
            continue
        nonce = os.urandom(NONCE_BYTES)
        yield prefix + nonce + encrypt(nonce, text.encode(), prefix)


def unseal(sealed: bytes | memoryview | None) -> str:
    """The text that was sealed; "" for nothing. Raises SealBroken."""
    return next(iter(unseal_many([sealed])))


def unseal_many(values: Iterable[bytes | memoryview | None]) -> Iterable[str]:
    """`unseal` for many values, the keys looked up once. Raises SealBroken."""
    ciphers, _, _ = _keys(tuple(settings.SEALING_SECRETS))
    for value in values:
        if not value:
            yield ""
            continue
        sealed = bytes(value)
        cipher = ciphers.get(sealed[0])
        if cipher is None:
            raise SealBroken("sealed under a key that is not configured")
        try:
            opened = cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], sealed[:1])
        except InvalidTag as error:
            raise SealBroken("the sealed value was changed") from error
        yield opened.decode()


def digest(text: str | None) -> bytes | None:
    """What a sealed value is found by (32 bytes); None for an empty text."""
    return next(iter(digest_many([text])))


def digest_many(texts: Iterable[str | None]) -> Iterable[bytes | None]:
    """`digest` for many values, the key looked up once."""
    _, _, key = _keys(tuple(settings.SEALING_SECRETS))
    for text in texts:
        # In one call into OpenSSL: a copied object costs more than the digest.
        yield hmac.digest(key, text.encode(), "sha256") if text else None
