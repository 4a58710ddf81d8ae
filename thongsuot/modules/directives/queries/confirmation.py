"""What confirming an order will create, told before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import Directive, Finding
from ..types import FindingKind, FindingState
from .directives import ReviewProgress, findings, review_progress


@dataclass(frozen=True)
class UnitShare:
    """What one unit will get."""

    name: str
    lead: int
    coordinating: int
    reports: int


@dataclass(frozen=True)
class Unsettled:
    """An accepted finding that does not say which units are meant."""

    finding: Finding
    words: str


@dataclass(frozen=True)
class Confirmation:
    """`assignments` counts one for each lead unit of each task; `units` are all that get anything."""

    tasks: int
    assignments: int
    targets: int
    duties: int
    shares: list[UnitShare]
    unsettled: list[Unsettled]
    progress: ReviewProgress


def confirmation(actor: Actor, directive: Directive) -> Confirmation:
    """Counts over accepted findings; three queries."""
    progress = review_progress(actor, directive)
    accepted = [one for one in findings(actor, directive) if one.state == FindingState.ACCEPTED]
    lead, shared, reports = Counter[int](), Counter[int](), Counter[int]()
    for one in accepted:
        if one.kind == FindingKind.TASK:
            lead.update(one.units.get("lead", []))
            shared.update(one.units.get("coordinating", []))
        elif one.kind == FindingKind.REPORTING:
            reports.update(one.units.get("lead", []))
    ids = {*lead, *shared, *reports}
    rows = (
        organization.units_visible(actor)
        .filter(pk__in=ids)
        .order_by("sort_key", "pk")
        .values_list("pk", "name")
    )
    shares = [UnitShare(name, lead[pk], shared[pk], reports[pk]) for pk, name in rows]
    shares.sort(key=lambda share: -share.lead)
    kinds = Counter(one.kind for one in accepted)
    return Confirmation(
        tasks=kinds[FindingKind.TASK],
        assignments=lead.total(),
        targets=kinds[FindingKind.TARGET],
        duties=kinds[FindingKind.REPORTING],
        shares=shares,
        unsettled=_unsettled(accepted, progress),
        progress=progress,
    )


def _unsettled(accepted: list[Finding], progress: ReviewProgress) -> list[Unsettled]:
    by_id = {one.pk: one for one in accepted}
    named = [Unsettled(by_id[pk], "; ".join(words)) for pk, words in progress.unmatched]
    return named + [Unsettled(by_id[pk], "") for pk in progress.without_lead]
