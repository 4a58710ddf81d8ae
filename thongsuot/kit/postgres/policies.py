"""Turns declarations into SQL: the grants and policies of one table. Core SQL of PostgreSQL 15."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Field, Model

from thongsuot.kit.postgres.declarations import (
    Anyone,
    ByParent,
    ByUnit,
    ByUnits,
    ByUser,
    Isolation,
    alternatives,
)
from thongsuot.kit.postgres.roles import ALL_ROLE, SCOPED_ROLE, WEB_ROLE

# In a subselect the setting is read once per query. As a plain expression it is read for every row: 160 times
# slower on 500,000 rows and 1,200 units.
ARRAY = "string_to_array(current_setting('app.units', true), ',')::bigint[]"
# An index on the column serves this one ...
INDEXED = f"{{}} = any((select {ARRAY})::bigint[])"
# ... and where no index can help, this one is hashed instead of searched from end to end for every row.
HASHED = f"{{}} in (select unnest({ARRAY}))"
USER = "(select nullif(current_setting('app.user', true), '')::bigint)"

# What a table grants the web role when nobody is signed in. Django reads the new key back after an insert.
WEB_RIGHTS = {
    "select": "select",
    "insert": "insert, select ({pk})",
    "write": "select, insert, update, delete",
}


@dataclass(frozen=True)
class TableIsolation:
    """What one table needs.

    predicate: SQL that shows a row to a scoped actor; None when every row may be shown.
    web_direct: right of the web role without an actor: "", "select", "insert" (a log) or "write".
    append_only: rows are added and read, never changed or removed by the application.
    """

    table: str
    predicate: str | None
    web_direct: str = ""
    append_only: bool = False
    pk: str = "id"


def statements(wanted: TableIsolation, *, force: bool) -> list[str]:
    """SQL that brings a table to exactly this state, whatever it was before.

    force: row-level security binds the table's owner too, unless that role has BYPASSRLS.
    """
    table = quoted(wanted.table)
    rights = "select, insert" if wanted.append_only else "select, insert, update, delete"
    done = [f"revoke all on {table} from public, {WEB_ROLE}, {SCOPED_ROLE}, {ALL_ROLE}"]
    done.append(f"grant {rights} on {table} to {SCOPED_ROLE}, {ALL_ROLE}")
    if wanted.web_direct:
        rights = WEB_RIGHTS[wanted.web_direct].format(pk=quoted(wanted.pk))
        done.append(f"grant {rights} on {table} to {WEB_ROLE}")
    done += [f"drop policy if exists {name} on {table}" for name in ("ts_scoped", "ts_all", "ts_web")]
    if wanted.predicate is None:
        return [*done, f"alter table {table} no force row level security, disable row level security"]
    forced = "force" if force else "no force"
    done.append(f"alter table {table} enable row level security, {forced} row level security")
    done.append(_policy("ts_scoped", table, SCOPED_ROLE, wanted.predicate))
    done.append(_policy("ts_all", table, ALL_ROLE, "true"))
    if wanted.web_direct:
        done.append(_policy("ts_web", table, WEB_ROLE, "true"))
    return done


def closed(table: str) -> list[str]:
    """SQL for a table that declares nothing: nobody but its owner reaches it."""
    return [f"revoke all on {quoted(table)} from public, {WEB_ROLE}, {SCOPED_ROLE}, {ALL_ROLE}"]


def _policy(name: str, table: str, role: str, predicate: str) -> str:
    return f"create policy {name} on {table} for all to {role} using ({predicate}) with check ({predicate})"


def predicate_of(model: type[Model], rule: Isolation) -> str | None:
    """The SQL condition under which a row of `model` is shown; None for Anyone.

    An event model of pghistory is given the rule of the model it tracks.
    """
    if isinstance(rule, Anyone):
        return None
    parts = []
    rules = alternatives(rule)
    # Beside a look into another table the whole condition is checked row by row.
    unit_test = INDEXED if all(isinstance(one, ByUnit | ByUser) for one in rules) else HASHED
    for one in rules:
        part = _part(model, one, unit_test)
        if part not in parts:
            parts.append(part)
    return " or ".join(parts)


def _by_unit(model: type[Model], rule: ByUnit, unit_test: str) -> str:
    return " or ".join(_or_by_tracked(model, name, unit_test) for name in rule.fields)


def _by_user(model: type[Model], rule: ByUser) -> str:
    return " or ".join(_or_by_tracked(model, name, f"{{}} = {USER}") for name in rule.fields)


def _by_parent(model: type[Model], rule: ByParent) -> str:
    parent = _declared_field(model, rule.field).related_model
    if not (isinstance(parent, type) and issubclass(parent, Model)):
        raise ImproperlyConfigured(f"{model._meta.label}: ByParent({rule.field!r}) is no foreign key")
    return _or_by_tracked(model, rule.field, _exists(parent._meta.db_table, pk_column(parent)))


def _by_units(model: type[Model], rule: ByUnits) -> str:
    link = model._meta.apps.get_registered_model(*rule.link.split("."))
    fk, unit = (column_of(_declared_field(link, name)) for name in (rule.fk, rule.unit_field))
    table = quoted(link._meta.db_table)
    condition = INDEXED.format(f"{table}.{quoted(unit)}")
    return _or_by_tracked(model, "pk", _exists(link._meta.db_table, fk, condition))


def _part(model: type[Model], rule: Isolation, unit_test: str) -> str:
    match rule:
        case ByUnit():
            return _by_unit(model, rule, unit_test)
        case ByUser():
            return _by_user(model, rule)
        case ByParent():
            return _by_parent(model, rule)
        case ByUnits():
            return _by_units(model, rule)
    raise ImproperlyConfigured(f"{model._meta.label}: {rule} cannot be one of several alternatives")


def _exists(table: str, column: str, condition: str = "") -> str:
    """EXISTS rather than IN: the planner may look up single rows or hash them all, whichever is cheaper."""
    more = f" and {condition}" if condition else ""
    return f"exists (select 1 from {quoted(table)} where {quoted(table)}.{quoted(column)} = {{}}{more})"  # noqa: S608


def _or_by_tracked(model: type[Model], name: str, template: str) -> str:
    """Fill in the column, or for an event that does not carry it ask the tracked row."""
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is None:
        return template.format(_qualified(model, _declared_field(model, name)))
    wanted = _declared_field(tracked, name)
    carried = {field.name: field for field in model._meta.local_fields}
    if wanted.name in carried:
        return template.format(_qualified(model, carried[wanted.name]))
    if name == "pk":
        return template.format(_qualified(model, carried["pgh_obj"]))
    inner = template.format(_qualified(tracked, wanted))
    outer = _exists(tracked._meta.db_table, pk_column(tracked), f"({inner})")
    return outer.format(_qualified(model, carried["pgh_obj"]))


def _declared_field(model: type[Model], name: str) -> Field:
    """The field that a declaration names; of an event, the tracked model's."""
    meta = getattr(model, "pgh_tracked_model", model)._meta
    for field in meta.local_fields:
        if field.name == name or (name == "pk" and field.primary_key):
            return field
    raise ImproperlyConfigured(f"{meta.label}: isolation names {name!r}, which is no field of its table")


def _qualified(model: type[Model], field: Field) -> str:
    return f"{quoted(model._meta.db_table)}.{quoted(column_of(field))}"


def column_of(field: Field) -> str:
    assert field.column is not None, field  # noqa: S101 - only composite keys have none
    return field.column


def pk_column(model: type[Model]) -> str:
    return column_of(model._meta.pk)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
