"""The rows behind a frozen number, within the rights of whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.conditions import Named, condition_sql
from thongsuot.kit.indicators.measures import Measure, fact_of
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..models import Return, ReturnVersion
from .differences import column_name, column_words, existing, record_names, sensitive_columns
from .frozen import Frozen, rows_of_version
from .return_forms import columns_of


@dataclass(frozen=True)
class FrozenLine:
    """A record as it was counted. name: "" where the actor may not see the record, or where it is gone."""

    record_id: int
    unit_name: str
    fields: tuple[str, ...]
    name: str = ""
    url: str = ""
    is_deleted: bool = False
    headings: tuple[str, ...] = ()

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """(heading, value) of each field, for a phone where rows stand as cards."""
        return list(zip(self.headings, self.fields, strict=True))


@dataclass(frozen=True)
class FrozenRows:
    """The rows that a cell of a version counted; read page by page."""

    actor: Actor
    one: Return
    measure: Measure
    rows: Frozen

    @property
    def columns(self) -> list[str]:
        return columns_of([self.measure])

    @property
    def headings(self) -> list[str]:
        fact = fact_of(self.measure)
        return [column_name(fact, name) for name in self.columns]

    def _sql(self) -> tuple[str, dict[str, Any]]:
        named = Named()
        condition = condition_sql(self.measure.where, named)
        rows, params = self.rows.select(fact_of(self.measure), self.columns, "fz_")
        shown = ", ".join(f"f.{name}" for name in ("record_id", "unit_id", *self.columns))
        return f"select {shown} from ({rows}) f where {condition}", {**params, **named.values}  # noqa: S608

    def count(self) -> int:
        sql, params = self._sql()
        with act_as(Actor.system()), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from ({sql}) n", params)  # noqa: S608
            return int(cursor.fetchone()[0])

    def page(self, start: int, stop: int) -> list[FrozenLine]:
        sql, params = self._sql()
        with act_as(Actor.system()), connection.cursor() as cursor:
            cursor.execute(f"{sql} order by 2, 1 limit {stop - start} offset {start}", params)
            found = cursor.fetchall()
        fact, as_of = fact_of(self.measure), self.one.period.as_of
        ids = [row[0] for row in found]
        names = record_names(self.actor, fact.code, ids, as_of)
        there = existing(fact.code, ids, as_of)
        units = {pk: name for pk, name, _kind in organization.units_named({row[1] for row in found})}
        headings = tuple(self.headings)
        return [
            FrozenLine(
                record_id=key,
                unit_name=units.get(unit, ""),
                fields=tuple(
                    column_words(fact, name, value) for name, value in zip(self.columns, values, strict=True)
                ),
                name=names.get(key, ("", ""))[0],
                url=names.get(key, ("", ""))[1],
                is_deleted=key not in there,
                headings=headings,
            )
            for key, unit, *values in found
        ]


def frozen_rows(actor: Actor, one: Return, version: ReturnVersion, measure: Measure) -> FrozenRows:
    """Raises NotAllowed where the cell tells of data sensitive in law that the actor may not read at the unit."""
    if sensitive_columns(measure) and not fact_of(measure).may_open_sensitive(actor, one.unit_id):
        raise NotAllowed("")
    return FrozenRows(actor, one, measure, rows_of_version(version))
