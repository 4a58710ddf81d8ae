"""Reads of the room."""

from __future__ import annotations

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.exports.models import Export

NOBODY = 0


def exports_of(actor: Actor) -> QuerySet[Export]:
    """Files that the actor asked for, the newest first. Nobody sees another's: they were made with their rights."""
    return Export.objects.filter(user_id=actor.user_id or NOBODY)
