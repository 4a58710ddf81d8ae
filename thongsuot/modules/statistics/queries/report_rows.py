"""From a figure of a report to the records behind it, and to what the same figure is now."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.measures import fact_of
from thongsuot.kit.indicators.opening import parts_of, rows_behind, tells_sensitive
from thongsuot.kit.indicators.types import DrillDown, Figure, Indicator, Part

from ..models import Report


def indicator_of(code: str) -> Indicator | None:
    """As it is declared now; None for one that is not any more."""
    return registry.get(code)


def openable(actor: Actor, code: str, unit_id: int) -> list[Part]:
    """Which rows of the figure the actor may open, the numerator first."""
    one = registry.get(code)
    if one is None:
        return []
    return [part for part in parts_of(one) if one.formula is not None or _may(actor, one, part, unit_id)]


def _may(actor: Actor, one: Indicator, part: Part, unit_id: int) -> bool:
    measures = [one.denominator] if part == Part.DENOMINATOR else [one.numerator]
    if part == Part.MISSING:
        measures.append(one.denominator)
    return all(
        fact_of(measure).may_open_sensitive(actor, unit_id)
        for measure in measures
        if measure is not None and tells_sensitive(fact_of(measure), measure.where)
    )


def report_rows(
    actor: Actor, report: Report, code: str, part: Part, *, line: tuple[str, str] | None = None
) -> DrillDown:
    """The records behind a figure on the day of the report; line: (dimension, key of a line of its breakdown).

    Raises KeyError for what cannot be opened, NotAllowed for sensitive data that the actor may not read.
    """
    one = registry.get(code)
    node = indicators.unit_nodes([report.unit_id], report.as_of).get(report.unit_id)
    if one is None or node is None or code not in report.content.get("figures", {}):
        raise KeyError(code)
    only = None if line is None else (line[0], _value(report, code, *line))
    return rows_behind(actor, one, node, report.as_of, part, only=only)


def _value(report: Report, code: str, dimension: str, key: str) -> Any:
    for _label, _number, value in report.content.get("breakdowns", {}).get(f"{code}/{dimension}", []):
        if line_key(value) == key:
            return value
    raise KeyError(key)


def line_key(value: Any) -> str:
    """Key of a line of a breakdown as it stands in an address; "-" where the value is not known."""
    return "-" if value in (None, "") else str(value)


def figure_now(report: Report, code: str) -> Figure | None:
    """The same figure of the same day, from the records as they are now: they may have been corrected since."""
    one = registry.get(code)
    if one is None:
        return None
    nodes = indicators.unit_nodes([report.unit_id], report.as_of)
    return indicators.figures_of([one], nodes, report.as_of)[one.code].get(report.unit_id)
