"""Measures of areas in one statement: rows that no condition tells apart are made one line first. Pure; totals.py runs it.

A form asks some hundred conditions of each of 450,000 pupils, and they look at a dozen columns: there are only a few
thousand kinds of pupils. So the rows are grouped by those columns once, and the conditions are asked of each kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from thongsuot.kit.indicators.conditions import (
    Condition,
    Every,
    Named,
    condition_sql,
    dimensions_of,
    every,
)
from thongsuot.kit.indicators.facts import FactTable, Params
from thongsuot.kit.indicators.measures import Measure, aggregate, require_dimensions

# Up to so many units the rows are sought unit by unit; of more the whole table is read, and others are left out.
FEW_UNITS = 200
# Into more pieces than these there is little to make one of: what is alike lies in different pieces.
MOST_PIECES = 150
# The number of the piece, and how its units are found: simpler where there is but one. The grouping of what is there
# once anyway tells the planner so.
PIECE = {False: "0", True: "a.piece"}
PIECES = {
    False: "where f.unit_id = any(%(in_units)s::bigint[])",
    True: """join (
            select u.unit_id, max(u.piece) as piece from unnest(%(in_units)s::bigint[], %(in_pieces)s::int[])
            u (unit_id, piece) group by u.unit_id
        ) a on a.unit_id = f.unit_id where true""",
}
# Over lines; no column of a fact table begins with an underscore.
OF_LINES = {"rows": "sum(f._rows)", "sum": "sum(f._sum_{})"}


@dataclass(frozen=True)
class Areas:
    """units, pieces: unit id and number of its piece, side by side; units of a piece lie in the same areas.
    keys: number of a piece -> keys of the areas that it lies in."""

    units: tuple[int, ...]
    pieces: tuple[int, ...]
    keys: Mapping[int, tuple[int, ...]]

    @property
    def keys_of_units(self) -> dict[int, tuple[int, ...]]:
        """{unit id: keys of the areas that it lies in}."""
        return {unit: self.keys[piece] for unit, piece in zip(self.units, self.pieces, strict=True)}

    @property
    def sought(self) -> tuple[int, ...] | None:
        """The units to ask a fact table for; None: for all."""
        return self.units if len(self.units) <= FEW_UNITS else None


def areas_of(covers: Mapping[int, Iterable[int]]) -> Areas:
    """covers: {key of the area: ids of its units}."""
    lies_in: dict[int, list[int]] = defaultdict(list)
    for key, unit_ids in covers.items():
        for unit_id in unit_ids:
            lies_in[unit_id].append(key)
    numbers: dict[tuple[int, ...], int] = {}
    units = tuple(sorted(lies_in))
    pieces = tuple(numbers.setdefault(tuple(lies_in[unit_id]), len(numbers)) for unit_id in units)
    return Areas(units, pieces, {number: keys for keys, number in numbers.items()})


def is_quicker(measures: Sequence[Measure], areas: Areas) -> bool:
    """Whether `areas_sql` can add these measures up and is quicker than units one by one. Distinct values cannot be
    added up from lines."""
    return len(areas.keys) <= MOST_PIECES and all(one.of.partition(":")[0] in OF_LINES for one in measures)


def _common(measures: Sequence[Measure]) -> Condition:
    """What the rows of every one of these measures meet: the others need not be read."""
    parts = [one.where.parts if isinstance(one.where, Every) else (one.where,) for one in measures]
    return every(part for part in parts[0] if all(part in others for others in parts[1:]))


def areas_sql(
    fact: FactTable, measures: Sequence[Measure], as_of: date, areas: Areas, by: Sequence[str] = ()
) -> tuple[str, Params]:
    """One statement that reads the fact table once: number of the piece, the dimensions of `by`, a column for each
    measure. Raises BadMeasure for a dimension that the table does not have.
    """
    require_dimensions(fact, by)
    rows, params = fact.select(as_of, areas.sought)
    looked_at = {*by, *(code for one in measures for code in dimensions_of(one.where))}
    # What follows from another dimension is worked out of the kinds, not of each row.
    follows = {code: fact.follows[code] for code in sorted(looked_at) if code in fact.follows}
    told_apart = sorted((looked_at - follows.keys()) | {code for code, _sql in follows.values()})
    kind = ", ".join(["1", *(f"f.{code}" for code in told_apart)])
    summed = sorted({one.column for one in measures if one.column})
    sums = "".join(f", sum(f.{column}) as _sum_{column}" for column in summed)
    shown = ", ".join(["_piece", *(f"f.{code}" for code in told_apart)])
    more = "".join(f", {worked_out} as {code}" for code, (_of, worked_out) in follows.items())
    named = Named()
    common = condition_sql(_common(measures), named)
    columns = [aggregate(one, named, OF_LINES) for one in measures]
    keys = ", ".join(["f._piece", *(f"f.{code}" for code in by)])
    sql = f"""
    with kinds as materialized (
        select f.*{more} from (
            select {PIECE[len(areas.keys) > 1]} as {shown}, count(*) as _rows{sums}
            from ({rows}) f {PIECES[len(areas.keys) > 1]} and {common} group by {kind}
        ) f
    )
    select {keys}, {", ".join(columns)} from kinds f group by {keys}"""  # noqa: S608 - declared names; values are parameters
    return sql, {
        **params,
        **named.values,
        "in_units": list(areas.units),
        "in_pieces": list(areas.pieces),
    }
