"""The department's pages: the round, teams, decisions, appeals."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.files import queries as files
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage, FormPage, PageLink

from .. import actions, permissions, queries
from .forms import AppealAnswerForm, AppealForm, IssueForm, RoundForm, TeamForm
from .sheet_page import kept


class RoundPage(FormPage):
    """Dates of the present round; opens the next one while there is a school year without."""

    title = gettext_lazy("Đợt đánh giá và hạn nộp")
    right = "maturity.assess"
    form_class = RoundForm
    template_name = "maturity/round.html"
    success_url = "maturity:round"

    @cached_property
    def year(self) -> Any:
        wanted = self.request.GET.get("nam")
        if wanted:
            return queries.years_without_round(timezone.localdate()).filter(name=wanted).first()
        return None

    @cached_property
    def round(self) -> Any:
        return None if self.year else queries.current_round()

    def initial(self, thing: Any) -> dict[str, Any]:
        if self.round is not None:
            return {name: getattr(self.round, name) for name in RoundForm.base_fields}
        year = self.year or queries.years_without_round(timezone.localdate()).first()
        return vars(queries.proposed_dates(year.ends_on.year)) if year else {}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        if self.round is not None:
            return actions.set_dates(by=by, round=self.round, dates=RoundForm.dates(data))
        year = self.year or queries.years_without_round(timezone.localdate()).first()
        if year is None:
            raise Http404
        return actions.open_round(by=by, school_year=year, dates=RoundForm.dates(data), now=timezone.now())

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def extra_context(self) -> dict[str, Any]:
        free = queries.years_without_round(timezone.localdate())
        year = self.year or (None if self.round else free.first())
        return {"round": self.round, "year": year, "free_years": free[:3] if self.round else []}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Phiếu đánh giá"), reverse("maturity:assessment-list"))]


class TeamCreate(FormPage):
    title = gettext_lazy("Lập đoàn đánh giá ngoài")
    right = "maturity.assess"
    form_class = TeamForm

    @cached_property
    def team(self) -> Any:
        return None

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"people": queries.possible_members(self.actor, today=timezone.localdate())}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        round = self.team.round if self.team else queries.current_round()
        if round is None:
            raise Http404
        return actions.save_team(by=by, round=round, team=self.team, today=timezone.localdate(), **data)

    def success(self, result: Any) -> str:
        return reverse("maturity:team-list")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Đoàn đánh giá ngoài"), reverse("maturity:team-list"))]


class TeamEdit(TeamCreate):
    title = gettext_lazy("Sửa đoàn đánh giá ngoài")

    @cached_property
    def team(self) -> Any:
        found = queries.team(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def initial(self, thing: Any) -> dict[str, Any]:
        members = list(self.team.members.all())
        return {
            "name": self.team.name,
            "basis": self.team.basis,
            "member_ids": [m.user_id for m in members],
            "lead_id": next((m.user_id for m in members if m.is_lead), None),
        }


class DecisionPage(ActorPage):
    right = "maturity.assess"

    @cached_property
    def decision(self) -> Any:
        found = queries.decision(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return (
            _("Quyết định %(d)s") % {"d": self.decision}
            if self.decision.number
            else _("Dự thảo quyết định công nhận")
        )

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Quyết định công nhận"), reverse("maturity:decision-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(IssueForm(initial={"signed_on": timezone.localdate()}))

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        row = self.decision
        file = files.describe([row.file_id]).get(row.file_id or 0)
        context = {
            "decision": row,
            "lines": queries.lines_of(row),
            "form": form,
            "file": file,
            "may_issue": row.number is None and permissions.can_recognise(self.actor),
            "may_publish": row.number is not None
            and row.published_on is None
            and permissions.can_recognise(self.actor),
            "links": [PageLink(_("Mở PDF"), file.url, "file-type-pdf")] if file else [],
        }
        return render(self.request, "maturity/decision.html", context | self.frame(), status=status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("do", "")
        form = IssueForm(request.POST) if act == "issue" else None
        if form is not None and not form.is_valid():
            return self.show(form, status=422)
        try:
            with transaction.atomic():
                where = self.run(act, form.cleaned_data if form else {})
        except NotAllowed:
            raise
        except Refused as error:
            if form is not None:
                refuse(form, error)
                return self.show(form, status=422)
            messages.error(request, error.message)
            where = request.path
        return HttpResponseRedirect(where)

    def run(self, act: str, said: dict[str, Any]) -> str:
        row, by, path = self.decision, self.actor, self.request.path
        if act == "issue":
            actions.issue_decision(by=by, decision=row, now=timezone.now(), **said)
            messages.success(self.request, _("Đã ban hành quyết định."))
        elif act == "publish":
            actions.publish_decision(by=by, decision=row, today=timezone.localdate())
            messages.success(self.request, _("Đã công bố kết quả."))
        elif act == "discard":
            actions.discard_draft(by=by, decision=row)
            return reverse("maturity:decision-list")
        elif act == "drop":
            wanted = self.request.POST.get("line", "")
            line = next((x for x in queries.lines_of(row) if str(x.public_id) == wanted), None)
            if line is None:
                raise Http404
            actions.drop_from_decision(by=by, recognition=line)
        else:
            raise Http404
        return path


class AppealCreate(FormPage):
    title = gettext_lazy("Kiến nghị về kết quả")
    right = "maturity.submit"
    form_class = AppealForm
    submit_label = gettext_lazy("Gửi kiến nghị")
    success_message = gettext_lazy("Đã gửi kiến nghị.")

    def get_thing(self) -> Any:
        found = queries.register(self.actor).filter(public_id=self.kwargs["public_id"]).first()
        if found is None or not permissions.can_submit(self.actor, found.assessment):
            raise Http404
        return found

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        file = kept(by, data["file"], thing.unit_id)
        return actions.file_appeal(
            by=by, recognition=thing, reason=data["reason"], file=file, now=timezone.now()
        )

    def success(self, result: Any) -> str:
        return reverse("maturity:appeal-detail", args=[result.public_id])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Sổ công nhận"), reverse("maturity:register"))]


class AppealPage(FormPage):
    """What the school says and what was answered; a leader of the department answers here."""

    right = "maturity.view"
    form_class = AppealAnswerForm
    template_name = "maturity/appeal.html"
    submit_label = gettext_lazy("Trả lời")
    success_message = gettext_lazy("Đã trả lời kiến nghị.")

    def get_thing(self) -> Any:
        return self.appeal

    @cached_property
    def appeal(self) -> Any:
        found = queries.appeal(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _("Kiến nghị của %(unit)s") % {"unit": self.appeal.unit.name}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"signed_on": timezone.localdate()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.decide_appeal(by=by, appeal=thing, now=timezone.now(), **data)

    def success(self, result: Any) -> str:
        return reverse("maturity:appeal-detail", args=[self.appeal.public_id])

    def extra_context(self) -> dict[str, Any]:
        row = self.appeal
        file = files.describe([row.file_id]).get(row.file_id or 0)
        may = row.decided_at is None and permissions.can_recognise(self.actor)
        return {"appeal": row, "file": file, "may_answer": may}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Kiến nghị"), reverse("maturity:appeal-list"))]
