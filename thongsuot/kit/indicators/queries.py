"""Figures: live ones, and what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.facts import Dimension, FactTable, decimal
from thongsuot.kit.indicators.measures import Measure
from thongsuot.kit.indicators.models import IndicatorSnapshot
from thongsuot.kit.indicators.totals import area_totals, records, rolled_up, totals
from thongsuot.kit.indicators.types import (
    BreakdownLine,
    Figure,
    Indicator,
    UnitNode,
    figure_of,
    figure_of_sums,
)
from thongsuot.kit.postgres.isolation import act_as

__all__ = [
    "area_totals",
    "breakdown",
    "dimension_of",
    "figures",
    "figures_of",
    "listed",
    "records",
    "rolled_up",
    "totals",
    "trend",
    "trend_of",
    "trends",
    "unit_nodes",
    "value",
    "values",
]
NOTHING = Decimal(0)
NO_FIGURE = Figure(NOTHING, None, None)


def unit_nodes(unit_ids: Collection[int] | None = None, as_of: date | None = None) -> dict[int, UnitNode]:
    """The units of these ids (None: all) in their usual order, as settings.UNIT_NODES knows them.

    as_of: what adds up to each of them is as it stood on that day: a school that has closed since counts.
    """
    return import_string(settings.UNIT_NODES)(unit_ids, as_of)


def value(code: str, unit_id: int, as_of: date) -> Figure | None:
    """The figure of a unit and all below it on a day; None when there is no such indicator or unit."""
    return values(code, [unit_id], as_of).get(unit_id)


def values(code: str, unit_ids: Collection[int], as_of: date) -> dict[int, Figure]:
    """Figures of several units by id, with one run of the formula. Whoever asks, the figures are the same."""
    indicator = registry.get(code)
    return figures(indicator, unit_nodes(unit_ids, as_of), as_of) if indicator else {}


def figures(indicator: Indicator, nodes: dict[int, UnitNode], as_of: date) -> dict[int, Figure]:
    """What the indicator is for each of these units and all below it."""
    return figures_of([indicator], nodes, as_of)[indicator.code]


def figures_of(
    indicators: Iterable[Indicator],
    nodes: dict[int, UnitNode],
    as_of: date,
    told: Callable[[FactTable], None] | None = None,
) -> dict[str, dict[int, Figure]]:
    """{code: {unit id: figure}} of several indicators: one statement for each fact table, one for each formula.

    told: called with each fact table before it is read.
    """
    asked = list(indicators)
    covers = {node.id: node.covers for node in nodes.values()}
    sums = area_totals([m for one in asked for m in one.measures], as_of, covers, told=told)
    found = _by_formulas([one for one in asked if one.formula is not None], covers, as_of)
    for one in asked:
        if one.formula is None:
            found[one.code] = {key: _by_measures(one, node, sums) for key, node in nodes.items()}
    return found


def _by_formulas(
    indicators: list[Indicator], covers: dict[int, frozenset[int]], as_of: date
) -> dict[str, dict[int, Figure]]:
    if not indicators:
        return {}
    with act_as(Actor.system()):
        return {one.code: _by_formula(one, covers, as_of) for one in indicators}


def _by_measures(
    indicator: Indicator, node: UnitNode, sums: dict[Measure, dict[tuple[Any, ...], Decimal]]
) -> Figure:
    if indicator.is_area_only and not node.children:
        return NO_FIGURE
    return figure_of_sums(indicator, {m: sums[m].get((node.id,), NOTHING) for m in indicator.measures})


def _by_formula(indicator: Indicator, covers: dict[int, frozenset[int]], as_of: date) -> dict[int, Figure]:
    """Add the rows of the formula up to these units."""
    counted_for: dict[int, list[int]] = defaultdict(list)
    for key, unit_ids in covers.items():
        for covered in unit_ids:
            counted_for[covered].append(key)
    numerators: dict[int, Decimal] = defaultdict(Decimal)
    denominators: dict[int, Decimal | None] = defaultdict(lambda: None)
    for unit_id, numerator, denominator in indicator.formula(as_of, list(counted_for)):  # type: ignore[misc]
        for node_id in counted_for.get(unit_id, ()):
            numerators[node_id] += decimal(numerator)
            if denominator is not None:
                denominators[node_id] = (denominators[node_id] or NOTHING) + decimal(denominator)
    return {key: figure_of(indicator, numerators[key], denominators[key]) for key in covers}


def dimension_of(indicator: Indicator, code: str) -> Dimension | None:
    """The dimension by which it may be broken down, or None."""
    if code not in indicator.breakdowns:
        return None
    found = (fact.dimension(code) for key in sorted(indicator.facts) if (fact := registry.get_facts(key)))
    return next((one for one in found if one is not None), None)


def breakdown(indicator: Indicator, node: UnitNode, as_of: date, code: str) -> list[BreakdownLine]:
    """The figure for each value of a dimension, in the order of its labels; values that nothing has are left out.

    What is not known comes last. Numerators (and denominators) of the lines add up to those of the figure, but for
    measures of distinct values. Raises KeyError where the indicator is not broken down by this dimension.
    """
    dimension = dimension_of(indicator, code)
    if dimension is None or (indicator.is_area_only and not node.children):
        raise KeyError(code)
    sums: dict[Any, dict[Measure, Decimal]] = defaultdict(dict)
    for one, numbers in area_totals(indicator.measures, as_of, {node.id: node.covers}, by=(code,)).items():
        for (_unit, found), number in numbers.items():
            sums[found][one] = number
    labels = (
        dict(dimension.labels())
        if dimension.labels
        else {found: found for found in sorted(filter(None, sums))}
    )
    order = [*(one for one in labels if one in sums), *(one for one in sums if one not in labels)]
    return [
        BreakdownLine(found, str(labels.get(found, _("Chưa rõ") if found in (None, "") else found)), figure)
        for found, figure in ((one, figure_of_sums(indicator, sums[one])) for one in order)
    ]


def trend(code: str, unit_id: int, *, since: date, until: date) -> list[tuple[date, Figure]]:
    """What the indicator was, in the order of days; of its present version only."""
    indicator = registry.get(code)
    if indicator is None:
        return []
    with act_as(Actor.system()):
        rows = list(
            IndicatorSnapshot.objects.filter(
                code=code, version=indicator.version, unit_id=unit_id, as_of__range=(since, until)
            )
            .order_by("as_of")
            .values_list("as_of", "numerator", "denominator")
        )
    return _points((day, figure_of(indicator, top, below)) for day, top, below in rows)


def _points(found: Iterable[tuple[date, Figure]]) -> list[tuple[date, Figure]]:
    """A day of which it was kept that there was nothing to count is no point."""
    return [(day, figure) for day, figure in found if figure.value is not None]


def trends(
    codes: Collection[str], unit_id: int, *, since: date, until: date
) -> dict[str, list[tuple[date, Figure]]]:
    """The same of several indicators, with one statement."""
    asked = {code: one for code in codes if (one := registry.get(code)) is not None}
    found: dict[str, list[tuple[date, Figure]]] = {code: [] for code in asked}
    with act_as(Actor.system()):
        rows = IndicatorSnapshot.objects.filter(code__in=asked, unit_id=unit_id, as_of__range=(since, until))
        for code, version, day, top, below in rows.order_by("as_of").values_list(
            "code", "version", "as_of", "numerator", "denominator"
        ):
            if version == asked[code].version:
                found[code].append((day, figure_of(asked[code], top, below)))
    return {code: _points(points) for code, points in found.items()}


def trend_of(
    indicator: Indicator, unit_ids: Collection[int], *, since: date, until: date
) -> list[tuple[date, Figure]]:
    """What it was for these units together, none of which may lie below another; in the order of days.

    Of an indicator that compares two shares nothing is known of several units: theirs do not add up.
    """
    if indicator.compared is not None and len(unit_ids) != 1:
        return []
    with act_as(Actor.system()):
        rows = list(
            IndicatorSnapshot.objects.filter(
                code=indicator.code,
                version=indicator.version,
                unit_id__in=unit_ids,
                as_of__range=(since, until),
            )
            .order_by("as_of")
            .values_list("as_of")
            .annotate(top=Sum("numerator"), below=Sum("denominator"))
        )
    return _points((day, figure_of(indicator, top, below)) for day, top, below in rows)


@dataclass(frozen=True)
class Listed:
    """An indicator with its figure for a unit, and the moment at which that was counted."""

    indicator: Indicator
    figure: Figure
    at: datetime


def listed(indicators: Sequence[Indicator], node: UnitNode, as_of: date, *, now: datetime) -> list[Listed]:
    """Each indicator with its figure for one unit, as cheaply as can be: what is kept ready for today
    (settings.READY_FIGURES), what was kept of that day, and the rest counted now in one go."""
    found: dict[str, tuple[Figure, datetime]] = {}
    if as_of == timezone.localdate(now):
        found = _ready(indicators, node, as_of)
    found = {**_kept([one for one in indicators if one.code not in found], node.id, as_of), **found}
    rest = [one for one in indicators if one.code not in found]
    counted = figures_of(rest, {node.id: node}, as_of) if rest else {}
    found.update({code: (figure_of_units[node.id], now) for code, figure_of_units in counted.items()})
    return [Listed(one, *found[one.code]) for one in indicators]


def is_large(node: UnitNode) -> bool:
    """Whether so many units add up to it that nobody is to wait while the records of a day are counted."""
    return len(node.covers) > settings.FORM_UNITS_AT_ONCE


def unkept(indicators: Sequence[Indicator], unit_id: int, as_of: date) -> list[Indicator]:
    """Those of which nothing was kept for this unit and day."""
    kept = _kept(indicators, unit_id, as_of)
    return [one for one in indicators if one.code not in kept]


def _ready(
    indicators: Sequence[Indicator], node: UnitNode, as_of: date
) -> dict[str, tuple[Figure, datetime]]:
    """What a module above keeps ready: READY_FIGURES(indicators, nodes, as_of) -> ({code: {unit id: figure}}, moment),
    or None where it keeps nothing of that day."""
    place = getattr(settings, "READY_FIGURES", "")
    ready = import_string(place)(indicators, {node.id: node}, as_of) if place else None
    if ready is None:
        return {}
    figures, at = ready
    return {code: (of_units[node.id], at) for code, of_units in figures.items()}


def _kept(indicators: Sequence[Indicator], unit_id: int, as_of: date) -> dict[str, tuple[Figure, datetime]]:
    asked: Mapping[str, Indicator] = {one.code: one for one in indicators}
    if not asked:
        return {}
    with act_as(Actor.system()):
        rows = list(
            IndicatorSnapshot.objects.filter(code__in=asked, unit_id=unit_id, as_of=as_of).values_list(
                "code", "version", "numerator", "denominator", "computed_at"
            )
        )
    return {
        code: (figure_of(asked[code], top, below), at)
        for code, version, top, below, at in rows
        if version == asked[code].version
    }
