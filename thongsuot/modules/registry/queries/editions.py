"""The edition of a row: what a form carries along, so that nobody overwrites what somebody else has just written."""

from __future__ import annotations

from typing import Any

from ..domain.editions import fingerprint

# Written by checks in the background, or derived: no reason to turn an editor away. The sealed value has a digest.
NOT_CONTENT = frozenset(
    {
        "id",
        "public_id",
        "name_fold",
        "sort_key",
        "personal_id_sealed",
        "identity_status",
        "identity_checked_at",
        "created_at",
        "updated_at",
    }
)


def edition_of(row: Any) -> str:
    """Changes with every change of the content of `row`, whoever and whatever makes it (imports write by COPY)."""
    names = [f.attname for f in row._meta.concrete_fields if f.name not in NOT_CONTENT]
    return fingerprint(getattr(row, name) for name in names)
