"""The figures of the periodic report "Báo cáo kết quả thực hiện"; report_document.py lays them out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Min, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.ranking import UnitCounts
from ..domain.wording import goal_words
from ..models import Assignment, Difficulty, Target
from ..permissions import assignments_visible, targets_visible
from ..types import OPEN_STATES, AssignmentState, Timeliness
from .counting import Scope, scope_of
from .standing import timeliness_filters
from .targets import target_detail

MOST_UNITS = 120
MOST_LATE = 300
MOST_DIFFICULTIES = 60
# Beyond this many units a line gives their number instead of their names.
MOST_NAMES = 3


@dataclass(frozen=True)
class TaskLine:
    """One task of a document, with how many units it was given to and how they stand."""

    section: str
    text: str
    product: str
    units: str
    due_on: date | None
    deadline_words: str
    counts: UnitCounts


@dataclass(frozen=True)
class TaskGroup:
    title: str
    lines: list[TaskLine]

    @property
    def counts(self) -> UnitCounts:
        return _sum(line.counts for line in self.lines)


@dataclass(frozen=True)
class LateLine:
    text: str
    unit_name: str
    due_on: date
    days: int
    state: str


@dataclass(frozen=True)
class DifficultyLine:
    unit_name: str
    text: str
    proposal: str
    decision: str


@dataclass(frozen=True)
class TargetLine:
    text: str
    goal: str
    value: Decimal | None
    measure: str
    is_met: bool | None


@dataclass(frozen=True)
class PeriodicReport:
    """`counts` and tables stand as of `today`; `..._in_period` and difficulties are of the period."""

    unit: Any
    first: date
    last: date
    today: date
    directive: Any
    counts: UnitCounts
    done_in_period: int
    assigned_in_period: int
    groups: list[TaskGroup]
    by_unit: list[UnitCounts]
    late: list[LateLine]
    late_left: int
    difficulties: list[DifficultyLine]
    targets: list[TargetLine]
    next_due: int
    next_until: date


def periodic_report(
    actor: Actor, *, unit_id: int, first: date, last: date, today: date, directive: Any = None
) -> PeriodicReport:
    """What a unit reports upwards about `first` to `last`; of one order, or of all in force.

    Http404 when the actor may not see the unit's dashboard.
    """
    scope = scope_of(actor, unit_id)
    rows = _roots(actor, scope)
    if directive is not None:
        rows = rows.filter(directive=directive)
    running = rows.exclude(state__in=(AssignmentState.PAUSED, AssignmentState.CANCELLED))
    groups = _groups(running, today)
    late = running.filter(timeliness_filters(today)[Timeliness.LATE])
    next_until = last + (last - first) + timedelta(days=1)
    return PeriodicReport(
        unit=scope.unit,
        first=first,
        last=last,
        today=today,
        directive=directive,
        counts=_sum(group.counts for group in groups),
        done_in_period=running.filter(
            state=AssignmentState.ACCEPTED, completed_on__range=(first, last)
        ).count(),
        assigned_in_period=running.filter(assigned_on__range=(first, last)).count(),
        groups=groups,
        by_unit=_by_unit(running, today),
        late=_late(late, today),
        late_left=max(late.count() - MOST_LATE, 0),
        difficulties=_difficulties(rows, first, last),
        targets=_targets(actor, scope, directive, today),
        next_due=running.filter(state__in=OPEN_STATES, due_on__gt=last, due_on__lte=next_until).count(),
        next_until=next_until,
    )


def _roots(actor: Actor, scope: Scope) -> QuerySet[Assignment]:
    """Tasks as the unit received or set them: what was handed on inside it is not counted again."""
    rows = Assignment.objects.filter(assignments_visible(actor), scope.of())
    if scope.unit_ids is None:
        return rows.filter(parent__isnull=True)
    return rows.filter(Q(parent__isnull=True) | ~Q(parent__unit_id__in=scope.unit_ids))


def _counted(today: date) -> dict[str, Count]:
    return {f"n_{name}": Count("pk", filter=rule) for name, rule in timeliness_filters(today).items()}


def _counts(row: dict[str, Any], name: str = "") -> UnitCounts:
    named = {value: row[f"n_{value}"] for value in Timeliness.values}
    return UnitCounts(unit_id=row.get("unit_id") or 0, unit_name=name, **named)


def _sum(several: Iterable[UnitCounts]) -> UnitCounts:
    counts = list(several)
    return UnitCounts(
        unit_id=0, **{name: sum(getattr(one, name) for one in counts) for name in Timeliness.values}
    )


def _groups(rows: QuerySet[Assignment], today: date) -> list[TaskGroup]:
    found: Any = (
        rows.order_by()
        .values(
            "directive_id", "finding_id", "section", "group", "text", "product", "due_on", "deadline_words"
        )
        .annotate(
            first=Min("pk"),
            unit_count=Count("unit_id", distinct=True),
            names=ArrayAgg("unit__name", distinct=True, filter=Q(unit__isnull=False)),
            **_counted(today),
        )
        .order_by("directive_id", "first")
    )
    groups: dict[str, list[TaskLine]] = {}
    for row in found:
        names = row["names"] or []
        units = "; ".join(names) if len(names) <= MOST_NAMES else f"{len(names)} đơn vị"
        line = TaskLine(
            section=row["section"],
            text=row["text"],
            product=row["product"],
            units=units,
            due_on=row["due_on"],
            deadline_words=row["deadline_words"],
            counts=_counts(row),
        )
        groups.setdefault(row["group"] or "", []).append(line)
    return [TaskGroup(title, lines) for title, lines in groups.items()]


def _by_unit(rows: QuerySet[Assignment], today: date) -> list[UnitCounts]:
    found: Any = (
        rows.order_by()
        .values("unit_id", "unit__name")
        .annotate(**_counted(today))
        .order_by("unit__sort_key", "unit_id")
    )
    return [_counts(row, row["unit__name"]) for row in found[:MOST_UNITS]]


def _late(rows: QuerySet[Assignment], today: date) -> list[LateLine]:
    found = rows.select_related("unit").defer("search", "text_fold").order_by("due_on", "pk")
    return [
        LateLine(row.text, row.unit.name, row.due_on, (today - row.due_on).days, row.get_state_display())
        for row in found[:MOST_LATE]
        if row.due_on is not None
    ]


def _difficulties(rows: QuerySet[Assignment], first: date, last: date) -> list[DifficultyLine]:
    """Of these tasks and of what was handed down from them."""
    mine = Q(assignment__in=rows.order_by()) | Q(assignment__parent__in=rows.order_by())
    found = (
        Difficulty.objects.filter(mine, raised_at__date__range=(first, last))
        .select_related("raised_by_unit")
        .order_by("raised_by_unit__sort_key", "raised_at", "pk")
    )
    return [
        DifficultyLine(row.raised_by_unit.name, row.text, row.proposal, row.decision)
        for row in found[:MOST_DIFFICULTIES]
    ]


def _targets(actor: Actor, scope: Scope, directive: Any, today: date) -> list[TargetLine]:
    rows = Target.objects.filter(targets_visible(actor)).exclude(directive__state="withdrawn")
    if scope.unit_ids is not None:
        rows = rows.filter(
            Q(owner_unit_id__in=scope.unit_ids) | Q(units__unit_id__in=scope.unit_ids)
        ).distinct()
    if directive is not None:
        rows = rows.filter(directive=directive)
    lines = []
    for row in rows.order_by("directive_id", "pk"):
        found = target_detail(actor, row, today=today)
        goal = goal_words(row.operator, row.value, row.measure)
        lines.append(TargetLine(row.text, goal, found.value, row.measure, found.met))
    return lines


def parent_name(unit: Any) -> str:
    above = organization.body_of(unit).parent
    return above.name if above is not None else ""
