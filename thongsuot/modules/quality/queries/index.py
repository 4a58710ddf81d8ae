"""The index as it stands and as it was, added up from the counts of each rule at each unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import fold, fold_words
from thongsuot.modules.organization import queries as organization

from ..domain.index import Layer, Measured, Thresholds, build_index
from ..models import ProvinceScore, QualityScore
from ..permissions import VIEW
from ..types import BOOK, Colour
from .rules import SetRule, set_rules, thresholds

# A unit that was last checked longer ago than this has no index today.
FRESH = timedelta(days=31)
POINTS = 14
# unit -> rule -> (assessed, passed)
Counts = Mapping[str, tuple[int, int]]

# Of each unit the scores of its last check up to a day.
LATEST = """
    latest as materialized (
        select u.id as unit_id, l.day from organization_unit u
        cross join lateral (
            select d.day from quality_qualityscore d
            where d.unit_id = u.id and d.day between %(since)s and %(day)s order by d.day desc limit 1
        ) l
        where %(everywhere)s or u.id = any(%(units)s)
    )
"""
SUMMED = f"""
    with {LATEST}
    select s.rule, sum(s.assessed), sum(s.passed), (select count(*) from latest)
    from latest l join quality_qualityscore s on s.unit_id = l.unit_id and s.day = l.day group by s.rule
"""  # noqa: S608 - put together from words of ours
# `build_index` for many bodies at once, of which each adds up the units that it covers: the same four layers as means of
# means. Nine places are far finer than one object among all of a province.
RANKED = f"""
    with {LATEST},
    body as (select * from unnest(%(bodies)s::bigint[], %(covered)s::bigint[]) as b(id, unit_id)),
    rule as (
        select * from unnest(%(rules)s::text[], %(datasets)s::text[], %(fields)s::text[], %(words)s::text[],
            %(weights)s::float8[], %(identifiers)s::bool[]) as r(code, dataset, field, word, weight, is_identifier)
    ),
    share as (select * from unnest(%(of_set)s::text[], %(of_field)s::text[], %(share)s::float8[])
        as w(dataset, field, weight)),
    counted as (
        select b.id, s.rule, sum(s.assessed) as assessed, sum(s.passed) as passed
        from latest l join quality_qualityscore s on s.unit_id = l.unit_id and s.day = l.day
        join body b on b.unit_id = l.unit_id group by b.id, s.rule
    ),
    criterion as (
        select c.id, r.dataset, r.field, r.word,
            sum(100.0::float8 * c.passed / c.assessed * r.weight) / sum(r.weight) as value,
            sum(c.assessed - c.passed) as failed,
            coalesce(sum(c.assessed - c.passed) filter (where r.is_identifier), 0) as incidents
        from counted c join rule r on r.code = c.rule where c.assessed > 0
        group by c.id, r.dataset, r.field, r.word
    ),
    field as (
        select c.id, c.dataset, c.field, coalesce(w.weight, 1) as weight, avg(c.value) as value,
            sum(c.failed) as failed, sum(c.incidents) as incidents
        from criterion c left join share w on w.dataset = c.dataset and w.field = c.field
        group by c.id, c.dataset, c.field, w.weight
    )
    select id, dataset, round((sum(value * weight) / sum(weight))::numeric, 9), sum(failed), sum(incidents)
    from field group by grouping sets ((id), (id, dataset))
"""  # noqa: S608 - put together from words of ours


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


def _span(day: date, unit_ids: Collection[int] | None) -> dict[str, Any]:
    return {
        "since": day - FRESH,
        "day": day,
        "everywhere": unit_ids is None,
        "units": sorted(unit_ids or ()),
    }


def _summed(day: date, unit_ids: Collection[int] | None) -> tuple[dict[str, tuple[int, int]], int]:
    """Counts of each rule over these units (None: all), and of how many units."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMED, _span(day, unit_ids))
        rows = cursor.fetchall()
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}, rows[0][3] if rows else 0


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
    counts, units = _summed(day, covered(actor, unit_id))
    layer = build_index(measured(counts, set_rules(day)), _field_weights())
    return Index(unit_id, layer, thresholds(day).colour(layer.value), units)


def trend(actor: Actor, *, unit_id: int, until: date, points: int = POINTS) -> list[TrendPoint]:
    """The index on the last days on which everything was checked, the oldest first; weights are those of `until`."""
    units = covered(actor, unit_id)
    days = _checked_days(units, until, points)
    rows: QuerySet[Any] = ProvinceScore.objects.filter(day__in=days)
    if units is not None:
        rows = QualityScore.objects.filter(day__in=days, unit_id__in=units)
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
    # The province's sums are kept of the days on which all of it was checked.
    kept = ProvinceScore.objects.filter(day__range=(since, until))
    return list(kept.order_by("-day").values_list("day", flat=True).distinct()[:points])


def ranking(actor: Actor, *, level: str, day: date, words: str = "") -> list[Ranked]:
    """Units of a kind ("school" or "commune") that the actor sees, the best index first; unchecked ones last.

    words: only those whose name has them, with the places that they hold among all.
    """
    reach = actor.reach_of(VIEW)
    places = organization.unit_places(row["pk"] for row in organization.ids_of_kind(level))
    nodes = organization.unit_nodes([pk for pk in places if reach is None or pk in reach])
    found = _ranked(day, reach, {node.id: node.covers for node in nodes.values()})
    limits = thresholds(day)
    lines = [_line(node.id, node.name, found.get(node.id, {}), limits) for node in nodes.values()]
    placed = _placed(lines)
    if not words:
        return placed
    wanted = fold_words(words)
    return [one for one in placed if all(word in fold(one.name) for word in wanted)]


# data set ("" for the whole) -> (value, failed, incidents)
Body = Mapping[str, tuple[Decimal, int, int]]


def _ranked(
    day: date, reach: Collection[int] | None, covers: Mapping[int, Iterable[int]]
) -> dict[int, dict[str, tuple[Decimal, int, int]]]:
    pairs = [(body, unit) for body, units in covers.items() for unit in units]
    rules = [one for one in set_rules(day) if one.is_on]
    weights = _field_weights()
    asked = _span(day, reach) | {
        "bodies": [body for body, _unit in pairs],
        "covered": [unit for _body, unit in pairs],
        "rules": [one.rule.code for one in rules],
        "datasets": [one.rule.dataset for one in rules],
        "fields": [one.rule.field for one in rules],
        "words": [str(one.rule.word) for one in rules],
        "weights": [float(one.weight) for one in rules],
        "identifiers": [one.rule.identifier for one in rules],
        "of_set": [dataset for dataset, _field in weights],
        "of_field": [field for _dataset, field in weights],
        "share": [float(weight) for weight in weights.values()],
    }
    found: dict[int, dict[str, tuple[Decimal, int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(RANKED, asked)
        for body, dataset, value, failed, incidents in cursor.fetchall():
            found[body][dataset or ""] = (value, int(failed), int(incidents))
    return found


def _line(unit_id: int, name: str, found: Body, limits: Thresholds) -> Ranked:
    value, failed, incidents = found.get("", (None, 0, 0))
    by_dataset = {dataset: one[0] for dataset, one in found.items() if dataset}
    return Ranked(None, unit_id, name, value, limits.colour(value), failed, incidents, by_dataset)


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
