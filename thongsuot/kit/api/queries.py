"""Reads of the room."""

from __future__ import annotations

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api.models import ApiToken

NOBODY = 0
# A key that could make keys, or name people to posts, would outlive its own revocation.
NEVER_LENT = frozenset(
    {"api.token", "accounts.manage", "organization.manage_appointments", "organization.delegate"}
)


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own keys, the newest first, with their use."""
    return ApiToken.objects.filter(user_id=actor.user_id or NOBODY).select_related("usage")


def available_scopes(actor: Actor) -> frozenset[str]:
    """Rights that the actor may give to a key."""
    return actor.rights - NEVER_LENT
