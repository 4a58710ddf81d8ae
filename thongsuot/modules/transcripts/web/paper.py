"""A year of a paper transcript put into figures: its facts, and a row a subject."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from .. import actions, queries
from ..types import TranscriptFault
from .forms import DigitiseForm
from .paper_forms import bound_rows, rows_for, typed_rows
from .pupil import PupilForm

FOOT = ("result", "conduct", "is_promoted", "homeroom_remark", "scan")
# What a press of a button, or a change of the grade, asks for besides saving.
ASKED, MORE, OTHER_GRADE = "lam", "them", "khoi"


class DigitisePage(PupilForm):
    title = _("Số hóa học bạ giấy")
    template_name = "transcripts/digitise.html"
    form_class = DigitiseForm
    submit_label = _("Lập học bạ số hóa")
    success_message = _("Đã lập. Hiệu trưởng ký, sau đó ký phát hành bằng chứng thư số của trường.")

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"years": [one.name for one in organization.school_years()]}

    def initial(self, thing: Any) -> dict[str, Any]:
        """The year before the one that the pupil is in."""
        spells = registry.enrolments(self.actor).filter(student=thing, left_on__isnull=True)
        spell = spells.select_related("school_class").first()
        grade = spell.school_class.grade if spell and spell.school_class else None
        return {"grade": max(1, (grade or 2) - 1)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(initial=self.initial(self.student), **self.form_kwargs(self.student))
        return self._page(form, rows_for(form.initial["grade"]), form.initial["grade"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        grade = self._grade()
        asked = request.POST.get(ASKED, "")
        if asked in (MORE, OTHER_GRADE):
            return self._other_rows(grade, more=int(asked == MORE))
        form = self.form_class(request.POST, request.FILES, **self.form_kwargs(self.student))
        rows = bound_rows(request.POST, grade)
        # Both are looked at, so that everything that is wrong is said at once.
        if not all([form.is_valid(), rows.is_complete]):
            return self._page(form, rows, grade, status=422)
        try:
            with transaction.atomic():
                self.act(self.actor, self.student, {**form.cleaned_data, "subjects": rows.subjects})
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._page(form, rows, grade, status=422)
        messages.success(request, self.success_message)
        return HttpResponseRedirect(self.success(None))

    def _grade(self) -> int:
        told = self.request.POST.get("grade", "")
        return int(told) if told.isdecimal() and len(told) < 3 and 1 <= int(told) <= 12 else 1

    def _other_rows(self, grade: int, *, more: int) -> HttpResponse:
        """The table for another grade, or with an empty row more; nothing is judged yet, what was typed stays."""
        typed = typed_rows(self.request.POST)
        rows = rows_for(grade, typed, more=more)
        if more and rows.forms:
            rows.forms[-1].fields["name"].widget.attrs["autofocus"] = True
        if getattr(self.request, "htmx", False):
            context = {"rows": rows, "levels": queries.paper_levels(grade)}
            return render(self.request, "transcripts/_paper_rows.html", context)
        # Without scripts the page comes back as a whole; a browser gives no file back.
        form = self.form_class(initial=self.request.POST.dict(), **self.form_kwargs(self.student))
        return self._page(form, rows, grade)

    def _page(self, form: forms.Form, rows: Any, grade: int, status: int = 200) -> HttpResponse:
        form.fields["grade"].widget.attrs |= {
            "hx-post": self.request.path, "hx-vals": f'{{"{ASKED}": "{OTHER_GRADE}"}}', "hx-trigger": "change",
            "hx-target": "#cac-mon", "hx-swap": "outerHTML",
        }  # fmt: skip
        context = {
            "form": form,
            "rows": rows,
            "levels": queries.paper_levels(grade),
            "head_fields": [one for one in form if one.name not in FOOT],
            "foot_fields": [form[name] for name in FOOT],
            "submit_label": self.submit_label,
            "cancel_url": self.cancel(),
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        year = organization.school_year(data["school_year"])
        if year is None:
            raise TranscriptFault(_t("Không có năm học này."), field="school_year")
        names = (
            "class_name", "paper_school", "paper_place", "basis", "circular", "result", "conduct", "is_promoted",
            "homeroom_remark",
        )  # fmt: skip
        return actions.digitise(
            by=by,
            student=thing,
            school_year=year,
            grade=data["grade"],
            facts={name: data[name] for name in names},
            subjects=data["subjects"],
            scan=self.stored(by, data["scan"]),
            now=timezone.now(),
        )
