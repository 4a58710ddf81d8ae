"""The figures of a report, computed in one go: one statement for each fact table, whoever writes the report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import Figure, Indicator, UnitNode

from ..domain.report_template import Template, day_in_year
from .report_parts import provided_json


def computed_content(
    actor: Actor, template: Template, *, unit_id: int, first_year: int, as_of: date, today: date
) -> dict[str, Any]:
    """JSON of everything that the template has computed for the unit and all below it on a day:

    {"figures": {code: {name, unit, decimals, version, value, numerator, denominator, previous}},
     "breakdowns": {"code/dimension": [[label, number, value of the dimension], ...]},
     "units": [{"id", "name", "values": {code: value}}], "provided": {code: {...}}}

    previous: the value on the same day a year before, None where nothing could be counted. Numbers are strings.
    """
    nodes = indicators.unit_nodes([unit_id], as_of)
    node = nodes[unit_id]
    asked = _declared(template.indicators())
    now = indicators.figures_of(asked, nodes, as_of)
    before = indicators.figures_of(
        asked, indicators.unit_nodes([unit_id], _year_before(as_of)), _year_before(as_of)
    )
    first = day_in_year(template.body["since"], first_year)
    return {
        "figures": {
            one.code: _figure(one, now[one.code][unit_id], before[one.code].get(unit_id)) for one in asked
        },
        "breakdowns": _breakdowns(template, node, as_of),
        "units": _units(template, node, as_of),
        "provided": provided_json(
            actor, template.provided(), unit_id=unit_id, first=first, last=as_of, today=today
        ),
    }


def _declared(codes: Iterable[str]) -> list[Indicator]:
    """What nobody declares is left out and printed as "–"."""
    return [found for code in codes if (found := registry.get(code)) is not None]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _figure(one: Indicator, figure: Figure, before: Figure | None) -> dict[str, Any]:
    return {
        "name": str(one.name),
        "unit": one.unit,
        "decimals": one.decimals,
        "version": one.version,
        "value": _text(figure.value),
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "previous": _text(before.value if before else None),
    }


def _text(number: object) -> str | None:
    return None if number is None else str(number)


def _breakdowns(template: Template, node: UnitNode, as_of: date) -> dict[str, list[list[Any]]]:
    found: dict[str, list[list[Any]]] = {}
    for code, by in template.breakdowns():
        one = registry.get(code)
        if one is None or by not in one.breakdowns or (one.is_area_only and not node.children):
            continue
        lines = indicators.breakdown(one, node, as_of, by)
        found[f"{code}/{by}"] = [[line.label, _text(line.figure.value), _key(line.value)] for line in lines]
    return found


def _key(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _units(template: Template, node: UnitNode, as_of: date) -> list[dict[str, Any]]:
    asked = _declared(template.unit_indicators())
    if not asked or not node.children:
        return []
    nodes = indicators.unit_nodes(node.children, as_of)
    found = indicators.figures_of(asked, nodes, as_of)
    names = {one.code: str(one.name) for one in asked}
    decimals = {one.code: one.decimals for one in asked}
    return [
        {
            "id": child.id,
            "name": child.name,
            "values": {code: _text(found[code][child.id].value) for code in names},
            "decimals": decimals,
        }
        for child in nodes.values()
    ]
