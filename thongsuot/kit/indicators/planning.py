"""What PostgreSQL is told before it plans a statement that makes many rows a few kinds (areas.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

# Nothing is known to it of values that a statement works out, so it takes every row for a kind of its own: it would sort
# them all, and keep to one process rather than hand them over one by one.
FEW_KINDS = {"enable_sort": "off", "parallel_tuple_cost": "0"}


@contextmanager
def for_few_kinds() -> Iterator[None]:
    """Within a transaction: rows are grouped by hashing, and read by as many processes as the server allows."""
    before = _set(FEW_KINDS)
    yield
    # Where the block failed the transaction is lost, and the settings with it.
    _set(before)


def _set(settings: Mapping[str, str]) -> dict[str, str]:
    """Until the end of the transaction; gives what was set before."""
    names = list(settings)
    with connection.cursor() as cursor:
        cursor.execute(
            """select s.name, current_setting(s.name), set_config(s.name, s.value, true)
            from unnest(%s::text[], %s::text[]) s (name, value)""",
            [names, [settings[name] for name in names]],
        )
        return {name: before for name, before, _now in cursor.fetchall()}
