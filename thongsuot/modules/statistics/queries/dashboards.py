"""What dashboards show, from the figures that are kept ready. Each function answers one part of a page.

A unit's page is for whoever sees the unit; figures are the same whoever looks. Schools are named only to who sees them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import Direction, Figure, Indicator, UnitNode
from thongsuot.modules.organization import queries as organization

from ..domain.comparing import Bin, Outlier, Place, bins, place_of, robust_outliers, size_band
from ..permissions import VIEW
from .warm import warm_cells, warm_figures

TREND = timedelta(days=366)
PUPILS = "registry.pupils"
NOTHING = Decimal(0)


@dataclass(frozen=True)
class KeyFigure:
    indicator: Indicator
    figure: Figure
    trend: list[tuple[date, Figure]]


@dataclass(frozen=True)
class Compared:
    """A school among its like. `names` only of schools that the reader sees."""

    like: int
    place: Place | None
    spread: list[Bin]
    own: Figure


@dataclass(frozen=True)
class Apart:
    """A school far from the others of its level, in one indicator."""

    unit_id: int
    name: str
    level: str
    indicator: Indicator
    figure: Figure
    outlier: Outlier


@cache
def settings_of_pages() -> dict[str, Any]:
    """data/statistics/dashboards.json."""
    return dict(
        json.loads((settings.DATA_DIR / "statistics" / "dashboards.json").read_text(encoding="utf-8"))
    )


def chosen(part: str) -> list[Indicator]:
    """The indicators of a part of the pages, in their order; those that nobody declares any more are left out."""
    return [one for code in settings_of_pages()[part] if (one := registry.get(code)) is not None]


def node_for(actor: Actor, unit_id: int) -> UnitNode:
    """The unit of a page. Raises NotAllowed when it is not within the actor's reach."""
    if not actor.can(VIEW, unit_id):
        raise NotAllowed(_("Không có số liệu này trong phạm vi của anh/chị."))
    found = indicators.unit_nodes([unit_id]).get(unit_id)
    if found is None:
        raise NotAllowed(_("Không có số liệu này trong phạm vi của anh/chị."))
    return found


def key_figures(node: UnitNode, today: date) -> list[KeyFigure]:
    asked = chosen("key")
    found = warm_figures(asked, {node.id: node})
    trends = indicators.trends([one.code for one in asked], node.id, since=today - TREND, until=today)
    return [KeyFigure(one, found[one.code][node.id], trends[one.code]) for one in asked if one.code in found]


def figures_below(actor: Actor, node: UnitNode, indicator: Indicator) -> list[tuple[UnitNode, Figure]]:
    """The units below that the actor sees, those that do worst first; those without a figure last."""
    nodes = {key: one for key, one in indicators.unit_nodes(node.children).items() if actor.sees(key)}
    found = warm_figures([indicator], nodes).get(indicator.code, {})
    sign = 1 if indicator.direction == Direction.HIGHER else -1
    rows = [(nodes[key], figure) for key, figure in found.items()]
    return sorted(rows, key=lambda row: (row[1].value is None, sign * (row[1].value or 0)))


def figures(node: UnitNode, asked: Sequence[Indicator]) -> list[tuple[Indicator, Figure]]:
    found = warm_figures(asked, {node.id: node})
    return [(one, found[one.code][node.id]) for one in asked if one.code in found]


def cells_of(node: UnitNode, *codes: str) -> dict[str, dict[tuple[Any, ...], Decimal]]:
    return warm_cells(codes, node.covers)


def map_figures(indicator: Indicator) -> list[tuple[str, UnitNode, Figure]]:
    """(code of the place, commune, figure), of every commune that the map may draw."""
    codes = organization.commune_codes()
    nodes = indicators.unit_nodes(codes)
    found = warm_figures([indicator], nodes).get(indicator.code, {})
    return [(codes[key], nodes[key], figure) for key, figure in found.items()]


def compared(unit_id: int, indicator: Indicator) -> Compared | None:
    """A school against those with the same levels, the same type and a like number of pupils; None: no school.

    Of very few like it nothing is said: who knows one figure would know the others.
    """
    kinds = organization.school_kinds()
    if unit_id not in kinds:
        return None
    alike = [pk for pk, kind in kinds.items() if kind == kinds[unit_id]]
    nodes = {pk: UnitNode(pk, "", frozenset({pk})) for pk in alike}
    pupils = registry.get(PUPILS)
    asked = [indicator] if pupils is None else [indicator, pupils]
    found = warm_figures(asked, nodes)
    bounds = settings_of_pages()["size_bands"]["pupils"]
    band = {pk: size_band(one.value or NOTHING, bounds) for pk, one in found.get(PUPILS, {}).items()}
    own = found[indicator.code][unit_id]
    values = {
        pk: figure.value
        for pk, figure in found[indicator.code].items()
        if figure.value is not None and band.get(pk) == band.get(unit_id)
    }
    place = None
    if len(values) < settings_of_pages()["least_similar"]:
        return Compared(len(values), None, [], own)
    if own.value is not None:
        better = indicator.direction != Direction.LOWER
        place = place_of(own.value, list(values.values()), higher_is_better=better)
    return Compared(len(values), place, bins(list(values.values()), own.value), own)


def apart(actor: Actor, node: UnitNode, asked: Iterable[Indicator]) -> list[Apart]:
    """Schools of this area that lie far from all others of the province with the same levels, the farthest first."""
    said = settings_of_pages()["outlier_limit"]
    kinds = organization.school_kinds()
    nodes = {pk: UnitNode(pk, "", frozenset({pk})) for pk in kinds}
    by_level: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, kind in kinds.items():
        by_level[kind.levels].append(pk)
    asked = list(asked)
    found = warm_figures(asked, nodes)
    shown = {pk for pk in node.covers if pk in kinds and actor.sees(pk)}
    rows: list[tuple[int, tuple[str, ...], Indicator, Figure, Outlier]] = []
    for one in asked:
        figures_of = found.get(one.code, {})
        for levels, unit_ids in by_level.items():
            values = {pk: value for pk in unit_ids if (value := figures_of[pk].value) is not None}
            far = robust_outliers(values, Decimal(said["z"]), said["least_schools"])
            rows += [(pk, levels, one, figures_of[pk], far[pk]) for pk in far if pk in shown]
    names = {pk: name for pk, name, _kind in organization.units_named(row[0] for row in rows)}
    listed = [
        Apart(pk, names.get(pk, ""), ",".join(levels), one, figure, outlier)
        for pk, levels, one, figure, outlier in rows
    ]
    return sorted(listed, key=lambda row: (-abs(row.outlier.z), row.name, row.indicator.code))


def norms(code_list: str) -> dict[str, Decimal]:
    """Numbers of a list that users correct, by code."""
    rows = organization.code_values(code_list).values_list("code", "name")
    return {code: Decimal(name) for code, name in rows if name.replace(".", "", 1).isdecimal()}
