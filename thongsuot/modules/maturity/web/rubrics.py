"""Rubrics: what they say, how they changed, and correcting them."""

from __future__ import annotations

import copy
from decimal import Decimal, InvalidOperation
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
from thongsuot.kit.indicators import registry
from thongsuot.kit.pages.views import ActorPage, PageLink

from .. import actions, queries
from ..permissions import can_manage_rubrics
from ..types import Confidence, RubricFault
from .words import number


class RubricBase(ActorPage):
    def allowed(self, actor: Actor) -> bool:
        return actor.can("maturity.view") or can_manage_rubrics(actor)

    @cached_property
    def version(self) -> Any:
        found = queries.rubric_version(self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Bộ chỉ số"), reverse("maturity:rubric-list"))]


class RubricList(RubricBase):
    title = gettext_lazy("Bộ chỉ số chuyển đổi số")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        versions = list(queries.rubric_versions())
        rows = [
            {
                "version": one,
                "rubric": queries.rubric_of(one),
                "others": [v for v in versions if v.code == one.code and v.pk != one.pk],
            }
            for one in versions
            if one.is_current
        ]
        return render(request, "maturity/rubrics.html", {"rows": rows, **self.frame()})

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return []


class RubricPage(RubricBase):
    def get_title(self) -> Any:
        return _("%(decision)s, phiên bản %(n)d") % {
            "decision": self.version.decision,
            "n": self.version.number,
        }

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rubric = queries.rubric_of(self.version)
        context = {
            "version": self.version,
            "rubric": rubric,
            "changes": queries.changes_of(self.version),
            "sums": [(code, number(said), number(parts)) for code, said, parts in rubric.sums()],
            "may_manage": can_manage_rubrics(self.actor),
            "links": self.links(),
        }
        return render(request, "maturity/rubric.html", context | self.frame())

    def links(self) -> list[PageLink]:
        if not can_manage_rubrics(self.actor):
            return []
        args = [self.version.public_id]
        if self.version.is_current:
            return [PageLink(_("Sửa điểm"), reverse("maturity:rubric-edit", args=args), "pencil")]
        question = _("Dùng phiên bản này cho các phiếu bắt đầu từ nay?")
        url = reverse("maturity:rubric-adopt", args=args)
        return [PageLink(_("Áp dụng phiên bản này"), url, "check", post=True, confirm=question)]


class RubricAdopt(RubricBase):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actions.adopt_version(by=self.actor, version=self.version)
        messages.success(request, _("Đã áp dụng; phiếu đã bắt đầu giữ bản cũ."))
        return HttpResponseRedirect(reverse("maturity:rubric-detail", args=[self.version.public_id]))


class RubricEdit(RubricBase):
    """Points, bands, efforts, confidence, sources, and whether it is in force; a new version when saved."""

    def allowed(self, actor: Actor) -> bool:
        return can_manage_rubrics(actor)

    def get_title(self) -> Any:
        return _("Sửa %(decision)s") % {"decision": self.version.decision}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.version.body, "", "")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        body = self.version.body
        try:
            body = corrected(self.version.body, request.POST)
            with transaction.atomic():
                made = actions.correct_rubric(
                    by=self.actor,
                    version=self.version,
                    body=body,
                    reason=request.POST.get("reason", ""),
                    now=timezone.now(),
                )
        except NotAllowed:
            raise
        except Refused as error:
            return self.show(body, request.POST.get("reason", ""), error.message, status=422)
        messages.success(request, _("Đã lưu thành phiên bản mới; phiếu đã bắt đầu giữ bản cũ."))
        return HttpResponseRedirect(reverse("maturity:rubric-detail", args=[made.public_id]))

    def show(self, body: Any, reason: str, error: str, status: int = 200) -> HttpResponse:
        context = {
            "version": self.version,
            "body": _shown(body),
            "reason": reason,
            "error": error,
            "confidences": Confidence.choices,
            "indicators": registry.all_indicators(),
        }
        return render(self.request, "maturity/rubric_edit.html", context | self.frame(), status=status)


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    """For the template, to which `items` of a dict is its method: the items of a criterion are its `lines`."""
    groups = [
        {**group, "criteria": [{**one, "lines": one["items"]} for one in group["criteria"]]}
        for group in body["groups"]
    ]
    return {**body, "groups": groups}


def corrected(body: dict[str, Any], data: Any) -> dict[str, Any]:
    """A copy of the body with the fields of the page in it. Raises RubricFault naming the field that is no number."""
    made = copy.deepcopy(body)
    made["enabled"] = data.get("enabled") == "on"
    for place, level in enumerate(made["levels"]):
        level["from"] = _number(data, f"level-{place}", level["from"])
        _flag(level, "above", data.get(f"level-{place}-above") == "on")
    for group in made["groups"]:
        group["max"] = _number(data, f"group-{group['code']}", group["max"])
        for criterion in group["criteria"]:
            criterion["max"] = _number(data, f"criterion-{criterion['code']}", criterion["max"])
            for item in criterion["items"]:
                _item(item, data)
    return made


def _item(item: dict[str, Any], data: Any) -> None:
    code = item["code"]
    item["name"] = data.get(f"name-{code}", item["name"]).strip() or item["name"]
    item["confidence"] = data.get(f"confidence-{code}", item["confidence"])
    for key in ("max", "effort", "step"):
        if key in item:
            item[key] = _number(data, f"{key}-{code}", item[key])
    source = data.get(f"source-{code}")
    if source is not None and "published_level" not in (item.get("source") or {}):
        _source(item, source.strip())
    for place, band in enumerate(item.get("bands", ())):
        for key in ("from", "points", "effort"):
            if key in band:
                band[key] = _number(data, f"band-{code}-{place}-{key}", band[key])
        _flag(band, "above", data.get(f"band-{code}-{place}-above") == "on")


def _source(item: dict[str, Any], code: str) -> None:
    if code:
        item["source"] = {**(item.get("source") or {}), "indicator": code}
    else:
        item.pop("source", None)


def _flag(row: dict[str, Any], key: str, on: bool) -> None:
    """As the files say it: there when true."""
    if on:
        row[key] = True
    else:
        row.pop(key, None)


def _number(data: Any, name: str, before: Any) -> Any:
    text = data.get(name)
    if text is None:
        return before
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise RubricFault(
            _("“%(text)s” không phải là số (%(where)s).") % {"text": text[:20], "where": name}
        ) from error
    if not value.is_finite():
        raise RubricFault(_("“%(text)s” không phải là số (%(where)s).") % {"text": text[:20], "where": name})
    return int(value) if value == value.to_integral_value() else float(value)
