"""The rows behind a figure, within what the person may see."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.indicators import queries
from thongsuot.kit.indicators.addresses import PARTS, read_value
from thongsuot.kit.indicators.opening import is_sensitive, parts_of, rows_behind
from thongsuot.kit.indicators.types import DrillDown, Part
from thongsuot.kit.indicators.views import FigurePage
from thongsuot.kit.pages.views import ListPage

PURPOSE_LENGTH = 120


class IndicatorRows(FigurePage, ListPage):
    """Of one part of a figure (numerator, denominator, those missing), or of one line of a breakdown of it."""

    template_name = "indicators/rows.html"

    @cached_property
    def as_of(self) -> date:
        if "day" not in self.kwargs:
            return super().as_of
        try:
            asked = date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise Http404 from error
        return min(asked, self.today)

    @cached_property
    def part(self) -> Part:
        """Without one in the address: those missing, else those counted."""
        offered = parts_of(self.indicator)
        found = PARTS.get(self.kwargs["part"]) if "part" in self.kwargs else next(reversed(offered), None)
        if found not in offered:
            raise Http404
        return found

    @cached_property
    def only(self) -> tuple[str, Any] | None:
        """(dimension, value) of a line of a breakdown."""
        if "dimension" not in self.kwargs:
            return None
        dimension = queries.dimension_of(self.indicator, self.kwargs["dimension"])
        if dimension is None:
            raise Http404
        try:
            return dimension.code, read_value(dimension, self.kwargs["value"])
        except ValueError as error:
            raise Http404 from error

    @cached_property
    def drill_down(self) -> DrillDown:
        try:
            return rows_behind(self.actor, self.indicator, self.unit, self.as_of, self.part, only=self.only)
        except KeyError as error:
            raise Http404 from error

    @property
    def table_class(self) -> Any:  # type: ignore[override]
        return self.drill_down.table_class

    def get_title(self) -> Any:
        return self.drill_down.title or f"{self.indicator.name}: {self.part_words}"

    @property
    def part_words(self) -> str:
        said = str(self.part.label)
        if self.only is None:
            return said
        code, value = self.only
        dimension = queries.dimension_of(self.indicator, code)
        labels = dimension.labels() if dimension and dimension.labels else {}
        word = _("chưa rõ") if value is None else labels.get(value, value)
        return f"{said} · {dimension.name if dimension else code}: {word}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        url = reverse("indicators:unit", args=[self.indicator.code, self.unit.id])
        return [
            (_("Chỉ số"), reverse("indicators:list")),
            (self.indicator.name, f"{url}?ngay={self.as_of:%Y-%m-%d}"),
        ]

    @property
    def search_fields(self) -> Any:  # type: ignore[override]
        return self.drill_down.search_fields

    def row_url(self, record: Any) -> str | None:
        return self.drill_down.row_url(record) if self.drill_down.row_url else None

    def query(self, actor: Actor) -> QuerySet[Any]:
        return self.drill_down.rows

    def extra_context(self) -> dict[str, Any]:
        return {"unit": self.unit, "as_of": self.as_of, "is_whole": self.actor.reach is None}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().get(request, *args, **kwargs)
        # A file has left its own trace.
        if not answer.streaming and is_sensitive(self.indicator, self.part, self.only):
            self._note_reading(_("Các dòng của chỉ số"))
        return answer

    def exported(self, kind: str) -> None:
        self._note_reading(_("Xuất các dòng của chỉ số"))

    def _note_reading(self, what: str) -> None:
        """Kept at the unit whose rows they are."""
        unit = apps.get_model(settings.UNIT_MODEL)(pk=self.unit.id)
        purpose = f"{what} “{self.indicator.name}”, {self.part_words}"[:PURPOSE_LENGTH]
        record_reading(by=self.actor, subject=unit, purpose=purpose, ip=origin_of(self.request).ip)
