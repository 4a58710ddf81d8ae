"""How somebody likes to type."""

from __future__ import annotations

from thongsuot.kit.accounts.types import Actor

from ..models import EntryPreference


def types_quickly(actor: Actor) -> bool:
    """Has the person asked for 75 to be read as 7,5?"""
    return EntryPreference.objects.filter(user_id=actor.user_id or 0, is_quick=True).exists()
