"""The test database: copied from a template that was migrated once, and is kept until what makes it changes.

python -m tests.database: makes the template now, where a core is idle, rather than when the tests wait for it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import django
from django.db import ProgrammingError, connection

from thongsuot.kit.postgres.migrating import quick_states

ROOT = Path(__file__).resolve().parent.parent
# Whatever decides how a fresh database looks: tables, triggers, grants, policies, rows made by migrations.
MADE_FROM = (
    "thongsuot/**/migrations/*.py",
    "thongsuot/**/models.py",
    "thongsuot/**/models/**/*.py",
    "thongsuot/**/apps.py",
    "thongsuot/kit/postgres/**/*.py",
    "thongsuot/kit/audit/*.py",
    "thongsuot/config/settings.py",
    "requirements/base.txt",
)
PREFIX = "ts_template_"
# Of several processes that start together one makes the template, the others wait for it.
LOCK = "select pg_advisory_lock(hashtext('thongsuot test template'))"


def template_name() -> str:
    """The same as long as nothing that makes the database has changed."""
    said = hashlib.sha256()
    for path in sorted({path for pattern in MADE_FROM for path in ROOT.glob(pattern)}):
        said.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return PREFIX + said.hexdigest()[:16]


def create() -> str:
    """Lead the default connection to a fresh test database; the name of the one it led to before."""
    before = str(connection.settings_dict["NAME"])
    name = connection.creation._get_test_db_name()
    with connection.creation._nodb_cursor() as cursor:
        template = _template(cursor)
        _drop(cursor, name)
        cursor.execute(f'create database "{name}" template "{template}"')
    connection.settings_dict["NAME"] = name
    return before


def make_template() -> None:
    with connection.creation._nodb_cursor() as cursor:
        _template(cursor)


def drop(before: str) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = before
    with connection.creation._nodb_cursor() as cursor:
        _drop(cursor, name)


def _drop(cursor: Any, name: str) -> None:
    """With whoever is still in it. The server's own vacuum nobody but a superuser may end; a drop without force does."""
    try:
        cursor.execute(f'drop database if exists "{name}" with (force)')
    except ProgrammingError:
        cursor.execute(f'drop database if exists "{name}"')


def empty_quickly() -> None:
    """After a test with real transactions Django truncates all of some 280 tables, which makes each of their files anew.
    Most are empty: only from those that are not, rows are deleted, all in one transaction.
    """

    # Django's own modules import each other in a circle unless a connection was there first.
    from django.db.backends.postgresql.operations import DatabaseOperations

    def sql_flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        names = [self.quote_name(name) for name in tables]
        with self.connection.cursor() as cursor:
            cursor.execute(
                " union all ".join(f"select '{name}' where exists (select from {name})" for name in names)
            )
            full = [name for (name,) in cursor.fetchall()]
        # Triggers would write down what is deleted, or refuse it; keys between tables are checked at the end, all at once.
        return [
            *(f"alter table {name} disable trigger user" for name in full),
            *(f"delete from {name}" for name in full),
            "set constraints all immediate",
            *(f"alter table {name} enable trigger user" for name in full),
        ]

    DatabaseOperations.sql_flush = sql_flush


def _template(cursor: Any) -> str:
    name = template_name()
    cursor.execute(LOCK)
    if not _exists(cursor, name):
        _forget_old(cursor)
        _migrate(cursor, name, str(connection.settings_dict["NAME"]))
    return name


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("select 1 from pg_database where datname = %s", [name])
    return cursor.fetchone() is not None


def _forget_old(cursor: Any) -> None:
    cursor.execute("select datname from pg_database where starts_with(datname, %s)", [PREFIX])
    for (name,) in cursor.fetchall():
        _drop(cursor, name)


def _migrate(cursor: Any, template: str, before: str) -> None:
    """Under another name until it is complete: a run that is broken off leaves no half template."""
    test = connection.settings_dict["TEST"]
    asked, test["NAME"] = test["NAME"], f"{template}_new"
    try:
        with quick_states():
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        test["NAME"], connection.settings_dict["NAME"] = asked, before
    cursor.execute(f'alter database "{template}_new" rename to "{template}"')


if __name__ == "__main__":
    django.setup()
    make_template()
