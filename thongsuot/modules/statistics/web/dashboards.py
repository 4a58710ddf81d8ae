"""Dashboards of the department, a commune, a school: parts of a page, each with its address."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from thongsuot.kit.indicators.types import Indicator, UnitNode
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.exporting import CONTENT_TYPES, WRITERS
from thongsuot.kit.pages.views import ListPage
from thongsuot.modules.organization import queries as organization

from ..permissions import MANAGE, VIEW
from ..queries import dashboards as data
from ..queries.warm import Stamp, runs, stamp
from . import panels
from .panels import Panel
from .tables import RunTable

OVERVIEW, MAP, COMPARE, APART, PUPILS, CLASSES = (
    "tong-quan", "ban-do", "so-sanh", "bat-thuong", "hoc-sinh", "lop-va-truong",
)  # fmt: skip
PARTS = {
    OVERVIEW: gettext_lazy("Tổng quan"),
    MAP: gettext_lazy("Bản đồ"),
    COMPARE: gettext_lazy("So sánh"),
    APART: gettext_lazy("Khác thường"),
    PUPILS: gettext_lazy("Học sinh"),
    CLASSES: gettext_lazy("Lớp, giáo viên, cơ sở"),
}
# Parts that are the same for whoever may open them; the others name only units that the reader sees.
SHARED = {OVERVIEW, MAP, PUPILS, CLASSES}
KEPT = 24 * 3600


class Dashboard(ActorPage):
    right = VIEW
    title = gettext_lazy("Bảng số liệu")

    @cached_property
    def node(self) -> UnitNode:
        unit_id = self.kwargs.get("unit_id")
        if unit_id is None:
            if self.actor.acting is None:
                raise Http404
            unit_id = self.actor.acting.unit_id
        return data.node_for(self.actor, unit_id)

    @cached_property
    def parts(self) -> dict[str, Any]:
        """Those that say something of this unit: a map of the whole province, what lies apart in an area."""
        whole = self.actor.reach is None
        return {
            code: name
            for code, name in PARTS.items()
            if not (code == MAP and not (whole and self.node.children))
            and not (code == APART and not self.node.children)
        }

    @cached_property
    def part(self) -> str:
        part = self.kwargs.get("part", OVERVIEW)
        if part not in self.parts:
            raise Http404
        return part

    @cached_property
    def choices(self) -> list[Indicator]:
        return data.chosen({OVERVIEW: "key", MAP: "map", COMPARE: "map"}.get(self.part, "map"))

    @cached_property
    def indicator(self) -> Indicator:
        asked = self.request.GET.get("chi-so", "")
        found = next((one for one in self.choices if one.code == asked), None)
        if found is None and (asked or not self.choices):
            raise Http404
        return found or self.choices[0]

    def get_title(self) -> Any:
        return _("Số liệu: %s") % panels.short(self.node.name)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        counted = stamp()
        found: dict[str, Any] = {"panels": [], "key": [], "drawn": ""}
        if counted:
            found = self._content(counted)
        if request.GET.get("export") in WRITERS:
            return self._file(found["panels"], request.GET["export"])
        context = {
            "node": self.node,
            "part": self.part,
            "part_name": self.parts[self.part],
            "tabs": [(name, self._address(code), "") for code, name in self.parts.items()],
            "current": self._address(self.part),
            "counted": counted,
            "choices": self.choices if self.part in (OVERVIEW, MAP, COMPARE) else [],
            "chosen": self.indicator if self.choices else None,
            "draws": any(one.drawing for one in found["panels"]),
            "may_manage": self.actor.can(MANAGE),
            **found,
            **self.frame(),
        }
        return render(request, "statistics/dashboard.html", context)

    def _address(self, part: str) -> str:
        return reverse("statistics:dashboard-part", args=[self.node.id, part])

    def _content(self, counted: Stamp) -> dict[str, Any]:
        # Who sees every unit is shown the same as others who do.
        if self.part not in SHARED and self.actor.reach is not None:
            return self._drawn()
        # Of one count: as soon as figures are counted again, others are asked for.
        code = self.indicator.code if self.part in (OVERVIEW, MAP, COMPARE) else ""
        today = timezone.localdate()
        key = f"statistics:{counted.run_id}:{today}:{self.node.id}:{self.part}:{code}:{get_language()}"
        found = cache.get(key)
        if found is None:
            found = self._drawn()
            cache.set(key, found, KEPT)
        return found

    def _drawn(self) -> dict[str, Any]:
        """With the panels as HTML: a table of two hundred units takes longer to write than the rest of the page."""
        found = self._made()
        chosen = self.indicator if self.part in (OVERVIEW, MAP, COMPARE) and self.choices else None
        pieces = [
            render_to_string("statistics/_panel.html", {"panel": panel, "chosen": chosen})
            for panel in found["panels"]
        ]
        return found | {"drawn": mark_safe("".join(pieces))}  # noqa: S308 - what a template wrote

    def _made(self) -> dict[str, Any]:
        if self.part == OVERVIEW:
            return self._overview()
        make = {MAP: self._map, COMPARE: self._compare, APART: self._apart}.get(self.part)
        if make is not None:
            return {"panels": make(), "key": []}
        made = panels.pupil_panels(self.node) if self.part == PUPILS else panels.class_panels(self.node)
        return {"panels": made, "key": []}

    def _overview(self) -> dict[str, Any]:
        found = data.key_figures(self.node, timezone.localdate())
        trend = next((one for one in found if one.indicator.code == self.indicator.code), None)
        made = panels.trend_panel(trend, self.node) if trend else None
        return {"panels": [one for one in (made,) if one], "key": [_key(one, self.node.id) for one in found]}

    def _map(self) -> list[Panel]:
        return [panels.map_panel(self.indicator, organization.province_code(), self.node.id)]

    def _compare(self) -> list[Panel]:
        if self.node.children:
            return [
                panels.below_panel(data.figures_below(self.actor, self.node, self.indicator), self.indicator)
            ]
        found = data.compared(self.node.id, self.indicator)
        return [panels.similar_panel(found, self.indicator)] if found else []

    def _apart(self) -> list[Panel]:
        return [panels.apart_panel(data.apart(self.actor, self.node, data.chosen("outliers")))]

    def _file(self, made: list[Panel], kind: str) -> HttpResponseBase:
        panel = next((one for one in made if one.code == self.request.GET.get("bang")), None)
        if panel is None:
            raise Http404
        written = WRITERS[kind](list(panel.header), (list(line.cells) for line in panel.lines), panel.title)
        name = f"{self.part}-{panel.code}.{kind}"
        return FileResponse(written, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


def _key(found: data.KeyFigure, unit_id: int) -> dict[str, Any]:
    """A key figure as the page shows it; plain, so that it may be kept."""
    one, points = found.indicator, found.trend
    before = points[0][1].value if points else None
    change = None if before is None or found.figure.value is None else found.figure.value - before
    return {
        "code": one.code,
        "name": str(one.name),
        "unit": str(one.unit),
        "value": found.figure.value,
        "numerator": found.figure.numerator,
        "denominator": found.figure.denominator,
        "change": change,
        "since": points[0][0] if points else None,
        "url": panels.opened(one.code, unit_id),
        "description": str(one.description),
        "law": one.source_of_law,
        "confidence": one.confidence.label if one.confidence != "V" else "",
        "version": one.version,
        "kind": str(one.kind.label),
    }


class RunList(ListPage):
    """How the figures were counted lately, and where a full count gave something else."""

    title = gettext_lazy("Các lần tính số liệu")
    right = MANAGE
    table_class = RunTable

    def query(self, actor: Any) -> Any:
        return runs(actor)

    def row_url(self, record: Any) -> str | None:
        return None


def boundaries(request: HttpRequest, province: str) -> HttpResponse:
    """The drawing of a province's communes: public data, the same until the file is replaced."""
    path = settings.DATA_DIR / "organization" / "boundaries" / f"{province}.geojson"
    if not province.isdecimal() or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="application/geo+json")
    patch_cache_control(response, public=True, max_age=7 * KEPT)
    return response


def own(request: HttpRequest) -> HttpResponseBase:
    """The address without a unit: that of the reader."""
    holding = request.actor.acting  # type: ignore[attr-defined]
    if holding is None or not request.actor.can(VIEW, holding.unit_id):  # type: ignore[attr-defined]
        raise Http404
    return redirect("statistics:dashboard", holding.unit_id)
