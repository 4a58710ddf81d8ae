"""One case: what is wrong in words, the datum where it stands, mending in place, its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage

from .. import actions, queries
from ..permissions import can_mend
from ..types import BOOK, OPEN_STATES, CaseState, CaseVerb, Severity
from .forms import AssignForm, ExplainForm, MendForm
from .words import SEVERITY_TONES, STATE_TONES, VERB_ICONS, days_words, list_url

# Sentences of what exactly is wrong that a page shows.
MOST_EVIDENCE = 50


class CaseDetail(ActorPage):
    right = "quality.view"

    @cached_property
    def case(self) -> Any:
        found = queries.case(self.actor, self.kwargs["public_id"])
        if found is None or found.rule not in BOOK.rules:
            raise Http404
        return found

    def url(self) -> str:
        return reverse("quality:case-detail", args=[self.case.public_id])

    def get_title(self) -> Any:
        return BOOK.rules[self.case.rule].title

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Lỗi dữ liệu"), reverse("quality:case-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show({})

    @property
    def may_act(self) -> bool:
        return self.case.state in OPEN_STATES and can_mend(self.actor, self.case.unit_id)

    def form_of(self, act: str, *data: Any) -> forms.Form | None:
        """The form of an act; None when it has none, or is not open here."""
        case = self.case
        dataset, rule = BOOK.datasets[case.dataset], BOOK.rules[case.rule]
        if act == "sua" and (how := dataset.mend.get(case.field)):
            initial = {} if data else {"value": how.read(self.actor, case.object_id)}
            return MendForm(*data, how=how, label=dataset.fields[case.field], initial=initial)
        if act == "giai-trinh" and rule.explainable:
            return ExplainForm(*data)
        if act == "giao" and (people := queries.menders(case.unit_id, today=timezone.localdate())):
            return AssignForm(*data, people=people, initial={"user": case.owner_id})
        return None

    def show(self, open_forms: dict[str, forms.Form], status: int = 200) -> HttpResponse:
        case, today = self.case, timezone.localdate()
        rule, dataset = BOOK.rules[case.rule], BOOK.datasets[case.dataset]
        acts = ("sua", "giai-trinh", "giao") if self.may_act else ()
        context = {
            "case": case,
            "rule": rule,
            "label": dataset.labels_of([case.object_id]).get(case.object_id, ""),
            "object_url": dataset.url_of(case.object_id, case.field),
            "evidence": self.evidence(dataset),
            "facts": self.facts(today),
            "state_tone": STATE_TONES[case.state],
            "severity_tone": SEVERITY_TONES[case.severity],
            "days": days_words(case.due_on, today) if case.closed_at is None else "",
            "is_late": case.closed_at is None and case.due_on < today,
            "may_act": self.may_act,
            "is_mine": case.owner_id == self.actor.user_id,
            "forms": {act: open_forms.get(act) or self.form_of(act) for act in acts},
            "story": self.story(),
            "same_rule_url": list_url(rule=case.rule),
        }
        context["mend_form"] = context["forms"].get("sua")
        context["explain_form"] = context["forms"].get("giai-trinh")
        context["assign_form"] = context["forms"].get("giao")
        return render(self.request, "quality/case.html", context | self.frame(), status=status)

    def evidence(self, dataset: Any) -> Sequence[str]:
        """What exactly is wrong; of a closed case nothing is shown that has been mended since."""
        if dataset.evidence_of is None or self.case.closed_at is not None:
            return ()
        return dataset.evidence_of(self.actor, self.case.object_id, self.case.field)[:MOST_EVIDENCE]

    def facts(self, today: Any) -> list[tuple[Any, Any]]:
        case = self.case
        rule, dataset = BOOK.rules[case.rule], BOOK.datasets[case.dataset]
        return [
            (_("Đơn vị"), case.unit.name),
            (_("Dữ liệu"), f"{dataset.name} · {dataset.fields[case.field]}"),
            (_("Người xử lý"), case.owner.full_name if case.owner else ""),
            (_("Phát hiện"), case.opened_on.strftime("%d/%m/%Y")),
            (_("Hạn xử lý"), case.due_on.strftime("%d/%m/%Y")),
            (_("Nhóm lỗi"), rule.group.label),
            (_("Tiêu chí"), rule.word.label),
            (_("Căn cứ"), rule.source),
        ]

    def story(self) -> list[dict[str, Any]]:
        found = []
        rows = list(queries.events(self.case))
        for row in rows:
            icon, tone = VERB_ICONS.get(row.verb, ("history", "quiet"))
            title = CaseVerb(row.verb).label if row.verb in CaseVerb.values else row.verb
            who = row.by.full_name if row.by else _("Hệ thống")
            found.append(
                {"at": row.at, "who": who, "title": title, "text": row.note, "icon": icon, "tone": tone}
            )
        if not any(row.verb == CaseVerb.FOUND for row in rows):
            # A case that never came back has no event of its own for the day on which it was found.
            at = timezone.make_aware(datetime.combine(self.case.opened_on, time.min))
            found.append(
                {
                    "at": at,
                    "who": _("Hệ thống"),
                    "title": CaseVerb.FOUND.label,
                    "icon": "search",
                    "tone": "warn" if self.case.severity == Severity.WARNING else "bad",
                }
            )
        return found


class CaseAct(CaseDetail):
    """POST .../<act>/ : one act of a case; on a refusal the page is shown with the form as it was filled in."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act = kwargs["act"]
        run = RUN.get(act)
        if run is None:
            raise Http404
        form = self.form_of(act, request.POST)
        if form is None and act in WITH_FORM:
            raise Http404
        if form is not None and not form.is_valid():
            return self.show({act: form}, status=422)
        try:
            with transaction.atomic():
                run(self, form.cleaned_data if form else {})
        except NotAllowed:
            raise
        except Refused as error:
            if form is None:
                messages.error(request, error.message)
                return HttpResponseRedirect(self.url())
            refuse(form, error)
            return self.show({act: form}, status=422)
        return HttpResponseRedirect(self.url())


def _take(page: CaseDetail, said: dict[str, Any]) -> None:
    actions.take_case(by=page.actor, case=page.case)
    messages.success(page.request, _("Anh/chị đã nhận xử lý lỗi này."))


def _claim(page: CaseDetail, said: dict[str, Any]) -> None:
    actions.claim_mended(by=page.actor, case=page.case, today=timezone.localdate())
    messages.success(page.request, _("Đã kiểm tra lại: dữ liệu đã đúng, lỗi được đóng."))


def _mend(page: CaseDetail, said: dict[str, Any]) -> None:
    row = actions.mend_case(by=page.actor, case=page.case, value=said["value"], today=timezone.localdate())
    if row.state in (CaseState.MENDED, CaseState.GONE):
        messages.success(page.request, _("Đã lưu. Dữ liệu đã đúng, lỗi được đóng."))
    else:
        what = BOOK.rules[row.rule].message
        messages.warning(page.request, _("Đã lưu, nhưng vẫn chưa đúng: %(what)s") % {"what": what})


def _explain(page: CaseDetail, said: dict[str, Any]) -> None:
    actions.explain_case(by=page.actor, case=page.case, explanation=said["explanation"])
    messages.success(page.request, _("Đã ghi giải trình và đóng cảnh báo."))


def _assign(page: CaseDetail, said: dict[str, Any]) -> None:
    rows = queries.cases(page.actor).filter(pk=page.case.pk)
    actions.assign_cases(by=page.actor, rows=rows, user_id=said["user"], today=timezone.localdate())
    messages.success(page.request, _("Đã giao người xử lý."))


RUN = {"nhan": _take, "da-sua": _claim, "sua": _mend, "giai-trinh": _explain, "giao": _assign}
WITH_FORM = frozenset({"sua", "giai-trinh", "giao"})
