"""One page of a resource for the REST binding: filtered, sorted, cut, counted by PostgreSQL."""

# ruff: noqa: S608 - columns of the specification only; values are parameters
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from ...domain.oneroster import HEADERS, Filter
from .resources import RESOURCES, STUDENTS, TEACHERS, Resource, Scope

OPERATORS = {"=": "=", "!=": "<>", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
# Names of the REST binding that are parts of others.
NARROWED = {"students": Resource("users", (STUDENTS,)), "teachers": Resource("users", (TEACHERS,))}


@dataclass(frozen=True)
class Page:
    """What a call asks of a list. equals: conditions of the address itself (`/schools/{id}/classes`)."""

    limit: int = 100
    offset: int = 0
    sort: str = ""
    down: bool = False
    filter: Filter = field(default_factory=Filter)
    equals: tuple[tuple[str, str], ...] = ()


def resource_named(name: str) -> Resource:
    return NARROWED.get(name) or RESOURCES[name]


def count_and_rows(name: str, scope: Scope, page: Page) -> tuple[int, list[dict[str, Any]]]:
    """(how many rows there are in all, those of the page)."""
    resource = resource_named(name)
    where, values = _where(page)
    sql = f"from ({resource.sql(with_modified=True)}) r {where}"
    parameters = {**scope.parameters, **values}
    known = page.sort in HEADERS[resource.name]
    order = f'"{page.sort}" {"desc" if page.down else "asc"}, ' if known and page.sort != "sourcedId" else ""
    last = "desc" if page.down and page.sort == "sourcedId" else "asc"
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) {sql}", parameters)
        total = cursor.fetchone()[0]
        cursor.execute(
            f'select r.* {sql} order by {order}"sourcedId" {last} limit %(limit)s offset %(offset)s',
            {**parameters, "limit": page.limit, "offset": page.offset},
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return total, rows


def one_row(name: str, scope: Scope, key: str) -> dict[str, Any] | None:
    _total, rows = count_and_rows(name, scope, Page(limit=1, equals=(("sourcedId", key),)))
    return rows[0] if rows else None


def rows_by(name: str, scope: Scope, column: str, keys: list[str]) -> list[dict[str, Any]]:
    """Rows whose `column` is one of `keys`: what belongs to the rows of a page."""
    resource = resource_named(name)
    sql = f'select r.* from ({resource.sql(with_modified=False)}) r where r."{column}" = any(%(keys)s)'
    with connection.cursor() as cursor:
        cursor.execute(sql, {**scope.parameters, "keys": keys})
        names = [one.name for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _where(page: Page) -> tuple[str, dict[str, str]]:
    values: dict[str, str] = {}
    fixed, asked = [], []
    for number, (column, value) in enumerate(page.equals):
        values[f"e{number}"] = value
        fixed.append(f'r."{column}" = %(e{number})s')
    for number, one in enumerate(page.filter.comparisons):
        values[f"f{number}"] = one.value
        if one.operator == "~":
            asked.append(f'strpos(lower(r."{one.field}"), lower(%(f{number})s)) > 0')
        else:
            asked.append(f'r."{one.field}" {OPERATORS[one.operator]} %(f{number})s')
    if asked:
        fixed.append("(" + (" or " if page.filter.either else " and ").join(asked) + ")")
    return ("where " + " and ".join(fixed) if fixed else ""), values
