"""The province at a glance: levels and progress by commune, on a map, the years side by side; what everybody may read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from thongsuot.kit.pages.exporting import CONTENT_TYPES, WRITERS
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from .. import queries
from .words import number

MOST_PUBLIC = 3000
# What the map may show: the name, the unit, where it stands in a row.
REACHED, GAIN, HANDED_IN = "dat", "tien-bo", "nop"
DRAWN: dict[str, tuple[Any, Any, Callable[[queries.AreaRow], Decimal | None]]] = {
    REACHED: (gettext_lazy("Trường đạt mức 2 trở lên"), "%", lambda row: row.reached if row.levels else None),
    GAIN: (gettext_lazy("Tăng, giảm so với năm học trước"), gettext_lazy("điểm %"), lambda row: row.gain),
    HANDED_IN: (gettext_lazy("Trường đã nộp tự đánh giá"), "%", lambda row: row.handed_in_share),
}


class OverviewPage(ActorPage):
    """How far each commune has come, levels, and the years side by side."""

    right = "maturity.view"

    def get_title(self) -> Any:
        return _("Chuyển đổi số toàn tỉnh") if self.is_whole else _("Chuyển đổi số của các trường")

    @cached_property
    def is_whole(self) -> bool:
        return self.actor.reach_of(self.right) is None

    @cached_property
    def round(self) -> Any:
        wanted = self.request.GET.get("nam", "")
        found = queries.round_of_year(wanted) if wanted else queries.current_round()
        if wanted and found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        areas = queries.by_area(self.actor, self.round, today=timezone.localdate()) if self.round else []
        kind = request.GET.get("export", "")
        if kind in WRITERS and self.round:
            return self.file(areas, kind)
        total = queries.whole(areas, _("Tổng cộng"))
        years = queries.by_year(self.actor)
        address = f"?nam={self.round.school_year.name}" if self.round else ""
        drawn = self.drawn(total)
        context = {
            "round": self.round,
            "rounds": [
                (one.school_year.name, f"?nam={one.school_year.name}", "") for one in queries.rounds()
            ],
            "current_tab": address,
            "areas": [(area, signed(area.gain)) for area in areas],
            "total": total,
            "total_gain": signed(total.gain),
            "reached": number(total.reached.quantize(Decimal("0.1"), ROUND_HALF_UP))
            if total.reached
            else "0",
            "has_before": bool(total.levels_before),
            "moves": queries.moves(self.actor, self.round) if self.round else None,
            "figure": self.figure(years),
            "drawing": self.drawing(areas, drawn),
            "drawn": drawn,
            "choices": [(code, said[0]) for code, said in DRAWN.items()],
            "export_url": f"{address}&export=xlsx" if self.round else "",
        }
        return render(request, "maturity/overview.html", context | self.frame())

    def drawn(self, total: queries.AreaRow) -> str:
        """What the map shows: what was asked for; while nothing is published, how many have handed in."""
        asked = self.request.GET.get("ban-do", "")
        return asked if asked in DRAWN else (REACHED if total.levels else HANDED_IN)

    def drawing(self, areas: list[queries.AreaRow], drawn: str) -> dict[str, Any] | None:
        """For whoever sees the whole province: who sees one commune has nothing to compare it with."""
        province = organization.province_code() if self.is_whole else ""
        places = [area for area in areas if area.area_code]
        if not province or not places:
            return None
        name, unit, value = DRAWN[drawn]
        return {
            "kind": "map",
            "title": str(name),
            "unit": str(unit),
            "source": reverse("statistics:boundaries", args=[province]),
            "none": _("chưa có"),
            "low": _("Thấp"),
            "high": _("Cao"),
            "data": [
                {"name": area.area_code, "label": area.short_name, "value": _plain(value(area))}
                for area in places
            ],
        }

    def figure(self, years: Any) -> dict[str, Any] | None:
        if not years:
            return None
        tones = {1: "bad", 2: "info", 3: "ok"}
        return {
            "title": _("Số trường theo mức, từng năm học"),
            "kind": "stacked",
            "unit": _("trường"),
            "categories": [year for year, _levels in years],
            "series": [
                {
                    "name": _("Mức %(n)d") % {"n": level},
                    "data": [levels.get(level, 0) for _year, levels in years],
                    "tone": tones[level],
                }
                for level in (1, 2, 3)
            ],
        }

    def file(self, areas: Any, kind: str) -> HttpResponseBase:
        header = [
            _("Đơn vị quản lý"),
            _("Mã xã"),
            _("Số trường"),
            _("Đã bắt đầu"),
            _("Đã nộp"),
            _("Đã thống nhất"),
            _("Mức 1"),
            _("Mức 2"),
            _("Mức 3"),
            _("Đạt mức 2 trở lên (%)"),
            _("Năm học trước (%)"),
            _("Tăng, giảm (điểm %)"),
        ]
        rows = (
            [
                a.name,
                a.area_code,
                a.schools,
                a.begun,
                a.handed_in,
                a.concluded,
                *a.level_counts,
                a.reached,
                a.reached_before,
                a.gain,
            ]
            for a in areas
        )
        made = WRITERS[kind](header, rows, str(self.get_title()))
        name = f"chuyen-doi-so-{self.round.school_year.name}.{kind}"
        return FileResponse(made, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


def signed(value: Decimal | None) -> str:
    """ "+12,5", "-3", "0": points won or lost; "" where there is nothing to compare."""
    if value is None:
        return ""
    shown = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"+{number(shown)}" if shown > 0 else number(shown)


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


@method_decorator(login_not_required, name="dispatch")
class PublicPage(View):
    """Published levels, for everybody: the level alone."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        years = queries.published_years()
        asked = request.GET.get("nam", "")
        year = asked if asked in years else (years[0] if years else "")
        words = request.GET.get("q", "").replace("\x00", "").strip()
        rows = queries.published(year=year, words=words, limit=MOST_PUBLIC) if year else []
        context = {
            "rows": rows,
            "tabs": [(one, f"?nam={one}", "") for one in years],
            "current": f"?nam={year}",
            "year": year,
            "words": words,
        }
        return render(request, "maturity/public.html", context)
