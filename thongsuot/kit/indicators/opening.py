"""From a figure to the rows behind it, within the rights of whoever looks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models.expressions import RawSQL

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.conditions import (
    Among,
    Condition,
    Not,
    Unknown,
    dimensions_of,
)
from thongsuot.kit.indicators.facts import FactTable, Params
from thongsuot.kit.indicators.measures import Measure, fact_of, rows_sql
from thongsuot.kit.indicators.queries import records
from thongsuot.kit.indicators.types import Direction, DrillDown, Indicator, Part, UnitNode

_PARAMETER = re.compile(r"%\((\w+)\)s")


def parts_of(indicator: Indicator) -> list[Part]:
    """What can be opened. Missing rows are those of the denominator that are not in the numerator: only of a share that
    is better the higher it is is anybody missing."""
    if indicator.formula is not None:
        return [Part.MISSING] if indicator.drill_down else []
    found = [Part.NUMERATOR]
    if indicator.denominator is not None:
        found.append(Part.DENOMINATOR)
        if indicator.direction == Direction.HIGHER and _is_share(indicator):
            found.append(Part.MISSING)
    return [one for one in found if fact_of(_measure(indicator, one)).drill_down is not None]


def rows_behind(
    actor: Actor,
    indicator: Indicator,
    node: UnitNode,
    as_of: date,
    part: Part,
    *,
    only: tuple[str, Any] | None = None,
) -> DrillDown:
    """The records behind a figure that the actor may see.

    only: (dimension, value) of a line of a breakdown, value None for what is not known.
    Raises NotAllowed when the condition tells of data that are sensitive in law and the actor may not read those here;
    KeyError when this part cannot be opened.
    """
    if part not in parts_of(indicator):
        raise KeyError(part)
    if indicator.formula is not None:
        return indicator.drill_down(actor, node.id, as_of)  # type: ignore[misc]
    one = _asked(indicator, part, only)
    if not _is_open(actor, one, node.id):
        raise NotAllowed(str(indicator.name))
    drill_down = fact_of(one).drill_down(actor, as_of)  # type: ignore[misc]
    return replace(drill_down, rows=_chosen(drill_down.rows, actor, one, node, as_of))


def opens(
    actor: Actor, indicator: Indicator, unit_id: int, part: Part, only: tuple[str, Any] | None = None
) -> bool:
    """Whether `rows_behind` gives the actor these rows, without a look at any: a page offers no link that leads nowhere."""
    if part not in parts_of(indicator):
        return False
    return indicator.formula is not None or _is_open(actor, _asked(indicator, part, only), unit_id)


def is_sensitive(indicator: Indicator, part: Part, only: tuple[str, Any] | None = None) -> bool:
    """Whether these rows are chosen by what is sensitive in law: to open them leaves a trace."""
    if indicator.formula is not None:
        return False
    one = _asked(indicator, part, only)
    return tells_sensitive(fact_of(one), one.where)


def _asked(indicator: Indicator, part: Part, only: tuple[str, Any] | None) -> Measure:
    one = _measure(indicator, part)
    if only is None:
        return one
    if only[0] not in indicator.breakdowns:
        raise KeyError(only[0])
    return one.narrowed(Unknown(only[0]) if only[1] is None else Among(only[0], (only[1],)))


def _is_open(actor: Actor, one: Measure, unit_id: int) -> bool:
    fact = fact_of(one)
    return not tells_sensitive(fact, one.where) or fact.may_open_sensitive(actor, unit_id)


def tells_sensitive(fact: FactTable, where: Condition) -> bool:
    """Whether to see which records meet the condition is to learn something sensitive of them."""
    sensitive = {one.code for one in fact.dimensions if one.sensitive}
    return not sensitive.isdisjoint(dimensions_of(where))


def _chosen(rows: Any, actor: Actor, one: Measure, node: UnitNode, as_of: date) -> Any:
    """Who looks after the whole province may read all that the condition looks at: one statement. Anybody else may
    not (the dossier of a pupil who has moved on lies elsewhere), so that the system tells which records they are."""
    if actor.reach is None:
        sql, params = positional(*rows_sql(fact_of(one), one.where, as_of, node.covers))
        return rows.filter(pk__in=RawSQL(sql, params))  # noqa: S611 - made of declared columns and parameters
    return rows.filter(pk__in=[record_id for _unit, record_id in records(one, as_of, node.covers)])


def positional(sql: str, params: Params) -> tuple[str, list[Any]]:
    """The same statement with its parameters in order, as a part of a larger one needs them."""
    names: list[str] = []

    def take(found: re.Match[str]) -> str:
        names.append(found[1])
        return "%s"

    return _PARAMETER.sub(take, sql), [params[name] for name in names]


def _is_share(indicator: Indicator) -> bool:
    top, below = indicator.numerator, indicator.denominator
    return (
        top is not None
        and below is not None
        and indicator.compared is None
        and (top.fact, top.of) == (below.fact, below.of)
        and not top.of.startswith("sum:")
    )


def _measure(indicator: Indicator, part: Part) -> Measure:
    top, below = indicator.numerator, indicator.denominator
    found = top if part == Part.NUMERATOR else below
    if found is None:
        raise KeyError(part)
    if part == Part.MISSING and top is not None:
        return found.narrowed(Not(top.where))
    return found
