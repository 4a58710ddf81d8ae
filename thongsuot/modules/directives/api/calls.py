"""What every endpoint begins with: who calls, and the thing that is meant."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.queries import openable

from .. import queries


def actor_of(request: HttpRequest) -> Actor:
    """Http404 for whoever has nothing to do with orders: they are not told that there are any."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("directives.view"):
        raise Http404
    return actor


def found(thing: Any) -> Any:
    if thing is None:
        raise Http404
    return thing


def assignment_of(request: HttpRequest, public_id: UUID) -> Any:
    return queries.assignment(actor_of(request), public_id, today=timezone.localdate())


def stored(request: HttpRequest, file_id: UUID | None) -> Any:
    """A file that the caller sent before; Http404 for somebody else's."""
    return openable(actor_of(request), file_id) if file_id else None
