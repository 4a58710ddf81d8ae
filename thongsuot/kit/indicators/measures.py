"""Measures: how many rows of a fact table meet a condition, or what they add up to. Pure; totals.py runs them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.conditions import (
    ALWAYS,
    BadMeasure,
    Condition,
    Named,
    bad,
    condition_json,
    condition_sql,
    dimensions_of,
    every,
    parse_condition,
)
from thongsuot.kit.indicators.facts import FactTable, Params

ROWS = "rows"
# Over the rows of a fact table.
DIRECT = {"rows": "count(*)", "sum": "sum(f.{})", "distinct": "count(distinct f.{})"}
__all__ = ["ROWS", "BadMeasure", "Measure", "measure", "measure_json", "parse_measure", "totals_sql"]


@dataclass(frozen=True)
class Measure:
    """fact: code of a fact table. of: "rows", "sum:<column>" or "distinct:<column>".

    Rows and sums of units add up to those of an area; so does "distinct" only of what belongs to one unit each.
    Make it with `measure` or `parse_measure`, which check it.
    """

    fact: str
    where: Condition = ALWAYS
    of: str = ROWS

    @property
    def column(self) -> str:
        return self.of.partition(":")[2]

    def narrowed(self, condition: Condition) -> Measure:
        """The same of fewer rows."""
        return Measure(self.fact, every((self.where, condition)), self.of)

    def with_where(self, where: Mapping[str, Any]) -> Measure:
        """The same of the rows that also meet this condition."""
        return self.narrowed(parse_condition(where, fact_of(self)))


def measure(fact: str, where: Mapping[str, Any] | None = None, of: str = ROWS) -> Measure:
    """A measure written in code. Raises BadMeasure."""
    return parse_measure({"fact": fact, "where": where or {}, "of": of})


def parse_measure(data: Any, place: str = "") -> Measure:
    """Read {"fact": code, "where": condition, "of": "rows"}; where and of may be left out.

    Raises BadMeasure with a Vietnamese message that begins with `place` (file and cell).
    """
    if not isinstance(data, Mapping) or not set(data) <= {"fact", "where", "of"}:
        raise bad(place, _("một số đo chỉ có “fact”, “where” và “of”"))
    fact = registry.get_facts(str(data.get("fact", "")))
    if fact is None:
        raise bad(place, _("không có bảng dữ liệu “%(fact)s”"), fact=data.get("fact", ""))
    of = data.get("of", ROWS)
    how, _colon, column = str(of).partition(":")
    if of != ROWS and how not in ("sum", "distinct"):
        raise bad(place, _("“of” là rows, sum:<cột> hoặc distinct:<cột>, không phải “%(of)s”"), of=of)
    if of != ROWS and not (column in fact.numbers if how == "sum" else fact.has_column(column)):
        raise bad(
            place, _("bảng “%(fact)s” không có cột “%(column)s” để tính"), fact=fact.code, column=column
        )
    return Measure(fact.code, parse_condition(data.get("where", {}), fact, place), str(of))


def measure_json(one: Measure) -> dict[str, Any]:
    """The JSON that parse_measure reads as the same measure."""
    return {"fact": one.fact, "where": condition_json(one.where), "of": one.of}


def fact_of(one: Measure) -> FactTable:
    fact = registry.get_facts(one.fact)
    if fact is None:
        raise BadMeasure(_("không có bảng dữ liệu “%(fact)s”") % {"fact": one.fact})
    return fact


def counts_on(measures: Iterable[Measure], day: date) -> bool:
    """Whether the day has something to count for each of them."""
    return all(
        fact_of(one).counts_on(day, frozenset({*dimensions_of(one.where), *filter(None, [one.column])}))
        for one in measures
    )


def totals_sql(
    fact: FactTable,
    measures: Sequence[Measure],
    as_of: date,
    unit_ids: Collection[int] | None = None,
    by: Sequence[str] = (),
) -> tuple[str, Params]:
    """One statement that reads the fact table once: unit_id, the dimensions of `by`, a column for each measure."""
    require_dimensions(fact, by)
    named = Named()
    columns = [aggregate(one, named) for one in measures]
    keys = ", ".join(["f.unit_id", *(f"f.{code}" for code in by)])
    rows, params = fact.select(as_of, unit_ids)
    sql = f"select {keys}, {', '.join(columns)} from ({rows}) f group by {keys}"  # noqa: S608
    return sql, {**params, **named.values}


def rows_sql(
    fact: FactTable,
    where: Condition,
    as_of: date,
    unit_ids: Collection[int] | None = None,
    columns: Sequence[str] = (),
) -> tuple[str, Params]:
    """The rows that meet a condition: record_id, or these columns."""
    named = Named()
    condition = condition_sql(where, named)
    rows, params = fact.select(as_of, unit_ids)
    shown = ", ".join(f"f.{name}" for name in columns or ("record_id",))
    return f"select {shown} from ({rows}) f where {condition}", {**params, **named.values}  # noqa: S608


def require_dimensions(fact: FactTable, codes: Sequence[str]) -> None:
    """Raises BadMeasure for a code that the fact table does not have."""
    for code in codes:
        if fact.dimension(code) is None:
            raise BadMeasure(_("bảng “%(fact)s” không có chiều “%(key)s”") % {"fact": fact.code, "key": code})


def aggregate(one: Measure, named: Named, columns: Mapping[str, str] = DIRECT) -> str:
    """The aggregate of a measure over rows `f`. columns: what stands for "rows", "sum" and "distinct" there, with the
    name of a column put in."""
    how, column = one.of.partition(":")[0], one.column
    what = columns[how].format(column)
    return what if one.where == ALWAYS else f"{what} filter (where {condition_sql(one.where, named)})"
