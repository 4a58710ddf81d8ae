"""Targets that are bound to an indicator: figures come from the records, and nobody types them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import Figure, Indicator, UnitNode

from ..models import Target

TREND_DAYS = 400
# All units that the target is given to, taken together; no unit has this key.
TOGETHER = 0


@dataclass(frozen=True)
class Live:
    """figures: of each unit by id; below: those of the units directly below each; whole: of all of them together, each
    pupil or teacher counted once; trend: of the whole, the oldest first, the last one of today."""

    indicator: Indicator
    figures: dict[int, Figure]
    below: dict[int, list[Figure]]
    whole: Figure
    trend: list[tuple[date, Decimal]]


def indicator_of(row: Target) -> Indicator | None:
    """None also where the module that declared the indicator is gone: reported figures then answer."""
    return registry.get(row.indicator_code) if row.indicator_code else None


def live(row: Target, indicator: Indicator, unit_ids: Collection[int], today: date) -> Live:
    """What the indicator says of these units today, from one reading of the records."""
    known = indicators.unit_nodes(as_of=today)
    nodes = {key: known[key] for key in unit_ids if key in known}
    children = {key: known[key] for node in nodes.values() for key in node.children if key in known}
    together = _together(nodes.values())
    found = indicators.figures(indicator, {**children, **nodes, TOGETHER: together}, today)
    return Live(
        indicator,
        {key: found[key] for key in nodes},
        {key: [found[child] for child in node.children if child in found] for key, node in nodes.items()},
        found[TOGETHER],
        _trend(row, indicator, nodes, found[TOGETHER], today),
    )


def live_words(indicator: Indicator) -> str:
    return _("lấy từ dữ liệu: %(name)s") % {"name": indicator.name}


def _together(nodes: Iterable[UnitNode]) -> UnitNode:
    """Units may lie below others that are given the same target: each is in it once."""
    listed = list(nodes)
    covers = frozenset(unit_id for node in listed for unit_id in node.covers)
    # An area where any of them is one.
    children = tuple(node.id for node in listed) if any(node.children for node in listed) else ()
    return UnitNode(TOGETHER, "", covers, children)


def _apart(nodes: Iterable[UnitNode]) -> list[int]:
    """Those that lie below no other of them."""
    kept: list[UnitNode] = []
    for node in sorted(nodes, key=lambda one: -len(one.covers)):
        if not any(node.id in one.covers for one in kept):
            kept.append(node)
    return [node.id for node in kept]


def _trend(
    row: Target, indicator: Indicator, nodes: dict[int, UnitNode], whole: Figure, today: date
) -> list[tuple[date, Decimal]]:
    """As it was kept day by day, from the day on which the target was given; of that day, where nothing was kept by
    then, it is counted as the records say it was."""
    given = row.directive.issued_on
    since = min(given, today - timedelta(days=TREND_DAYS)) if given else today - timedelta(days=TREND_DAYS)
    kept = indicators.trend_of(
        indicator, _apart(nodes.values()), since=since, until=today - timedelta(days=1)
    )
    points = [(day, figure.value) for day, figure in kept if figure.value is not None]
    if given is not None and given < today and not any(day <= given for day, _value in points):
        then = indicators.unit_nodes(nodes, given)
        figure = indicators.figures(indicator, {TOGETHER: _together(then.values())}, given)[TOGETHER]
        points = [(given, figure.value), *points] if figure.value is not None else points
    return [*points, (today, whole.value)] if whole.value is not None else points
