"""Figures: the list of a unit, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.indicators import presenting, queries, registry
from thongsuot.kit.indicators.measures import counts_on
from thongsuot.kit.indicators.presenting import Line, Shown
from thongsuot.kit.indicators.queries import Listed
from thongsuot.kit.indicators.tasks import start_day
from thongsuot.kit.indicators.types import Figure, Indicator, UnitNode
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.addresses import query_with
from thongsuot.kit.pages.exporting import CONTENT_TYPES, WRITERS
from thongsuot.kit.text.vietnamese import fold, fold_words

TREND = timedelta(days=366)
MOST_DIGITS = 18
# Spreadsheets first: most people want one.
KINDS = ("xlsx", "csv")


class FigurePage(ActorPage):
    """What the pages share: the unit (one's own by default) within one's reach, and the day."""

    right = "indicators.view"

    @cached_property
    def now(self) -> datetime:
        return timezone.localtime()

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def as_of(self) -> date:
        try:
            asked = parse_date(self.request.GET.get("ngay", ""))
        except ValueError:
            asked = None
        return min(asked, self.today) if asked else self.today

    @cached_property
    def nodes(self) -> dict[int, UnitNode]:
        """All units of that day and of today, read once."""
        return queries.unit_nodes(as_of=self.as_of)

    @property
    def own_unit_id(self) -> int | None:
        return self.actor.acting.unit_id if self.actor.acting is not None else None

    @cached_property
    def unit(self) -> UnitNode:
        unit_id = self.kwargs.get("unit_id") or self.own_unit_id
        found = self.nodes.get(unit_id) if unit_id is not None and self.actor.sees(unit_id) else None
        if found is None:
            raise Http404
        return found

    def other_unit(self, name: str, *args: Any) -> HttpResponseBase | None:
        """The same page of the unit that was chosen: the address of a page names its unit."""
        said = self.request.GET.get("don-vi", "")
        if not said.isdecimal() or len(said) > MOST_DIGITS:
            return None
        here = query_with(self.request.GET, **{"don-vi": None})
        return HttpResponseRedirect(reverse(name, args=[*args, int(said)]) + here)

    @cached_property
    def below(self) -> list[UnitNode]:
        """The units below this one that the person sees."""
        return [self.nodes[key] for key in self.unit.children if key in self.nodes and self.actor.sees(key)]

    @cached_property
    def choices(self) -> list[UnitNode]:
        """Units to choose from: one's own and those below it, and the one that is shown."""
        own = self.nodes.get(self.own_unit_id or 0)
        found = {own.id: own} if own else {}
        found |= {key: self.nodes[key] for key in (own.children if own else ()) if self.actor.sees(key)}
        return list({**found, self.unit.id: self.unit}.values())

    @cached_property
    def indicator(self) -> Indicator:
        found = registry.get(self.kwargs["code"])
        if found is None:
            raise Http404
        return found

    def give(self, kind: str, header: list[str], rows: Iterable[list[Any]], name: str, title: str) -> Any:
        made = WRITERS[kind](header, iter(rows), title)
        filename = f"{name}-{self.unit.id}-{self.as_of:%Y%m%d}.{kind}"
        return FileResponse(made, as_attachment=True, filename=filename, content_type=CONTENT_TYPES[kind])


class IndicatorList(FigurePage):
    title = gettext_lazy("Chỉ số")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (other := self.other_unit("indicators:list-unit")) is not None:
            return other
        if self.must_be_counted:
            return self._not_yet()
        groups = self._groups()
        kind = request.GET.get("export", "")
        if kind in WRITERS:
            return self._file(kind, groups)
        context = {
            "groups": groups,
            "count": sum(len(rows) for _subject, rows in groups),
            "unit": self.unit,
            "choices": self.choices,
            "asked": self.text,
            "as_of": self.as_of,
            "counted": sorted({timezone.localtime(row.at) for _subject, rows in groups for row in rows}),
            "exports": [(one, query_with(request.GET, export=one)) for one in KINDS],
            **self.frame(),
        }
        return render(request, "indicators/list.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count a day that is over; the page of the job shows how far that is."""
        if not self.must_be_counted:
            return HttpResponseRedirect(request.get_full_path())
        job = start_day(by=self.actor, unit=self.unit, as_of=self.as_of)
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))

    @cached_property
    def must_be_counted(self) -> bool:
        """Whether this is a day of a large unit of which not every figure was kept: too much to count while a page
        opens."""
        return (
            self.as_of < self.today
            and queries.is_large(self.unit)
            and bool(queries.unkept(registry.all_indicators(), self.unit.id, self.as_of))
        )

    def _not_yet(self) -> HttpResponseBase:
        context = {"unit": self.unit, "choices": self.choices, "as_of": self.as_of, "asked": self.text}
        return render(self.request, "indicators/not_yet.html", {**context, **self.frame()})

    @property
    def text(self) -> str:
        return self.request.GET.get("q", "").replace("\x00", "").strip()

    def _groups(self) -> list[tuple[str, list[Listed]]]:
        """The indicators in whose heading or name all the words are found, with their figures."""
        words = fold_words(self.text)
        asked = [
            (subject or _("Khác"), chosen)
            for subject, found in registry.by_subject()
            if (
                chosen := [
                    one for one in found if _is_found(words, f"{subject} {one.name} {one.source_of_law}")
                ]
            )
        ]
        flat = [one for _subject, found in asked for one in found]
        rows = {row.indicator.code: row for row in queries.listed(flat, self.unit, self.as_of, now=self.now)}
        return [(subject, [rows[one.code] for one in found]) for subject, found in asked]

    def _file(self, kind: str, groups: list[tuple[str, list[Listed]]]) -> HttpResponseBase:
        header = [
            _("Nhóm"), _("Chỉ số"), _("Giá trị"), _("Đơn vị tính"), _("Tử số"), _("Mẫu số"), _("Đơn vị"), _("Ngày"),
            *_meta_header(),
        ]  # fmt: skip
        rows = (
            [subject, str(row.indicator.name), row.figure.value, row.indicator.unit, row.figure.numerator,
             row.figure.denominator, self.unit.name, self.as_of, *_meta(row.indicator, row.at)]
            for subject, listed in groups
            for row in listed
        )  # fmt: skip
        return self.give(kind, header, rows, "chi-so", str(self.title))


class IndicatorDetail(FigurePage):
    """One indicator for one unit: its figure, those of the units below, how it came to be."""

    def get_title(self) -> Any:
        return self.indicator.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        listed = reverse("indicators:list-unit", args=[self.unit.id])
        return [(_("Chỉ số"), f"{listed}?ngay={self.as_of:%Y-%m-%d}")]

    @cached_property
    def shown(self) -> Shown:
        return Shown(self.actor, self.indicator, self.as_of)

    @cached_property
    def figures(self) -> dict[int, Figure]:
        """Of the unit and those below it, from one reading of the records."""
        nodes = {node.id: node for node in (self.unit, *self.below)}
        return queries.figures(self.indicator, nodes, self.as_of)

    @cached_property
    def rows(self) -> list[Line]:
        found = ((node, self.figures[node.id]) for node in self.below)
        return self.shown.unit_lines(presenting.worst_first(found, self.indicator.direction))

    @cached_property
    def dimension(self) -> str:
        """The code of the dimension by which the figure is broken down; "": by none."""
        if self.indicator.is_area_only and not self.unit.children:
            return ""
        asked = self.request.GET.get("chieu", "")
        offered = self.indicator.breakdowns
        return asked if asked in offered else next(iter(offered), "")

    @cached_property
    def breakdown(self) -> list[Line]:
        if not self.dimension:
            return []
        found = queries.breakdown(self.indicator, self.unit, self.as_of, self.dimension)
        return self.shown.breakdown_lines(self.unit, self.dimension, found)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (other := self.other_unit("indicators:unit", self.indicator.code)) is not None:
            return other
        kind = request.GET.get("export", "")
        if kind in WRITERS:
            return self._file(kind)
        one, figure = self.indicator, self.figures[self.unit.id]
        numbers = self.shown.numbers(self.unit, figure)
        context = {
            "indicator": one,
            "unit": self.unit,
            "choices": self.choices,
            "as_of": self.as_of,
            "at": self.now,
            "figure": figure,
            "numbers": numbers,
            "shows_value": self.shown.shows_value,
            "is_closed": any(number.is_closed for number in numbers),
            "definition": presenting.definition(one),
            "is_unsure": presenting.is_unsure(one),
            "goals": registry.goals(self.actor, one.code),
            "headings": self.shown.headings,
            "rows": self.rows,
            "rows_chart": presenting.chart(one, _("Theo đơn vị"), self.rows),
            "files": self._files(),
            **self._past(figure),
            **self._by_dimension(),
            **self.frame(),
        }
        return render(request, "indicators/detail.html", context)

    def _past(self, figure: Figure) -> dict[str, Any]:
        """The way the figure went, and what was kept of the day: records of a day that is over may have been put right
        since. A day with nothing to count is no point of it; then the last that is one is shown."""
        points = queries.trend(self.indicator.code, self.unit.id, since=self.as_of - TREND, until=self.as_of)
        kept = next((found for day, found in points if day == self.as_of), None)
        counts = counts_on(self.indicator.measures, self.as_of)
        points = [
            point for point in points if point[0] < self.as_of or (point[0] == self.as_of and not counts)
        ]
        if counts:
            points.append((self.as_of, figure))
        return {
            "last": None if counts or not points else points[-1],
            "is_between": not counts,
            "kept": kept if kept is not None and kept.value != figure.value else None,
            "trend": presenting.trend_chart(self.indicator, points),
        }

    def _by_dimension(self) -> dict[str, Any]:
        name = self._dimension_name(self.dimension)
        return {
            "dimension": self.dimension,
            "dimension_name": name,
            "by_dimension": _("Phân theo %(name)s") % {"name": name[:1].lower() + name[1:]},
            "dimensions": self._dimensions(),
            "breakdown": self.breakdown,
            "breakdown_chart": presenting.chart(self.indicator, name, self.breakdown),
            "breakdown_files": self._files(bang="chieu"),
            "is_breakdown_closed": any(one.is_closed for line in self.breakdown for one in line.numbers),
        }

    def _files(self, **more: str) -> list[tuple[str, str]]:
        return [(kind, query_with(self.request.GET, export=kind, **more)) for kind in KINDS]

    def _dimension_name(self, code: str) -> str:
        found = queries.dimension_of(self.indicator, code)
        return str(found.name) if found else ""

    def _dimensions(self) -> list[tuple[str, str, bool]]:
        """(name, address, chosen) of each way to break the figure down."""
        if not self.dimension:
            return []
        return [
            (self._dimension_name(code), query_with(self.request.GET, chieu=code), code == self.dimension)
            for code in self.indicator.breakdowns
        ]

    def _file(self, kind: str) -> HttpResponseBase:
        by_dimension = self.request.GET.get("bang") == "chieu" and bool(self.dimension)
        first = self._dimension_name(self.dimension) if by_dimension else _("Đơn vị")
        header = [first, _("Giá trị"), _("Đơn vị tính"), _("Tử số"), _("Mẫu số"), _("Ngày"), *_meta_header()]
        whole = Line(self.unit.name, "", self.figures[self.unit.id], ())
        lines = [*(self.breakdown if by_dimension else self.rows), whole]
        rows = (
            [line.name, line.figure.value, self.indicator.unit, line.figure.numerator, line.figure.denominator,
             self.as_of, *_meta(self.indicator, self.now)]
            for line in lines
        )  # fmt: skip
        return self.give(kind, header, rows, self.indicator.code, str(self.indicator.name))


def _meta_header() -> list[str]:
    return [_("Phiên bản"), _("Căn cứ"), _("Độ tin cậy"), _("Tính lúc")]


def _meta(indicator: Indicator, at: datetime) -> list[Any]:
    return [
        indicator.version,
        indicator.source_of_law,
        str(indicator.confidence.label),
        timezone.make_naive(at),
    ]


def _is_found(words: list[str], said: str) -> bool:
    place = fold(said)
    return all(word in place for word in words)
