"""Numbers and names that no law was read for: shown with their source, set right by the department."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, DeletePage, FormPage
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.actions.facts import restore_fact, set_fact
from thongsuot.modules.registry.types import GradeLevel

RIGHT = "registry.set_facts"
GRADES = dict(GradeLevel.choices)


def words(fact: queries.Fact) -> list[str]:
    """The value in lines that a reader understands."""
    if fact.kind == "names":
        return [f"{GRADES[int(key)]}: {name}" for key, name in fact.value.items()]
    return [str(one) for one in fact.value] if fact.kind == "lines" else [str(fact.value)]


class FactList(ActorPage):
    title = _("Tham số hồ sơ")
    right = "registry.view"
    template_name = "portals/facts.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = [(fact, words(fact)) for fact in queries.registry_facts(self.actor)]
        context = {"rows": rows, "may_set": self.actor.can(RIGHT), **self.frame()}
        return render(request, self.template_name, context)


class FactForm(forms.Form):
    source = forms.CharField(
        label=_("Căn cứ, lý do sửa"),
        max_length=300,
        help_text=_("Ví dụ: công văn số, ngày; cách gọi của địa phương."),
    )

    def __init__(self, *args: Any, fact: queries.Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        for name, field in self._value_fields().items():
            self.fields[name] = field
        self.order_fields([name for name in self.fields if name != "source"])

    def _value_fields(self) -> dict[str, forms.Field]:
        fact, label = self.fact, self.fact.label
        if fact.kind == "number":
            least, most = fact.limits or (0, 0)
            return {
                "value": forms.IntegerField(
                    label=label, min_value=least, max_value=most, initial=fact.value, help_text=fact.help
                )
            }
        if fact.kind == "lines":
            lines = forms.CharField(
                label=label,
                initial="\n".join(fact.value),
                help_text=fact.help,
                widget=forms.Textarea(attrs={"rows": len(fact.value) + 2}),
            )
            return {"value": lines}
        if fact.kind == "names":
            return {
                f"name_{key}": forms.CharField(label=GRADES[int(key)], max_length=60, initial=name)
                for key, name in fact.value.items()
            }
        return {"value": forms.CharField(label=label, max_length=10, initial=fact.value, help_text=fact.help)}

    def value(self) -> Any:
        data = self.cleaned_data
        if self.fact.kind == "names":
            return {key: data[f"name_{key}"] for key in self.fact.value}
        return data["value"].splitlines() if self.fact.kind == "lines" else data["value"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        return data if self.errors else {"given": self.value(), "source": data["source"]}


class FactBase:
    right = RIGHT
    actor: Actor
    kwargs: dict[str, Any]

    @cached_property
    def fact(self) -> queries.Fact:
        try:
            return queries.registry_fact(self.actor, self.kwargs["key"])
        except KeyError:
            raise Http404 from None

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Tham số hồ sơ"), reverse("fact-list"))]


class FactEdit(FactBase, FormPage):
    form_class = FactForm
    success_message = _("Đã ghi. Giá trị mới dùng ngay.")

    def get_title(self) -> Any:
        return self.fact.label

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"fact": self.fact}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return set_fact(
            by=by, key=self.fact.key, value=data["given"], source=data["source"], now=timezone.localtime()
        )

    def success(self, result: Any) -> str:
        return reverse("fact-list")


class FactRestore(FactBase, DeletePage):
    submit_label = _("Dùng lại giá trị ban đầu")
    success_message = _("Đã dùng lại giá trị ban đầu.")
    success_url = "fact-list"

    @cached_property
    def thing(self) -> Any:
        if self.fact.correction is None:
            raise Http404
        return self.fact

    def get_title(self) -> Any:
        return self.fact.label

    @property
    def question(self) -> str:
        return _t("Bỏ giá trị đã sửa, dùng lại giá trị kèm phần mềm?")

    def act(self, by: Actor, thing: Any) -> Any:
        restore_fact(by=by, key=self.fact.key)
