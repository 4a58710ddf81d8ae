"""Whether the roll of a class was called: of one class on its page, of a school's classes on the principal's board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from thongsuot.modules.organization import queries as organization

from ..models import RollCall, TimetableEntry
from ..types import DaySession
from .timetables import in_force

SUNDAY = 6
# thứ Hai: how a timetable counts the days.
MONDAY = 2


@dataclass(frozen=True)
class SessionRoll:
    """A session of a day. lessons: those of which alone the roll was called; at: when first, None where nobody has."""

    session: str
    lessons: tuple[int, ...]
    at: datetime | None
    by: str


def roll_of(school_class: Any, on: date, session: str, lesson: int | None) -> RollCall | None:
    rows = RollCall.objects.filter(school_class=school_class, on=on, session=session, lesson=lesson)
    return rows.select_related("called_by").first()


def rolls_of_school(unit_id: int, classes: Sequence[Any], on: date) -> dict[int, list[SessionRoll]]:
    """Class -> the sessions in which it has lessons on that day by the timetable in force, and whatever was called beside.

    Without a timetable a school day has one session at least: what was called, else the morning. Empty on a day without
    school. Three statements whatever the number of classes.
    """
    if not classes or not _is_school_day(classes[0].school_year, on):
        return {}
    called: dict[int, list[RollCall]] = defaultdict(list)
    rows = RollCall.objects.filter(unit_id=unit_id, on=on, school_class__in=[one.pk for one in classes])
    for row in rows.select_related("called_by"):
        called[row.school_class_id].append(row)
    wanted = _sessions(unit_id, on)
    found = {}
    for one in classes:
        mine = called.get(one.pk, [])
        sessions = {row.session for row in mine}
        if wanted is not None:
            sessions |= wanted.get(one.pk, set())
        elif not sessions and on.weekday() != SUNDAY:
            sessions = {DaySession.MORNING.value}
        found[one.pk] = [_session(name, mine) for name in DaySession.values if name in sessions]
    return found


def _is_school_day(year: Any, on: date) -> bool:
    free = any(one.day == on and not one.is_working for one in organization.calendar_days())
    return year.starts_on <= on <= year.ends_on and not free


def _sessions(unit_id: int, on: date) -> dict[int, set[str]] | None:
    """Class -> sessions with lessons on that day of the week. None where no timetable is in force."""
    timetable = in_force(unit_id, on).first()
    if timetable is None:
        return None
    found: dict[int, set[str]] = defaultdict(set)
    rows = TimetableEntry.objects.filter(timetable=timetable, day=on.weekday() + MONDAY).order_by()
    for class_id, session in rows.values_list("school_class_id", "session").distinct():
        found[class_id].add(session)
    return found


def _session(name: str, rows: Iterable[RollCall]) -> SessionRoll:
    mine: Collection[RollCall] = [row for row in rows if row.session == name]
    first = min(mine, key=lambda row: row.called_at, default=None)
    by = first.called_by.full_name if first is not None and first.called_by else ""
    lessons = tuple(sorted(row.lesson for row in mine if row.lesson is not None))
    whole = any(row.lesson is None for row in mine)
    return SessionRoll(name, () if whole else lessons, first.called_at if first else None, by)
