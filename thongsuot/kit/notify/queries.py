"""Reads of the room."""

from __future__ import annotations

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.models import Notification, Preference
from thongsuot.kit.notify.registry import kinds
from thongsuot.kit.notify.types import NotificationKind, Way

MOST_COUNTED = 99
# The system and strangers have no notifications; None would find rows without a person.
NOBODY = 0


def notifications(actor: Actor) -> QuerySet[Notification]:
    """The actor's own, the newest first."""
    return Notification.objects.filter(recipient_id=actor.user_id or NOBODY)


def unread_count(actor: Actor) -> int:
    """How many are unread; 100 stands for "more than 99", so that counting never takes long."""
    return notifications(actor).filter(read_at=None).order_by()[: MOST_COUNTED + 1].count()


def ways(actor: Actor) -> list[tuple[NotificationKind, Way]]:
    """Every kind with the way that the actor has chosen for it."""
    chosen = dict(Preference.objects.filter(user_id=actor.user_id or NOBODY).values_list("kind", "way"))
    return [(kind, Way(chosen.get(kind.code, kind.default))) for kind in kinds()]
