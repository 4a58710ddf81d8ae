"""The dashboard of a unit: how the work under it stands today, and where it is stuck."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Sum

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.ranking import UnitCounts
from ..models import Assignment
from ..permissions import assignments_visible
from ..types import OPEN_STATES, AssignmentState
from .counting import Scope, added, counts_by_branch, counts_by_directive, scope_of, unit_rows
from .directives import directives
from .standing import timeliness_case

OFFICE_KINDS = ("department_office", "commune_office")
MOST_BOTTLENECKS = 10


@dataclass(frozen=True)
class UnitLine:
    """A unit directly below, with all that lies under it."""

    unit_id: int
    name: str
    kind: str
    counts: UnitCounts


@dataclass(frozen=True)
class DirectiveLine:
    public_id: uuid.UUID
    number: str
    subject: str
    counts: UnitCounts


@dataclass(frozen=True)
class Bottleneck:
    """Late work that waits for one unit to move: to do it, or (state submitted) to decide on it."""

    unit_id: int
    unit_name: str
    state: str
    number: int
    days_late: int

    @property
    def state_label(self) -> str:
        return str(AssignmentState(self.state).label)


@dataclass(frozen=True)
class Dashboard:
    """`counts` add up everything in view; `by_unit` and `by_office` split the same work, most late first."""

    unit_id: int
    unit_name: str
    is_province: bool
    today: date
    counts: UnitCounts
    by_unit: list[UnitLine]
    by_office: list[UnitLine]
    by_directive: list[DirectiveLine]
    bottlenecks: list[Bottleneck]


def dashboard(actor: Actor, *, unit_id: int, today: date) -> Dashboard:
    """Everything on one page in six statements, none of which reads all tasks."""
    scope = scope_of(actor, unit_id)
    branches = counts_by_branch(scope, today)
    named = _named(branches)
    lines = [
        UnitLine(pk, named[pk][0], named[pk][1], counts) for pk, counts in branches.items() if pk in named
    ]
    lines.sort(key=lambda line: (-line.counts.late, -line.counts.due_soon, line.name))
    return Dashboard(
        unit_id=unit_id,
        unit_name=scope.unit.name,
        is_province=scope.unit_ids is None,
        today=today,
        counts=added(branches.values(), unit_id=unit_id, unit_name=scope.unit.name),
        by_unit=[line for line in lines if line.kind not in OFFICE_KINDS],
        by_office=[line for line in lines if line.kind in OFFICE_KINDS],
        by_directive=_by_directive(actor, scope, today),
        bottlenecks=_bottlenecks(actor, scope, today),
    )


def _named(branches: dict[Any, UnitCounts]) -> dict[int, tuple[str, str]]:
    rows = organization.units_named(branches)
    return {pk: (name, kind) for pk, name, kind in rows}


# -- orders --------------------------------------------------------------------------------------


def _by_directive(actor: Actor, scope: Scope, today: date) -> list[DirectiveLine]:
    found = counts_by_directive(today) if scope.unit_ids is None else _counted(actor, scope, today)
    return _directive_lines(actor, found)


def _counted(actor: Actor, scope: Scope, today: date) -> dict[int, UnitCounts]:
    """Of part of the province there is no tally by order; its tasks are few enough to be counted."""
    rows = (
        Assignment.objects.filter(assignments_visible(actor), scope.of(), directive__isnull=False)
        .order_by()
        .annotate(standing=timeliness_case(today))
        .values_list("directive_id", "standing")
        .annotate(Count("pk"))
    )
    figures: dict[int, dict[str, int]] = defaultdict(dict)
    for directive_id, standing, number in rows:
        figures[directive_id][standing] = number
    return {pk: UnitCounts(0, "", **found) for pk, found in figures.items()}


def _directive_lines(actor: Actor, found: dict[int, UnitCounts]) -> list[DirectiveLine]:
    rows = directives(actor).filter(pk__in=found).values_list("pk", "public_id", "number", "subject")
    lines = [DirectiveLine(public_id, number, subject, found[pk]) for pk, public_id, number, subject in rows]
    return sorted(lines, key=lambda line: (-line.counts.late, -line.counts.open, line.number))


# -- where it is stuck -----------------------------------------------------------------------------


def _bottlenecks(actor: Actor, scope: Scope, today: date) -> list[Bottleneck]:
    late = unit_rows(scope).filter(due_on__lt=today, state__in=OPEN_STATES)
    doing = (
        late.exclude(state=AssignmentState.SUBMITTED)
        .values_list("unit_id", "state")
        .annotate(n=Sum("number"))
    )
    waiting = Assignment.objects.filter(assignments_visible(actor), scope.of(), due_on__lt=today)
    # What is counted is a column of the index, which then answers alone.
    deciding = (
        waiting.filter(state=AssignmentState.SUBMITTED)
        .order_by()
        .values_list("assigned_by_unit_id", "state")
        .annotate(n=Count("due_on"), first=Min("due_on"))
    )
    decided = {(unit, state): first for unit, state, _n, first in deciding}
    rows = [
        *doing.filter(n__gt=0).order_by("-n", "unit_id")[:MOST_BOTTLENECKS],
        *(row[:3] for row in deciding),
    ]
    worst = sorted(rows, key=lambda row: (-row[2], row[0]))[:MOST_BOTTLENECKS]
    since = {**_first_due(worst, today), **decided}
    names = {pk: name for pk, name, _kind in organization.units_named({row[0] for row in worst})}
    return [
        Bottleneck(unit, names.get(unit, ""), state, number, (today - since[unit, state]).days)
        for unit, state, number in worst
        if (unit, state) in since
    ]


def _first_due(worst: list[Any], today: date) -> dict[tuple[int, str], date]:
    """The oldest missed day of each of a few (unit, state), read from the tasks: tally rows may be signed."""
    wanted = Assignment.objects.filter(
        unit_id__in={row[0] for row in worst}, due_on__lt=today, state__in=OPEN_STATES
    )
    rows = (
        wanted.exclude(state=AssignmentState.SUBMITTED)
        .order_by()
        .values_list("unit_id", "state")
        .annotate(Min("due_on"))
    )
    return {(unit, state): first for unit, state, first in rows}
