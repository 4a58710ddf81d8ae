"""Who owes which report to whom by when."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404

from thongsuot.kit.accounts.types import Actor

from ..domain.timeliness import timeliness
from ..models import Assignment, ObligationLog, ReportingDuty, ReportObligation
from ..permissions import assignments_visible, duties_visible, obligations_visible
from ..types import AssignmentState, DeadlineKind, ObligationState, Timeliness
from .standing import days_left

UNSENT = (ObligationState.OWED, ObligationState.RETURNED)


def duties(actor: Actor) -> QuerySet[ReportingDuty]:
    """Duties the actor may see. Annotated: owner_name, directive_number."""
    return (
        ReportingDuty.objects.filter(duties_visible(actor))
        .select_related("directive", "owner_unit")
        .defer("directive__source_text", "directive__legal_bases", "directive__recipient_words")
        .annotate(owner_name=F("owner_unit__name"), directive_number=F("directive__number"))
    )


def duty(actor: Actor, public_id: uuid.UUID | str) -> ReportingDuty:
    return get_object_or_404(duties(actor), public_id=public_id)


def obligations(actor: Actor, *, today: date) -> QuerySet[ReportObligation]:
    """Reports owed by or to units within reach, by due day.

    Annotated: days_left, is_late (not sent in time and still not sent), unit_name, to_name, what.
    """
    return (
        ReportObligation.objects.filter(obligations_visible(actor))
        .select_related("duty", "unit", "to_unit", "duty__directive", "submitted_by")
        .defer(
            "duty__directive__source_text", "duty__directive__legal_bases", "duty__directive__recipient_words"
        )
        .annotate(
            days_left=days_left(today),
            is_late=Q(due_on__lt=today, state__in=UNSENT),
            unit_name=F("unit__name"),
            to_name=F("to_unit__name"),
            what=F("duty__what"),
        )
    )


def obligation(actor: Actor, public_id: uuid.UUID | str, *, today: date) -> ReportObligation:
    """Http404 when it is not the actor's to see."""
    rows = obligations(actor, today=today).select_related("file", "decided_by", "forwarded_in", "owner_unit")
    return get_object_or_404(rows, public_id=public_id)


def obligation_log(obligation: ReportObligation) -> QuerySet[ObligationLog]:
    return ObligationLog.objects.filter(obligation=obligation).select_related("by")


def gathered(actor: Actor, obligation: ReportObligation, *, today: date) -> QuerySet[ReportObligation]:
    """What the reporting unit is itself owed for the same duty and period: a commune's schools."""
    below = Q(duty=obligation.duty, to_unit=obligation.unit) & ~Q(pk=obligation.pk)
    same = Q(forwarded_in=obligation) | (below & Q(period_label=obligation.period_label))
    return obligations(actor, today=today).filter(same).order_by("unit__sort_key", "id")


def obligation_timeliness(obligation: ReportObligation, today: date) -> Timeliness:
    """A report stands against its day as a task does; it is done when it has been sent."""
    sent = (
        obligation.state in (ObligationState.SUBMITTED, ObligationState.ACCEPTED) and obligation.submitted_at
    )
    if obligation.state == ObligationState.WAIVED:
        return Timeliness.STOPPED
    return timeliness(
        state=AssignmentState.ACCEPTED if sent else AssignmentState.ASSIGNED,
        deadline_kind=DeadlineKind.DATE,
        due_on=obligation.due_on,
        completed_on=obligation.submitted_at.date() if sent and obligation.submitted_at else None,
        event_occurred_on=None,
        today=today,
    )


@dataclass(frozen=True)
class CalendarReport:
    """Reports of one duty due on one day: `sent` of `total`."""

    duty_id: uuid.UUID
    what: str
    period_label: str
    total: int
    sent: int


@dataclass(frozen=True)
class CalendarTasks:
    """Tasks of one order due on one day: `done` of `total`."""

    directive_id: uuid.UUID | None
    directive: str
    total: int
    done: int


@dataclass
class CalendarDay:
    day: date
    reports: list[CalendarReport] = field(default_factory=list)
    tasks: list[CalendarTasks] = field(default_factory=list)


def calendar(actor: Actor, first: date, last: date) -> list[CalendarDay]:
    """Days with something due between two days, both counted; a report asked of 1,000 schools is one line."""
    days: dict[date, CalendarDay] = defaultdict(lambda: CalendarDay(first))
    owed = ReportObligation.objects.filter(obligations_visible(actor), due_on__range=(first, last))
    for day, duty_id, what, label, total, sent in (
        owed.exclude(state=ObligationState.WAIVED)
        .order_by("due_on", "duty_id")
        .values("due_on", "duty__public_id", "duty__what", "period_label")
        .annotate(total=Count("pk"), sent=Count("pk", filter=~Q(state__in=UNSENT)))
        .values_list("due_on", "duty__public_id", "duty__what", "period_label", "total", "sent")
    ):
        days[day].day = day
        days[day].reports.append(CalendarReport(duty_id, what, label, total, sent))
    due = Assignment.objects.filter(assignments_visible(actor), due_on__range=(first, last))
    for day, directive_id, number, subject, total, done in (
        due.exclude(state__in=(AssignmentState.PAUSED, AssignmentState.CANCELLED))
        .order_by("due_on", "directive_id")
        .values("due_on", "directive__public_id", "directive__number", "directive__subject")
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(state=AssignmentState.ACCEPTED)))
        .values_list(
            "due_on", "directive__public_id", "directive__number", "directive__subject", "total", "done"
        )
    ):
        days[day].day = day
        days[day].tasks.append(CalendarTasks(directive_id, number or subject or "", total, done))
    return [days[day] for day in sorted(days)]
