"""What units reported for a target."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import Target, TargetValue


def reported_values(actor: Actor, target: Target) -> QuerySet[TargetValue]:
    """Values of a target that was shown: of units within reach, or for the actor's units to approve."""
    rows = TargetValue.objects.filter(target=target)
    if actor.reach is not None:
        rows = rows.filter(Q(unit_id__in=actor.reach) | Q(approver_unit_id__in=actor.reach))
    return rows.select_related("unit", "approver_unit", "reported_by", "decided_by", "file").order_by(
        "-as_of", "-pk"
    )
