"""Keys: `ts_<8 characters that may be shown>_<43 that may not>`. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets

PATTERN = re.compile(r"^ts_([0-9a-f]{8})_([A-Za-z0-9_-]{43})$")


def new_key() -> tuple[str, str, str]:
    """(whole key, prefix, digest of the secret part)"""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    return f"ts_{prefix}_{secret}", prefix, digest(secret)


def parts(key: str) -> tuple[str, str] | None:
    """(prefix, secret part) of what looks like a key."""
    found = PATTERN.match(key)
    return (found[1], found[2]) if found else None


def digest(secret: str) -> str:
    # 256 random bits need no slow hash; one would cost more than the request.
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    return secrets.compare_digest(one, other)
