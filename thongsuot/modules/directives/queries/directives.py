"""Orders and what was found in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold

from ..models import Assignment, Directive, Finding
from ..permissions import assignments_visible, can_confirm, can_review, directives_visible
from ..types import AssignmentState, DirectiveState, FindingKind, FindingState

D = TypeVar("D", bound=Directive)


def directives(actor: Actor, *, words: str = "", state: str = "") -> QuerySet[Directive]:
    """Orders the actor may see, newest first. Receivers see one once it is confirmed, and not before."""
    rows = (
        Directive.objects.filter(directives_visible(actor))
        .select_related("owner_unit", "imported_by")
        .defer("source_text", "legal_bases", "recipient_words")
        .annotate(owner_name=F("owner_unit__name"))
    )
    rows = holding(rows, words)
    return rows.filter(state=state) if state else rows


def holding(rows: QuerySet[D], words: str) -> QuerySet[D]:
    """Orders with every word in the subject or the number, without accents."""
    for word in fold(words).split()[:8]:
        rows = rows.filter(Q(subject_fold__contains=word) | Q(number__icontains=word))
    return rows


def with_progress(actor: Actor, rows: QuerySet[Directive]) -> QuerySet[Directive]:
    """Adds assignments_total and assignments_done, of those the actor may see. For the rows of one page."""
    mine = Assignment.objects.filter(assignments_visible(actor), directive=OuterRef("pk")).order_by()
    mine = mine.exclude(state__in=(AssignmentState.PAUSED, AssignmentState.CANCELLED))

    def counted(found: QuerySet[Assignment]) -> Coalesce:
        return Coalesce(
            Subquery(
                found.values("directive").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
            ),
            0,
        )

    done = counted(mine.filter(state=AssignmentState.ACCEPTED))
    return rows.annotate(assignments_total=counted(mine), assignments_done=done)


def directive(actor: Actor, public_id: uuid.UUID | str) -> Directive:
    """One order with its text; Http404 when it is not the actor's to see."""
    rows = Directive.objects.filter(directives_visible(actor))
    rows = rows.select_related(
        "owner_unit", "issuer_unit", "imported_by", "confirmed_by", "file", "school_year"
    )
    return get_object_or_404(rows, public_id=public_id)


def findings(actor: Actor, directive: Directive, kind: str | None = None) -> QuerySet[Finding]:
    """What was found in an order, in the order of the text. None for whoever may not review it."""
    if not can_review(actor, directive):
        return Finding.objects.none()
    rows = Finding.objects.filter(directive=directive).order_by("kind", "position", "id")
    return rows.filter(kind=kind) if kind else rows


def finding(actor: Actor, directive: Directive, pk: int) -> Finding:
    """Http404 when there is none or the actor may not review."""
    return get_object_or_404(findings(actor, directive), pk=pk)


@dataclass(frozen=True)
class ReviewProgress:
    """How far the review of an order has come; `blockers` say what stands in the way of confirming."""

    proposed: int
    accepted: int
    dropped: int
    unmatched: tuple[tuple[int, tuple[str, ...]], ...]
    without_lead: tuple[int, ...]
    may_review: bool
    may_confirm: bool

    @property
    def is_ready(self) -> bool:
        return not self.proposed and not self.unmatched and not self.without_lead and self.accepted > 0


def review_progress(actor: Actor, directive: Directive) -> ReviewProgress:
    """unmatched: (finding id, words that no unit was found for), of accepted findings; without_lead: ids."""
    rows = list(Finding.objects.filter(directive=directive).values_list("id", "kind", "state", "units"))
    accepted = [(pk, kind, units) for pk, kind, state, units in rows if state == FindingState.ACCEPTED]
    unmatched = tuple(
        (pk, tuple(units["unmatched"])) for pk, _kind, units in accepted if units.get("unmatched")
    )
    stuck = {pk for pk, _words in unmatched}
    needs_lead = (FindingKind.TASK, FindingKind.REPORTING)
    missing = (
        pk for pk, kind, units in accepted if kind in needs_lead and not units.get("lead") and pk not in stuck
    )
    return ReviewProgress(
        proposed=sum(state == FindingState.PROPOSED for _pk, _kind, state, _units in rows),
        accepted=len(accepted),
        dropped=sum(state == FindingState.DROPPED for _pk, _kind, state, _units in rows),
        unmatched=unmatched,
        without_lead=tuple(missing),
        may_review=can_review(actor, directive) and directive.state == DirectiveState.REVIEWING,
        may_confirm=can_confirm(actor, directive) and directive.state == DirectiveState.REVIEWING,
    )
