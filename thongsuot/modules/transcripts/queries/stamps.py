"""The chain of time stamps of a kept original (NĐ 88/2026/NĐ-CP Điều 8.3)."""

from __future__ import annotations

from datetime import datetime

from thongsuot.kit.sealing.sealing import unseal
from thongsuot.kit.signing.timestamps import check_token
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.modules.documents import queries as documents

from ..models import Original, OriginalStamp


def stamped_bytes(original: Original, before: OriginalStamp | None) -> bytes:
    """A renewed stamp covers the file and the stamp before it: the chain proves the whole time."""
    return unseal(original.file_sealed).encode() + (bytes(before.token) if before else b"")


def check_stamps(original: Original, *, trust: TrustStore | None = None) -> list[datetime]:
    """When each stamp of an original was given, the first one first. Raises TimestampFault where the chain is broken."""
    store, found = trust or documents.trust_store(), []
    before: OriginalStamp | None = None
    for one in original.stamps.order_by("stamped_at", "pk"):
        found.append(check_token(bytes(one.token), stamped_bytes(original, before), store))
        before = one
    return found
