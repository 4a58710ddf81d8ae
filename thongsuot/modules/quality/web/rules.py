"""The rules as they are set, setting them, the thresholds."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import RedirectView

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, FormPage, PageLink
from thongsuot.kit.text.vietnamese import fold_words

from .. import actions, queries
from ..permissions import can_manage_rules
from ..types import BOOK, ErrorGroup
from .forms import RuleForm, ThresholdForm
from .words import SEVERITY_TONES, list_url


class RuleList(ActorPage):
    """One tab a data set; searched by words, narrowed by group."""

    right = "quality.view"
    title = gettext_lazy("Quy tắc kiểm tra")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        asked = request.GET.get("du-lieu", "")
        current = asked if asked in BOOK.datasets else next(iter(BOOK.datasets), "")
        words, group = request.GET.get("q", "").strip(), request.GET.get("nhom", "")
        everything = queries.set_rules(today)
        shown = [one for one in everything if _matches(one.rule, current, words, group)]
        tabs = [
            (dataset.name, f"?du-lieu={code}", sum(one.rule.dataset == code for one in everything))
            for code, dataset in BOOK.datasets.items()
        ]
        context = {
            "rows": [self.row(one) for one in shown],
            "tabs": tabs,
            "current_tab": f"?du-lieu={current}",
            "current": current,
            "words": words,
            "group": group,
            "groups": ErrorGroup.choices,
            "may_manage": can_manage_rules(self.actor),
            "limits": queries.thresholds(today),
            "links": self.links(),
            "total": len(everything),
        }
        return render(request, "quality/rules.html", context | self.frame())

    def row(self, one: queries.SetRule) -> dict[str, Any]:
        rule = one.rule
        return {
            "set": one,
            "rule": rule,
            "field": BOOK.datasets[rule.dataset].fields[rule.field],
            "tone": SEVERITY_TONES[rule.severity],
            "numbers": [(rule.labels[name], value) for name, value in one.numbers.items()],
            "weight": f"{one.weight.normalize():f}".replace(".", ","),
            "cases_url": list_url(rule=rule.code),
        }

    def links(self) -> list[PageLink]:
        found = [PageLink(_("Ngày làm việc"), reverse("organization:work-days"), "calendar")]
        if can_manage_rules(self.actor):
            found.append(PageLink(_("Ngưỡng xanh, vàng"), reverse("quality:threshold-edit"), "adjustments"))
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chất lượng dữ liệu"), reverse("quality:overview"))]


def _matches(rule: Any, dataset: str, words: str, group: str) -> bool:
    text = " ".join(fold_words(f"{rule.title} {rule.message} {rule.code}", most=200))
    searched = all(word in text for word in fold_words(words))
    # A search looks in all data sets.
    return searched and (bool(words) or rule.dataset == dataset) and (not group or rule.group == group)


class RuleEdit(FormPage):
    form_class = RuleForm
    template_name = "quality/rule.html"
    success_message = gettext_lazy("Đã lưu thiết lập; áp dụng từ lần kiểm tra tới.")

    def allowed(self, actor: Actor) -> bool:
        return can_manage_rules(actor)

    def get_thing(self) -> queries.SetRule:
        found = queries.set_rule_named(self.kwargs["code"], timezone.localdate())
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return self.get_thing().rule.title

    def initial(self, thing: queries.SetRule) -> dict[str, Any]:
        weight = thing.setting.weight if thing.setting else None
        return {
            "is_on": thing.is_on,
            "weight": weight,
            "valid_from": timezone.localdate(),
            **{f"number_{name}": value for name, value in thing.numbers.items()},
        }

    def form_kwargs(self, thing: queries.SetRule) -> dict[str, Any]:
        return {"thing": thing}

    def act(self, by: Actor, thing: queries.SetRule, data: dict[str, Any]) -> Any:
        numbers = {k.removeprefix("number_"): v for k, v in data.items() if k.startswith("number_")}
        plain = {k: v for k, v in data.items() if not k.startswith("number_")}
        return actions.set_rule(by=by, code=thing.rule.code, numbers=numbers, **plain)

    def success(self, result: Any) -> str:
        return f"{reverse('quality:rule-list')}?du-lieu={self.get_thing().rule.dataset}"

    def cancel(self) -> str:
        return self.success(None)

    def extra_context(self) -> dict[str, Any]:
        thing = self.get_thing()
        return {"thing": thing, "history": queries.settings_of(thing.rule.code)}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Quy tắc kiểm tra"), reverse("quality:rule-list"))]


class ThresholdEdit(FormPage):
    title = gettext_lazy("Ngưỡng của chỉ số")
    right = "quality.manage_rules"
    form_class = ThresholdForm
    success_url = "quality:rule-list"

    def initial(self, thing: Any) -> dict[str, Any]:
        limits = queries.thresholds(timezone.localdate())
        return {
            "green": int(limits.green),
            "yellow": int(limits.yellow),
            "valid_from": timezone.localdate(),
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.set_thresholds(by=by, **data)

    def cancel(self) -> str:
        return reverse("quality:rule-list")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Quy tắc kiểm tra"), reverse("quality:rule-list"))]


class WorkDaysMoved(RedirectView):
    """The calendar is the whole platform's; links that people kept lead there."""

    permanent = True
    pattern_name = "organization:work-days"
