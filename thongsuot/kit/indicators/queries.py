"""Figures: live ones, and what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.module_loading import import_string

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.models import IndicatorSnapshot
from thongsuot.kit.indicators.types import Figure, Indicator, UnitNode, figure_of
from thongsuot.kit.postgres.isolation import act_as

NOTHING = Decimal(0)


def unit_nodes(unit_ids: Collection[int] | None = None) -> dict[int, UnitNode]:
    """The units of these ids (None: all) in their usual order, as settings.UNIT_NODES knows them."""
    return import_string(settings.UNIT_NODES)(unit_ids)


def value(code: str, unit_id: int, as_of: date) -> Figure | None:
    """The figure of a unit and all below it on a day; None when there is no such indicator or unit."""
    return values(code, [unit_id], as_of).get(unit_id)


def values(code: str, unit_ids: Collection[int], as_of: date) -> dict[int, Figure]:
    """Figures of several units by id, with one run of the formula. Whoever asks, the figures are the same."""
    indicator = registry.get(code)
    return figures(indicator, unit_nodes(unit_ids), as_of) if indicator else {}


def figures(indicator: Indicator, nodes: dict[int, UnitNode], as_of: date) -> dict[int, Figure]:
    """Add the rows of the formula up to these units."""
    counted_for: dict[int, list[int]] = defaultdict(list)
    for node in nodes.values():
        for covered in node.covers:
            counted_for[covered].append(node.id)
    numerators: dict[int, Decimal] = defaultdict(Decimal)
    denominators: dict[int, Decimal | None] = defaultdict(lambda: None)
    with act_as(Actor.system()):
        for unit_id, numerator, denominator in indicator.formula(as_of, list(counted_for)):
            for node_id in counted_for.get(unit_id, ()):
                numerators[node_id] += _decimal(numerator)
                if denominator is not None:
                    denominators[node_id] = (denominators[node_id] or NOTHING) + _decimal(denominator)
    return {key: figure_of(indicator, numerators[key], denominators[key]) for key in nodes}


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
    return [(day, figure_of(indicator, numerator, denominator)) for day, numerator, denominator in rows]


def computed(
    indicators: Iterable[Indicator], unit_id: int, as_of: date
) -> list[tuple[Indicator, Figure | None]]:
    """Each indicator with its figure for one unit."""
    nodes = unit_nodes([unit_id])
    return [(one, figures(one, nodes, as_of).get(unit_id)) for one in indicators]


def _decimal(number: object) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(str(number or 0))
