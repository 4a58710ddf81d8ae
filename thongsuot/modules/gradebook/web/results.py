"""Results of a class: the summary as a page and as files, reports of the pupils to their families."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.exporting import XLSX
from thongsuot.kit.pages.views import PageLink

from .. import actions, queries
from ..permissions import KEEP
from ..queries.class_sheets import PARTS, YEAR, book_sheet, part_in_words, part_words, summary_sheet
from ..queries.reports import report_of, reports_pdf
from ..queries.result_history import result_changes
from ..queries.sheet_files import sheet_pdf, sheet_xlsx, words
from .classes import ClassBase, class_tabs, part_url
from .exchange import file_name, pdf_answer
from .terms import term_now

SUMMARY, FOLLOW_UP = "tong-hop", "so-theo-doi"


class ResultsBase(ClassBase):
    """?ky=1, 2 or 0 (the year)."""

    @cached_property
    def part(self) -> int:
        asked = self.request.GET.get("ky", "")
        if asked in {str(part) for part in PARTS}:
            return int(asked)
        return 1 if term_now(self.school_class.school_year) == 1 else YEAR

    def url(self, name: str = "class-results", *args: Any, part: int | None = None) -> str:
        number = self.part if part is None else part
        return f"{reverse(f'gradebook:{name}', args=[self.school_class.pk, *args])}?ky={number}"

    @property
    def homeroom(self) -> str:
        head = self.school_class.homeroom_teacher
        return head.full_name if head else ""


class ClassResults(ResultsBase):
    template_name = "gradebook/results.html"

    def get_title(self) -> Any:
        said = {"name": self.school_class.name, "part": part_in_words(self.part)}
        return _("Kết quả lớp %(name)s, %(part)s") % said

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trace(request, _("Xem kết quả của lớp"))
        sheet, records = summary_sheet(self.actor, self.school_class, self.part)
        table = sheet.tables[0]
        order = _whole_first(len(table.widths), table.whole)
        rows = [
            {
                "url": self.url("pupil-report", record.public_id) if record.public_id else "",
                "name": record.name,
                "cells": [{"text": words(row[place]), "left": place in table.left} for place in order],
            }
            for record, row in zip(records, table.rows, strict=True)
        ]
        top = table.head[0]
        context = {
            "table": table,
            "heads": [top[place] for place in _whole_first(len(top), table.whole)],
            "below": table.head[1] if len(table.head) > 1 else (),
            "rows": rows,
            "school_class": self.school_class,
            "is_empty": not _has_marks(records, table.rows),
            "part_name": part_in_words(self.part),
            "stale": sum(record.is_stale for record in records),
            "may_compute": self.actor.can(KEEP, self.school_class.unit_id),
            "links": self.links(),
            "choices": [
                {
                    "tabs": class_tabs(self.actor, self.school_class),
                    "current": part_url(self.school_class, "class-results"),
                },
                {
                    "tabs": [(part_words(part), self.url(part=part), "") for part in PARTS],
                    "current": self.url(),
                },
            ],
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def links(self) -> list[PageLink]:
        return [
            PageLink(_("Tải Excel"), self.url("class-sheet", SUMMARY, "xlsx"), "file-spreadsheet"),
            PageLink(_("Bảng tổng hợp (PDF)"), self.url("class-sheet", SUMMARY, "pdf"), "file-type-pdf"),
            PageLink(_("Sổ theo dõi (PDF)"), self.url("class-sheet", FOLLOW_UP, "pdf"), "file-type-pdf"),
            PageLink(_("Phiếu cho gia đình"), self.url("class-reports"), "mail"),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Results computed again, of the whole school: what others changed counts too."""
        row = self.school_class
        try:
            found = actions.compute_results(by=self.actor, unit=row.unit, school_year=row.school_year)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã tính lại kết quả của %(n)d em.") % {"n": found.pupils})
        return HttpResponseRedirect(self.url())


def _whole_first(columns: int, whole: int) -> list[int]:
    """Places of the columns after number and name, the last `whole` of them first: what is asked most needs no scrolling."""
    return [*range(columns - whole, columns), *range(2, columns - whole)]


def _has_marks(records: Sequence[Any], rows: Sequence[Sequence[Any]]) -> bool:
    """Whether any subject of anybody has a result."""
    subjects = len({one.code for record in records for one in record.subjects})
    return any(value not in ("", None) for row in rows for value in row[2 : 2 + subjects])


class ClassSheet(ResultsBase):
    """tong-hop.xlsx, tong-hop.pdf, so-theo-doi.xlsx, so-theo-doi.pdf"""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind, ending = self.kwargs["kind"], self.kwargs["ending"]
        if kind == SUMMARY:
            sheet = summary_sheet(self.actor, self.school_class, self.part)[0]
        elif kind == FOLLOW_UP and (found := book_sheet(self.actor, self.school_class)) is not None:
            sheet = found
        else:
            raise Http404
        self.trace(request, _("Tải %(what)s") % {"what": sheet.title.lower()})
        name = file_name(kind, self.school_class.name, ending=ending)
        if ending == "xlsx":
            return FileResponse(sheet_xlsx(sheet), as_attachment=True, filename=name, content_type=XLSX)
        if ending != "pdf":
            raise Http404
        return pdf_answer(sheet_pdf(sheet, day=timezone.localdate()), name)


class ReportsBase(ResultsBase):
    def file(self, records: list[Any], name: str) -> HttpResponseBase:
        row = self.school_class
        pdf = reports_pdf(
            [report_of(one, self.part, teacher=self.homeroom) for one in records],
            school=row.unit.name,
            above=row.unit.parent.name if row.unit.parent else "",
            year=row.school_year.name,
            part=self.part,
            day=timezone.localdate(),
        )
        return pdf_answer(pdf, file_name("phieu-lien-lac", name, ending="pdf"))


class ClassReports(ReportsBase):
    """The reports of the whole class in one file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trace(request, _("Tải phiếu kết quả của cả lớp"))
        records = queries.class_records(self.actor, self.school_class)
        if not records:
            messages.error(request, _("Lớp chưa có học sinh."))
            return HttpResponseRedirect(self.url())
        return self.file(records, self.school_class.name)


class OnePupil(ReportsBase):
    @cached_property
    def record(self) -> Any:
        records = queries.class_records(self.actor, self.school_class)
        found = next((one for one in records if one.public_id == self.kwargs["public_id"]), None)
        if found is None:
            raise Http404
        return found


class PupilReport(OnePupil):
    """One pupil: a page, or the file (?dang=pdf)."""

    template_name = "gradebook/report.html"

    def get_title(self) -> Any:
        return _("Kết quả của %(name)s, %(part)s") % {
            "name": self.record.name,
            "part": part_in_words(self.part),
        }

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        said = {"name": self.school_class.name}
        return [*super().breadcrumbs(), (_("Kết quả lớp %(name)s") % said, self.url())]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trace(request, _("Xem phiếu kết quả"))
        if request.GET.get("dang") == "pdf":
            return self.file([self.record], self.record.name)
        address = self.url("pupil-report", self.record.public_id)
        history = reverse("gradebook:result-history", args=[self.school_class.pk, self.record.public_id])
        context = {
            "links": [PageLink(_("Lịch sử kết quả"), history, "history")],
            "report": report_of(self.record, self.part, teacher=self.homeroom),
            "reasons": self.record.reasons,
            "pdf_url": f"{address}&dang=pdf",
            "choices": [
                {
                    "tabs": [
                        (part_words(part), self.url("pupil-report", self.record.public_id, part=part), "")
                        for part in PARTS
                    ],
                    "current": address,
                }
            ],
            **self.frame(),
        }
        return render(request, self.template_name, context)


class ResultHistory(OnePupil):
    """Which result became which, when, and what had been written before that."""

    template_name = "gradebook/result_history.html"

    def get_title(self) -> Any:
        return _("Lịch sử kết quả của %(name)s") % {"name": self.record.name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        said = {"name": self.school_class.name}
        return [
            *super().breadcrumbs(),
            (_("Kết quả lớp %(name)s") % said, self.url()),
            (self.record.name, self.url("pupil-report", self.record.public_id)),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trace(request, _("Xem lịch sử kết quả"))
        found = result_changes(self.actor, self.school_class, self.record.student_id)
        return render(request, self.template_name, {"changes": found, "record": self.record, **self.frame()})
