"""Results to date that are owed to the school where a pupil is now; copies and files that move, as lists."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..domain.steps import LIVE
from ..models import AwaitedResult, ForeignCheck, ForeignTranscript, PaperCopy
from ..permissions import PREPARE, VIEW, within

# Not excused, and no version that has been issued and is in force.
ISSUED = Q(transcript__issued_at__isnull=False, transcript__state__in=sorted(LIVE))
OPEN = Q(excused_for="") & (
    Q(transcript__isnull=True)
    | Q(transcript__issued_at__isnull=True)
    | ~Q(transcript__state__in=sorted(LIVE))
)


def awaited_results(actor: Actor) -> QuerySet[AwaitedResult]:
    """What schools within reach owe, and what is owed to them."""
    seen = within(actor, VIEW, "from_unit_id") | within(actor, VIEW, "to_unit_id")
    rows = AwaitedResult.objects.filter(Q() if actor.reach_of(VIEW) is None else seen)
    return rows.select_related("from_unit", "to_unit", "school_year", "school_class", "transcript").defer(
        "transcript__data_sealed"
    )


def open_awaited(actor: Actor) -> QuerySet[AwaitedResult]:
    return awaited_results(actor).filter(OPEN)


def awaited_result(actor: Actor, pk: int) -> AwaitedResult | None:
    """One that the actor's school owes."""
    rows = AwaitedResult.objects.filter(within(actor, PREPARE, "from_unit_id"), pk=pk)
    return rows.select_related("from_unit", "to_unit", "school_class").first()


def awaited_by(actor: Actor, student_id: int) -> list[AwaitedResult]:
    """Of one pupil: what is still to come, and what will not."""
    return list(awaited_results(actor).filter(student_id=student_id).exclude(ISSUED))


def all_paper_copies(actor: Actor) -> QuerySet[PaperCopy]:
    rows = PaperCopy.objects.filter(within(actor, VIEW)).defer("transcript__data_sealed")
    return rows.select_related("unit", "issued_by", "transcript__school_year")


def all_foreign(actor: Actor) -> QuerySet[ForeignTranscript]:
    rows = ForeignTranscript.objects.filter(within(actor, VIEW)).defer("file_sealed")
    return rows.select_related("unit", "student")


def foreign_due(now: datetime) -> bool:
    """Is a file of another province to be looked at again? Asked by the system."""
    return ForeignTranscript.objects.filter(next_check_at__lte=now).exists()


def checks_of(row: ForeignTranscript) -> QuerySet[ForeignCheck]:
    """All looks at a file, the newest first."""
    return ForeignCheck.objects.filter(foreign=row).select_related("by").order_by("-at", "-pk")
