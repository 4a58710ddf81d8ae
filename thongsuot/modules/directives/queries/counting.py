"""Counting tasks out of AssignmentTally, which a trigger keeps.

A few thousand small rows, however many tasks there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.ranking import UnitCounts
from ..domain.timeliness import SOON_DAYS
from ..models import AssignmentTally

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


# Each figure of a UnitCounts, as a condition on rows of the tally. A day stands only on open work.
_STOPPED = "t.state in ('paused', 'cancelled')"
_NO_DAY = f"t.due_on is null and t.outcome = '' and not {_STOPPED}"
FIGURES = {
    "done_on_time": "t.outcome = 'on_time'",
    "done_late": "t.outcome = 'late'",
    "done": "t.outcome = 'done'",
    "on_time": "t.due_on > %(soon)s",
    "due_soon": "t.due_on >= %(today)s and t.due_on <= %(soon)s",
    "late": "t.due_on < %(today)s",
    "no_deadline": _NO_DAY,
    "ongoing": f"{_NO_DAY} and t.is_ongoing",
    "waiting": "t.outcome = 'waiting'",
    "stopped": _STOPPED,
}
_SUMS = ", ".join(f"coalesce(sum(t.number) filter (where {rule}), 0)" for rule in FIGURES.values())
# The path of a unit is taken apart once for each unit, not for each row of the tally.
BY_PLACE = f"""
    with place as materialized (select u.id, {{key}} as key from organization_unit u where {{units}})
    select place.key, {_SUMS}
    from directives_assignmenttally t join place on place.id = t.unit_id group by 1
"""  # noqa: S608 - expressions of this file only
BY_DIRECTIVE = f"""
    select t.directive_id, {_SUMS}
    from directives_assignmenttally t where t.directive_id is not null group by 1
"""  # noqa: S608 - expressions of this file only


def _count(sql: str, today: date, params: dict[str, Any]) -> dict[int, UnitCounts]:
    """Counts by key; names are left empty."""
    days = {"today": today, "soon": today + timedelta(days=SOON_DAYS)}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**days, **params})
        rows = cursor.fetchall()
    return {
        key: UnitCounts(key, "", **dict(zip(FIGURES, map(int, row), strict=True)))
        for key, *row in rows
        if any(row)
    }


def counts_by_branch(scope: Scope, today: date) -> dict[int, UnitCounts]:
    """Counts of the units directly below, each with all under it; the unit's own are under its own id.

    Of the province also those below the department: offices and communes then stand side by side.
    """
    below = (
        "nullif(coalesce(nullif(split_part(u.path, '.', {0}), ''), split_part(u.path, '.', {1})), '')::bigint"
    )
    if scope.unit_ids is not None:
        depth = scope.unit.path.count(".")
        sql = BY_PLACE.format(key=below.format(depth + 1, depth), units="u.id = any(%(units)s)")
        return _count(sql, today, {"units": list(scope.unit_ids)})
    key = f"case when u.path like %(department)s then {below.format(3, 2)} else {below.format(2, 1)} end"
    return _count(
        BY_PLACE.format(key=key, units="true"), today, {"department": f"{_department_path(scope.unit)}%"}
    )


def counts_by_unit(
    today: date, *, kinds: Iterable[str], reach: frozenset[int] | None
) -> dict[int, UnitCounts]:
    """Counts of the units of these kinds within reach, each for itself; an office of a commune counts for
    it.
    """
    key = "case when u.kind = 'commune_office' then u.parent_id else u.id end"
    within = "true" if reach is None else "u.id = any(%(units)s)"
    params = {"kinds": list(kinds), "units": list(reach or ())}
    return _count(BY_PLACE.format(key=key, units=f"u.kind = any(%(kinds)s) and {within}"), today, params)


def counts_by_directive(today: date) -> dict[int, UnitCounts]:
    """Counts of the whole province by order."""
    return _count(BY_DIRECTIVE, today, {})


def _department_path(unit: Any) -> str:
    if unit.kind == "department":
        return str(unit.path)
    found = organization.units_below(unit.pk, kind="department").values_list("path", flat=True).first()
    return str(found or "-")


def added(counts: Iterable[UnitCounts], *, unit_id: int = 0, unit_name: str = "") -> UnitCounts:
    """The sum of several."""
    several = list(counts)
    sums = {name: sum(getattr(one, name) for one in several) for name in FIGURES}
    return UnitCounts(unit_id=unit_id, unit_name=unit_name, **sums)


def with_name(counts: UnitCounts, name: str) -> UnitCounts:
    return replace(counts, unit_name=name)
