"""The index as it stands and as it was, added up from the counts of each rule at each unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import fold, fold_words
from thongsuot.modules.organization import queries as organization

from ..domain.index import Layer, Measured, Thresholds, build_index
from ..models import CheckRun, QualityScore
from ..permissions import VIEW
from ..types import BOOK, Colour
from .rules import SetRule, set_rules, thresholds

# A unit that was last checked longer ago than this has no index today.
FRESH = timedelta(days=31)
POINTS = 14
# unit -> rule -> (assessed, passed)
Counts = Mapping[str, tuple[int, int]]

LATEST = """
    select s.unit_id, s.rule, s.assessed, s.passed
    from organization_unit u
    cross join lateral (
        select d.day from quality_qualityscore d
        where d.unit_id = u.id and d.day between %(since)s and %(day)s order by d.day desc limit 1
    ) latest
    join quality_qualityscore s on s.unit_id = u.id and s.day = latest.day
    where %(everywhere)s or u.id = any(%(units)s)
"""


@dataclass(frozen=True)
class Index:
    """The index of a unit with all below it."""

    unit_id: int
    layer: Layer
    colour: Colour | None
    schools: int

    @property
    def has_incident(self) -> bool:
        """An identifier is not at 100%: "sự cố nghiêm trọng"."""
        return self.layer.incidents > 0


@dataclass(frozen=True)
class Ranked:
    """rank: equal indexes share a place (1, 2, 2, 4); None for what was never checked."""

    rank: int | None
    unit_id: int
    name: str
    value: Decimal | None
    colour: Colour | None
    failed: int
    incidents: int
    by_dataset: dict[str, Decimal | None]


@dataclass(frozen=True)
class TrendPoint:
    day: date
    value: Decimal | None


def _field_weights() -> dict[tuple[str, str], Decimal]:
    return {
        (dataset.code, name): weight
        for dataset in BOOK.datasets.values()
        for name, weight in dataset.weights.items()
    }


def measured(counts: Counts, rules: Iterable[SetRule]) -> list[Measured]:
    """Counts joined with what the rules are; a rule that is switched off takes no part."""
    return [
        Measured(
            rule=one.rule.code,
            dataset=one.rule.dataset,
            field=one.rule.field,
            word=one.rule.word,
            assessed=counts[one.rule.code][0],
            passed=counts[one.rule.code][1],
            weight=one.weight,
            identifier=one.rule.identifier,
        )
        for one in rules
        if one.is_on and one.rule.code in counts
    ]


def _latest(day: date, unit_ids: Collection[int] | None) -> dict[int, dict[str, tuple[int, int]]]:
    found: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    asked: dict[str, Any] = {
        "since": day - FRESH,
        "day": day,
        "everywhere": unit_ids is None,
        "units": sorted(unit_ids or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(LATEST, asked)
        for unit_id, rule, assessed, passed in cursor.fetchall():
            found[unit_id][rule] = (assessed, passed)
    return found


def _sum(parts: Iterable[Counts]) -> dict[str, tuple[int, int]]:
    total: dict[str, tuple[int, int]] = {}
    for part in parts:
        for rule, (assessed, passed) in part.items():
            before = total.get(rule, (0, 0))
            total[rule] = (before[0] + assessed, before[1] + passed)
    return total


def covered(actor: Actor, unit_id: int) -> frozenset[int] | None:
    """Units whose records make up the index of `unit_id`; None for the whole province. NotAllowed when the actor may
    not see it."""
    nodes = organization.unit_nodes([unit_id])
    reach = actor.reach_of(VIEW)
    if unit_id not in nodes or not (reach is None or unit_id in reach):
        raise NotAllowed("Anh/chị không xem được đơn vị này.")
    place = organization.unit_places([unit_id])[unit_id]
    if reach is None and place.kind in organization.WHOLE_PROVINCE:
        return None
    covers = frozenset(nodes[unit_id].covers)
    return covers if reach is None else covers & reach


def index_of(actor: Actor, *, unit_id: int, day: date) -> Index:
    """The index of a unit as of `day`: of each school the last check up to then. NotAllowed as in `covered`."""
    counts = _latest(day, covered(actor, unit_id))
    layer = build_index(measured(_sum(counts.values()), set_rules(day)), _field_weights())
    return Index(unit_id, layer, thresholds(day).colour(layer.value), len(counts))


def trend(actor: Actor, *, unit_id: int, until: date, points: int = POINTS) -> list[TrendPoint]:
    """The index on the last days on which everything was checked, the oldest first; weights are those of `until`."""
    units = covered(actor, unit_id)
    days = _checked_days(units, until, points)
    rows = QualityScore.objects.filter(day__in=days)
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    by_day: dict[date, dict[str, tuple[int, int]]] = defaultdict(dict)
    summed = rows.order_by("day", "rule").values_list("day", "rule")
    for day, rule, assessed, passed in summed.annotate(a=Sum("assessed"), p=Sum("passed")):
        by_day[day][rule] = (assessed, passed)
    rules, weights = set_rules(until), _field_weights()
    return [
        TrendPoint(day, build_index(measured(by_day[day], rules), weights).value) for day in sorted(by_day)
    ]


def _checked_days(units: frozenset[int] | None, until: date, points: int) -> list[date]:
    since = until - FRESH
    if units is not None and len(units) == 1:
        own = QualityScore.objects.filter(unit_id__in=units, day__range=(since, until))
        return list(own.order_by("-day").values_list("day", flat=True).distinct()[:points])
    runs = CheckRun.objects.filter(unit__isnull=True, finished_at__isnull=False)
    days = {timezone.localtime(run.started_at).date() for run in runs.filter(started_at__date__gte=since)}
    return sorted((day for day in days if day <= until), reverse=True)[:points]


def ranking(actor: Actor, *, level: str, day: date, words: str = "") -> list[Ranked]:
    """Units of a kind ("school" or "commune") that the actor sees, the best index first; unchecked ones last.

    words: only those whose name has them, with the places that they hold among all.
    """
    reach = actor.reach_of(VIEW)
    counts = _latest(day, reach)
    places = organization.unit_places(row["pk"] for row in organization.ids_of_kind(level))
    nodes = organization.unit_nodes([pk for pk in places if reach is None or pk in reach])
    rules, weights, limits = set_rules(day), _field_weights(), thresholds(day)
    lines = []
    for node in nodes.values():
        own = _sum(counts[unit_id] for unit_id in node.covers if unit_id in counts)
        lines.append(_line(node.id, node.name, build_index(measured(own, rules), weights), limits))
    placed = _placed(lines)
    if not words:
        return placed
    wanted = fold_words(words)
    return [one for one in placed if all(word in fold(one.name) for word in wanted)]


def _line(unit_id: int, name: str, layer: Layer, limits: Thresholds) -> Ranked:
    by_dataset = {one.key: one.value for one in layer.below}
    colour = limits.colour(layer.value)
    return Ranked(None, unit_id, name, layer.value, colour, layer.failed, layer.incidents, by_dataset)


def _placed(lines: list[Ranked]) -> list[Ranked]:
    nothing = Decimal(-1)
    lines.sort(key=lambda one: (-(nothing if one.value is None else one.value), one.failed, one.unit_id))
    placed: list[Ranked] = []
    for number, one in enumerate(lines, start=1):
        rank: int | None = number
        if one.value is None:
            rank = None
        elif placed and placed[-1].value == one.value:
            rank = placed[-1].rank
        placed.append(Ranked(**{**one.__dict__, "rank": rank}))
    return placed
