"""What a form had before it when it was opened: two editors of one record must not overwrite each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b


def fingerprint(values: Iterable[object]) -> str:
    """A short word that changes when one of the values does."""
    hashed = blake2b(digest_size=9)
    for value in values:
        hashed.update(_text(value).encode())
        hashed.update(b"\x1f")
    return hashed.hexdigest()


def _text(value: object) -> str:
    if value is None:
        return "\x00"
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "\x1e".join(_text(one) for one in value)
    return str(value)
