"""The province at a glance: how far each commune has come in a round, its levels, and the years compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.scoring import share
from ..models import Assessment, MaturityRound, Recognition
from ..permissions import VIEW, assessments_visible, within
from ..types import OPEN_STATES, AssessmentState
from .waiting import assessed_levels

LEVELS = (1, 2, 3)


@dataclass
class AreaRow:
    """A commune (or the department with its own schools). codes: of the area, for a map; levels: published ones."""

    unit_id: int
    name: str
    area_code: str = ""
    schools: int = 0
    begun: int = 0
    handed_in: int = 0
    concluded: int = 0
    levels: dict[int, int] = field(default_factory=dict)

    @property
    def recognised(self) -> int:
        return sum(self.levels.values())

    @property
    def reached(self) -> Decimal | None:
        """Share of its schools at level 2 or above, in %."""
        good = sum(n for level, n in self.levels.items() if level >= 2)
        return share(Decimal(good), Decimal(self.schools))

    @property
    def level_counts(self) -> list[int]:
        return [self.levels.get(level, 0) for level in LEVELS]


def by_area(actor: Actor, round: MaturityRound, *, today: date) -> list[AreaRow]:
    """One row for each body that manages schools within the actor's reach; three statements however many.

    Schools are those that a rubric in force is meant for. `area_code` is that of the commune, to be laid on a map.
    """
    schools = organization.schools(actor, today=today, levels=assessed_levels() or ("-",))
    reach = actor.reach_of(VIEW)
    if reach is not None:
        schools = schools.filter(unit_id__in=reach)
    rows: dict[int, AreaRow] = {}
    for parent_id, name, code, number in (
        schools.order_by("unit__parent__sort_key", "unit__parent_id")
        .values_list("unit__parent_id", "unit__parent__name", "unit__parent__administrative_unit__code")
        .annotate(number=Count("unit_id"))
    ):
        rows[parent_id] = AreaRow(parent_id, name, code or "", schools=number)
    _count_states(actor, round, rows)
    _count_levels(actor, round, rows)
    return list(rows.values())


def _count_states(actor: Actor, round: MaturityRound, rows: dict[int, AreaRow]) -> None:
    found = (
        Assessment.objects.filter(assessments_visible(actor), round=round, unit__kind="school")
        .order_by()
        .values_list("unit__parent_id", "state")
        .annotate(number=Count("unit_id", distinct=True))
    )
    done = {AssessmentState.CONCLUDED, AssessmentState.RECOGNISED}
    for parent_id, state, number in found:
        if (row := rows.get(parent_id)) is None:
            continue
        row.begun += number
        row.handed_in += number if state not in OPEN_STATES else 0
        row.concluded += number if state in done else 0


def _count_levels(actor: Actor, round: MaturityRound, rows: dict[int, AreaRow]) -> None:
    found = (
        _published(actor)
        .filter(decision__round=round, unit__kind="school")
        .order_by()
        .values_list("unit__parent_id", "level")
        .annotate(number=Count("pk"))
    )
    for parent_id, level, number in found:
        if (row := rows.get(parent_id)) is not None:
            row.levels[level] = row.levels.get(level, 0) + number


def _published(actor: Actor) -> QuerySet[Recognition]:
    return Recognition.objects.filter(within(actor, VIEW), is_live=True, decision__published_on__isnull=False)


def whole(rows: Iterable[AreaRow], name: str) -> AreaRow:
    """All rows added up."""
    total = AreaRow(0, name)
    for row in rows:
        total.schools += row.schools
        total.begun += row.begun
        total.handed_in += row.handed_in
        total.concluded += row.concluded
        for level, number in row.levels.items():
            total.levels[level] = total.levels.get(level, 0) + number
    return total


def by_year(actor: Actor) -> list[tuple[str, dict[int, int]]]:
    """(school year, {level: number of published schools}), the earliest first."""
    rows = (
        _published(actor)
        .filter(unit__kind="school")
        .order_by("decision__round__school_year__starts_on")
        .values_list("decision__round__school_year__name", "level")
        .annotate(number=Count("pk"))
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for year, level, number in rows:
        found[year][level] = number
    return list(found.items())
