"""Telling the planner which ways not to take, for the statements of one block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

WAYS = frozenset({"enable_seqscan", "enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan"})
# All in one statement: what they were, and off from now on. `true`: until the end of the transaction at the latest.
OFF = "select name, current_setting(name), set_config(name, 'off', true) from unnest(%s::text[]) as w(name)"
BACK = "select set_config(name, said, true) from unnest(%s::text[], %s::text[]) as w(name, said)"


@contextmanager
def planned_without(*ways: str) -> Iterator[None]:
    """Run the statements of the block with these planner settings off; afterwards they are what they were before, be it
    "off" because somebody outside wanted so.

    After an error of the database the rollback (to a savepoint, or of the transaction) gives them back, because they
    were set within it. Outside a transaction nothing is changed and the planner does as it likes. ValueError for a
    setting that is none of WAYS.
    """
    if not WAYS.issuperset(ways):
        raise ValueError(f"not a way of the planner: {', '.join(sorted(set(ways) - WAYS))}")
    with connection.cursor() as cursor:
        cursor.execute(OFF, [list(ways)])
        before = {name: said for name, said, _now in cursor.fetchall()}
    failed = False
    try:
        yield
    except DatabaseError:
        failed = True
        raise
    finally:
        if not failed:
            with connection.cursor() as cursor:
                cursor.execute(BACK, [list(before), list(before.values())])
