"""Reads of the organisation."""

from __future__ import annotations

from thongsuot.kit.accounts.types import Actor


def actor_for(user, *, acting_index: int = 0) -> Actor:  # type: ignore[no-untyped-def]
    """The actor that a signed-in user is today."""
    return Actor(user_id=user.pk, name=user.full_name, acting_index=acting_index)
