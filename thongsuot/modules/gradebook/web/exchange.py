"""Marks as a file: the book as a spreadsheet and as PDF, and a filled-in spreadsheet back, looked at before it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.exporting import XLSX
from thongsuot.kit.text.vietnamese import fold

from .. import actions
from ..queries import mark_sheets
from ..queries.sheet_files import sheet_pdf, sheet_xlsx
from ..types import CellChange
from .beside_marks import history_words
from .books import BookBase
from .marks import MarksBase
from .outcomes import told

SALT = "gradebook.import"
LARGEST = 5 * 1024 * 1024
# What was looked at may be agreed to as long as one works at a desk.
GOOD_FOR = 8 * 3600


def file_name(*parts: str, ending: str) -> str:
    return f"{fold(' '.join(parts)).replace(' ', '-')}-{timezone.localdate():%Y%m%d}.{ending}"


def as_shown(column: str, text: str) -> str:
    """As it stands in the grid: 7,5 for 7.5, x for an exemption."""
    return "x" if column == "exempt" and text == "1" else history_words(text)


class BookFile(BookBase):
    def trace(self, request: HttpRequest) -> None:
        purpose = _("Tải sổ điểm")
        record_reading(by=self.actor, subject=self.book, purpose=purpose, ip=origin_of(request).ip)


class MarksFile(BookFile):
    """The spreadsheet that can be filled in and brought back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trace(request)
        made = mark_sheets.marks_workbook(self.actor, self.book, self.term)
        name = file_name(self.book.name, self.book.school_class.name, f"hk{self.term}", ending="xlsx")
        return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


class MarksPdf(BookFile):
    """Sổ theo dõi và đánh giá học sinh: the pages of the subject; ?dang=xlsx for a spreadsheet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trace(request)
        sheet = mark_sheets.follow_up_sheet(self.actor, [self.book])
        parts = ("so-theo-doi", self.book.name, self.book.school_class.name)
        if request.GET.get("dang") == "xlsx":
            made = sheet_xlsx(sheet)
            name = file_name(*parts, ending="xlsx")
            return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)
        return pdf_answer(sheet_pdf(sheet, day=timezone.localdate()), file_name(*parts, ending="pdf"))


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


class MarksImport(MarksBase):
    """Upload, look, agree. What was looked at travels signed in the page; what has changed meanwhile is a conflict."""

    template_name = "gradebook/import.html"

    def get_title(self) -> Any:
        return _("Nhập điểm từ Excel: %(book)s") % {"book": self.book_name()}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.book_name(), self.url())]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.allowed(self.actor) and self.why_not:
            messages.error(request, self.why_not)
            return HttpResponseRedirect(self.url())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show()

    def show(self, *, read: Any = None, error: str = "", status: int = 200) -> HttpResponseBase:
        context = {
            "read": read,
            "error": error,
            "file_url": self.url("marks-file"),
            "back_url": self.url(),
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.agree(request.POST["doi"]) if "doi" in request.POST else self.look(request)

    def look(self, request: HttpRequest) -> HttpResponseBase:
        upload = request.FILES.get("tep")
        if upload is None:
            return self.show(error=_("Hãy chọn tệp."), status=422)
        if (upload.size or 0) > LARGEST:
            return self.show(error=_("Tệp lớn hơn 5 MB."), status=422)
        try:
            read = mark_sheets.read_workbook(self.actor, self.book, self.term, upload.read())
        except Refused as error:
            return self.show(error=error.message, status=422)
        packed = [[one.student_id, one.key, one.old, one.new] for one in read.changes]
        sealed = signing.dumps([self.book.pk, self.term, packed], salt=SALT, compress=True)
        shown = {
            "changes": [
                replace(one, old=as_shown(one.key, one.old), new=as_shown(one.key, one.new))
                for one in read.changes
            ],
            "faults": read.faults,
            "same": read.same,
            "fault_tone": "bad" if read.faults else "quiet",
            "sealed": sealed,
        }
        return self.show(read=shown)

    def agree(self, sealed: str) -> HttpResponseBase:
        try:
            book, term, packed = signing.loads(sealed, salt=SALT, max_age=GOOD_FOR)
        except signing.BadSignature as error:
            raise Http404 from error
        if (book, term) != (self.book.pk, self.term):
            raise Http404
        changes = [CellChange(*one) for one in packed]
        try:
            outcome = actions.enter_marks(
                by=self.actor,
                class_subject=self.book,
                term=self.term,
                changes=changes,
                reason=_("Nhập từ tệp Excel"),
            )
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(self.request, error.message)
            return HttpResponseRedirect(self.url())
        self.say(told(outcome))
        return HttpResponseRedirect(self.url())

    def say(self, outcome: Any) -> None:
        messages.success(self.request, _("Đã ghi %(n)d ô.") % {"n": len(outcome.saved)})
        if outcome.conflicts:
            said = _("%(n)d ô có người vừa sửa trong lúc anh/chị xem trước: giữ giá trị của họ.")
            messages.warning(self.request, said % {"n": len(outcome.conflicts)})
        if outcome.faults:
            messages.error(self.request, _("%(n)d ô không ghi được.") % {"n": len(outcome.faults)})
