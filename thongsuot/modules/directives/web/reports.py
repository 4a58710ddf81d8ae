"""One report that is owed: handed in, returned, accepted, gathered and sent on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import CreatePage, refuse
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from .. import actions
from ..queries.reports import ObligationStory, obligation, obligation_story
from .evidence import kept
from .forms.assignments import NoteForm, ReasonForm
from .forms.reports import DutyForm, SubmitReportForm
from .forms.units import offer
from .story import report_entries
from .words import Act, Button, day, timeliness_label


class ForwardReportForm(SubmitReportForm):
    gathered = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Tổng hợp báo cáo của"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["gathered", "summary", "file"]

    def __init__(self, *args: Any, below: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "gathered", [(row.pk, f"{row.unit.name} ({row.get_state_display()})") for row in below])


def _make(key: str, story: ObligationStory, data: Any = None, files: Any = None) -> Any:
    row = story.obligation
    if key == "submit":
        return SubmitReportForm(data, files, initial={"summary": row.summary}, prefix="submit")
    if key == "forward":
        ready = [one.pk for one in story.to_gather if one.state == "accepted"]
        text = "\n\n".join(
            f"{one.unit.name}: {one.summary}" for one in story.to_gather if one.summary and one.pk in ready
        )
        initial = {"gathered": ready, "summary": text}
        return ForwardReportForm(data, files, below=story.to_gather, initial=initial, prefix="forward")
    return (NoteForm if key == "decide" else ReasonForm)(data, prefix=key)


OFFERS: dict[str, tuple[Any, str, tuple[Button, ...]]] = {
    "submit": (gettext_lazy("Nộp báo cáo"), "file-check", (Button(gettext_lazy("Nộp")),)),
    "forward": (
        gettext_lazy("Tổng hợp báo cáo cấp dưới và nộp"),
        "mail-forward",
        (Button(gettext_lazy("Tổng hợp và nộp")),),
    ),
    "decide": (
        gettext_lazy("Nhận hoặc trả lại"),
        "clipboard-check",
        (
            Button(gettext_lazy("Nhận báo cáo"), "accept", "btn-success"),
            Button(gettext_lazy("Trả lại"), "return", "btn-warning"),
        ),
    ),
    "waive": (gettext_lazy("Miễn báo cáo kỳ này"), "ban", (Button(gettext_lazy("Miễn")),)),
}


class ObligationPage(ActorPage):
    right = "directives.view_unit"

    @property
    def story(self) -> ObligationStory:
        if not hasattr(self, "_story"):
            today = timezone.localdate()
            row = obligation(self.actor, self.kwargs["public_id"], today=today)
            if row is None:
                raise Http404
            self._story = obligation_story(self.actor, row, today=today)
        return self._story

    def url(self) -> str:
        return reverse("directives:obligation-detail", args=[self.story.obligation.public_id])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Báo cáo phải nộp"), reverse("directives:obligation-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        story, refused = self.story, refused or {}
        row: Any = story.obligation
        order = row.duty.directive
        acts = [
            Act(
                key=key,
                label=label,
                icon=icon,
                url=reverse("directives:obligation-act", args=[row.public_id, key]),
                form=refused.get(key) or _make(key, story),
                buttons=buttons,
                is_open=key in refused or key == "decide",
            )
            for key, (label, icon, buttons) in OFFERS.items()
            if getattr(story.steps, key)
        ]
        pairs = [
            (_("Đơn vị báo cáo"), row.unit.name),
            (_("Nơi nhận báo cáo"), row.to_unit.name),
            (_("Kỳ báo cáo"), row.period_label),
            (_("Hạn nộp"), day(row.due_on)),
            (_("Theo văn bản"), f"{order.type} {order.number}" if order else ""),
            (_("Thời hạn trong văn bản"), row.duty.due_words),
        ]
        context = {
            "obligation": row,
            "timeliness": row.timeliness,
            "timeliness_label": timeliness_label(row.timeliness),
            "pairs": [pair for pair in pairs if pair[1]],
            "gathered": story.gathered,
            "story": report_entries(story.log),
            "acts": acts,
        }
        return render(self.request, "directives/report/detail.html", context | self.frame(), status=status)


class ObligationAct(ObligationPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{self.url()}#viec-{kwargs['act']}")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = kwargs["act"]
        if key not in OFFERS:
            raise Http404
        if not getattr(self.story.steps, key):
            messages.error(request, _("Báo cáo đã đổi trạng thái; việc này không còn làm được."))
            return HttpResponseRedirect(self.url())
        form = _make(key, self.story, request.POST, request.FILES)
        if not form.is_valid():
            return self.show({key: form}, status=422)
        try:
            with transaction.atomic():
                said = RUN[key](
                    self.actor, self.story.obligation, form.cleaned_data, request.POST.get("do", "")
                )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self.show({key: form}, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(self.url())


def _submit(actor: Actor, row: Any, said: dict[str, Any], do: str) -> Any:
    file = kept(actor, said["file"], row.unit_id)
    actions.submit_report(
        by=actor, obligation=row, summary=said["summary"], file=file, now=timezone.localtime()
    )
    return _("Đã nộp báo cáo.")


def _forward(actor: Actor, row: Any, said: dict[str, Any], do: str) -> Any:
    actions.forward_reports(
        by=actor,
        obligation=row,
        gathered=said["gathered"],
        summary=said["summary"],
        file=kept(actor, said["file"], row.unit_id),
        now=timezone.localtime(),
    )
    return _("Đã tổng hợp và nộp báo cáo.")


def _decide(actor: Actor, row: Any, said: dict[str, Any], do: str) -> Any:
    if do == "return":
        actions.return_report(by=actor, obligation=row, reason=said["note"], now=timezone.localtime())
        return _("Đã trả lại.")
    actions.accept_report(by=actor, obligation=row, note=said["note"], now=timezone.localtime())
    return _("Đã nhận báo cáo.")


def _waive(actor: Actor, row: Any, said: dict[str, Any], do: str) -> Any:
    actions.waive(by=actor, obligation=row, reason=said["reason"], now=timezone.localtime())
    return _("Đã miễn báo cáo kỳ này.")


RUN: dict[str, Callable[..., Any]] = {
    "submit": _submit,
    "forward": _forward,
    "decide": _decide,
    "waive": _waive,
}


class DutyCreate(CreatePage):
    """A report that units owe to the actor's body, asked for without a document."""

    template_name = "directives/form.html"
    title = gettext_lazy("Đặt chế độ báo cáo")
    right = "directives.assign"
    form_class = DutyForm
    success_message = gettext_lazy("Đã đặt chế độ báo cáo; các đơn vị sẽ được nhắc.")

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Báo cáo phải nộp"), reverse("directives:obligation-list"))]

    def cancel(self) -> str:
        return reverse("directives:obligation-list")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        held = by.acting
        own = organization.unit_detail(by, held.unit_id) if held else None
        if own is None:
            raise Http404
        body = organization.body_of(own)
        return actions.create_duty(
            by=by,
            owner_unit=body,
            what=data["what"],
            owing=[(unit, body.pk) for unit in data["unit_ids"]],
            period=data["period"],
            first_due_on=data["first_due_on"],
            last_due_on=data["last_due_on"],
            now=timezone.localtime(),
        )

    def success(self, result: Any) -> str:
        return f"{reverse('directives:obligation-list')}?duty={result.public_id}"
