"""Pages that show personal data leave a trace of who looked (kit.audit)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.modules.organization import queries as organization


def trace(request: HttpRequest, subject: Any, purpose: str) -> None:
    """Keep that the signed-in person read `subject`; purpose: a few words of Vietnamese."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    record_reading(by=actor, subject=subject, purpose=purpose, ip=origin_of(request).ip)


def trace_list(request: HttpRequest, purpose: str) -> None:
    """A list that was carried out: kept at the unit through which the person works."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unit = organization.unit_detail(actor, actor.acting.unit_id) if actor.acting else None
    if unit is not None:
        trace(request, unit, purpose)
