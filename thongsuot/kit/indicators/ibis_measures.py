"""The same measures as expressions of Ibis, over a table with the columns of the fact table (Parquet, DuckDB, Spark).

Ibis is imported when it is asked for: the platform itself runs without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thongsuot.kit.indicators.conditions import (
    ALWAYS,
    Among,
    Between,
    Condition,
    Either,
    Every,
    Not,
    Unknown,
)
from thongsuot.kit.indicators.measures import Measure


def totals_expression(table: Any, measures: Sequence[Measure], by: Sequence[str] = ()) -> Any:
    """A table expression: unit_id, the dimensions of `by`, and m_0, m_1 ... for the measures in their order."""
    columns = {f"m_{index}": _aggregate(one, table) for index, one in enumerate(measures)}
    return table.group_by(["unit_id", *by]).aggregate(**columns)


def condition_expression(condition: Condition, table: Any) -> Any:
    """A boolean expression over the columns of the table, never unknown."""
    import ibis

    match condition:
        case Among(dimension, values):
            return table[dimension].isin(list(values)).fill_null(False)
        case Between(dimension, first, last):
            found = ibis.literal(True)
            if first is not None:
                found = found & (table[dimension] >= first)
            if last is not None:
                found = found & (table[dimension] <= last)
            return found.fill_null(False)
        case Unknown(dimension):
            return table[dimension].isnull()
        case Not(part):
            return ~condition_expression(part, table)
        case Every(parts):
            found = ibis.literal(True)
            for part in parts:
                found = found & condition_expression(part, table)
            return found
        case Either(parts):
            found = ibis.literal(False)
            for part in parts:
                found = found | condition_expression(part, table)
            return found
    raise TypeError(condition)


def _aggregate(one: Measure, table: Any) -> Any:
    where = None if one.where == ALWAYS else condition_expression(one.where, table)
    how, column = one.of.partition(":")[0], one.column
    if how == "sum":
        return table[column].sum(where=where)
    return table[column].nunique(where=where) if how == "distinct" else table.count(where=where)
