"""INSERT..SELECT out of the stage: COPY is not for tables under row-level security, and one statement is one event
of history for all rows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from .sql import run


def insert(
    model: type[models.Model], chosen: Mapping[str, str], source: str, values: Mapping[str, object]
) -> int:
    """Insert rows of `source` (SQL from FROM on). chosen: {column: SQL}; what is not named gets its default."""
    columns = {**_defaults(model), **chosen}
    names = ", ".join(f'"{name}"' for name in columns)
    return run(
        f'insert into "{model._meta.db_table}" ({names}) select {", ".join(columns.values())} {source}',
        values or None,
    )


def _defaults(model: type[models.Model]) -> dict[str, str]:
    """What Django would put into a field that nobody names, as SQL."""
    found = {}
    for field in model._meta.local_concrete_fields:
        if field.primary_key:
            continue
        found[str(field.column)] = _default(field)
    return found


def _default(field: models.Field) -> str:
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    if field.null:
        return "null"
    default = field.get_default()
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return "'{}'"
    return "'" + str(getattr(default, "value", default) or "").replace("'", "''") + "'"
