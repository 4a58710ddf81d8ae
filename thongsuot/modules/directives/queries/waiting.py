"""The first page of everybody: what waits for me, what is late."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from .. import permissions as may
from ..domain.periods import YearDates, period_bounds
from ..models import (
    Assignment,
    Difficulty,
    Directive,
    ExtensionRequest,
    ProgressNote,
    ReportObligation,
    TargetValue,
)
from ..types import (
    OPEN_STATES,
    AssignmentState,
    DeadlineKind,
    DecisionState,
    DirectiveState,
    ObligationState,
    Period,
    TargetValueState,
)

SHOWN = 5
REPORTS_AHEAD_DAYS = 14
UNSENT = (ObligationState.OWED, ObligationState.RETURNED)


@dataclass(frozen=True)
class WaitingItem:
    """`kind` says what `public_id` is of: assignment, directive, obligation, target."""

    kind: str
    public_id: uuid.UUID
    title: str
    detail: str
    due_on: date | None


@dataclass(frozen=True)
class WaitingGroup:
    """`code` is stable (links to filtered lists are made from it); `items` are the first few of `count`."""

    code: str
    title: str
    count: int
    items: list[WaitingItem]


def waiting_for_me(actor: Actor, today: date) -> list[WaitingGroup]:
    """Groups with something in them, in the order in which they are worth doing."""
    groups = (_group(code, str(title), rows(actor, today), item) for code, title, rows, item in _GROUPS)
    return [group for group in groups if group.count]


def late_for_me(actor: Actor, today: date) -> QuerySet[Assignment]:
    """Open tasks past their day that the actor could move: to work on, or to decide on."""
    rows = Assignment.objects.filter(may.assignments_visible(actor), due_on__lt=today)
    mine = may.assignments_workable(actor) & ~Q(state=AssignmentState.SUBMITTED)
    deciding = may.assignments_acceptable(actor) & Q(state=AssignmentState.SUBMITTED)
    rows = rows.filter(Q(state__in=OPEN_STATES) & (mine | deciding))
    return (
        rows.select_related("unit", "directive")
        .defer("search", "text_fold", "directive__source_text")
        .order_by("due_on", "id")
    )


def _group(code: str, title: str, rows: QuerySet[Any], item: Callable[[Any], WaitingItem]) -> WaitingGroup:
    first = list(rows[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else rows.order_by().count()
    return WaitingGroup(code, title, count, [item(row) for row in first[:SHOWN]])


# -- rows of each group ------------------------------------------------------------------------------


def _mine(actor: Actor, *states: str) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(may.assignments_workable(actor), state__in=states)
    return rows.select_related("unit").defer("search", "text_fold").order_by("due_on", "id")


def returned(actor: Actor, today: date) -> QuerySet[Assignment]:
    return _mine(actor, AssignmentState.RETURNED)


def to_start(actor: Actor, today: date) -> QuerySet[Assignment]:
    return _mine(actor, AssignmentState.ASSIGNED)


def to_accept(actor: Actor, today: date) -> QuerySet[Assignment]:
    """Products handed in that the actor may decide on; one's own is decided by somebody else."""
    rows = Assignment.objects.filter(may.assignments_acceptable(actor), state=AssignmentState.SUBMITTED)
    return rows.select_related("unit").defer("search", "text_fold").order_by("due_on", "id")


def extensions_to_decide(actor: Actor, today: date) -> QuerySet[ExtensionRequest]:
    mine = Assignment.objects.filter(may.assignments_acceptable(actor))
    rows = ExtensionRequest.objects.filter(state=DecisionState.PENDING, assignment__in=mine)
    return rows.select_related("assignment__unit").order_by("requested_at")


def difficulties_to_decide(actor: Actor, today: date) -> QuerySet[Difficulty]:
    rows = Difficulty.objects.filter(may.difficulties_decidable(actor), decided_at__isnull=True)
    return rows.select_related("assignment", "raised_by_unit").order_by("raised_at")


def reports_to_send(actor: Actor, today: date) -> QuerySet[ReportObligation]:
    soon = today + timedelta(days=REPORTS_AHEAD_DAYS)
    rows = ReportObligation.objects.filter(
        may.obligations_reportable(actor), state__in=UNSENT, due_on__lte=soon
    )
    return rows.select_related("duty", "unit").order_by("due_on", "id")


def reports_to_decide(actor: Actor, today: date) -> QuerySet[ReportObligation]:
    rows = ReportObligation.objects.filter(may.obligations_decidable(actor), state=ObligationState.SUBMITTED)
    return rows.select_related("duty", "unit").order_by("due_on", "id")


def values_to_approve(actor: Actor, today: date) -> QuerySet[TargetValue]:
    rows = TargetValue.objects.filter(may.values_approvable(actor), state=TargetValueState.SUBMITTED)
    return rows.select_related("target", "unit").order_by("reported_at")


def to_review(actor: Actor, today: date) -> QuerySet[Directive]:
    rows = Directive.objects.filter(may.directives_reviewable(actor), state=DirectiveState.REVIEWING)
    return rows.defer("source_text").order_by("-imported_at")


def to_confirm_period(actor: Actor, today: date) -> QuerySet[Assignment]:
    """Ongoing tasks whose last finished period nobody has confirmed yet."""
    return unconfirmed(Assignment.objects.filter(may.assignments_workable(actor)), today)


def unconfirmed(rows: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    """Ongoing tasks that were given before their last finished period ended and lack a note for it."""
    years = school_years()
    going_on = (AssignmentState.ASSIGNED, AssignmentState.IN_PROGRESS)
    rows = rows.filter(deadline_kind=DeadlineKind.ONGOING, state__in=going_on)
    missing = Q(pk__in=[])
    # Most orders say only "thường xuyên"; a condition for each period there could be makes planning slow.
    for period in sorted(set(rows.order_by().values_list("period", flat=True).distinct())):
        first, last = finished_period(period, today, years)
        noted = ProgressNote.objects.filter(assignment=OuterRef("pk"), period_start=first)
        missing |= Q(period=period, assigned_on__lte=last) & ~Q(Exists(noted))
    rows = rows.filter(missing).select_related("unit").defer("search", "text_fold")
    return rows.order_by("assigned_on", "id")


def finished_period(period: str, today: date, years: Iterable[YearDates]) -> tuple[date, date]:
    """Bounds of the last period that has ended before `today`; a quarter where the order names none."""
    known = list(years)
    first, last = period_bounds(period or Period.QUARTER, today, known)
    while last >= today:
        first, last = period_bounds(period or Period.QUARTER, first - timedelta(days=1), known)
    return first, last


def school_years() -> list[YearDates]:
    """The school years of the province as the rules of periods take them."""
    return [
        YearDates(year.starts_on, year.ends_on, tuple((t.starts_on, t.ends_on) for t in year.terms.all()))
        for year in organization.school_years()
    ]


# -- items -------------------------------------------------------------------------------------------


def _of_assignment(row: Assignment) -> WaitingItem:
    return WaitingItem("assignment", row.public_id, row.text, row.unit.name, row.due_on)


def _of_extension(row: ExtensionRequest) -> WaitingItem:
    task = row.assignment
    detail = _("%(unit)s xin lùi đến %(day)s") % {
        "unit": task.unit.name,
        "day": row.new_due_on.strftime("%d/%m/%Y"),
    }
    return WaitingItem("assignment", task.public_id, task.text, detail, task.due_on)


def _of_difficulty(row: Difficulty) -> WaitingItem:
    return WaitingItem(
        "assignment", row.assignment.public_id, row.text, row.raised_by_unit.name, row.assignment.due_on
    )


def _of_obligation(row: ReportObligation) -> WaitingItem:
    detail = f"{row.unit.name}, {row.period_label}" if row.period_label else row.unit.name
    return WaitingItem("obligation", row.public_id, row.duty.what, detail, row.due_on)


def _of_value(row: TargetValue) -> WaitingItem:
    return WaitingItem("target", row.target.public_id, row.target.text, row.unit.name, row.as_of)


def _of_directive(row: Directive) -> WaitingItem:
    return WaitingItem("directive", row.public_id, row.subject or row.type, row.number, row.issued_on)


_GROUPS: tuple[tuple[str, Any, Callable[[Actor, date], QuerySet[Any]], Callable[[Any], WaitingItem]], ...] = (
    ("to_review", gettext_lazy("Văn bản chờ rà soát"), to_review, _of_directive),
    ("returned", gettext_lazy("Nhiệm vụ bị trả lại"), returned, _of_assignment),
    ("to_accept", gettext_lazy("Kết quả chờ duyệt"), to_accept, _of_assignment),
    ("extensions", gettext_lazy("Xin gia hạn chờ quyết định"), extensions_to_decide, _of_extension),
    ("difficulties", gettext_lazy("Khó khăn chờ giải quyết"), difficulties_to_decide, _of_difficulty),
    ("reports_to_send", gettext_lazy("Báo cáo phải nộp"), reports_to_send, _of_obligation),
    ("reports_to_decide", gettext_lazy("Báo cáo chờ duyệt"), reports_to_decide, _of_obligation),
    ("values", gettext_lazy("Số liệu chỉ tiêu chờ duyệt"), values_to_approve, _of_value),
    ("to_start", gettext_lazy("Nhiệm vụ mới giao"), to_start, _of_assignment),
    (
        "confirmations",
        gettext_lazy("Nhiệm vụ thường xuyên chờ xác nhận kỳ"),
        to_confirm_period,
        _of_assignment,
    ),
)
