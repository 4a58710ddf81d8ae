"""The department sets rules of assessment: from those that hold, or from a file; sees first what would change."""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage, FormPage
from thongsuot.modules.organization import queries as organization

from .. import actions, tasks
from ..permissions import SET_RULES
from ..queries.rules import Rules, all_rules, read_rules, rules_coded, rules_versions
from ..queries.rules_years import replaced_by, touched_by
from ..types import BadRules, GradingFault
from .exchange import file_name
from .lists import book_crumb, sees_books
from .rules import RulesPage, grades_words, rule_facts
from .rules_form import LEVELS, RulesFileForm, RulesForm

# Of years that are not set up yet, so many can be chosen.
AHEAD = 2


class RulesBase(ActorPage):
    right = SET_RULES

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [book_crumb(), (RulesPage.title, reverse("gradebook:rules"))]

    @cached_property
    def years(self) -> list[Any]:
        return sorted(organization.school_years(), key=lambda one: one.starts_on)

    def show(self, form: RulesForm, *, preview: Any = None, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "preview": preview,
            "action": reverse("gradebook:rules-new"),
            "cancel_url": reverse("gradebook:rules"),
            **self.frame(),
        }
        return render(self.request, "gradebook/rules_form.html", context, status=status)

    def form(self, rules: Rules, data: Any = None, *, base: str = "", fresh: bool = True) -> RulesForm:
        """fresh: from rules that hold, so that grades begin with this school year."""
        text = json.dumps(plain(rules), ensure_ascii=False)
        initial: dict[str, Any] = {
            "base": base, "document": text, "code": rules.code, "title": rules.title,
            "legal_source": rules.legal_source,
        }  # fmt: skip
        now = self.current
        for one in rules.applies:
            first = max(one.from_year, now) if fresh else one.from_year
            initial[f"applies-{one.level}-{one.grade}"] = str(first)
        return RulesForm(data, rules=rules, years=self.choices(rules), initial=initial)

    @cached_property
    def current(self) -> int:
        year = organization.current_school_year(timezone.localdate())
        return year.starts_on.year if year else timezone.localdate().year

    def choices(self, rules: Rules) -> list[tuple[int, str]]:
        known = {year.starts_on.year for year in self.years}
        known |= {one.from_year for one in rules.applies}
        known |= {self.current + ahead for ahead in range(AHEAD + 1)}
        return [(first, f"{first}-{first + 1}") for first in sorted(known)]


def plain(rules: Rules) -> dict[str, Any]:
    """As a file of data/grading/ has it."""
    found: dict[str, Any] = json.loads(rules.model_dump_json(exclude={"most_absences"}))
    return found


class NewRules(RulesBase):
    """GET ?tu=CODE: the form, filled from rules that hold. POST: shown what would change, then set."""

    title = gettext_lazy("Bản quy định đánh giá mới")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            rules = rules_coded(request.GET.get("tu", ""))
        except GradingFault:
            raise Http404 from None
        return self.show(self.form(rules, base=rules.code))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            given = read_rules(json.loads(request.POST.get("document", "")))
        except (TypeError, ValueError, BadRules):
            raise Http404 from None
        form = self.form(given, request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        new = form.cleaned_data["rules"]
        digest = sha256(json.dumps(plain(new), sort_keys=True).encode()).hexdigest()
        if request.POST.get("lam") != "ap-dung" or form.cleaned_data["seen"] != digest:
            form.data = {**request.POST.dict(), "seen": digest}
            return self.show(form, preview=self.preview(new))
        return self.set(form, new)

    def set(self, form: RulesForm, new: Rules) -> HttpResponseBase:
        data = form.cleaned_data
        try:
            with transaction.atomic():
                row = actions.set_rules(
                    by=self.actor,
                    base=data["base"],
                    document=plain(new),
                    source=data["source"],
                    now=timezone.now(),
                )
                first = min(one.from_year for one in new.applies)
                job = tasks.ask_to_follow(by=self.actor, first_year=first)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self.show(form, status=422)
        messages.success(self.request, _("Đã đặt bản %(code)s.") % {"code": row.code})
        return after(job)

    def preview(self, new: Rules) -> dict[str, Any]:
        known = all_rules()
        parts = []
        for one in replaced_by(new, known):
            before = {label: value for _key, label, value in rule_facts(one.rules)} if one.rules else {}
            lines = [
                (label, before.get(label, "–"), value)
                for _key, label, value in rule_facts(new)
                if before.get(label) != value
            ]
            parts.append(
                {
                    "level": LEVELS.get(one.level, one.level),
                    "grades": grades_words(one.grades),
                    "year": f"{one.from_year}-{one.from_year + 1}",
                    "replaces": one.rules,
                    "lines": lines,
                }
            )
        return {"parts": parts, "touched": touched_by(self.actor, new, known, self.years)}


class RulesFile(RulesBase, FormPage):
    """A circular that is not known yet, or a corrected file: read, then shown in the form."""

    title = gettext_lazy("Đưa quy định từ tệp")
    form_class = RulesFileForm
    submit_label = gettext_lazy("Đọc tệp")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        rules = form.cleaned_data["file"]
        circular = rules.code.split(".")[0]
        base = next((one.code for one in reversed(all_rules()) if one.code.split(".")[0] == circular), "")
        return self.show(self.form(rules, base=base, fresh=False))


class RulesDownload(ActorPage):
    """The rules of a code as a file: to keep, to compare, to change and bring in."""

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            rules = rules_coded(self.kwargs["code"])
        except GradingFault:
            raise Http404 from None
        answer = JsonResponse(plain(rules), json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = (
            f'attachment; filename="{file_name("quy-dinh", rules.code, ending="json")}"'
        )
        return answer


class WithdrawRules(RulesBase):
    """POST: a version of the department is withdrawn; what held before holds again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = rules_versions(self.actor).get(self.kwargs["code"])
        if row is None:
            raise Http404
        try:
            with transaction.atomic():
                actions.withdraw_rules(
                    by=self.actor, version=row, reason=request.POST.get("ly-do", ""), now=timezone.now()
                )
                first = min(one["from_year"] for one in row.document["applies"])
                job = tasks.ask_to_follow(by=self.actor, first_year=first)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(reverse("gradebook:rules"))
        messages.success(request, _("Đã rút bản %(code)s.") % {"code": row.code})
        return after(job)


def after(job: Any) -> HttpResponseRedirect:
    """To the work that follows, where there is some."""
    return HttpResponseRedirect(
        reverse("jobs:detail", args=[job.public_id]) if job is not None else reverse("gradebook:rules")
    )
