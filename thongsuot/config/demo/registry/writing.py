"""Generated rows into the tables, by COPY. The history is kept as always: its triggers see a COPY like any other insert."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

from thongsuot.config.demo.registry.rows import PersonRow, Rows
from thongsuot.kit.sealing.sealing import digest_many, seal_many
from thongsuot.kit.text.vietnamese import fold, person_sort_key
from thongsuot.modules.registry.models import (
    Contact,
    Employment,
    Enrolment,
    Equipment,
    InternetLine,
    Land,
    MinistrySubmission,
    Room,
    SchoolClass,
    Staff,
    Student,
    StudentCharacteristic,
    TeachingAssignment,
    Transfer,
)

# In the order of their foreign keys.
TABLES: tuple[tuple[str, type[models.Model]], ...] = (
    ("students", Student),
    ("staff", Staff),
    ("land", Land),
    ("rooms", Room),
    ("classes", SchoolClass),
    ("enrolments", Enrolment),
    ("characteristics", StudentCharacteristic),
    ("contacts", Contact),
    ("transfers", Transfer),
    ("employments", Employment),
    ("teaching", TeachingAssignment),
    ("equipment", Equipment),
    ("lines", InternetLine),
    ("submissions", MinistrySubmission),
)
DERIVED = ("name_fold", "sort_key", "personal_id_sealed", "personal_id_digest")
PIECE = 20_000


def write(rows: Rows, say: Callable[[str], None]) -> None:
    """Into empty tables: the rows bring their keys."""
    with connection.cursor() as cursor:
        # COPY does not go through row-level security: only the owner may, as this command is run.
        cursor.execute("select current_setting('role')")
        role = cursor.fetchone()[0]
        cursor.execute("set local role none")
        for name, model in TABLES:
            made = getattr(rows, name)
            if made:
                _copy(cursor, model, made)
                say(f"  {model._meta.verbose_name}: {len(made)}")
        cursor.execute("select set_config('role', %s, true)", [role])
    count_rows(*(model for _, model in TABLES))


def count_rows(*tables: type[models.Model]) -> None:
    """Let the planner know how many rows there are now, long before the database would count them by itself: a thousand
    schools written in this transaction look like none, and a join over them takes minutes."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role')")
        role = cursor.fetchone()[0]
        cursor.execute("set local role none")
        for table in tables:
            cursor.execute(f"analyze {table._meta.db_table}")
        cursor.execute("select set_config('role', %s, true)", [role])


def _copy(cursor: Any, model: type[models.Model], rows: list[Any]) -> None:
    names = [one.name for one in fields(rows[0])]
    is_person = isinstance(rows[0], PersonRow)
    columns = [name for name in names if name != "personal_id"] + list(DERIVED if is_person else ())
    listed = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    for start in range(0, len(rows), PIECE):
        piece = rows[start : start + PIECE]
        values = _people(piece, columns) if is_person else map(attrgetter(*columns), piece)
        with cursor.copy(f"copy {table} ({listed}) from stdin") as copy:
            for row in values:
                copy.write_row(row)
    cursor.execute(
        f"select setval(pg_get_serial_sequence('{table}', 'id'), %s)",
        [rows[-1].id],
    )


def _people(rows: list[Any], columns: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    plain = attrgetter(*[name for name in columns if name not in DERIVED])
    ids = [row.personal_id for row in rows]
    for row, sealed, found_by in zip(rows, seal_many(ids), digest_many(ids), strict=True):
        yield (
            *plain(row),
            _fold(row.full_name),
            _sort_key(row.full_name),
            sealed,
            found_by,
        )


_fold = lru_cache(maxsize=200_000)(fold)
_sort_key = lru_cache(maxsize=200_000)(person_sort_key)
