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
from .rounds import round_before
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
    # Published levels of the round before, to see how far it has come since.
    levels_before: dict[int, int] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """A commune by its name, not as the committee that it is."""
        return self.name.removeprefix("Ủy ban nhân dân ").removeprefix("UBND ")

    @property
    def handed_in_share(self) -> Decimal | None:
        """Of its schools, in %."""
        return share(Decimal(self.handed_in), Decimal(self.schools))

    @property
    def reached_before(self) -> Decimal | None:
        """As `reached`, in the round before; None where nothing was published then. Schools are those of today."""
        return _reached(self.levels_before, self.schools) if self.levels_before else None

    @property
    def gain(self) -> Decimal | None:
        """Percentage points since the round before; None while one of the two rounds has nothing published."""
        if self.reached is None or self.reached_before is None or not self.levels:
            return None
        return self.reached - self.reached_before

    @property
    def recognised(self) -> int:
        return sum(self.levels.values())

    @property
    def reached(self) -> Decimal | None:
        """Share of its schools at level 2 or above, in %."""
        return _reached(self.levels, self.schools)

    @property
    def level_counts(self) -> list[int]:
        return [self.levels.get(level, 0) for level in LEVELS]


def _reached(levels: dict[int, int], schools: int) -> Decimal | None:
    return share(Decimal(sum(n for level, n in levels.items() if level >= 2)), Decimal(schools))


def by_area(actor: Actor, round: MaturityRound, *, today: date) -> list[AreaRow]:
    """One row for each body that manages schools within the actor's reach; five statements however many.

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
    _count_levels(actor, round, {key: row.levels for key, row in rows.items()})
    before = round_before(round)
    if before is not None:
        _count_levels(actor, before, {key: row.levels_before for key, row in rows.items()})
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


def _count_levels(actor: Actor, round: MaturityRound, counts: dict[int, dict[int, int]]) -> None:
    found = (
        _published(actor)
        .filter(decision__round=round, unit__kind="school")
        .order_by()
        .values_list("unit__parent_id", "level")
        .annotate(number=Count("pk"))
    )
    for parent_id, level, number in found:
        if (levels := counts.get(parent_id)) is not None:
            levels[level] = levels.get(level, 0) + number


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
        for into, levels in ((total.levels, row.levels), (total.levels_before, row.levels_before)):
            for level, number in levels.items():
                into[level] = into.get(level, 0) + number
    return total


@dataclass(frozen=True)
class Moves:
    """Schools published in a round against the round before: how many went up, stayed, went down, are new in it."""

    before: str
    up: int = 0
    same: int = 0
    down: int = 0
    new: int = 0


def moves(actor: Actor, round: MaturityRound) -> Moves | None:
    """None where there is no round before, or nothing is published in this one."""
    before = round_before(round)
    if before is None:
        return None
    rows = _published(actor).filter(unit__kind="school", decision__round__in=(before, round))
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    for unit_id, round_id, level in rows.order_by("pk").values_list("unit_id", "decision__round_id", "level"):
        levels[unit_id][round_id] = level
    steps = [(found.get(before.pk), found[round.pk]) for found in levels.values() if round.pk in found]
    if not steps:
        return None
    known = [(old, new) for old, new in steps if old is not None]
    return Moves(
        before=before.school_year.name,
        up=sum(new > old for old, new in known),
        same=sum(new == old for old, new in known),
        down=sum(new < old for old, new in known),
        new=len(steps) - len(known),
    )


def past_levels(assessment: Assessment) -> list[tuple[str, int]]:
    """(school year, published level) of the same unit in the rounds before, the latest first; of an assessment that the
    caller may see."""
    rows = Recognition.objects.filter(
        unit_id=assessment.unit_id,
        is_live=True,
        decision__published_on__isnull=False,
        assessment__rubric__code=assessment.rubric.code,
        decision__round__school_year__starts_on__lt=assessment.round.school_year.starts_on,
    )
    rows = rows.order_by("-decision__round__school_year__starts_on", "-pk")
    return list(rows.values_list("decision__round__school_year__name", "level"))


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
