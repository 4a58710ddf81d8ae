"""Measures added up from the records: one statement for each fact table, whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.facts import FactTable, decimal
from thongsuot.kit.indicators.measures import Measure, fact_of, rows_sql, totals_sql
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
    asked = list(dict.fromkeys(measures))
    by_fact: dict[str, list[Measure]] = defaultdict(list)
    for one in asked:
        by_fact[one.fact].append(one)
    found: Totals = {one: {} for one in asked}
    if not asked:
        return found
    with act_as(Actor.system()):
        for of_fact in by_fact.values():
            fact = fact_of(of_fact[0])
            for start in range(0, len(of_fact), COLUMNS):
                _add_up(found, fact, of_fact[start : start + COLUMNS], as_of, unit_ids, by)
    return found


def _add_up(
    found: Totals,
    fact: FactTable,
    measures: Sequence[Measure],
    as_of: date,
    unit_ids: Collection[int] | None,
    by: Sequence[str],
) -> None:
    width = 1 + len(by)
    with connection.cursor() as cursor:
        cursor.execute(*totals_sql(fact, measures, as_of, unit_ids, by))
        for row in cursor:
            for one, number in zip(measures, row[width:], strict=True):
                if number:
                    found[one][row[:width]] = decimal(number)


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
    keys: dict[int, list[int]] = defaultdict(list)
    for key, unit_ids in covers.items():
        for unit_id in unit_ids:
            keys[unit_id].append(key)
    found: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for (unit_id, *rest), number in own.items():
        for key in keys.get(unit_id, ()):
            found[(key, *rest)] += number
    return dict(found)
