"""A person's week in force as lessons by the clock and as a file for the calendar of a phone."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.timetable_bells import Bells
from ..domain.timetable_ical import WeeklyEvent, calendar
from ..models import Timetable
from ..types import TimetableState
from .timetable_rules import timetable_rules
from .timetables import OwnLesson, OwnWeek

# thứ Hai: how a timetable counts the days.
MONDAY = 2


def bells_of(week: OwnWeek) -> Bells:
    """Read as the system, like the week itself: a family does not see the rules of a school."""
    with act_as(Actor.system()):
        own = _timetable(week)
        grades = own.entries.values_list("school_class__grade", flat=True).order_by().distinct()
        return timetable_rules(own.unit_id, own.school_year_id, list(grades)).bells


def week_calendar(week: OwnWeek, name: str) -> bytes:
    """The lessons of the week until the next version holds or the term ends, without the free days. name: of the calendar."""
    bells = bells_of(week)
    with act_as(Actor.system()):
        own = _timetable(week)
        first, until = own.valid_from, _until(own)
        free = [
            one.day
            for one in organization.calendar_days()
            if not one.is_working and first <= one.day <= until
        ]
    events = (_event(week, one, bells, first, until, free) for one in week.lessons)
    return calendar(name, (one for one in events if one.first <= until), made=own.published_at or own.made_at)


def _timetable(week: OwnWeek) -> Timetable:
    return Timetable.objects.select_related("school_year").get(pk=week.timetable_id)


def _until(own: Timetable) -> date:
    term = own.school_year.terms.filter(number=own.term).first()
    ends = term.ends_on if term else own.school_year.ends_on
    later = Timetable.objects.filter(
        unit_id=own.unit_id, state=TimetableState.PUBLISHED, valid_from__gt=own.valid_from
    )
    following = later.order_by("valid_from").values_list("valid_from", flat=True).first()
    return min(ends, following - timedelta(days=1)) if following else ends


def _event(
    week: OwnWeek, one: OwnLesson, bells: Bells, first: date, until: date, free: list[date]
) -> WeeklyEvent:
    begins, ends = bells.span(one.slot)
    day = first + timedelta(days=(one.slot.day - MONDAY - first.weekday()) % 7)
    of_class = week.class_id is not None
    who = one.teacher if of_class else one.class_name
    return WeeklyEvent(
        # The same lesson keeps its name when it is fetched again, so that a calendar does not show it twice.
        uid=f"{week.timetable_id}-{one.class_id}-{one.entry_id}-{'c' if of_class else 't'}@thongsuot",
        first=day,
        until=until,
        begins=begins,
        ends=ends,
        title=one.subject if of_class else f"{one.subject} {one.class_name}",
        place=one.room,
        note=_("Giáo viên: %(name)s") % {"name": who} if of_class and who else "",
        skipped=free,
    )
