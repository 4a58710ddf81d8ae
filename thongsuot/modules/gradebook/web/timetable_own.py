"""One's own week on the screen and for the calendar of a phone: a teacher's, a child's, a pupil's."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from ..domain.timetable import Slot
from ..domain.timetable_bells import Bells
from ..permissions import ENTER, VIEW_OWN
from ..queries import timetables as queries
from ..queries.timetable_calendar import bells_of, week_calendar
from ..queries.timetable_words import day_name, part_name, slot_name
from .timetable_grid import rows_of

ICS = "text/calendar; charset=utf-8"


class OwnBase(ActorPage):
    """?tuan=: which of the weeks. In force today, or with ?ngay= the next one."""

    title = gettext_lazy("Thời khoá biểu của tôi")

    def allowed(self, actor: Actor) -> bool:
        return actor.can(ENTER) or actor.can(VIEW_OWN)

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def coming(self) -> date | None:
        return queries.coming_day(self.actor, self.today)

    @property
    def is_later(self) -> bool:
        """The link of a notice is opened on any day: until then, from then on."""
        return self.coming is not None and self.request.GET.get("ngay", "") == self.coming.isoformat()

    @cached_property
    def day(self) -> date:
        return self.coming if self.is_later and self.coming else self.today

    @cached_property
    def weeks(self) -> list[queries.OwnWeek]:
        weeks = queries.teacher_weeks(self.actor, self.day) if self.actor.can(ENTER) else []
        return weeks + (queries.family_weeks(self.actor, self.day) if self.actor.can(VIEW_OWN) else [])

    @property
    def chosen(self) -> int:
        wanted = self.request.GET.get("tuan", "0")
        return int(wanted) if wanted.isdecimal() and int(wanted) < len(self.weeks) else 0

    def query(self, place: int) -> str:
        return f"?tuan={place}" + (f"&ngay={self.day.isoformat()}" if self.is_later else "")


class OwnPage(OwnBase):
    """A teacher's own week and classes; a pupil's or a child's."""

    template_name = "timetable/own.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        week = self.weeks[self.chosen] if self.weeks else None
        context = {
            "week": week,
            "tabs": [
                (one.title or _("Tôi dạy"), self.query(place), "") for place, one in enumerate(self.weeks)
            ],
            "current": self.query(self.chosen),
            "calendar_url": reverse("timetable:own-calendar") + self.query(self.chosen),
            "coming": self.coming,
            "is_later": self.is_later,
            "grid": own_grid(week) if week else None,
            "by_day": by_day(week, bells_of(week)) if week else [],
            "today": 0 if self.is_later else day_of(self.today),
            **self.frame(),
        }
        return render(request, self.template_name, context)


class OwnCalendar(OwnBase):
    """The same week as a file that the calendar of a phone takes in."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.weeks:
            raise Http404
        week = self.weeks[self.chosen]
        name = _("Thời khoá biểu %(whose)s") % {"whose": week.title or _("của tôi")}
        answer = HttpResponse(week_calendar(week, name), content_type=ICS)
        answer["Content-Disposition"] = f'attachment; filename="{slugify(name.replace("đ", "d"))}.ics"'
        return answer


def day_of(day: date) -> int:
    """Monday is 2, Sunday 8."""
    return day.weekday() + 2


def by_day(week: queries.OwnWeek, bells: Bells) -> list[tuple[int, str, list[tuple[str, str, Any]]]]:
    """Day by day, for a narrow screen, with the hours of each lesson."""

    def hours(slot: Slot) -> str:
        return "–".join(f"{clock:%H:%M}" for clock in bells.span(slot))

    return [
        (
            day,
            day_name(day),
            [
                (part_name(one.slot.part).capitalize(), hours(one.slot), one)
                for one in week.lessons
                if one.slot.day == day
            ],
        )
        for day in week.days
    ]


def own_grid(week: queries.OwnWeek) -> dict[str, Any]:
    at: dict[Slot, list[queries.OwnLesson]] = {}
    for one in week.lessons:
        at.setdefault(one.slot, []).append(one)
    parts: dict[int, int] = {}
    for slot in at:
        parts[slot.part] = max(slot.lesson, parts.get(slot.part, 0))
    slots = [
        Slot(day, part, lesson)
        for day in week.days
        for part, most in parts.items()
        for lesson in range(1, most + 1)
    ]
    return rows_of(
        slots, lambda slot: {"code": slot.code, "name": slot_name(slot), "lessons": at.get(slot, [])}
    )
