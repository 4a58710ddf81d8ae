"""Counting tasks out of AssignmentTally, which a trigger keeps.

A few thousand small rows, however many tasks there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, F, Func, IntegerField, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Cast
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


def branch_of(scope: Scope) -> Func:
    """Id of the unit directly below that a row belongs to, out of "1.5.22.".

    Of the province also those below the department: offices and communes then stand side by side.
    """
    depth = scope.unit.path.count(".")

    def part(number: int) -> Func:
        piece = Func(
            F("unit__path"), Value("."), Value(number), function="split_part", output_field=TextField()
        )
        return Func(piece, Value(""), function="nullif", output_field=TextField())

    def below(number: int) -> Func:
        return Func(part(number + 1), part(number), function="coalesce", output_field=TextField())

    if scope.unit_ids is not None:
        return Cast(below(depth), IntegerField())
    under_department = When(unit__path__startswith=_department_path(scope.unit), then=below(2))
    return Cast(Case(under_department, default=below(1)), IntegerField())


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
    grouped = (
        rows.annotate(bucket=bucket(today))
        .values(key, "state", "is_ongoing", "outcome", "bucket")
        .annotate(n=Sum("number"))
        .values_list(key, "state", "is_ongoing", "outcome", "bucket", "n")
    )
    figures: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for place, state, is_ongoing, outcome, where, number in grouped:
        name = _figure(state, outcome, where)
        figures[place][name] += number
        if name == "no_deadline" and is_ongoing:
            figures[place]["ongoing"] += number
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
