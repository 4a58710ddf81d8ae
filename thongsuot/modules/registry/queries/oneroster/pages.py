"""One page of a resource for the REST binding: filtered, sorted, cut, counted by PostgreSQL.

Where no order is asked for, each part of a resource is read along the index of its key, and a page may begin after the
last key of the page before it (`Page.after`): the last page of a province costs what the first costs. A page at an offset,
or in an order that was asked for, is found by its keys alone; only the rows on it are then read whole.
"""

# ruff: noqa: S608 - columns of the specification only; values are parameters
from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection

from ...domain.oneroster import HEADERS, Comparison, Filter
from .resources import RESOURCES, STUDENTS, TEACHERS, Part, Resource
from .scope import Scope

OPERATORS = {"=": "=", "!=": "<>", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
# Names of the REST binding that are parts of others.
NARROWED = {"students": Resource("users", (STUDENTS,)), "teachers": Resource("users", (TEACHERS,))}
# How long a count is good for, in seconds: whoever reads a list to its end asks for the same one at every page.
COUNT_KEPT = 60
# Columns that hold several values: `=` is met by any of them, as `~` is.
MANY = frozenset({"grades", "termSourcedIds", "agentSourcedIds", "subjects", "subjectCodes", "periods"})


@dataclass(frozen=True)
class Page:
    """What a call asks of a list.

    among: conditions of the address itself, (column, one of these values); keys: none but these
    sourcedIds; links: {"_class": key} as in `Part.links`. after: (part, key) of the row before the page.
    """

    limit: int = 100
    offset: int = 0
    sort: str = ""
    down: bool = False
    filter: Filter = field(default_factory=Filter)
    among: tuple[tuple[str, tuple[str, ...]], ...] = ()
    keys: tuple[str, ...] | None = None
    links: tuple[tuple[str, str], ...] = ()
    after: tuple[int, str] | None = None


@dataclass(frozen=True)
class Found:
    """rows of the page; last: (part, key) of its last row, None where the order is not by key."""

    rows: list[dict[str, Any]]
    last: tuple[int, str] | None = None


def resource_named(name: str) -> Resource:
    return NARROWED.get(name) or RESOURCES[name]


def rows_of(name: str, scope: Scope, page: Page) -> Found:
    """The rows of a page: one statement, two where the page has to be found first."""
    resource = resource_named(name)
    by_key = page.sort not in HEADERS[resource.name]
    if by_key and (page.after or not page.offset):
        rows = _along_keys(resource, scope, page)
    else:
        rows = _at(resource, scope, _places(resource, scope, page, by_key))
    last = (rows[-1]["_part"], rows[-1]["_key"]) if rows and by_key else None
    for row in rows:
        for column in ("_part", "_key", "_place"):
            row.pop(column, None)
    return Found(rows, last)


def _along_keys(resource: Resource, scope: Scope, page: Page) -> list[dict[str, Any]]:
    """The first rows of the list, or the first ones after a row, in the order of their keys."""
    values: dict[str, Any] = {"limit": page.limit}
    columns = _columns(resource)

    def selected(rows: str, number: int) -> str:
        return (
            f"(select {columns}, {number} as _part, r._key::text as _key, "
            f"row_number() over (order by r._key) as _place from {rows} order by r._key limit %(limit)s)"
        )

    parts = _parts(resource, page, values, selected, by_key=True)
    if not parts:
        return []
    sql = f"select u.* from ({' union all '.join(parts)}) u order by u._part, u._place limit %(limit)s"
    return _fetched(sql, {**scope.parameters, **values})


def _places(resource: Resource, scope: Scope, page: Page, by_key: bool) -> list[tuple[int, str]]:
    """(part, key) of the rows of a page, in its order. No other column is worked out for the rows that are passed over."""
    values: dict[str, Any] = {"limit": page.limit, "offset": page.offset}

    def selected(rows: str, number: int) -> str:
        if by_key:
            return (
                f"(select {number} as _part, r._key::text as _key, row_number() over (order by r._key) as _place "
                f"from {rows} order by r._key limit %(limit)s + %(offset)s)"
            )
        ordered = ", ".join(f'r."{name}"' for name in dict.fromkeys((page.sort, "sourcedId")))
        return f"select {number} as _part, r._key::text as _key, {ordered} from {rows}"

    parts = _parts(resource, page, values, selected, by_key=by_key)
    if not parts:
        return []
    order = "u._part, u._place" if by_key else _order(page)
    sql = f"select u._part, u._key from ({' union all '.join(parts)}) u order by {order} limit %(limit)s offset %(offset)s"
    return [(row["_part"], row["_key"]) for row in _fetched(sql, {**scope.parameters, **values})]


def _at(resource: Resource, scope: Scope, places: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    """The rows of these keys, in this order."""
    values: dict[str, Any] = {}
    parts = []
    for number, part in enumerate(resource.parts):
        keys = [key for one, key in places if one == number]
        if keys:
            values[f"k{number}"] = keys
            rows = resource.part(part, with_modified=True, keyed=True)
            parts.append(
                f"select {_columns(resource)}, {number} as _part, r._key::text as _key "
                f"from ({rows}) r where {_one_of(part, f'k{number}')}"
            )
    if not parts:
        return []
    found = {
        (row["_part"], row["_key"]): row
        for row in _fetched(" union all ".join(parts), {**scope.parameters, **values})
    }
    return [found[place] for place in places if place in found]


def total_of(name: str, scope: Scope, page: Page) -> int:
    """How many rows a list has, without its limits. Exact when counted; good for a minute (COUNT_KEPT)."""
    said = (
        name,
        scope.owner,
        scope.units,
        scope.parameters["day"],
        page.filter,
        page.among,
        page.keys,
        page.links,
    )
    key = "oneroster-count-" + hashlib.sha256(repr(said).encode()).hexdigest()
    known: int | None = cache.get(key)
    if known is None:
        known = _count(name, scope, page)
        cache.set(key, known, COUNT_KEPT)
    return known


def one_row(name: str, scope: Scope, key: str) -> dict[str, Any] | None:
    rows = rows_of(name, scope, Page(limit=1, keys=(key,))).rows
    return rows[0] if rows else None


def roles_of(scope: Scope, users: Sequence[str]) -> list[dict[str, Any]]:
    """The roles of the users of a page."""
    values: dict[str, Any] = {}
    found = []
    resource = RESOURCES["roles"]
    for number, (part, user) in enumerate(zip(resource.parts, RESOURCES["users"].parts, strict=True)):
        keys = [key for one in users if (key := user.key_in(one)) is not None]
        if keys:
            values[f"k{number}"] = keys
            rows = resource.part(part, with_modified=False, keyed=True)
            found.append(f"select {_columns(resource)} from ({rows}) r where {_one_of(part, f'k{number}')}")
    return _fetched(" union all ".join(found), {**scope.parameters, **values}) if found else []


def _count(name: str, scope: Scope, page: Page) -> int:
    values: dict[str, Any] = {}
    parts = _parts(
        resource_named(name), page, values, lambda rows, number: f"select 1 from {rows}", by_key=False
    )
    if not parts:
        return 0
    sql = f"select count(*) as number from ({' union all '.join(parts)}) u"
    return int(_fetched(sql, {**scope.parameters, **values})[0]["number"])


def _parts(
    resource: Resource,
    page: Page,
    values: dict[str, Any],
    selected: Callable[[str, int], str],
    *,
    by_key: bool,
) -> list[str]:
    """The SQL of each part that can have rows of the page; fills in the parameters. selected: the SELECT of a part, of
    its rows `r` and its number; what it does not name (the moment of the last change) is not worked out.
    """
    first = page.after[0] if page.after and by_key else 0
    found = []
    for number, part in enumerate(resource.parts):
        keyed = _keyed(part, page, values, number)
        if number < first or keyed is None:
            continue
        where = [*keyed, *_conditions(resource, page, values)]
        if by_key and page.after and number == first and part.is_key(page.after[1]):
            values["after"] = page.after[1]
            where.append(f"r._key > %(after)s::{part.kind}")
        condition = f" where {' and '.join(where)}" if where else ""
        rows = resource.part(part, with_modified=True, keyed=True)
        found.append(selected(f"({rows}) r{condition}", number))
    return found


def _keyed(part: Part, page: Page, values: dict[str, Any], number: int) -> list[str] | None:
    """Conditions on keys and links; None when no row of this part can meet them."""
    found = []
    if page.keys is not None:
        keys = [key for one in page.keys if (key := part.key_in(one)) is not None]
        if not keys:
            return None
        values[f"k{number}"] = keys
        found.append(_one_of(part, f"k{number}"))
    for link, key in page.links:
        if link not in part.links:
            return None
        values[f"l{link}"] = key
        found.append(f"r.{link} = %(l{link})s::{'uuid' if link == '_user' else 'bigint'}")
    return found


def _one_of(part: Part, name: str) -> str:
    return f"r._key = any(%({name})s::{part.kind}[])"


def _conditions(resource: Resource, page: Page, values: dict[str, Any]) -> list[str]:
    fixed, asked = [], []
    for number, (column, among) in enumerate(page.among):
        values[f"e{number}"] = list(among)
        held = f"""string_to_array(r."{column}", ',')""" if column in MANY else f'array[r."{column}"]'
        fixed.append(f"{held} && %(e{number})s::text[]")
    for number, one in enumerate(page.filter.comparisons):
        values[f"f{number}"] = one.value
        asked.append(_compared(one, f"f{number}"))
    if asked:
        fixed.append("(" + (" or " if page.filter.either else " and ").join(asked) + ")")
    return fixed


def _compared(one: Comparison, name: str) -> str:
    table, _dot, column = one.column.rpartition(".")
    if table:
        # Something of a row of another file of the same user: sought there.
        rows = RESOURCES[table].sql(with_modified=False)
        inner = _compared(Comparison(column, one.operator, one.value), name)
        return f'r."sourcedId" in (select r."userSourcedId" from ({rows}) r where {inner})'
    held = f'r."{column}"' if column else "''"
    if one.operator == "~":
        return f"strpos(lower({held}), lower(%({name})s)) > 0"
    if column in MANY and one.operator in ("=", "!="):
        any_of = f"%({name})s = any(string_to_array({held}, ','))"
        return any_of if one.operator == "=" else f"not ({any_of})"
    return f"{held} {OPERATORS[one.operator]} %({name})s"


def _order(page: Page) -> str:
    way = "desc" if page.down else "asc"
    return f'u."{page.sort}" {way}, u."sourcedId" {way if page.sort == "sourcedId" else "asc"}'


def _columns(resource: Resource) -> str:
    return ", ".join(f'r."{name}"' for name in HEADERS[resource.name])


def _fetched(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


__all__ = ["Found", "Page", "one_row", "resource_named", "roles_of", "rows_of", "total_of"]
