"""Measures added up from the records: one statement for each fact table, whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.areas import areas_of, areas_sql, is_quicker
from thongsuot.kit.indicators.facts import FactTable, Params, decimal
from thongsuot.kit.indicators.measures import Measure, fact_of, rows_sql, totals_sql
from thongsuot.kit.indicators.planning import for_few_kinds
from thongsuot.kit.postgres.isolation import act_as

# {measure: {(unit id, value of each dimension of `by` ...): number}}; what is zero is left out.
Totals = dict[Measure, dict[tuple[Any, ...], Decimal]]
# What PostgreSQL allows in one statement is 1,664 columns; wider ones are planned no faster than two of them.
COLUMNS = 800


def totals(
    measures: Iterable[Measure],
    as_of: date,
    unit_ids: Collection[int] | None = None,
    by: Sequence[str] = (),
) -> Totals:
    """Numbers of each unit itself (without what lies below it) on a day. All measures of a fact table in one scan.

    by: codes of dimensions, which each of the fact tables must have. Raises BadMeasure otherwise.
    Runs as the system, so that a figure is the same whoever looks at it.
    """
    found: Totals = {}
    by_fact = list(_by_fact(measures))
    if not by_fact:
        return found
    with act_as(Actor.system()):
        for fact, some in by_fact:
            _run(found, some, totals_sql(fact, some, as_of, unit_ids, by), 1 + len(by))
    return found


def area_totals(
    measures: Iterable[Measure],
    as_of: date,
    covers: Mapping[int, Collection[int]],
    by: Sequence[str] = (),
    told: Callable[[FactTable], None] | None = None,
) -> Totals:
    """Numbers of areas: what `rolled_up` makes of `totals`, added up in the database where that is quicker.

    covers: {key of the area: ids of the units that add up to it}; areas may lie in each other. The keys of what is
    given are (key of the area, *by). All measures of a fact table in one scan; told: called before each.
    """
    asked, areas = list(measures), areas_of(covers)
    found: Totals = {one: {} for one in asked}
    if not asked or not areas.units:
        return found
    with act_as(Actor.system()), for_few_kinds() if areas.sought is None else nullcontext():
        for fact, some in _by_fact(asked):
            if told is not None:
                told(fact)
            part: Totals = {}
            if is_quicker(some, areas):
                _run(part, some, areas_sql(fact, some, as_of, areas, by), 1 + len(by))
                lies_in: Mapping[int, Iterable[int]] = areas.keys
            else:
                _run(part, some, totals_sql(fact, some, as_of, areas.sought, by), 1 + len(by))
                lies_in = areas.keys_of_units
            found.update({one: _spread(numbers, lies_in) for one, numbers in part.items()})
    return found


def _by_fact(measures: Iterable[Measure]) -> Iterator[tuple[FactTable, list[Measure]]]:
    """Measures of one fact table together, as many as one statement takes."""
    found: dict[str, list[Measure]] = defaultdict(list)
    for one in dict.fromkeys(measures):
        found[one.fact].append(one)
    for of_fact in found.values():
        for start in range(0, len(of_fact), COLUMNS):
            yield fact_of(of_fact[start]), of_fact[start : start + COLUMNS]


def _run(found: Totals, measures: Sequence[Measure], statement: tuple[str, Params], width: int) -> None:
    """Numbers of a statement that has `width` columns before those of the measures."""
    found.update({one: {} for one in measures})
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        for row in cursor:
            for one, number in zip(measures, row[width:], strict=True):
                if number:
                    found[one][row[:width]] = decimal(number)


def _spread(
    numbers: Mapping[tuple[Any, ...], Decimal], lies_in: Mapping[int, Iterable[int]]
) -> dict[tuple[Any, ...], Decimal]:
    """{(part, *by): number} added up to what each part lies in; what lies nowhere is left out."""
    found: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for (part, *rest), number in numbers.items():
        for key in lies_in.get(part, ()):
            found[(key, *rest)] += number
    return dict(found)


def records(
    one: Measure, as_of: date, unit_ids: Collection[int] | None = None, columns: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """The rows behind a measure, as the system sees them: (unit_id, record_id, *columns), in the order of ids.

    For freezing what stood behind a figure; pages go through `queries.rows_behind`, which asks for rights.
    """
    shown = ("unit_id", "record_id", *columns)
    sql, params = rows_sql(fact_of(one), one.where, as_of, unit_ids, shown)
    with act_as(Actor.system()), connection.cursor() as cursor:
        cursor.execute(f"{sql} order by 1, 2", params)
        return list(cursor.fetchall())


def rolled_up(
    own: Mapping[tuple[Any, ...], Decimal], covers: Mapping[int, Iterable[int]]
) -> dict[tuple[Any, ...], Decimal]:
    """Numbers of units added up to those whom they belong to.

    own: {(unit id, *by): number}; covers: {key: ids of the units that add up to it}. Gives {(key, *by): number}.
    """
    return _spread(own, areas_of(covers).keys_of_units)
