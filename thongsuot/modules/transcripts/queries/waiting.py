"""What is in hand: sessions, dispatches, messages, by their keys; for the background."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import Dispatch, GatewayMessage, SigningSession
from ..types import MessageState


def session_by_id(pk: int) -> SigningSession:
    return SigningSession.objects.select_related("unit").get(pk=pk)


def dispatch_by_id(pk: int) -> Dispatch:
    rows = Dispatch.objects.select_related("unit__school", "school_year", "certificate", "recall__transcript")
    return rows.get(pk=pk)


def waiting_messages(now: datetime | None = None) -> list[int]:
    """Keys of transactions that were taken in and not worked on, and of those to be looked at again, in the order in
    which they came."""
    again = Q(state=MessageState.CHECKING, next_look_at__lte=now or timezone.now())
    waiting = GatewayMessage.objects.filter(Q(state=MessageState.WAITING) | again)
    return list(waiting.order_by("received_at", "pk").values_list("pk", flat=True))


def due_dispatches(now: datetime) -> list[Dispatch]:
    return list(Dispatch.objects.filter(next_try_at__lte=now).select_related("made_by").order_by("pk"))


def sender_of(dispatch_id: int) -> Actor | None:
    """Who sent it, with the rights that they have now; None when the account is closed."""
    dispatch = Dispatch.objects.select_related("made_by").get(pk=dispatch_id)
    if dispatch.made_by is None or not dispatch.made_by.is_active:
        return None
    return organization.actor_for(dispatch.made_by)
