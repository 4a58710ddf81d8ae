"""What goes to the level above: the periodic report as a document, and the table for the central system."""

from __future__ import annotations

from datetime import date, timedelta
from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.pages.giving import GivesFile, Step, no_step
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.documents import queries as documents

from ..queries.central import central_rows, central_workbook
from ..queries.directives import directive, directives
from ..queries.periodic import periodic_report
from ..queries.report_document import Signing, report_document
from ..types import DirectiveState
from .dashboard import home_unit
from .forms.reports import PeriodicReportForm

FORMATS = {
    "docx": (documents.document_docx, documents.DOCX_TYPE),
    "pdf": (documents.document_pdf, documents.PDF_TYPE),
}


def quarter_of(today: date) -> tuple[date, date]:
    """The last quarter that has ended, for which reports are usually due."""
    first_of_this = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    last = first_of_this - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


class PeriodicReportPage(ActorPage):
    right = "directives.report_out"
    title = gettext_lazy("Báo cáo kết quả thực hiện")

    def form(self) -> PeriodicReportForm:
        start, end = quarter_of(timezone.localdate())
        data = self.request.GET.copy()
        data.setdefault("start", start.isoformat())
        data.setdefault("end", end.isoformat())
        running = directives(self.actor).filter(state__in=(DirectiveState.IN_FORCE, DirectiveState.CLOSED))
        choices = [(str(one.public_id), f"{one.number} {one.subject}"[:90]) for one in running]
        return PeriodicReportForm(data, directives=choices)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form()
        document = self.document(form.cleaned_data) if form.is_valid() else None
        kind = request.GET.get("format", "")
        if document is not None and kind in FORMATS:
            return self.file(document, kind)
        asked = {name: value for name, value in form.data.items() if name in form.fields and value}
        context = {
            "form": form,
            "paper": documents.document_words(document, on=timezone.localdate()) if document else None,
            "docx_url": f"?{urlencode(asked | {'format': 'docx'})}",
            "pdf_url": f"?{urlencode(asked | {'format': 'pdf'})}",
        }
        return render(request, "directives/out/periodic.html", context | self.frame())

    def document(self, said: dict[str, Any]) -> Any:
        report = periodic_report(
            self.actor,
            unit_id=home_unit(self.actor),
            first=said["start"],
            last=said["end"],
            today=timezone.localdate(),
            directive=directive(self.actor, said["directive"]) if said["directive"] else None,
        )
        deputy = said["signing"] == "deputy"
        return report_document(report, Signing(said["signer_name"], deputy, said["addressee"]))

    def file(self, document: Any, kind: str) -> HttpResponse:
        make, content_type = FORMATS[kind]
        response = HttpResponse(make(document, on=timezone.localdate()), content_type=content_type)
        name = f"bao-cao-ket-qua-thuc-hien-{timezone.localdate():%Y%m%d}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Tổng quan"), reverse("directives:dashboard"))]


class CentralExport(GivesFile):
    """One row a task, in the columns that monitoring systems of the level above take in."""

    right = "directives.report_out"
    title = gettext_lazy("Theo dõi nhiệm vụ")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return self.give_file("xlsx")

    def file_page(self) -> str:
        return reverse("directives:dashboard")

    def file_rows(self) -> QuerySet[Any]:
        asked = self.request.GET.get("directive", "")
        order = directive(self.actor, asked) if asked else None
        return central_rows(
            self.actor, unit_id=home_unit(self.actor), today=timezone.localdate(), directive=order
        )

    def make_file(self, kind: str, step: Step = no_step) -> IO[bytes]:
        return central_workbook(self.file_rows(), step)
