"""Statutory forms, live: the list, a form of a unit on a day as on paper, what a cell counts and the rows behind it."""

from __future__ import annotations

import json
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.indicators.queries import unit_nodes
from thongsuot.kit.indicators.types import Confidence, DrillDown, UnitNode
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.exporting import CONTENT_TYPES
from thongsuot.kit.pages.views import ListPage

from ..domain.form import Cell, Form
from ..domain.form_layout import Place, Sheet
from ..permissions import MANAGE, VIEW, may
from ..queries.forms import check, form, forms, message_of
from ..queries.forms_csv import form_csv
from ..queries.forms_definition import definition_of
from ..queries.forms_pdf import form_pdf
from ..queries.forms_sdmx import CONTENT_TYPE as SDMX
from ..queries.forms_sdmx import forms_sdmx
from ..queries.forms_sheet import cell_rows, live_sheet, may_open, unit_for_form
from ..queries.forms_words import day_words, desk_names, last_day_of
from ..queries.forms_xlsx import form_xlsx
from ..queries.kept import changed_since, is_large, kept_form, kept_sheet
from ..tasks import start_forms
from ..types import NoForm

NAMES = {"xlsx": "Excel", "pdf": "PDF", "csv": "CSV", "sdmx": "SDMX-JSON"}


class FormList(ActorPage):
    title = gettext_lazy("Biểu thống kê")
    right = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        lines = [
            {
                "form": one,
                "day": last_day_of(one, today),
                "due": [
                    (name, day_words(one.due[desk])) for desk, name in desk_names().items() if desk in one.due
                ],
                "confidence": Confidence(one.confidence).label,
            }
            for one in forms(today)
        ]
        return render(request, "statistics/forms.html", {"lines": lines, **self.frame()})


class OfForm(ActorPage):
    """What the pages of one form share: the form, the unit within one's reach, the day."""

    right = VIEW

    @cached_property
    def as_of(self) -> date:
        today = timezone.localdate()
        try:
            asked = parse_date(self.request.GET.get("ngay", ""))
        except ValueError:
            asked = None
        return min(asked, today) if asked else last_day_of(self._form_on(today), today)

    @cached_property
    def form(self) -> Form:
        return self._form_on(self.as_of)

    def _form_on(self, day: date) -> Form:
        try:
            return form(self.kwargs["code"], day)
        except NoForm as error:
            raise Http404 from error

    @cached_property
    def unit(self) -> Any:
        asked = self.request.GET.get("don-vi", "")
        unit_id = self.kwargs.get("unit_id") or (
            int(asked) if asked.isdecimal() and len(asked) < 18 else None
        )
        found = unit_for_form(self.actor, unit_id)
        if found is None:
            raise Http404
        return found

    @cached_property
    def cell(self) -> Cell:
        found = self.form.cells.get(self.kwargs["cell"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def kept(self) -> Any:
        """The form as it was computed in the background; None where a unit is small, or nobody has asked yet."""
        return kept_form(self.form, self.unit.pk, self.as_of) if self.is_large else None

    @cached_property
    def is_large(self) -> bool:
        return is_large(self.unit.pk, self.as_of)

    @cached_property
    def sheet(self) -> Sheet | None:
        """None where it has yet to be computed in the background."""
        if self.is_large:
            return kept_sheet(self.kept, self.form, self.unit) if self.kept is not None else None
        return live_sheet(self.form, self.unit, self.as_of)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Biểu thống kê"), reverse("statistics:form-list"))]

    def address(self, name: str, **more: Any) -> str:
        url = reverse(f"statistics:{name}", kwargs={"code": self.form.slug, "unit_id": self.unit.pk, **more})
        return f"{url}?ngay={self.as_of:%Y-%m-%d}"


class FormPage(OfForm):
    template_name = "statistics/form.html"

    def get_title(self) -> Any:
        return f"{self.form.code} · {self.form.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind, sheet = request.GET.get("export", ""), self.sheet
        if sheet is None:
            return self._not_yet()
        if kind in NAMES:
            return self._file(sheet, kind)
        findings = [(one, message_of(one)) for one in check(self.form, sheet.values)]
        context = {
            "sheet": sheet,
            "form": self.form,
            "unit": self.unit,
            "as_of": self.as_of,
            "units": self._units(),
            "findings": findings,
            "blocks": self._blocks(sheet, {code for one, _said in findings for code in one.cells}),
            "formats": NAMES,
            "kept": self.kept,
            "changed_at": changed_since(self.kept, self.form) if self.kept is not None else None,
            "computed_at": self.kept.computed_at if self.kept is not None else timezone.localtime(),
            "confidence": Confidence(self.form.confidence).label,
            "is_sure": self.form.confidence == Confidence.VERIFIED,
            "may_manage": self.actor.can(MANAGE),
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Compute it, or compute it again; the page of the job shows how far that is."""
        job = start_forms(by=self.actor, form=self.form, unit=self.unit, as_of=self.as_of)
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))

    def _not_yet(self) -> HttpResponseBase:
        context = {"form": self.form, "unit": self.unit, "as_of": self.as_of, "units": self._units()}
        return render(self.request, "statistics/form_not_yet.html", {**context, **self.frame()})

    def _blocks(self, sheet: Sheet, marked: set[str]) -> list[dict[str, Any]]:
        """Sections as on paper, each number with where it leads and whether something is wrong with it."""
        base, day = self.address("form-unit").partition("?")[0], f"?ngay={self.as_of:%Y-%m-%d}"

        def shown(place: Place) -> dict[str, Any]:
            if place.cell is None:
                return {"place": place}
            opened = may_open(self.actor, place.cell, self.unit.pk)
            url = f"{base}o/{place.cell.code}/{'dong/' if opened else ''}{day}"
            return {"place": place, "url": url, "is_marked": place.cell.code in marked}

        return [
            {
                "block": block,
                "lines": [
                    {"row": line.row, "places": [shown(one) for one in line.places]} for line in block.lines
                ],
            }
            for block in sheet.blocks
        ]

    def _units(self) -> list[UnitNode]:
        """Units to go to: the one above, this one, those below."""
        node = unit_nodes([self.unit.pk], self.as_of).get(self.unit.pk)
        ids = [self.unit.parent_id, self.unit.pk, *(node.children if node else ())]
        wanted = [one for one in ids if one is not None and may(self.actor, VIEW, one)]
        found = unit_nodes(wanted, self.as_of)
        return [found[one] for one in wanted if one in found]

    def _file(self, sheet: Sheet, kind: str) -> HttpResponseBase:
        if kind == "xlsx":
            made, content_type = form_xlsx(sheet), CONTENT_TYPES["xlsx"]
        elif kind == "pdf":
            made, content_type = form_pdf(sheet), "application/pdf"
        elif kind == "csv":
            made, content_type = form_csv(sheet), CONTENT_TYPES["csv"]
        else:
            message = forms_sdmx([sheet], prepared=timezone.now())
            made, content_type = json.dumps(message, ensure_ascii=False).encode(), SDMX
        ending = "sdmx.json" if kind == "sdmx" else kind
        name = f"{self.form.slug}-{self.unit.code}-{self.as_of:%Y%m%d}.{ending}"
        return HttpResponse(
            made, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


class OfCell(OfForm):
    def get_title(self) -> Any:
        return f"{self.cell.code} · {self.cell.row.name} · {self.cell.column.name}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (f"{self.form.code} · {self.unit.name}", self.address("form-unit"))]


class CellPage(OfCell):
    """What a cell counts, by which formula or conditions, for whom it can be opened."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sheet = self.sheet
        if sheet is None:
            return HttpResponseRedirect(self.address("form-unit"))
        needed = sorted(self.cell.formula.cells) if self.cell.formula is not None else []
        context = {
            "cell": self.cell,
            "form": self.form,
            "unit": self.unit,
            "as_of": self.as_of,
            "value": sheet.values.get(self.cell.code),
            "definition": definition_of(self.cell),
            "confidence": Confidence(self.cell.row.confidence).label,
            "rows_url": self.address("form-rows", cell=self.cell.code)
            if may_open(self.actor, self.cell, self.unit.pk)
            else "",
            "needed": [
                (self.form.cells[code], sheet.values.get(code), self.address("form-cell", cell=code))
                for code in needed
            ],
            "form_url": self.address("form-unit"),
            **self.frame(),
        }
        return render(request, "statistics/cell.html", context)


class CellRows(OfCell, ListPage):
    """The rows behind a number, within what the person may see."""

    template_name = "statistics/cell_rows.html"

    @cached_property
    def drill_down(self) -> DrillDown:
        found = cell_rows(self.actor, self.form, self.cell, self.unit.pk, self.as_of)
        if found is None:
            raise Http404
        return found

    @property
    def table_class(self) -> Any:  # type: ignore[override]
        return self.drill_down.table_class

    @property
    def search_fields(self) -> Any:  # type: ignore[override]
        return self.drill_down.search_fields

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        record_reading(
            by=self.actor,
            subject=self.unit,
            purpose=_("Mở các dòng của ô %(cell)s, biểu %(form)s")
            % {"cell": self.cell.code, "form": self.form.code},
            ip=origin_of(request).ip,
        )
        return super().get(request, *args, **kwargs)

    def extra_context(self) -> dict[str, Any]:
        return {
            **super().extra_context(),
            "definition": definition_of(self.cell),
            "unit": self.unit,
            "as_of": self.as_of,
            "cell_url": self.address("form-cell", cell=self.cell.code),
        }

    def row_url(self, record: Any) -> str | None:
        return self.drill_down.row_url(record) if self.drill_down.row_url else None

    def query(self, actor: Actor) -> QuerySet[Any]:
        return self.drill_down.rows
