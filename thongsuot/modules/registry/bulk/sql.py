"""Statements over the stage: parameters by name, numbers of rows back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from .types import STAGE


def run(statement: str, values: Mapping[str, Any] | None = None) -> int:
    """Execute; how many rows it touched. Without values a % is a %."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(values) if values else None)
        return cursor.rowcount


def count(statement: str, values: Mapping[str, Any] | None = None) -> int:
    """The one number that a statement gives; 0 for no row."""
    found = rows(statement, values)
    return int(found[0][0] or 0) if found else 0


def rows(statement: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(values) if values else None)
        return list(cursor.fetchall())


def has_sound_rows() -> bool:
    """Whether any row of the stage has not been refused."""
    return bool(count(f"select 1 from {STAGE} where state <> 'rejected' limit 1"))


def make_room() -> None:
    """Memory for a province's rows, until the transaction ends: sorted and copied for the history without files.

    New words of the index of names are merged in large portions; what is left of them, autovacuum merges within a
    minute. Any role may set these.
    """
    run("""
        select set_config('work_mem', '256MB', true), set_config('gin_pending_list_limit', '64MB', true)
    """)


@contextmanager
def foreign_keys_at_once() -> Iterator[None]:
    """Foreign keys are checked after each statement, not all of them at the end: the rows are still in memory then.

    For statements that write parents before children.
    """
    run("set constraints all immediate")
    yield
    run("set constraints all deferred")
