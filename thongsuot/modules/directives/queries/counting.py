"""Counting tasks out of AssignmentTally, which a trigger keeps.

A few thousand small rows, however many tasks there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Q, QuerySet, Sum, Value, When
from django.http import Http404

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.ranking import UnitCounts
from ..domain.timeliness import SOON_DAYS, STOPPED
from ..models import AssignmentTally
from ..types import AssignmentState

# Bodies whose dashboard is that of the whole province.
PROVINCE_KINDS = ("province_committee", "department")


@dataclass(frozen=True)
class Scope:
    """The units that a dashboard adds up: None for all of the province."""

    unit: Any
    unit_ids: frozenset[int] | None

    def of(self, field: str = "unit_id") -> Q:
        return Q() if self.unit_ids is None else Q(**{f"{field}__in": self.unit_ids})


def scope_of(actor: Actor, unit_id: int) -> Scope:
    """Http404 when the actor may not see a dashboard of the unit."""
    unit = organization.unit_detail(actor, unit_id)
    if unit is None or not actor.can("directives.dashboard", unit_id):
        raise Http404
    if unit.kind in PROVINCE_KINDS and actor.reach is None:
        return Scope(unit, None)
    return Scope(unit, organization.unit_ids_below(unit_id))


def unit_rows(scope: Scope) -> QuerySet[AssignmentTally]:
    return AssignmentTally.objects.filter(scope.of(), unit__isnull=False).order_by()


# The path of a unit is taken apart once for each unit, not for each row of the tally.
BY_BRANCH = """
    with place as materialized (select u.id, {branch} as branch from organization_unit u)
    select place.branch, t.state, t.is_ongoing, t.outcome, t.bucket, sum(t.number)
    from ({rows}) t join place on place.id = t.unit_id
    group by 1, 2, 3, 4, 5
"""


def counts_by_branch(scope: Scope, today: date) -> dict[int, UnitCounts]:
    """Counts of the units directly below, each with all under it; the unit's own are under its own id.

    Of the province also those below the department: offices and communes then stand side by side.
    """
    rows = unit_rows(scope).annotate(bucket=bucket(today))
    rows = rows.values("unit_id", "state", "is_ongoing", "outcome", "number", "bucket")
    wanted, params = rows.query.sql_with_params()
    branch, more = _branch(scope)
    with connection.cursor() as cursor:
        cursor.execute(BY_BRANCH.format(rows=wanted, branch=branch), [*more, *params])
        return _counts(cursor.fetchall())


def _branch(scope: Scope) -> tuple[str, list[Any]]:
    """SQL for the id of the unit directly below that `u` belongs to, out of its path "1.5.22."."""
    below = "nullif(coalesce(nullif(split_part(u.path, '.', %s), ''), split_part(u.path, '.', %s)), '')::bigint"
    if scope.unit_ids is not None:
        depth = scope.unit.path.count(".")
        return below, [depth + 1, depth]
    case = f"case when u.path like %s then {below} else {below} end"
    return case, [f"{_department_path(scope.unit)}%", 3, 2, 2, 1]


def _department_path(unit: Any) -> str:
    if unit.kind == "department":
        return str(unit.path)
    found = organization.units_below(unit.pk, kind="department").values_list("path", flat=True).first()
    return str(found or "-")


def bucket(today: date) -> Case:
    """Of the due day of open work: late, soon, ahead; "" without one."""
    soon = today + timedelta(days=SOON_DAYS)
    return Case(
        When(due_on__lt=today, then=Value("late")),
        When(due_on__lte=soon, then=Value("soon")),
        When(due_on__gt=soon, then=Value("ahead")),
        default=Value(""),
        output_field=CharField(),
    )


def counts_by(rows: QuerySet[AssignmentTally], key: str, today: date) -> dict[Any, UnitCounts]:
    """Tally rows added up by a column, as counts; names are left empty."""
    grouped = rows.annotate(bucket=bucket(today)).values(key, "state", "is_ongoing", "outcome", "bucket")
    summed = grouped.annotate(n=Sum("number"))
    return _counts(summed.values_list(key, "state", "is_ongoing", "outcome", "bucket", "n"))


def _counts(rows: Iterable[Any]) -> dict[Any, UnitCounts]:
    figures: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for place, state, is_ongoing, outcome, where, number in rows:
        name = _figure(state, outcome, where)
        figures[place][name] += int(number)
        if name == "no_deadline" and is_ongoing:
            figures[place]["ongoing"] += int(number)
    return {place: UnitCounts(unit_id=place, **found) for place, found in figures.items()}


_DONE = {"on_time": "done_on_time", "late": "done_late", "done": "done"}
_OPEN = {"late": "late", "soon": "due_soon", "ahead": "on_time", "": "no_deadline"}


def _figure(state: str, outcome: str, where: str) -> str:
    if state in STOPPED:
        return "stopped"
    if state == AssignmentState.ACCEPTED:
        return _DONE[outcome]
    return "waiting" if outcome == "waiting" else _OPEN[where]


_FIGURES = (
    "done_on_time",
    "done_late",
    "done",
    "on_time",
    "due_soon",
    "late",
    "no_deadline",
    "ongoing",
    "waiting",
    "stopped",
)


def added(counts: Iterable[UnitCounts], *, unit_id: int = 0, unit_name: str = "") -> UnitCounts:
    """The sum of several."""
    several = list(counts)
    sums = {name: sum(getattr(one, name) for one in several) for name in _FIGURES}
    return UnitCounts(unit_id=unit_id, unit_name=unit_name, **sums)


def with_name(counts: UnitCounts, name: str) -> UnitCounts:
    return replace(counts, unit_name=name)
