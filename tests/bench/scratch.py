"""Where it is measured: databases of the bench's own, one with few tasks, one with many, one with nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import connection

from tests import database

NAME = os.environ.get("TS_BENCH_DB", "ts_bench")
SMALL, LARGE, EMPTY = "small", "large", "empty"


class Databases:
    """`use(SMALL)` and `use(LARGE)` lead the default connection there."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def use(self, size: str) -> None:
        wanted = self.names[size]
        if connection.settings_dict["NAME"] != wanted:
            connection.close()
            connection.settings_dict["NAME"] = wanted
        # What a page keeps for a while is not to answer for the other database.
        cache.clear()


def in_place() -> Databases:
    """The database in use, for both sizes: to see that everything runs."""
    name = str(connection.settings_dict["NAME"])
    return Databases({SMALL: name, LARGE: name})


@contextmanager
def scratch_databases(fill: Callable[[str], None]) -> Iterator[Databases]:
    """Made with every migration, filled by `fill(size)`, dropped at the end."""
    before = str(connection.settings_dict["NAME"])
    connection.settings_dict["TEST"]["NAME"] = NAME
    copy, bare = f"{NAME}_small", f"{NAME}_empty"
    try:
        # A copy of the template that the tests use: migrated once, not for every bench.
        database.create()
        connection.close()
        for name in (copy, bare):
            _administer(f'drop database if exists "{name}"', f'create database "{name}" template "{NAME}"')
        databases = Databases({SMALL: copy, LARGE: NAME, EMPTY: bare})
        for size in (SMALL, LARGE):
            databases.use(size)
            fill(size)
        yield databases
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _administer(*(f'drop database if exists "{name}"' for name in (copy, bare, NAME)))


def _administer(*commands: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        for command in commands:
            cursor.execute(command)
