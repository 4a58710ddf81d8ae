"""Results that are no longer what the marks say, and the lock that keeps a change from being missed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import CharField, Func

from ..models import PupilYear

# Writers of marks share it, computing takes it alone: what is written while a school is computed comes after it, and
# makes stale what was computed. Until the end of the transaction.
HOLD = """
    select pg_advisory_xact_lock{shared}(hashtextextended(format('gradebook %%s %%s', unit, %s::bigint), 0))
    from unnest(%s::bigint[]) unit order by unit
"""


def hold_for_writing(unit_id: int, school_year_id: int) -> None:
    """Before a mark, a conduct, an absence of the school's year is written."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD.format(shared="_shared"), [school_year_id, [unit_id]])


class HeldForWriting(Func):
    """The same as a column of the statement that reads whose year it is. A pair of keys for each school and year."""

    template = "pg_advisory_xact_lock_shared(hashtextextended(format('gradebook %%%%s %%%%s', %(expressions)s), 0))::text"
    output_field = CharField()


def hold_for_computing(unit_ids: Collection[int], school_year_id: int) -> None:
    """Before what results are made of is read."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD.format(shared=""), [school_year_id, sorted(unit_ids)])


def mark_stale(unit_id: int, school_year_id: int, student_ids: Collection[int]) -> None:
    """The pupils' results are to be computed again. Who has none yet is computed in any case."""
    PupilYear.objects.filter(
        unit_id=unit_id, school_year_id=school_year_id, student_id__in=student_ids, is_stale=False
    ).update(is_stale=True)
