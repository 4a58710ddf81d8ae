"""A figure of a report: what it is, what the author says of it, the rows behind it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.indicators.types import DrillDown, Part
from thongsuot.kit.pages.views import ListPage

from .. import actions, queries
from ..domain.report_words import figure_words, number_words
from ..types import WrongFigureNote
from .report_page import ReportBase


class OfFigure(ReportBase):
    @cached_property
    def figure(self) -> dict[str, Any]:
        found = queries.figures_with_notes(self.report).get(self.kwargs["code"])
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return self.figure["name"]

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (str(self.report), self.url())]

    @property
    def figure_page(self) -> str:
        return reverse("statistics:report-figure", args=[self.report.public_id, self.kwargs["code"]])

    def about(self) -> dict[str, Any]:
        """What both pages say: as reported, and what the records say of the same day by now."""
        code, report, figure = self.kwargs["code"], self.report, self.figure
        now = queries.figure_now(report, code)
        said = {**figure, "override": None}
        live = {**said, "value": None if now is None or now.value is None else str(now.value)}
        return {
            "report": report,
            "figure": figure,
            "code": code,
            "printed": figure_words(figure, with_unit=True),
            "computed": figure_words(said, with_unit=True),
            "is_overridden": figure.get("override") is not None,
            "numerator": number_words(figure["numerator"], 2) if figure["denominator"] is not None else "",
            "denominator": number_words(figure["denominator"], 2),
            "live": figure_words(live, with_unit=True),
            "has_moved": figure_words(live) != figure_words(said),
            "indicator": queries.indicator_of(code),
            "parts": [
                (
                    part,
                    PARTS[part](),
                    reverse("statistics:report-rows", args=[report.public_id, code, part.value]),
                )
                for part in queries.openable(self.actor, code, report.unit_id)
            ],
        }


PARTS = {
    Part.NUMERATOR: lambda: _("Các dòng đã đếm"),
    Part.DENOMINATOR: lambda: _("Các dòng của mẫu số"),
    Part.MISSING: lambda: _("Các dòng chưa đạt"),
}


class FigurePage(OfFigure):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        figure = self.figure
        context = {
            **self.about(),
            "may_write": queries.may_write(self.actor, self.report),
            "override": number_words(figure.get("override"), 4) if figure.get("override") is not None else "",
            **self.frame(),
        }
        return render(request, "statistics/report/figure.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        said = request.POST
        try:
            with transaction.atomic():
                actions.note_figure(
                    by=self.actor,
                    report=self.report,
                    code=kwargs["code"],
                    comment=said.get("comment", ""),
                    value=_number(said.get("value", "")),
                    reason=said.get("reason", ""),
                    now=timezone.now(),
                )
            messages.success(request, _("Đã ghi."))
        except NotAllowed:
            raise Http404 from None
        except Refused as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(request.path)


class FigureRows(OfFigure, ListPage):
    """The records behind a figure, or behind a line of its breakdown, within what the person may see."""

    template_name = "statistics/report/rows.html"

    @cached_property
    def part(self) -> Part:
        try:
            return Part(self.kwargs["part"])
        except ValueError:
            raise Http404 from None

    @cached_property
    def drill_down(self) -> DrillDown:
        given = self.kwargs
        line = (given["dimension"], given["value"]) if "dimension" in given else None
        try:
            return queries.report_rows(self.actor, self.report, given["code"], self.part, line=line)
        except (KeyError, NotAllowed):
            raise Http404 from None

    @property
    def table_class(self) -> Any:  # type: ignore[override]
        return self.drill_down.table_class

    @property
    def search_fields(self) -> Any:  # type: ignore[override]
        return self.drill_down.search_fields

    def get_title(self) -> Any:
        return _("%(name)s: %(part)s") % {"name": self.figure["name"], "part": PARTS[self.part]().lower()}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.figure["name"], self.figure_page)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.drill_down  # noqa: B018  (404 before anything is recorded)
        record_reading(
            by=self.actor,
            subject=self.report,
            purpose=_("Mở các dòng của số liệu báo cáo: %(name)s") % {"name": self.figure["name"]},
            ip=origin_of(request).ip,
        )
        return super().get(request, *args, **kwargs)

    def extra_context(self) -> dict[str, Any]:
        return {**super().extra_context(), **self.about(), "part": self.part, "figure_page": self.figure_page}

    def row_url(self, record: Any) -> str | None:
        return self.drill_down.row_url(record) if self.drill_down.row_url else None

    def query(self, actor: Actor) -> QuerySet[Any]:
        return self.drill_down.rows


def _number(text: str) -> Decimal | None:
    """ "1.234,5" as it is written here. Raises WrongFigureNote."""
    plain = text.strip().replace(" ", "").replace(".", "").replace(",", ".").removesuffix("%")
    if not plain:
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= 10**11:
        raise WrongFigureNote(_("“%(text)s” không phải một số, ví dụ 1.234,5.") % {"text": text})
    return found
