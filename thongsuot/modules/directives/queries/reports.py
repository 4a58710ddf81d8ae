"""Reads of the reporting calendar: who owes which report to whom, by when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from thongsuot.kit.accounts.types import Actor

from ..domain.timeliness import SOON_DAYS
from ..models import ReportingDuty, ReportObligation
from ..permissions import (
    can_decide_report,
    can_report,
    duties_visible,
    obligations_decidable,
    obligations_reportable,
    obligations_visible,
)
from ..types import ObligationState, Timeliness


def obligation_timeliness(today: date) -> Case:
    """Late or on time, derived: by the day of submission where there is one, else by today."""
    handed_in = (ObligationState.SUBMITTED, ObligationState.ACCEPTED)
    done = Q(state__in=handed_in, submitted_at__isnull=False)
    return Case(
        When(state=ObligationState.WAIVED, then=Value(Timeliness.STOPPED.value)),
        When(done & Q(submitted_at__date__lte=F("due_on")), then=Value(Timeliness.DONE_ON_TIME.value)),
        When(done, then=Value(Timeliness.DONE_LATE.value)),
        When(due_on__lt=today, then=Value(Timeliness.LATE.value)),
        When(
            due_on__lte=date.fromordinal(today.toordinal() + SOON_DAYS), then=Value(Timeliness.DUE_SOON.value)
        ),
        default=Value(Timeliness.ON_TIME.value),
    )


def obligations(actor: Actor, *, today: date) -> QuerySet[ReportObligation]:
    """Reports that the actor's units owe, receive or asked for; each with `timeliness`, soonest first."""
    return (
        ReportObligation.objects.filter(obligations_visible(actor))
        .select_related("duty", "duty__directive", "unit", "to_unit")
        .annotate(timeliness=obligation_timeliness(today))
        .order_by("due_on", "pk")
    )


def obligations_to_submit(actor: Actor, *, today: date) -> QuerySet[ReportObligation]:
    """What the actor may hand in and has not: owed or sent back."""
    waiting = (ObligationState.OWED, ObligationState.RETURNED)
    return obligations(actor, today=today).filter(obligations_reportable(actor), state__in=waiting)


def obligations_to_decide(actor: Actor, *, today: date) -> QuerySet[ReportObligation]:
    """What came in and waits for the actor's yes or return."""
    return obligations(actor, today=today).filter(
        obligations_decidable(actor), state=ObligationState.SUBMITTED
    )


def obligation(actor: Actor, public_id: uuid.UUID, *, today: date) -> ReportObligation | None:
    """One report, None where it is not the actor's to see."""
    return obligations(actor, today=today).select_related("file").filter(public_id=public_id).first()


@dataclass(frozen=True)
class ObligationSteps:
    """Which buttons the page shows."""

    submit: bool
    decide: bool
    waive: bool
    forward: bool


@dataclass(frozen=True)
class ObligationStory:
    """A report with its log (newest first), what was gathered into it and what could be."""

    obligation: ReportObligation
    steps: ObligationSteps
    log: list[Any]
    gathered: list[ReportObligation]
    to_gather: list[ReportObligation]


def obligation_story(actor: Actor, row: ReportObligation, *, today: date) -> ObligationStory:
    """Everything of one report. `to_gather`: reports owed to the reporting unit under the same order or not yet
    forwarded, of a due day no later than its own.
    """
    waiting = row.state in (ObligationState.OWED, ObligationState.RETURNED)
    reports, decides = can_report(actor, row), can_decide_report(actor, row)
    below = (
        obligations(actor, today=today)
        .filter(to_unit_id=row.unit_id, forwarded_in__isnull=True, due_on__lte=row.due_on)
        .exclude(state=ObligationState.WAIVED)
    )
    if row.duty.directive_id:
        below = below.filter(duty__directive_id=row.duty.directive_id)
    to_gather = list(below[:500]) if waiting and reports else []
    return ObligationStory(
        obligation=row,
        steps=ObligationSteps(
            submit=reports and waiting,
            decide=decides and row.state == ObligationState.SUBMITTED,
            waive=decides and waiting,
            forward=bool(to_gather),
        ),
        log=list(row.log.select_related("by")),
        gathered=list(row.gathered.select_related("unit", "duty").order_by("unit__sort_key")),
        to_gather=to_gather,
    )


def duties(actor: Actor, *, today: date) -> QuerySet[ReportingDuty]:
    """Reporting duties with `owed`, `handed_in` and `late` counted over their obligations that have come due so far,
    as far as the actor sees them.
    """
    seen = obligations_visible(actor)
    mine = ReportObligation.objects.filter(seen, duty=OuterRef("pk"))
    missing = Q(obligations__state__in=(ObligationState.OWED, ObligationState.RETURNED))
    return (
        ReportingDuty.objects.filter(duties_visible(actor))
        .select_related("directive", "owner_unit")
        .annotate(
            owed=Count("obligations"),
            handed_in=Count("obligations", filter=~missing),
            late=Count("obligations", filter=missing & Q(obligations__due_on__lt=today)),
            is_mine=Exists(mine),
        )
        .order_by("first_due_on", "pk")
    )


@dataclass(frozen=True)
class CalendarEntry:
    """One line of a day: how many reports of one duty are due, and how many of them are in."""

    due_on: date
    duty_id: uuid.UUID
    what: str
    total: int
    handed_in: int
    late: int
    # The report itself where the line is about one unit only.
    obligation_id: uuid.UUID | None


def calendar(
    actor: Actor, *, first: date, last: date, today: date, unit_id: int | None = None
) -> list[CalendarEntry]:
    """Reports due from `first` to `last`, a line for each duty and day. One query whatever the number of schools."""
    rows = ReportObligation.objects.filter(obligations_visible(actor), due_on__range=(first, last)).exclude(
        state=ObligationState.WAIVED
    )
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    waiting = Q(state__in=(ObligationState.OWED, ObligationState.RETURNED))
    grouped = (
        rows.order_by()
        .values("due_on", "duty_id", "duty__public_id", "duty__what")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=waiting),
            late=Count("pk", filter=waiting & Q(due_on__lt=today)),
        )
        .order_by("due_on", "duty_id")
    )
    singles = {}
    found = list(grouped)
    if any(g["total"] == 1 for g in found):
        lone = [(g["due_on"], g["duty_id"]) for g in found if g["total"] == 1]
        keyed = rows.filter(duty_id__in={duty for _, duty in lone}).values_list(
            "due_on", "duty_id", "public_id"
        )
        singles = {(due, duty): public for due, duty, public in keyed}
    return [
        CalendarEntry(
            due_on=g["due_on"],
            duty_id=g["duty__public_id"],
            what=g["duty__what"],
            total=g["total"],
            handed_in=g["total"] - g["waiting"],
            late=g["late"],
            obligation_id=singles.get((g["due_on"], g["duty_id"])) if g["total"] == 1 else None,
        )
        for g in found
    ]
