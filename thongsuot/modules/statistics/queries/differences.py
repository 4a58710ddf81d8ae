"""Why two counts of one form differ, row by row: who came, who left, whose fields changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRow

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.conditions import Named, condition_sql
from thongsuot.kit.indicators.facts import FactTable, Params
from thongsuot.kit.indicators.measures import Measure, fact_of
from thongsuot.kit.indicators.registry import get_facts
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.form import Form
from ..types import Change
from .frozen import Rows
from .return_forms import by_fact, columns_of, counted


@dataclass(frozen=True)
class Difference:
    """One record. unit_before, unit_after: who counted it; None where it was not there.

    fields: [(name, before, after)] of what changed, in words; "" where a side has no such row.
    is_deleted: the record itself is gone. effect: what it does to the cell asked for, -1, 0 or 1; None of a whole form.
    """

    fact: str
    fact_name: str
    record_id: int
    change: Change
    unit_before: int | None
    unit_after: int | None
    fields: tuple[tuple[str, str, str], ...]
    effect: int | None = None
    name: str = ""
    url: str = ""
    is_deleted: bool = False
    unit_names: Mapping[int, str] = field(default_factory=dict)

    @property
    def change_label(self) -> str:
        return str(self.change.label)

    @property
    def where_before(self) -> str:
        return self.unit_names.get(self.unit_before or 0, "")

    @property
    def where_after(self) -> str:
        return self.unit_names.get(self.unit_after or 0, "")

    @property
    def fields_words(self) -> str:
        return "; ".join(f"{name}: {before or '–'} → {after or '–'}" for name, before, after in self.fields)


@dataclass(frozen=True)
class Comparison:
    """Two sets of rows of one form, or of one of its cells (`measure`)."""

    form: Form
    before: Rows
    after: Rows
    as_of: date
    measure: Measure | None = None

    @property
    def measures(self) -> dict[str, list[Measure]]:
        """By fact table, in a fixed order."""
        whole = [self.measure] if self.measure is not None else list(self.form.measures)
        return dict(sorted(by_fact(whole).items()))

    def _sql(self, fact: FactTable, measures: Sequence[Measure]) -> tuple[str, Params, list[str]]:
        """Rows (record_id, unit and columns before, after, whether counted before, after) that differ."""
        columns = columns_of([one for one in self.form.measures if one.fact == fact.code])
        named = Named()
        condition = condition_sql(counted(measures), named)
        before, first = self.before.select(fact, columns, "b_")
        after, second = self.after.select(fact, columns, "a_")
        shown = ", ".join(f"{side}.{name}" for side in "ba" for name in ("unit_id", *columns))
        differs = ["b.is_counted is distinct from a.is_counted", "b.unit_id is distinct from a.unit_id"]
        compared = [one.column for one in measures if one.column] if self.measure else columns
        differs += [f"b.{name} is distinct from a.{name}" for name in dict.fromkeys(compared)]
        sql = f"""
            from (select f.*, {condition} as is_counted from ({before}) f) b
            full join (select f.*, {condition} as is_counted from ({after}) f) a on a.record_id = b.record_id
            where (coalesce(b.is_counted, false) or coalesce(a.is_counted, false))
                and ({" or ".join(differs)})"""  # noqa: S608 - declared columns; values are parameters
        head = f"select coalesce(b.record_id, a.record_id), b.is_counted, a.is_counted, {shown}"
        return f"{head} {sql}", {**first, **second, **named.values}, columns

    def count(self) -> dict[str, int]:
        """{fact table: number of rows that differ}."""
        found = {}
        with act_as(Actor.system()), connection.cursor() as cursor:
            for code, measures in self.measures.items():
                sql, params, _columns = self._sql(fact_of(measures[0]), measures)
                cursor.execute(f"select count(*) from ({sql}) d", params)  # noqa: S608
                found[code] = cursor.fetchone()[0]
        return found

    def rows(self, *, start: int = 0, stop: int | None = None) -> Iterator[Difference]:
        """Those from `start` to `stop`, fact table by fact table, in the order of record ids; without names."""
        with act_as(Actor.system()), connection.cursor() as cursor:
            skipped = 0
            for measures in self.measures.values():
                fact = fact_of(measures[0])
                sql, params, columns = self._sql(fact, measures)
                if start or stop is not None:
                    cursor.execute(f"select count(*) from ({sql}) d", params)  # noqa: S608
                    here = cursor.fetchone()[0]
                    first = max(start - skipped, 0)
                    last = here if stop is None else min(stop - skipped, here)
                    skipped += here
                    if first >= last:
                        continue
                    sql = f"{sql} order by 1 limit {last - first} offset {first}"
                else:
                    sql = f"{sql} order by 1"
                cursor.execute(sql, params)
                for row in cursor.fetchall():
                    yield self._difference(fact, columns, row)

    def _difference(self, fact: FactTable, columns: list[str], row: Sequence[Any]) -> Difference:
        record_id, was, now = row[:3]
        width = 1 + len(columns)
        before, after = row[3 : 3 + width], row[3 + width :]
        both = was is not None and now is not None
        kind = Change.CHANGED if both else (Change.CAME if was is None else Change.LEFT)
        changed = (
            tuple(
                (column_name(fact, name), column_words(fact, name, old), column_words(fact, name, new))
                for name, old, new in zip(columns, before[1:], after[1:], strict=True)
                if old != new
            )
            if both
            else ()
        )
        return Difference(
            fact=fact.code,
            fact_name=str(fact.name),
            record_id=record_id,
            change=kind,
            unit_before=before[0],
            unit_after=after[0],
            fields=changed,
            effect=int(bool(now)) - int(bool(was)) if self.measure is not None else None,
        )


def column_name(fact: FactTable, name: str) -> str:
    dimension = fact.dimension(name)
    return str(dimension.name if dimension is not None else fact.numbers[name])


def column_words(fact: FactTable, name: str, value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return str(_("chưa rõ"))
    dimension = fact.dimension(name)
    labels = dimension.labels() if dimension is not None and dimension.labels else {}
    if value in labels:
        return str(labels[value])
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def may_open(actor: Actor, form: Form, unit_id: int, measure: Measure | None = None) -> bool:
    """Whether the actor may see which records a form, or one of its cells, counts.

    A cell that looks at data sensitive in law is opened only for who may read such data at this unit.
    """
    asked = [measure] if measure is not None else list(form.measures)
    return all(fact_of(one).may_open_sensitive(actor, unit_id) for one in asked if sensitive_columns(one))


def sensitive_columns(one: Measure) -> set[str]:
    fact = fact_of(one)
    return {name for name in columns_of([one]) if (d := fact.dimension(name)) is not None and d.sensitive}


def named(actor: Actor, found: Sequence[Difference], as_of: date) -> list[Difference]:
    """The same with the names of records that the actor may see, and whether a record is gone."""
    units = {unit for one in found for unit in (one.unit_before, one.unit_after) if unit is not None}
    unit_names = {pk: name for pk, name, _kind in organization.units_named(units)}
    known: dict[tuple[str, int], tuple[str, str]] = {}
    there: set[tuple[str, int]] = set()
    for code in {one.fact for one in found}:
        ids = [one.record_id for one in found if one.fact == code]
        known |= {(code, pk): shown for pk, shown in record_names(actor, code, ids, as_of).items()}
        there |= {(code, pk) for pk in existing(code, ids, as_of)}
    return [
        Difference(
            **{
                **{name: getattr(one, name) for name in one.__dataclass_fields__},
                "name": known.get((one.fact, one.record_id), ("", ""))[0],
                "url": known.get((one.fact, one.record_id), ("", ""))[1],
                "is_deleted": (one.fact, one.record_id) not in there,
                "unit_names": unit_names,
            }
        )
        for one in found
    ]


def record_names(actor: Actor, code: str, ids: Sequence[int], as_of: date) -> dict[int, tuple[str, str]]:
    """{record id: (name, address)} of the records that the actor may see: the first column of their list."""
    fact = get_facts(code)
    if fact is None or fact.drill_down is None:
        return {}
    drill_down = fact.drill_down(actor, as_of)
    rows = list(drill_down.rows.filter(pk__in=ids))
    table = drill_down.table_class(rows)
    first = next(iter(table.columns)).name
    return {
        one.pk: (
            str(BoundRow(one, table).get_cell_value(first) or ""),
            (drill_down.row_url(one) if drill_down.row_url else None) or "",
        )
        for one in rows
    }


def existing(code: str, ids: Sequence[int], as_of: date) -> set[int]:
    """Those of these records that still exist, whoever asks."""
    fact = get_facts(code)
    if fact is None or fact.drill_down is None:
        return set(ids)
    with act_as(Actor.system()):
        return set(
            fact.drill_down(Actor.system(), as_of).rows.filter(pk__in=ids).values_list("pk", flat=True)
        )
