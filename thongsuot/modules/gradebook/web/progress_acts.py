"""The buttons of the principal's board: lock, open, remind, answer a request, open books."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused

from .. import actions
from ..actions.telling import LateBook, answer_unlock, remind_late
from ..queries import board as board_queries
from .progress import ProgressBase

# For how long a book may be opened again.
HOURS = {"24": 24, "72": 72, "168": 168}


class ProgressAct(ProgressBase):
    """POST: one button of the board."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_school:
            raise Http404
        try:
            said = self.act()
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said)
        return HttpResponseRedirect(self.address())

    def act(self) -> str:
        given = self.request.POST
        if "khoa-lop" in given:
            one = self.one_class(given["khoa-lop"])
            self.lock(one.school_class)
            return _("Đã khoá sổ lớp %(name)s.") % {"name": one.school_class.name}
        if "mo-lop" in given:
            one = self.one_class(given["mo-lop"])
            self.unlock(one.lock)
            return _("Đã mở sổ lớp %(name)s.") % {"name": one.school_class.name}
        acts = {
            "khoa": self.lock_school,
            "mo": self.unlock_school,
            "dong-y": lambda: self.answer(grant=True),
            "tu-choi": lambda: self.answer(grant=False),
            "nhac": self.remind,
            "lap": self.open_books,
        }
        act = acts.get(given.get("lam", ""))
        if act is None:
            raise Http404
        return act()

    def one_class(self, key: str) -> board_queries.ClassBoard:
        found = next((one for one in self.board.classes if str(one.school_class.pk) == key), None)
        if found is None:
            raise Http404
        return found

    def lock(self, school_class: Any = None) -> None:
        actions.lock_term(
            by=self.actor,
            unit=self.unit,
            school_year=self.year,
            term=self.term,
            now=timezone.now(),
            school_class=school_class,
        )

    def unlock(self, lock: Any) -> None:
        if lock is None:
            raise Http404
        actions.unlock_term(by=self.actor, lock=lock, now=timezone.now())

    def lock_school(self) -> str:
        self.lock()
        return _("Đã khoá sổ toàn trường.")

    def unlock_school(self) -> str:
        self.unlock(self.board.lock)
        return _("Đã mở sổ toàn trường.")

    def answer(self, *, grant: bool) -> str:
        key = self.request.POST.get("de-nghi", "")
        found = next((one for one in self.board.requests if str(one.pk) == key), None)
        if found is None:
            raise Http404
        hours = HOURS.get(self.request.POST.get("gio", ""), 48)
        answer_unlock(
            by=self.actor,
            request=found,
            grant=grant,
            now=timezone.now(),
            answer=self.request.POST.get("tra-loi", "")[:300],
            open_for=timedelta(hours=hours),
        )
        return _("Đã mở sổ.") if grant else _("Đã trả lời không mở.")

    def remind(self) -> str:
        lines = [book for one in self.board.classes for book in one.lacking]
        accounts = board_queries.accounts_of(self.actor, lines)
        late = [
            LateBook(row.school_class.name, row.name, accounts[row.pk])
            for row in (one.class_subject for one in lines)
        ]
        told = remind_late(by=self.actor, unit_id=self.unit.pk, term=self.term, late=late)
        return _("Đã nhắc %(n)d giáo viên.") % {"n": told}

    def open_books(self) -> str:
        found = actions.open_class_subjects(by=self.actor, unit=self.unit, school_year=self.year)
        said = _("Đã lập %(n)d sổ cho %(classes)d lớp.") % {"n": found.opened, "classes": found.classes}
        if found.without_rules:
            names = {"names": ", ".join(found.without_rules)}
            said += " " + _("Chưa có quy định đánh giá cho: %(names)s.") % names
        return said
