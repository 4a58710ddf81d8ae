"""Forecasts: those that were made, one of a place with its band, needs, compared with another, tried on past years."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.exporting import CONTENT_TYPES, WRITERS
from thongsuot.kit.pages.views import ActorPage, PageLink

from ..permissions import MANAGE, VIEW
from ..queries import forecast as queries
from .forecast_forms import above


def year_name(year: int) -> str:
    return f"{year}-{year + 1}"


def decimal_text(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}".replace(".", ",")


class ForecastHome(ActorPage):
    right = VIEW
    title = gettext_lazy("Dự báo học sinh")

    def allowed(self, actor: Actor) -> bool:
        return queries.reads_forecasts(actor)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        page = Paginator(queries.forecasts(self.actor), 25).get_page(request.GET.get("page"))
        return render(
            request, "statistics/forecasts.html", {"page": page, "links": self.links()} | self.frame()
        )

    def links(self) -> list[PageLink]:
        found = [PageLink(_("Định mức"), reverse("statistics:forecast-norms"), "adjustments")]
        if self.actor.can(MANAGE):
            url = reverse("statistics:forecast-past")
            found.append(PageLink(_("Nhập số liệu các năm trước"), url, "table-import"))
        if queries.reads_province(self.actor):
            found.append(
                PageLink(_("Lập phương án"), reverse("statistics:forecast-make"), "plus", tone="primary")
            )
        return found


class OfForecast(ActorPage):
    right = VIEW

    @cached_property
    def forecast(self) -> Any:
        found = queries.forecasts(self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return self.forecast.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return above()


class ForecastPage(OfForecast):
    """?xa= commune (none: the province, or the first one in reach), ?nhom= group, ?so-voi= another forecast."""

    @cached_property
    def communes(self) -> dict[int, str]:
        known = set(self.forecast.lines.filter(group=queries.ALL).values_list("commune", flat=True))
        return {pk: name for pk, name in queries.communes_of(self.actor).items() if pk in known}

    @cached_property
    def commune(self) -> int | None:
        asked = self.request.GET.get("xa", "")
        if asked.isdecimal() and len(asked) < 12:
            return int(asked)
        if queries.reads_province(self.actor):
            return None
        if not self.communes:
            raise Http404
        return next(iter(self.communes))

    @cached_property
    def group(self) -> str:
        asked = self.request.GET.get("nhom", "")
        return asked if asked in queries.GROUPS else queries.ALL

    @cached_property
    def other(self) -> Any:
        asked = self.request.GET.get("so-voi", "")
        if not (asked.isdecimal() and len(asked) < 12):
            return None
        return queries.forecasts(self.actor).filter(pk=int(asked)).exclude(pk=self.forecast.pk).first()

    @cached_property
    def years(self) -> list[int]:
        seen = list(self.forecast.years)
        return seen + [seen[-1] + step for step in range(1, self.forecast.horizon + 1)]

    @cached_property
    def lines(self) -> Any:
        return queries.lines(self.actor, self.forecast, self.commune)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if self.commune is not None and self.commune not in self.communes:
            raise Http404
        if request.GET.get("export") in WRITERS:
            return self._file(request.GET["export"])
        context = {
            "forecast": self.forecast,
            "communes": self.communes,
            "commune": self.commune,
            "whole": queries.reads_province(self.actor),
            "group": self.group,
            "groups": [(key, queries.group_label(key)) for key in queries.GROUPS],
            "others": queries.forecasts(self.actor).exclude(pk=self.forecast.pk)[:50],
            "other": self.other,
            "figure": self._figure(),
            "rows": self._rows(),
            "years": [year_name(year) for year in self.years[len(self.forecast.years) - 1 :]],
            "needs": self._needs(),
            "percent": int(self.forecast.coverage * 100),
            "links": self._links(),
        }
        return render(request, "statistics/forecast.html", context | self.frame())

    def _links(self) -> list[PageLink]:
        url = reverse("statistics:forecast-trial", args=[self.forecast.pk])
        kept = self.request.GET.copy()
        kept["export"] = "xlsx"
        found = [
            PageLink(_("Sai số"), url, "gauge"),
            PageLink(_("Xuất xlsx"), f"?{kept.urlencode()}", "download"),
        ]
        if queries.may_delete(self.actor, self.forecast):
            url = reverse("statistics:forecast-delete", args=[self.forecast.pk])
            found.append(PageLink(_("Xóa"), url, "trash", tone="danger"))
        return found

    def _figure(self) -> dict[str, Any]:
        line, seen = self.lines[self.group], len(self.forecast.years)
        gap: list[Any] = [None] * (seen - 1)
        # The band starts from the last known number, so that the two lines meet.
        ahead = {
            key: [*gap, line.seen[-1], *map(round, getattr(line, key))] for key in ("expected", "low", "high")
        }
        series = [
            {"name": _("Đã có"), "data": [*line.seen, *[None] * self.forecast.horizon], "tone": "quiet"},
            {"name": _("Dự báo"), "data": ahead["expected"], "tone": "info"},
            {"name": _("Thấp nhất"), "data": ahead["low"], "tone": "info", "edge": "low"},
            {"name": _("Cao nhất"), "data": ahead["high"], "tone": "info", "edge": "high"},
        ]
        if self.other is not None and (numbers := self._of_other()):
            data = [numbers.get(year) for year in self.years]
            series.append({"name": self.other.name, "data": data, "tone": "warn"})
        place = self.communes[self.commune] if self.commune else _("Toàn tỉnh")
        return {
            "title": f"{queries.group_label(self.group)}, {place}",
            "kind": "line",
            "unit": _("học sinh"),
            "category_name": _("Năm học"),
            "categories": [year_name(year) for year in self.years],
            "series": series,
        }

    def _of_other(self) -> dict[int, int]:
        line = queries.lines(self.actor, self.other, self.commune).get(self.group)
        if line is None:
            return {}
        first = self.other.years[-1] + 1
        return {first + step: round(number) for step, number in enumerate(line.expected)}

    def _rows(self) -> list[dict[str, Any]]:
        """Groups of the place; of the province all communes for the chosen group."""
        found = []
        for group, line in self.lines.items():
            cells = [
                (round(expected), round(low), round(high))
                for expected, low, high in zip(line.expected, line.low, line.high, strict=True)
            ]
            is_sum = group in queries.LEVELS or group == queries.ALL
            row = {
                "label": queries.group_label(group),
                "is_sum": is_sum,
                "last": line.seen[-1],
                "cells": cells,
            }
            found.append(row)
        return found

    def _needs(self) -> list[dict[str, Any]]:
        own = queries.needs_of(self.actor, self.forecast, self.commune)
        other = queries.needs_of(self.actor, self.other, self.commune) if self.other else {}
        words = (("classes", _("Lớp")), ("teachers", _("Giáo viên")), ("rooms", _("Phòng học")))
        found = []
        for level, wanted in own.items():
            for field, word in words:
                numbers = [getattr(one, field) for one in wanted]
                last = getattr(other[level][-1], field) if other else None
                label = queries.group_label(level)
                found.append(
                    {
                        "level": label,
                        "word": word,
                        "numbers": numbers,
                        "more": numbers[-1] - numbers[0],
                        "other": last,
                    }
                )
        return found

    def _file(self, kind: str) -> HttpResponseBase:
        """All groups of the place, or of all communes in reach when the province is shown."""
        header = [
            _("Địa bàn"),
            _("Nhóm"),
            _("Năm học"),
            _("Loại"),
            _("Số học sinh"),
            _("Thấp nhất"),
            _("Cao nhất"),
        ]
        made = WRITERS[kind](header, self._file_rows(), self.forecast.name)
        name = f"du-bao-{self.forecast.pk}.{kind}"
        return FileResponse(made, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])

    def _file_rows(self) -> Any:
        places = [self.commune] if self.commune else [None, *self.communes]
        seen = len(self.forecast.years)
        for place, groups in queries.lines_of(self.actor, self.forecast, places).items():
            name = self.communes[place] if place else _("Toàn tỉnh")
            for group, line in groups.items():
                start = [name, queries.group_label(group)]
                for year, number in zip(self.years, line.seen, strict=False):
                    yield [*start, year_name(year), _("Đã có"), number, None, None]
                ahead = zip(self.years[seen:], line.expected, line.low, line.high, strict=True)
                for year, *numbers in ahead:
                    yield [*start, year_name(year), _("Dự báo"), *map(round, numbers)]


class TrialPage(OfForecast):
    def get_title(self) -> Any:
        return _("Sai số của dự báo")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        url = reverse("statistics:forecast-detail", args=[self.forecast.pk])
        return [*above(), (self.forecast.name, url)]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        keys = ("mape", "naive_mape", "weighted", "naive_weighted", "covered")
        lines = self.forecast.trial
        rows = [
            {
                "horizon": line["horizon"],
                "groups": line["groups"],
                **{key: decimal_text(line[key]) for key in keys},
            }
            for line in lines
        ]
        figure = {
            "title": _("Sai số theo số năm dự báo trước"),
            "kind": "bar",
            "unit": "%",
            "category_name": _("Trước"),
            "categories": [_("%(n)d năm") % {"n": line["horizon"]} for line in lines],
            "series": [
                {"name": _("Dự báo"), "data": [round(line["weighted"], 1) for line in lines]},
                {
                    "name": _("Giữ như năm trước"),
                    "data": [round(line["naive_weighted"], 1) for line in lines],
                    "tone": "quiet",
                },
            ],
        }
        context = {
            "forecast": self.forecast,
            "rows": rows,
            "figure": figure,
            "percent": int(self.forecast.coverage * 100),
            "sources": [
                (year_name(year), self.forecast.sources.get(str(year)) or _("Hồ sơ học sinh trên hệ thống"))
                for year in self.forecast.years
            ],
        }
        return render(request, "statistics/forecast_trial.html", context | self.frame())


class NormPage(ActorPage):
    right = VIEW
    title = gettext_lazy("Định mức lớp, giáo viên, phòng học")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = [(queries.group_label(one.group), one) for one in queries.norms()]
        context = {
            "rows": rows,
            "may_set": self.actor.can(MANAGE),
            "sizes_url": reverse("organization:codevalue-list", args=[queries.CLASS_SIZES]),
            "teachers_url": reverse("organization:codevalue-list", args=[queries.TEACHERS]),
        }
        return render(request, "statistics/forecast_norms.html", context | self.frame())

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return above()
