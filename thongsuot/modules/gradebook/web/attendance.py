"""Attendance by day, session and lesson: on a phone one tap for each absent pupil."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.offline import keep_on_device
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from ..actions.keeping_cells import ABSENT, CALLED, EXCUSED, enter_absences
from ..queries import classes as class_queries
from ..queries.roll_calls import SessionRoll, roll_of, rolls_of_school
from ..types import DaySession
from .classes import class_tabs, part_url
from .grid import Change, read_changes
from .lists import sees_books
from .names import namesakes
from .outcomes import cell_changes, told

LESSONS = range(1, 6)
WORDS = {
    "": gettext_lazy("Có mặt"),
    ABSENT: gettext_lazy("Vắng không phép"),
    EXCUSED: gettext_lazy("Vắng có phép"),
}
NOON = 12
# The key of the cell that says the roll was called.
ROLL = f"0|{CALLED}"


class AttendanceBase(ActorPage):
    """?lop=12&ngay=2026-10-05&buoi=morning&tiet=2 ; left out: the only class, today, the session of the hour, all of it."""

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    @cached_property
    def school_class(self) -> Any:
        key = self.request.GET.get("lop", "")
        if not key.isdecimal() or len(key) > 18:
            raise Http404
        found = class_queries.class_of(self.actor, int(key))
        if found is None:
            raise Http404
        return found

    @cached_property
    def day(self) -> date:
        """Today inside the school year, or the day that was asked for; never one to come."""
        today, year = timezone.localdate(), self.school_class.school_year
        asked = self.request.GET.get("ngay", "")
        try:
            day = (parse_date(asked) if asked else None) or today
        except ValueError:
            day = today
        return max(year.starts_on, min(day, today, year.ends_on))

    @cached_property
    def session(self) -> str:
        asked = self.request.GET.get("buoi", "")
        if asked in DaySession.values:
            return asked
        is_morning = timezone.localtime().hour < NOON
        return DaySession.MORNING.value if is_morning else DaySession.AFTERNOON.value

    @cached_property
    def lesson(self) -> int | None:
        asked = self.request.GET.get("tiet", "")
        return int(asked) if asked in {str(number) for number in LESSONS} else None

    def address(self, name: str = "attendance") -> str:
        lesson = f"&tiet={self.lesson}" if self.lesson else ""
        base = f"{reverse(f'gradebook:{name}')}?lop={self.school_class.pk}"
        return f"{base}&ngay={self.day:%Y-%m-%d}&buoi={self.session}{lesson}"

    def save(self, changes: list[Change]) -> Any:
        return told(
            enter_absences(
                by=self.actor,
                school_class=self.school_class,
                on=self.day,
                session=self.session,
                lesson=self.lesson,
                changes=cell_changes(changes),
            )
        )


def session_words(one: SessionRoll) -> dict[str, Any]:
    """What is said of a session of a day, on the page of the class and on the board of its school."""
    said = {"session": DaySession(one.session).label, "lessons": ", ".join(map(str, one.lessons))}
    if one.at is None:
        return {"words": _("%(session)s: chưa điểm danh") % said, "tone": "warn", "session": one.session}
    said["at"] = f"{timezone.localtime(one.at):%H:%M}"
    text = _("%(session)s tiết %(lessons)s: %(at)s") if one.lessons else _("%(session)s: %(at)s")
    words = ", ".join(part for part in (text % said, one.by) if part)
    return {"words": words, "tone": "info" if one.lessons else "ok", "session": one.session}


class AttendancePage(AttendanceBase):
    template_name = "gradebook/attendance.html"

    def get_title(self) -> Any:
        return _("Điểm danh lớp %(name)s") % {"name": self.school_class.name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Sổ điểm"), reverse("gradebook:book-list"))]

    @cached_property
    def classes(self) -> list[Any]:
        year = organization.current_school_year(timezone.localdate())
        return class_queries.classes_with_books(self.actor, year.pk) if year else []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "lop" not in request.GET:
            if not self.classes:
                return render(request, "gradebook/classes.html", {"cards": [], **self.bare_frame()})
            return HttpResponseRedirect(f"{request.path}?lop={self.classes[0].pk}")
        return self.show()

    def bare_frame(self) -> dict[str, Any]:
        return {"view": self, "page_title": _("Điểm danh"), "breadcrumbs": self.breadcrumbs()}

    def pupils(self, faults: dict[str, str]) -> list[dict[str, Any]]:
        rows = class_queries.absences(self.school_class, self.day, self.session, self.lesson)
        elsewhere = class_queries.absent_elsewhere(self.school_class, self.day, self.session)
        members = class_queries.members(self.actor, self.school_class)
        same_names = namesakes(members)
        found = []
        for one in members:
            row = rows.get(one.student_id)
            value = "" if row is None else (EXCUSED if row.is_excused else ABSENT)
            key = f"{one.student_id}|absence"
            note = faults.get(key) or self.beside(elsewhere.get(one.student_id, []))
            found.append(
                {
                    "student_id": one.student_id,
                    "key": key,
                    "name": one.name,
                    "born": same_names.get(one.student_id, ""),
                    "value": value,
                    "word": WORDS[value],
                    "note": note,
                }
            )
        return found

    def rolls(self) -> list[dict[str, Any]]:
        """The sessions of the day, called or not."""
        row = self.school_class
        found = rolls_of_school(row.unit_id, [row], self.day)
        return [session_words(one) for one in found.get(row.pk, [])]

    def beside(self, others: list[str]) -> str:
        """What is written of the same session elsewhere: all of it, or other lessons."""
        mine = str(self.lesson) if self.lesson else ""
        rest = [one for one in others if one != mine]
        if not rest:
            return ""
        if "" in rest:
            return _("Đã ghi vắng cả buổi")
        return _("Vắng tiết %(lessons)s") % {"lessons": ", ".join(rest)}

    def show(self, faults: dict[str, str] | None = None, status: int = 200) -> HttpResponseBase:
        may_write = class_queries.may_mark_absent(self.actor, self.school_class)
        pupils = self.pupils(faults or {})
        absent = sum(bool(one["value"]) for one in pupils)
        context = {
            "school_class": self.school_class,
            "classes": self.classes,
            "day": self.day,
            "today": timezone.localdate(),
            "session": self.session,
            "sessions": DaySession.choices,
            "lesson": self.lesson,
            "lessons": LESSONS,
            "pupils": pupils,
            "values": list(WORDS.items()),
            "absent_count": absent,
            "present_count": len(pupils) - absent,
            "may_write": may_write,
            "roll": roll_of(self.school_class, self.day, self.session, self.lesson),
            "roll_key": ROLL,
            "rolls": self.rolls(),
            "save_url": self.address("attendance-save"),
            "place": self.address(),
            "month": class_queries.month_of_absences(self.actor, self.school_class, self.day),
            "choices": [
                {
                    "tabs": class_tabs(self.actor, self.school_class),
                    "current": part_url(self.school_class, "attendance"),
                }
            ],
            **self.frame(),
        }
        response = render(self.request, self.template_name, context, status=status)
        return keep_on_device(self.request, response) if may_write else response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The plain form, for a browser without scripts: whoever is marked otherwise than its page showed."""
        changes = []
        for one in self.pupils({}):
            seen = request.POST.get(f"s{one['student_id']}", "")
            chosen = request.POST.get(f"e{one['student_id']}", seen)
            if chosen != seen and chosen in WORDS:
                changes.append(Change(one["student_id"], "absence", seen, chosen))
        changes.append(Change(0, CALLED, "", "" if "chua" in request.POST else "1"))
        try:
            outcome = self.save(changes)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.address())
        if outcome.faults or outcome.conflicts:
            if ROLL in outcome.faults:
                messages.error(request, outcome.faults[ROLL])
            faults = {**outcome.faults, **dict.fromkeys(outcome.conflicts, _("Người khác vừa ghi em này"))}
            return self.show(faults, status=422)
        return HttpResponseRedirect(self.address())


class AttendanceSave(AttendanceBase):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            changes, _why = read_changes(request.body)
            outcome = self.save(changes)
        except NotAllowed:
            raise
        except Refused as error:
            return JsonResponse({"refused": error.message}, status=409)
        return JsonResponse(outcome.answer())
