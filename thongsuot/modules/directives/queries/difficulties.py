"""Difficulties and proposals, and where they lie."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from thongsuot.kit.accounts.types import Actor

from ..models import Assignment, Difficulty
from ..permissions import assignments_visible


def difficulties(actor: Actor, *, is_open: bool | None = None) -> QuerySet[Difficulty]:
    """Raised by or routed to units within reach, or about tasks the actor sees; newest first."""
    visible = Q(assignment__in=Assignment.objects.filter(assignments_visible(actor)).order_by())
    if actor.reach is not None and actor.can("directives.view_unit"):
        visible |= Q(raised_by_unit_id__in=actor.reach) | Q(routed_to_id__in=actor.reach)
    rows = Difficulty.objects.filter(visible).select_related(
        "assignment",
        "assignment__unit",
        "assignment__directive",
        "raised_by_unit",
        "raised_by",
        "routed_to",
        "decided_by",
    )
    rows = rows.defer("assignment__search", "assignment__text_fold", "assignment__directive__source_text")
    return rows if is_open is None else rows.filter(decided_at__isnull=is_open)


def difficulty(actor: Actor, pk: int) -> Difficulty:
    """Http404 when it is not the actor's to see."""
    return get_object_or_404(difficulties(actor), pk=pk)
