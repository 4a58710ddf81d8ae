"""Results to date that are owed to the school where a pupil is now; copies and files that move, as lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

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
    # The class is another school's, and its row may be out of reach: only its name is read.
    return (
        rows.select_related("from_unit", "to_unit", "school_year", "transcript")
        .defer("transcript__data_sealed")
        .annotate(is_issued=ExpressionWrapper(ISSUED, output_field=BooleanField()))
    )


def awaited_in_state(rows: QuerySet[AwaitedResult], state: str, today: date) -> QuerySet[AwaitedResult]:
    """state: "open", "late" (open, and its day has passed), "done", "excused"; any other: none."""
    wanted = {
        "open": OPEN,
        "late": OPEN & Q(due_on__lt=today),
        "done": ISSUED & Q(excused_for=""),
        "excused": ~Q(excused_for=""),
    }
    return rows.filter(wanted[state]) if state in wanted else rows.none()


def open_awaited(actor: Actor) -> QuerySet[AwaitedResult]:
    return awaited_results(actor).filter(OPEN)


def owed_by(actor: Actor, unit_id: int) -> int:
    """How many results to date the school still owes."""
    return open_awaited(actor).filter(from_unit_id=unit_id).count()


def owed_to(actor: Actor, unit_id: int) -> int:
    """How many the school waits for."""
    return open_awaited(actor).filter(to_unit_id=unit_id).count()


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


def checks_of(rows: Sequence[ForeignTranscript]) -> list[ForeignCheck]:
    """All looks at files, the newest first."""
    return list(ForeignCheck.objects.filter(foreign__in=rows).select_related("by").order_by("-at", "-pk"))
