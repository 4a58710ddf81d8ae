"""What lies beside the grid of marks: the history of a cell, the bank of remarks, how one likes to type."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from .. import actions, queries
from ..queries import phrase_bank as phrase_queries
from .books import BookBase
from .lists import sees_books
from .outcomes import ABSENT, asked_student


class CellHistory(BookBase):
    """A piece of page: the changes of one cell."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        column = request.GET.get("cot", "")[:40]
        if not column:
            raise Http404
        student = asked_student(request)
        found = queries.mark_history(self.actor, self.book, self.term, student_id=student, column=column)
        shown = [replace(one, old=history_words(one.old), new=history_words(one.new)) for one in found]
        return render(request, "gradebook/_cell_history.html", {"entries": shown})


def history_words(text: str) -> str:
    """7,5 for 7.5; an absence in words."""
    if text == ABSENT:
        return _("vắng")
    return text.removesuffix(".0").replace(".", ",") if text[:1].isdecimal() and len(text) < 5 else text


class Phrases(BookBase):
    """A piece of page: phrases that fit the subject and how the pupil stands."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        grid = queries.class_grid(self.actor, self.book, self.term)
        student = asked_student(request)
        rows = grid.rows if grid else ()
        row = next((one for one in rows if one.student_id == student), None)
        level = phrase_level(row.result or row.cells.get("final_level", "")) if row else ""
        found = phrase_queries.phrases_for(
            self.actor, unit_id=self.book.unit_id, subject=self.book.code, level=level
        )
        return render(request, "gradebook/_phrases.html", {"phrases": found})


def phrase_level(result: str) -> str:
    """A level as it stands; a mark out of ten fits phrases of every level."""
    return result if result in ("T", "H", "C", "Đ", "CĐ") else ""


class QuickTyping(ActorPage):
    """POST: whether 75 is read as 7,5 when the person types it."""

    http_method_names = ["post"]

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_on = request.POST.get("bat") == "1"
        actions.prefer_quick(by=self.actor, is_on=is_on)
        return JsonResponse({"quick": is_on})
