"""Frozen rows read as a fact table, so that whatever counts live rows counts frozen ones too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.facts import FactTable, Kind, Params, decimal
from thongsuot.kit.indicators.measures import Measure, fact_of, totals_sql
from thongsuot.kit.postgres.isolation import act_as

from ..models import ReturnVersion
from .return_forms import by_fact, columns_of

_CASTS = {Kind.TEXT: "", Kind.INTEGER: "::bigint", Kind.BOOLEAN: "::boolean", Kind.DATE: "::date"}
# What one statement adds up at a time.
MOST_MEASURES = 800


@dataclass(frozen=True)
class Frozen:
    """Where the rows of some units lie: {unit id: batch id}."""

    batches: Mapping[int, int]

    def select(self, fact: FactTable, columns: Sequence[str], prefix: str) -> tuple[str, Params]:
        """One SELECT with record_id, unit_id and these columns, typed as the live ones. Names of its parameters begin
        with `prefix`."""
        shown = ["r.record_id", "r.unit_id", *(_typed(fact, name) for name in columns)]
        units = sorted(self.batches)
        sql = f"""
            select {", ".join(shown)}
            from unnest(%({prefix}units)s::bigint[], %({prefix}batches)s::bigint[]) v(unit_id, batch_id)
            join statistics_frozenrow r
                on r.batch_id = v.batch_id and r.unit_id = v.unit_id and r.fact = %({prefix}fact)s"""  # noqa: S608
        return sql, {
            f"{prefix}units": units,
            f"{prefix}batches": [self.batches[unit] for unit in units],
            f"{prefix}fact": fact.code,
        }


@dataclass(frozen=True)
class Live:
    """The records as they are now known to have stood on a day."""

    as_of: date
    unit_ids: frozenset[int]

    def select(self, fact: FactTable, columns: Sequence[str], prefix: str) -> tuple[str, Params]:
        rows, params = fact.select(self.as_of, self.unit_ids)
        shown = ", ".join(["n.record_id", "n.unit_id", *(f"n.{name}" for name in columns)])
        return f"select {shown} from ({rows}) n", params  # noqa: S608


Rows = Frozen | Live


def _typed(fact: FactTable, name: str) -> str:
    """Names of columns come from declared fact tables only."""
    dimension = fact.dimension(name)
    cast = "::numeric" if dimension is None else _CASTS[dimension.kind]
    return f"(r.columns->>'{name}'){cast} as {name}"


def rows_of_version(version: ReturnVersion) -> Frozen:
    """A unit's own rows, or those of all units that were added up."""
    if version.batch_id is not None:
        return Frozen({version.owner.unit_id: version.batch_id})
    return Frozen(dict(version.parts.values_list("unit_id", "batch_id")))


def frozen_totals(measures: Iterable[Measure], rows: Frozen) -> dict[Measure, dict[int, Decimal]]:
    """{measure: {unit id: number}} of frozen rows; what is zero is left out. Runs as the system."""
    found: dict[Measure, dict[int, Decimal]] = {}
    with act_as(Actor.system()):
        for of_fact in by_fact(measures).values():
            found |= {one: {} for one in of_fact}
            for start in range(0, len(of_fact), MOST_MEASURES):
                _add_up(found, of_fact[start : start + MOST_MEASURES], rows)
    return found


def _add_up(found: dict[Measure, dict[int, Decimal]], measures: Sequence[Measure], rows: Frozen) -> None:
    fact, columns = fact_of(measures[0]), columns_of(measures)

    def select(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
        return rows.select(fact, columns, "fz_")

    with connection.cursor() as cursor:
        cursor.execute(*totals_sql(replace(fact, select=select), measures, date.min))
        for unit_id, *numbers in cursor:
            for one, number in zip(measures, numbers, strict=True):
                if number:
                    found[one][unit_id] = decimal(number)


def measured_of(
    totals: Mapping[Measure, Mapping[int, Decimal]], unit_ids: Collection[int]
) -> dict[Measure, Decimal]:
    """Added up over these units."""
    return {
        one: sum((numbers[unit] for unit in unit_ids if unit in numbers), Decimal(0))
        for one, numbers in totals.items()
    }


def decimals(values: Mapping[str, Any]) -> dict[str, Decimal]:
    """Values of a version as they are kept: text in JSON, so that no digit is lost."""
    return {cell: Decimal(text) for cell, text in values.items()}
