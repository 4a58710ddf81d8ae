"""What is done to a timetable: lessons moved, solved, published; a file taken in after a look at what it would change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.files.queries import content_of, openable

from ..actions import timetable_edits as edits
from ..actions import timetable_publishing as publishing
from ..actions import timetables as actions
from ..domain.timetable_clash import member
from ..queries.timetable_file import FilePlan, read_timetable_file
from ..queries.timetable_words import lesson_words, slot_name
from ..tasks import ask_to_solve
from .timetable_board import TimetablePage, read_slot

FILE_KIND = "gradebook.timetable"


class TimetableAct(TimetablePage):
    """POST .../lam/<act>/ : one action, then back to where it was asked for."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act = ACTS.get(kwargs["act"])
        if act is None or not self.may_make:
            raise Http404
        try:
            with transaction.atomic():
                goes_to = act(self)
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, refused.message)
            goes_to = None
        return HttpResponseRedirect(goes_to or self.back())

    def back(self) -> str:
        class_id = self.request.POST.get("class_id", "")
        return self.url(xem="lop", id=class_id) if class_id.isdecimal() else self.url()

    @property
    def given(self) -> dict[str, Any]:
        edition = self.request.POST.get("edition", "")
        return {
            "by": self.actor,
            "timetable": self.timetable,
            "edition": int(edition) if edition.isdecimal() else None,
            "now": timezone.now(),
        }

    def number(self, name: str) -> int:
        said = self.request.POST.get(name, "")
        if not said.isdecimal() or len(said) > 18:
            raise Http404
        return int(said)


def _move(view: TimetableAct) -> str | None:
    post = view.request.POST
    start, to = read_slot(post.get("start", "")), read_slot(post.get("to", ""))
    change = edits.move_lesson(class_id=view.number("class_id"), start=start, to=to, **view.given)
    return _said(view, change)


def _place(view: TimetableAct) -> str | None:
    post = view.request.POST
    staff = post.get("staff_id", "")
    change = edits.place_lesson(
        class_id=view.number("class_id"),
        subject=post.get("subject", ""),
        staff_id=view.number("staff_id") if staff else None,
        slot=read_slot(post.get("to", "")),
        **view.given,
    )
    return _said(view, change)


def _remove(view: TimetableAct) -> str | None:
    start = read_slot(view.request.POST.get("start", ""))
    return _said(view, edits.remove_lesson(class_id=view.number("class_id"), slot=start, **view.given))


def _pin(view: TimetableAct) -> str | None:
    start = read_slot(view.request.POST.get("start", ""))
    pinned = view.request.POST.get("pinned") == "1"
    change = edits.pin_lesson(class_id=view.number("class_id"), slot=start, pinned=pinned, **view.given)
    return _said(view, change)


def _clear(view: TimetableAct) -> str | None:
    return _said(view, edits.clear_lessons(**view.given))


def _undo(view: TimetableAct) -> str | None:
    change = edits.undo_change(**view.given)
    messages.success(view.request, _("Đã hoàn tác: %(what)s.") % {"what": change.words})
    return None


def _said(view: TimetableAct, change: Any) -> str:
    messages.success(view.request, f"{change.words}.")
    return view.back()


def _solve(view: TimetableAct) -> str | None:
    job = ask_to_solve(by=view.actor, timetable=view.timetable)
    return reverse("jobs:detail", args=[job.public_id])


def _publish(view: TimetableAct) -> str | None:
    post = view.request.POST
    # The page of what changes has a box to tick; asked for without it, people are told.
    tell = "bao" in post or "da-xem" not in post
    publishing.publish_timetable(by=view.actor, timetable=view.timetable, now=timezone.now(), tell=tell)
    said = _("Đã ban hành, áp dụng từ %(day)s; giáo viên, học sinh và phụ huynh đã xem được.")
    messages.success(view.request, said % {"day": f"{view.timetable.valid_from:%d/%m/%Y}"})
    return reverse("timetable:publication", args=[view.timetable.public_id])


def _take_back(view: TimetableAct) -> str | None:
    publishing.take_back_timetable(
        by=view.actor,
        timetable=view.timetable,
        reason=view.request.POST.get("reason", ""),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    messages.success(view.request, _("Đã thu hồi; bản trước đó áp dụng trở lại."))
    return reverse("timetable:publication", args=[view.timetable.public_id])


def _drop(view: TimetableAct) -> str | None:
    actions.drop_timetable(by=view.actor, timetable=view.timetable)
    messages.success(view.request, _("Đã xoá bản đang lập."))
    return reverse("timetable:list")


ACTS = {
    "chuyen": _move,
    "xep": _place,
    "bo": _remove,
    "giu": _pin,
    "bo-het": _clear,
    "hoan-tac": _undo,
    "tu-dong": _solve,
    "ban-hanh": _publish,
    "thu-hoi": _take_back,
    "xoa": _drop,
}


# -- a file -----------------------------------------------------------------------------------------


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Bảng tính thời khoá biểu"),
        help_text=gettext_lazy(
            "Mỗi lớp một cột, mỗi tiết một dòng, ô ghi “Toán - Hoa”. Ô trống và giờ không có trong tệp được giữ nguyên."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )


class ImportPage(TimetablePage):
    """First a look at what the file would change, then the taking in; sent again, the same file changes nothing."""

    template_name = "timetable/import.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(FileForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.check()
        if request.POST.get("stored"):
            return self.take_in(request.POST["stored"])
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            stored = store_upload(
                by=self.actor,
                upload=form.cleaned_data["file"],
                owner_unit_id=self.timetable.unit_id,
                kind=FILE_KIND,
            )
            plan = read_timetable_file(self.board, content_of(stored))
        except Refused as refused:
            form.add_error("file", refused.message)
            return self.show(form, status=422)
        return self.show(form, plan=plan, stored=stored)

    def check(self) -> None:
        if not self.may_edit:
            raise Http404

    def take_in(self, public_id: str) -> HttpResponse:
        try:
            stored = openable(self.actor, UUID(public_id))
        except ValueError as error:
            raise Http404 from error
        if stored.kind != FILE_KIND or stored.owner_unit_id != self.timetable.unit_id:
            raise Http404
        try:
            plan = read_timetable_file(self.board, content_of(stored))
            change = edits.take_lessons_in(
                by=self.actor,
                timetable=self.timetable,
                lessons=plan.lessons,
                edition=self.timetable.edition,
                now=timezone.now(),
            )
        except Refused as refused:
            messages.error(self.request, refused.message)
            return HttpResponseRedirect(self.request.path)
        said = change.words if change else _("Tệp không thay đổi gì")
        messages.success(self.request, f"{said}.")
        return HttpResponseRedirect(self.url(xem="truong"))

    def show(
        self, form: FileForm, plan: FilePlan | None = None, stored: Any = None, status: int = 200
    ) -> HttpResponse:
        self.check()
        context = {
            "form": form,
            "timetable": self.timetable,
            "plan": plan,
            "stored": stored,
            "lines": self.lines(plan) if plan else [],
            "cancel_url": self.url(),
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)

    def lines(self, plan: FilePlan) -> list[tuple[str, str, str]]:
        """What would change: slot, lesson, what stands there now. The first hundred."""
        found = []
        for one in plan.lessons:
            holder = self.board.at(one.class_id, one.slot)
            if any(member(o) == member(one) for o in self.board.all_at(one.class_id, one.slot)):
                continue
            found.append(
                (
                    slot_name(one.slot),
                    lesson_words(self.board, one),
                    lesson_words(self.board, holder) if holder else "",
                )
            )
        return found[:100]

    def get_title(self) -> Any:
        return _("Nhập thời khoá biểu từ bảng tính")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (str(self.timetable), self.url())]
