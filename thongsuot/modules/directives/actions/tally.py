"""Keeping the tally of assignments small, and mending it."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

_COLUMNS = "unit_id, directive_id, state, is_ongoing, due_on, outcome"
_KEY = "coalesce(unit_id, 0), coalesce(directive_id, 0), state, is_ongoing, coalesce(due_on, 'infinity')"
# What is late today is late on every day to come: its day no longer matters, and many rows become one.
LONG_AGO = date(2000, 1, 1)
LOCK = "select pg_advisory_xact_lock(hashtext('directives.tally'))"
# One statement: a reader sees the rows before it or after it, never a key counted twice.
COMPACT = f"""
    with doubled as (
        select {_KEY}, outcome from directives_assignmenttally group by 1, 2, 3, 4, 5, 6 having count(*) > 1
    ), gone as (
        delete from directives_assignmenttally
        where ({_KEY}, outcome) in (select * from doubled) or due_on < %(today)s
        returning unit_id, directive_id, state, is_ongoing,
            case when due_on < %(today)s then %(long_ago)s::date else due_on end as due_on, outcome, number
    )
    insert into directives_assignmenttally ({_COLUMNS}, number)
    select {_COLUMNS}, sum(number) from gone group by {_COLUMNS} having sum(number) <> 0
"""  # noqa: S608 - names of columns only
RECOUNT = f"""
    insert into directives_assignmenttally ({_COLUMNS}, number)
    select place.unit_id, place.directive_id, a.state, a.deadline_kind = 'ongoing',
        case when a.state in ('assigned', 'in_progress', 'submitted', 'returned') then a.due_on end,
        case
            when a.state = 'accepted' then
                case when a.due_on is null then 'done'
                     when a.completed_on <= a.due_on then 'on_time' else 'late' end
            when a.state in ('assigned', 'in_progress', 'submitted', 'returned') and a.due_on is null
                and a.deadline_kind = 'event' and a.event_occurred_on is null then 'waiting'
            else ''
        end, count(*)
    from directives_assignment a
    cross join lateral (values (a.unit_id, null::bigint), (null::bigint, a.directive_id))
        as place (unit_id, directive_id)
    where place.unit_id is not null or place.directive_id is not null
    group by 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - names of columns only


def _as_system(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))


@transaction.atomic
def compact(*, by: Actor, today: date) -> int:
    """Join rows of the same key, and the days of what is late; figures of `today` and later do not change.

    Returns how many rows were written.
    """
    _as_system(by)
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(COMPACT, {"today": today, "long_ago": LONG_AGO})
        return int(cursor.rowcount)


@transaction.atomic
def recount(*, by: Actor) -> int:
    """Count everything again from the assignments, which nobody may change meanwhile; returns the rows."""
    _as_system(by)
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute("lock table directives_assignment in share mode")
        cursor.execute("delete from directives_assignmenttally")
        cursor.execute(RECOUNT)
        return int(cursor.rowcount)
