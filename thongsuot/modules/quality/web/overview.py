"""The index of a level with its four layers, its trend, the units below; the ranking; asking for a check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, PageLink
from thongsuot.modules.organization import queries as organization

from .. import queries
from ..domain.index import shown
from ..permissions import can_run
from ..tasks import start_check
from .words import COLOUR_TONES, list_url, node, number

BELOW = 25


def home_unit(actor: Actor) -> int:
    """The body of the appointment through which the actor works."""
    unit = organization.unit_detail(actor, actor.acting.unit_id) if actor.acting else None
    if unit is None:
        raise Http404
    return int(organization.body_of(unit).pk)


class OfUnit(ActorPage):
    """A page about one unit (?unit=), by default the own one."""

    right = "quality.view"

    def unit_id(self) -> int:
        asked = self.request.GET.get("unit", "") or self.request.POST.get("unit", "")
        return int(asked) if asked.isdecimal() and len(asked) < 12 else home_unit(self.actor)


class OverviewPage(OfUnit):
    title = gettext_lazy("Chất lượng dữ liệu")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today, unit_id = timezone.localdate(), self.unit_id()
        found = queries.index_of(self.actor, unit_id=unit_id, day=today)
        limits = queries.thresholds(today)
        place = organization.unit_places([unit_id])[unit_id]
        own = home_unit(self.actor) == unit_id
        scope = {} if own else {"unit": unit_id}
        tree = node(found.layer, limits, (), scope)
        asked = request.GET.get("du-lieu", "")
        current = next((one for one in tree.below if one.key == asked), tree.below[0] if tree.below else None)
        ranked = [] if place.kind == "school" else self.below(unit_id)
        context = {
            "unit_name": place.name,
            "unit_id": unit_id,
            "tree": tree,
            "current": current,
            "tabs": self.tabs(tree, unit_id, own),
            "current_tab": self.tab_url(current.key, unit_id, own) if current else "",
            "limits": limits,
            "cards": self.cards(tree, found, unit_id, scope),
            "figure": self.figure(unit_id, today),
            "ranked": ranked[:BELOW],
            "ranked_left": max(len(ranked) - BELOW, 0),
            "last_run": queries.last_run(),
            "links": self.links(unit_id),
        }
        return render(request, "quality/overview.html", context | self.frame())

    def tab_url(self, key: str, unit_id: int, own: bool) -> str:
        return f"?du-lieu={key}" if own else f"?unit={unit_id}&du-lieu={key}"

    def tabs(self, tree: Any, unit_id: int, own: bool) -> list[tuple[str, str, str]]:
        return [(one.label, self.tab_url(one.key, unit_id, own), one.value) for one in tree.below]

    def links(self, unit_id: int) -> list[PageLink]:
        found = []
        if can_run(self.actor, self.checked(unit_id)):
            url = f"{reverse('quality:check')}?unit={unit_id}"
            found.append(PageLink(_("Kiểm tra ngay"), url, "refresh", post=True))
        found.append(PageLink(_("Danh sách lỗi"), reverse("quality:case-list"), "list-check", tone="primary"))
        return found

    def checked(self, unit_id: int) -> int | None:
        return checked_unit(self.actor, unit_id)

    def cards(self, tree: Any, found: Any, unit_id: int, scope: dict[str, Any]) -> list[dict[str, Any]]:
        units = queries.covered(self.actor, unit_id)
        counts = queries.open_counts(self.actor, today=timezone.localdate(), unit_ids=units)
        return [
            {
                "label": _("Chỉ số chất lượng (DQI)"),
                "value": tree.value,
                "tone": tree.tone,
                "icon": "gauge",
                "note": tree.colour,
            },
            {
                "label": _("Sự cố nghiêm trọng"),
                "value": tree.incidents,
                "tone": "bad" if found.has_incident else "ok",
                "icon": "alert-triangle",
                "url": list_url(incident="yes", **scope) if found.has_incident else "",
                "note": _("Mã định danh chưa đạt 100%") if found.has_incident else _("Mã định danh đạt 100%"),
            },
            {
                "label": _("Lỗi đang mở"),
                "value": counts.total,
                "tone": "info",
                "icon": "list-check",
                "url": list_url(**scope) if counts.total else "",
                "note": _("%(n)d lỗi phải sửa") % {"n": counts.errors},
            },
            {
                "label": _("Quá hạn"),
                "value": counts.late,
                "tone": "bad" if counts.late else "ok",
                "icon": "clock-exclamation",
                "url": list_url(due="late", **scope) if counts.late else "",
                "note": _("%(n)d lỗi chưa có người nhận") % {"n": counts.unowned},
            },
        ]

    def figure(self, unit_id: int, today: Any) -> dict[str, Any] | None:
        points = [p for p in queries.trend(self.actor, unit_id=unit_id, until=today) if p.value is not None]
        if len(points) < 2:
            return None
        return {
            "title": _("Chỉ số theo ngày"),
            "kind": "line",
            "unit": "",
            "category_name": _("Ngày"),
            "categories": [point.day.strftime("%d/%m") for point in points],
            "series": [{"name": _("Chỉ số"), "data": [float(shown(point.value) or 0) for point in points]}],
        }

    def below(self, unit_id: int) -> list[dict[str, Any]]:
        """The worst of the units one level down."""
        today = timezone.localdate()
        kinds = organization.unit_places(organization.unit_nodes([unit_id])[unit_id].children)
        communes = {pk for pk, place in kinds.items() if place.kind == "commune"}
        level = "commune" if communes else "school"
        inside = set(kinds)
        lines = [one for one in queries.ranking(self.actor, level=level, day=today) if one.unit_id in inside]
        return [ranked_row(one, queries.datasets()) for one in reversed(lines) if one.value is not None]


def checked_unit(actor: Actor, unit_id: int) -> int | None:
    """What "check now" means on the page of a unit: the department's is the whole province."""
    return None if queries.covered(actor, unit_id) is None else unit_id


def ranked_row(one: Any, datasets: Any) -> dict[str, Any]:
    return {
        "rank": one.rank or "–",
        "name": one.name,
        "url": f"{reverse('quality:overview')}?unit={one.unit_id}",
        "value": number(one.value),
        "colour": one.colour.label if one.colour else _("Chưa kiểm tra"),
        "tone": COLOUR_TONES.get(one.colour, "quiet") if one.colour else "quiet",
        "failed": one.failed,
        "failed_url": list_url(unit=one.unit_id),
        "incidents": one.incidents,
        "cells": [(dataset.name, number(one.by_dataset.get(dataset.code))) for dataset in datasets],
    }


class RankingPage(ActorPage):
    right = "quality.view"
    title = gettext_lazy("Xếp hạng chất lượng dữ liệu")
    page_size = 25

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        levels = {"commune": _("Xã, phường, đặc khu"), "school": _("Trường")}
        if self.actor.reach_of("quality.view") is not None:
            levels.pop("commune")
        asked = request.GET.get("cap", "")
        level = asked if asked in levels else next(iter(levels))
        words = request.GET.get("q", "").strip()
        found = queries.ranking(self.actor, level=level, day=timezone.localdate(), words=words)
        page = Paginator(found, self.page_size).get_page(request.GET.get("page"))
        datasets = queries.datasets()
        context = {
            "rows": [ranked_row(one, datasets) for one in page],
            "page": page,
            "level": level,
            "words": words,
            "datasets": [dataset.name for dataset in datasets],
            "tabs": [(name, f"?cap={key}", "") for key, name in levels.items()],
            "current_tab": f"?cap={level}",
        }
        return render(request, "quality/ranking.html", context | self.frame())

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chất lượng dữ liệu"), reverse("quality:overview"))]


class StartCheck(OfUnit):
    """POST: check the unit in the background and lead to the job."""

    right = "quality.run"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("quality:overview"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        unit_id = self.unit_id()
        name = organization.unit_places([unit_id])[unit_id].name if unit_id else ""
        job = start_check(
            by=self.actor,
            unit_id=checked_unit(self.actor, unit_id),
            title=_("Kiểm tra dữ liệu: %(unit)s") % {"unit": name},
        )
        messages.info(request, _("Đang kiểm tra. Trang này cho biết tiến độ."))
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))
