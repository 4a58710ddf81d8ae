"""The days on which offices work: one calendar for every deadline in working days."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet

from ..domain.working_days import WorkCalendar
from ..models import WorkDay


@dataclass(frozen=True)
class FreeDay:
    """A day of the calendar other than the week says. set_here: the row of whoever set it, None for the file's."""

    day: date
    is_working: bool
    name: str
    confidence: str
    set_here: int | None = None


@lru_cache(maxsize=1)
def days_of_file() -> tuple[FreeDay, ...]:
    """data/organization/holidays.json; Bộ luật Lao động 45/2019/QH14 Điều 112 and each year's notice."""
    text = (settings.DATA_DIR / "organization" / "holidays.json").read_text(encoding="utf-8")
    return tuple(
        FreeDay(
            day=date.fromisoformat(row["day"]),
            is_working=bool(row.get("is_working", False)),
            name=row["name"],
            confidence=row["confidence"],
        )
        for row in json.loads(text)["days"]
    )


def set_work_days() -> QuerySet[WorkDay]:
    """What people have set instead of the file."""
    return WorkDay.objects.all()


def calendar_days() -> list[FreeDay]:
    """The days of the file, those that somebody has set instead of them, by date. One query."""
    days = {one.day: one for one in days_of_file()}
    for row in set_work_days():
        days[row.day] = FreeDay(row.day, row.is_working, row.name, "", row.pk)
    return sorted(days.values(), key=lambda one: one.day)


def work_calendar() -> WorkCalendar:
    """`.add(day, count)` is the count-th working day after `day`. One query: take it once for many rows."""
    days = calendar_days()
    return WorkCalendar(
        free=frozenset(one.day for one in days if not one.is_working),
        worked=frozenset(one.day for one in days if one.is_working),
    )
