"""Steps of one assessment: each is a button or a form, and one action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage

from .. import actions, queries
from .forms import MinutesForm, NoteForm, ReasonForm, VisitForm
from .sheet_page import SheetPage, kept


class SheetAct(SheetPage):
    """POST .../buoc/<act>/ ; on a refusal the page is shown with what was typed."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = kwargs["act"]
        if key not in ACTS:
            raise Http404
        make_form, run = ACTS[key]
        form = make_form(request) if make_form else None
        name = FORM_NAMES.get(key, key)
        if form is not None and not form.is_valid():
            return self.show({name: form}, status=422)
        try:
            with transaction.atomic():
                said = run(self, form.cleaned_data if form else {})
        except NotAllowed:
            raise
        except Refused as error:
            if form is None:
                messages.error(request, error.message)
                return HttpResponseRedirect(self.url())
            refuse(form, error)
            return self.show({name: form}, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(self.url())

    @property
    def given(self) -> dict[str, Any]:
        return {"by": self.actor, "assessment": self.assessment, "now": timezone.now()}


def _submit(view: SheetAct, said: dict[str, Any]) -> str:
    actions.submit(**view.given)
    return _("Đã nộp phiếu; số liệu của hệ thống đã được chốt.")


def _forward(view: SheetAct, said: dict[str, Any]) -> str:
    actions.forward(**view.given, note=said["note"])
    return _("Đã gửi lên Sở.")


def _return(view: SheetAct, said: dict[str, Any]) -> str:
    actions.send_back(**view.given, reason=said["reason"])
    return _("Đã trả lại.")


def _visit(view: SheetAct, said: dict[str, Any]) -> str:
    actions.plan_visit(**view.given, planned_on=said["planned_on"], place=said["place"])
    return _("Đã hẹn buổi làm việc.")


def _minutes(view: SheetAct, said: dict[str, Any]) -> str:
    visit = next((v for v in queries.visits(view.assessment) if v.held_on is None), None)
    if visit is None:
        raise Http404
    file = kept(view.actor, said["file"], view.assessment.unit_id)
    fields = {name: said[name] for name in ("held_on", "minutes", "present")}
    actions.record_visit(by=view.actor, visit=visit, file=file, now=timezone.now(), **fields)
    return _("Đã ghi biên bản.")


def _confirm_rest(view: SheetAct, said: dict[str, Any]) -> str:
    return _("Đã ghi %(n)d mục theo trường.") % {"n": actions.confirm_rest(**view.given)}


def _propose(view: SheetAct, said: dict[str, Any]) -> str:
    actions.propose(**view.given)
    return _("Đã gửi kết quả cho trường.")


def _agree(view: SheetAct, said: dict[str, Any]) -> str:
    actions.agree(**view.given)
    return _("Đã đồng ý kết quả.")


def _contest(view: SheetAct, said: dict[str, Any]) -> str:
    actions.contest(**view.given)
    return _("Đã gửi ý kiến cho đoàn.")


def _conclude(view: SheetAct, said: dict[str, Any]) -> str:
    actions.conclude(**view.given, reason=said["reason"])
    return _("Đã kết luận.")


ACTS: dict[str, tuple[Any, Any]] = {
    "nop": (None, _submit),
    "gui-so": (lambda r: NoteForm(r.POST), _forward),
    "tra-lai": (lambda r: ReasonForm(r.POST, prefix="return"), _return),
    "hen": (lambda r: VisitForm(r.POST), _visit),
    "bien-ban": (lambda r: MinutesForm(r.POST, r.FILES, prefix="minutes"), _minutes),
    "theo-truong": (None, _confirm_rest),
    "gui-ket-qua": (None, _propose),
    "dong-y": (None, _agree),
    "khong-dong-y": (None, _contest),
    "ket-luan": (lambda r: ReasonForm(r.POST, prefix="conclude"), _conclude),
}
FORM_NAMES = {
    "gui-so": "forward",
    "tra-lai": "return",
    "hen": "visit",
    "bien-ban": "minutes",
    "ket-luan": "conclude",
}


class StartPage(ActorPage):
    """POST: begin the assessment of an own unit in the present round."""

    right = "maturity.fill"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        round = queries.current_round()
        unit = queries.fillable_units(self.actor).filter(pk=kwargs["unit_id"]).first()
        if round is None or unit is None:
            raise Http404
        version = next(
            (v for v in queries.rubrics_for(unit) if str(v.public_id) == request.POST.get("rubric")), None
        )
        try:
            with transaction.atomic():
                row = actions.start_assessment(
                    by=self.actor, round=round, unit=unit, now=timezone.now(), version=version
                )
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(reverse("maturity:assessment-list"))
        return HttpResponseRedirect(reverse("maturity:assessment-detail", args=[row.public_id]))
