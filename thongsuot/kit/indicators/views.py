from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries, registry
from thongsuot.kit.indicators.types import Direction, DrillDown, Figure, Indicator, UnitNode
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.exporting import CONTENT_TYPES, WRITERS
from thongsuot.kit.pages.views import ListPage

TREND = timedelta(days=366)


class FigurePage(ActorPage):
    """What the pages share: the unit (one's own by default) within one's reach, and the day."""

    right = "indicators.view"

    @cached_property
    def as_of(self) -> date:
        today = timezone.localdate()
        try:
            asked = parse_date(self.request.GET.get("ngay", ""))
        except ValueError:
            asked = None
        return min(asked, today) if asked else today

    @cached_property
    def unit(self) -> UnitNode:
        unit_id = self.kwargs.get("unit_id")
        if unit_id is None and self.actor.acting is not None:
            unit_id = self.actor.acting.unit_id
        if unit_id is None or not self.actor.sees(unit_id):
            raise Http404
        found = queries.unit_nodes([unit_id]).get(unit_id)
        if found is None:
            raise Http404
        return found

    @cached_property
    def indicator(self) -> Indicator:
        found = registry.get(self.kwargs["code"])
        if found is None:
            raise Http404
        return found


class IndicatorList(FigurePage):
    title = gettext_lazy("Chỉ số")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = queries.computed(registry.all_indicators(), self.unit.id, self.as_of)
        context = {"rows": rows, "unit": self.unit, "as_of": self.as_of, **self.frame()}
        return render(request, "indicators/list.html", context)


class IndicatorDetail(FigurePage):
    """One indicator for one unit: its figure, those of the units below, how it came to be."""

    def get_title(self) -> Any:
        return self.indicator.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chỉ số"), reverse("indicators:list"))]

    @cached_property
    def rows(self) -> list[tuple[UnitNode, Figure]]:
        """The units below, those that do worst first; those without a figure last."""
        nodes = {
            key: node for key, node in queries.unit_nodes(self.unit.children).items() if self.actor.sees(key)
        }
        found = queries.figures(self.indicator, nodes, self.as_of) if nodes else {}
        rows = [(nodes[key], figure) for key, figure in found.items()]
        sign = 1 if self.indicator.direction == Direction.HIGHER else -1
        return sorted(rows, key=lambda row: (row[1].value is None, sign * (row[1].value or 0)))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind = request.GET.get("export", "")
        if kind in WRITERS:
            return self._file(kind)
        figure = queries.figures(self.indicator, {self.unit.id: self.unit}, self.as_of)[self.unit.id]
        context = {
            "indicator": self.indicator,
            "unit": self.unit,
            "as_of": self.as_of,
            "figure": figure,
            "rows": self.rows,
            "trend": self._trend(),
            **self.frame(),
        }
        return render(request, "indicators/detail.html", context)

    def _trend(self) -> dict[str, Any] | None:
        points = queries.trend(self.indicator.code, self.unit.id, since=self.as_of - TREND, until=self.as_of)
        if len(points) < 2:
            return None
        name = str(self.indicator.name)
        return {
            "title": _("Diễn biến"),
            "kind": "line",
            "unit": self.indicator.unit,
            "categories": [f"{day:%d/%m/%Y}" for day, _figure in points],
            "series": [{"name": name, "data": [_float(figure) for _day, figure in points]}],
        }

    def _file(self, kind: str) -> HttpResponseBase:
        header = [_("Đơn vị"), _("Giá trị"), _("Đơn vị tính"), _("Tử số"), _("Mẫu số"), _("Ngày")]
        rows = (
            [node.name, figure.value, self.indicator.unit, figure.numerator, figure.denominator, self.as_of]
            for node, figure in self.rows
        )
        made = WRITERS[kind](header, rows, str(self.indicator.name))
        name = f"{self.indicator.code}-{self.as_of:%Y%m%d}.{kind}"
        return FileResponse(made, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


class IndicatorRows(FigurePage, ListPage):
    """The rows behind a figure, within what the person may see."""

    @cached_property
    def drill_down(self) -> DrillDown:
        if self.indicator.drill_down is None:
            raise Http404
        return self.indicator.drill_down(self.actor, self.unit.id, self.as_of)

    @property
    def table_class(self) -> Any:  # type: ignore[override]
        return self.drill_down.table_class

    def get_title(self) -> Any:
        return self.drill_down.title or f"{self.indicator.name}: {self.unit.name}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        url = reverse("indicators:unit", args=[self.indicator.code, self.unit.id])
        return [(_("Chỉ số"), reverse("indicators:list")), (self.indicator.name, url)]

    @property
    def search_fields(self) -> Any:  # type: ignore[override]
        return self.drill_down.search_fields

    def row_url(self, record: Any) -> str | None:
        return self.drill_down.row_url(record) if self.drill_down.row_url else None

    def query(self, actor: Actor) -> QuerySet[Any]:
        return self.drill_down.rows


def _float(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)
