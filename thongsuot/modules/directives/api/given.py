"""What a call brings with it: the day, units, files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.actions import store_upload
from thongsuot.modules.organization import queries as organization

from .values import refuse_unknown

EVIDENCE = "directives.evidence"
UPLOAD = "files.upload"


def actor_of(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def today() -> date:
    return timezone.localdate()


def now() -> datetime:
    """In local time: actions take the day from it, and until seven in the morning UTC is a day behind."""
    return timezone.localtime()


def known_units(unit_ids: Iterable[int], field: str) -> list[int]:
    """The ids, each of which is a unit's; 422 names the field otherwise. Whose they are, the action asks."""
    wanted = list(unit_ids)
    refuse_unknown(wanted, organization.unit_places(wanted) if wanted else (), field)
    return wanted


def kept(actor: Actor, upload: Any, unit_id: int) -> Any:
    """The stored file for the unit, None where nothing came. Needs the scope "files.upload"."""
    if upload is None:
        return None
    actor.require(UPLOAD)
    return store_upload(by=actor, upload=upload, owner_unit_id=unit_id, kind=EVIDENCE)


def home_body(actor: Actor) -> Any:
    """The body that the actor works for: that of the appointment through which they act."""
    unit = organization.unit_detail(actor, actor.acting.unit_id) if actor.acting else None
    if unit is None:
        raise Http404
    return organization.body_of(unit)
