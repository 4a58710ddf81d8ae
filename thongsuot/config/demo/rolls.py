"""Điểm danh of the demo: of the last weeks called in every class, this morning, once it is half past seven, in most."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import connection

DAYS_BACK = 21
# Wherever somebody is written absent the roll was called; and each morning of the last weeks; only
# secondary schools have lessons on Saturdays.
CALLED = """
    insert into gradebook_rollcall (unit_id, school_class_id, "on", session, lesson, called_by_id, called_at)
    select distinct on (a.school_class_id, a."on", a.session, a.lesson)
        a.unit_id, a.school_class_id, a."on", a.session, a.lesson, s.account_id,
        least(
            (a."on" + time '07:05' + make_interval(mins => mod(a.school_class_id, 20)::int)) at time zone 'Asia/Ho_Chi_Minh',
            now()
        )
    from gradebook_absence a
    join registry_schoolclass k on k.id = a.school_class_id and k.school_year_id = %(year)s
    left join registry_staff s on s.id = k.homeroom_teacher_id
    where a.unit_id = any (%(units)s)
    order by a.school_class_id, a."on", a.session, a.lesson
    on conflict do nothing
"""
MORNINGS = """
    insert into gradebook_rollcall (unit_id, school_class_id, "on", session, lesson, called_by_id, called_at)
    select k.unit_id, k.id, d.day, 'morning', null, s.account_id,
        (d.day + time '07:05' + make_interval(mins => mod(k.id, 20)::int)) at time zone 'Asia/Ho_Chi_Minh'
    from registry_schoolclass k
    cross join unnest(%(days)s::date[]) d(day)
    left join registry_staff s on s.id = k.homeroom_teacher_id
    where k.school_year_id = %(year)s and k.unit_id = any (%(units)s)
        and exists (select from gradebook_classsubject c where c.school_class_id = k.id)
        and (extract(isodow from d.day) < 6 or k.grade > 5)
        and (d.day < %(today)s or mod(k.id, 5) <> 0)
        and (d.day + time '07:30') at time zone 'Asia/Ho_Chi_Minh' <= now()
    on conflict do nothing
"""


def call_rolls(year: Any, unit_ids: Collection[int], today: date) -> None:
    """year: a SchoolYear, running or over."""
    first = max(year.starts_on, today - timedelta(days=DAYS_BACK))
    days = [first + timedelta(days=number) for number in range(max(0, (today - first).days + 1))]
    asked = {
        "year": year.pk,
        "units": list(unit_ids),
        "days": [day for day in days if day.weekday() < 6 and day <= year.ends_on],
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(CALLED, asked)
        cursor.execute(MORNINGS, asked)
