"""A timetable on the screen: by class (where it is edited), teacher, room, the whole school; one's own on a phone."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from ..domain.timetable import Placed, Slot, quality, slot_of
from ..domain.timetable_edit import options
from ..permissions import KEEP, VIEW, can_make_timetable
from ..queries import timetables as queries
from ..queries.timetable_file import timetable_workbook
from ..queries.timetable_words import lesson_words, slot_name, solving_words
from ..tasks import solving_of
from ..types import TimetableState
from .timetable_grid import class_grid, option_grid, person_grid, school_grid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_TONES = {"draft": "info", "published": "ok", "archived": "quiet"}


class TimetablePage(ActorPage):
    """What the pages of one timetable share."""

    def allowed(self, actor: Actor) -> bool:
        return actor.can(KEEP) or actor.can(VIEW)

    @cached_property
    def timetable(self) -> Any:
        found = queries.timetable(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def board(self) -> queries.Board:
        return queries.board(self.actor, self.timetable)

    @property
    def may_make(self) -> bool:
        return can_make_timetable(self.actor, self.timetable.unit_id)

    @property
    def may_edit(self) -> bool:
        return self.may_make and self.timetable.state == TimetableState.DRAFT

    def get_title(self) -> Any:
        return str(self.timetable)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Thời khoá biểu"), reverse("timetable:list"))]

    def url(self, **query: Any) -> str:
        address = reverse("timetable:detail", args=[self.kwargs["public_id"]])
        return f"{address}?{urlencode(query)}" if query else address


class BoardPage(TimetablePage):
    """?xem=lop|giao-vien|phong|truong, ?id= of a class, teacher or room."""

    template_name = "timetable/board.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(
            request, self.template_name, self.context(request.GET.get("xem", ""), request.GET.get("id", ""))
        )

    def context(self, seen: str, wanted: str) -> dict[str, Any]:
        board, row = self.board, self.timetable
        views = {
            "lop": _("Lớp"),
            "giao-vien": _("Giáo viên"),
            "phong": _("Phòng"),
            "truong": _("Toàn trường"),
        }
        seen = seen if seen in views else "lop"
        choices = self.choices(seen)
        chosen = next((pk for pk, _name in choices if str(pk) == wanted), choices[0][0] if choices else None)
        shown: dict[str, Any] = {"grid": None, "left": ()}
        if seen == "truong":
            shown["grid"] = school_grid(board)
        elif chosen is not None:
            shown = self.shown(seen, chosen)
        left = {class_id: sum(load.lessons for load in loads) for class_id, loads in board.left.items()}
        return {
            "timetable": row,
            "board": board,
            "tabs": [(name, self.url(xem=key), "") for key, name in views.items()],
            "current": self.url(xem=seen),
            "seen": seen,
            "choices": choices,
            "chosen": chosen,
            "chosen_name": dict(choices).get(chosen or 0, ""),
            "left_of_class": left,
            "left_classes": [
                (self.url(xem="lop", id=pk), board.class_names[pk], left[pk])
                for pk in board.class_names
                if pk in left
            ],
            "left_total": sum(left.values()),
            "placed_total": len(board.placed),
            "quality": quality(board.placed) if board.placed else None,
            "solving": solving_words(board) if self.may_make else {},
            "solving_job": solving_of(self.actor, row) if self.may_edit else None,
            "may_edit": self.may_edit,
            "may_make": self.may_make,
            "last_change": queries.last_change(row) if self.may_edit else None,
            "state_tone": STATE_TONES[row.state],
            "rules_url": reverse("timetable:rules", args=[row.unit_id, row.school_year_id]),
            **shown,
            **self.frame(),
        }

    def choices(self, seen: str) -> list[tuple[int, str]]:
        board = self.board
        if seen == "giao-vien":
            busy = {one.staff_id for one in board.placed} | {one.staff_id for one in board.taught}
            people = [(pk, name) for pk, name in board.staff_names.items() if pk in busy]
            return sorted(people, key=lambda item: item[1].split()[::-1])
        if seen == "phong":
            used = {one.room_id for one in board.placed}
            return [(pk, name) for pk, name in board.room_names.items() if pk in used]
        return list(board.class_names.items())

    def shown(self, seen: str, chosen: int) -> dict[str, Any]:
        board = self.board
        if seen == "lop":
            return {"grid": class_grid(board, chosen), "left": self.left_of(chosen)}
        if seen == "giao-vien":
            mine = [one for one in board.placed if one.staff_id == chosen]
            return {
                "grid": person_grid(board, lambda one: one.staff_id == chosen),
                "left": (),
                "lessons": len(mine),
                "gaps": quality(mine).gaps,
            }
        return {"grid": person_grid(board, lambda one: one.room_id == chosen), "left": ()}

    def left_of(self, class_id: int) -> list[dict[str, Any]]:
        address = reverse("timetable:slots", args=[self.timetable.public_id, class_id])
        return [
            {
                "subject": load.subject,
                "teacher": self.board.staff_names.get(load.staff_id or 0, ""),
                "lessons": load.lessons,
                "url": f"{address}?{urlencode({'mon': load.subject, 'gv': load.staff_id or ''})}",
            }
            for load in self.board.left.get(class_id, ())
        ]


def read_slot(code: str) -> Slot:
    try:
        return slot_of(code)
    except ValueError as error:
        raise Http404 from error


class SlotsPanel(BoardPage):
    """Where a lesson may go: ?o=2S1 for one that stands there, ?mon=&gv= for one that waits. With htmx the panel alone."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        class_id = self.kwargs["class_id"]
        if not self.may_edit or class_id not in self.board.class_names:
            raise Http404
        panel = self.panel(class_id)
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "timetable/_panel.html", panel)
        return render(
            request, self.template_name, {**self.context("lop", str(class_id)), "panel": panel, **panel}
        )

    def panel(self, class_id: int) -> dict[str, Any]:
        start: Slot | None = None
        code = self.request.GET.get("o", "")
        if code:
            start = read_slot(code)
            lesson = self.board.at(class_id, start)
            if lesson is None:
                raise Http404
        else:
            lesson = self.waiting(class_id)
        found = options(self.board.problem, self.board.placed, lesson, stands=start is not None)
        return {
            "timetable": self.timetable,
            "lesson": lesson,
            "lesson_words": lesson_words(self.board, lesson),
            "start": start.code if start else "",
            "start_name": slot_name(start) if start else "",
            "options": option_grid(self.board, lesson, found, start),
            "class_id": class_id,
        }

    def waiting(self, class_id: int) -> Placed:
        subject, staff = self.request.GET.get("mon", ""), self.request.GET.get("gv", "")
        for load in self.board.left.get(class_id, ()):
            if load.subject == subject and str(load.staff_id or "") == staff:
                return Placed(class_id, load.subject, load.staff_id, self.board.week.slots()[0])
        raise Http404


class Workbook(TimetablePage):
    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        name = slugify(str(self.timetable).replace("đ", "d")) or "tkb"
        return FileResponse(
            timetable_workbook(self.board), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
        )
