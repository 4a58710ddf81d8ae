"""The page of marks of a class and subject in a term."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.views import PageLink

from .. import actions, queries
from ..permissions import can_enter, can_see_class
from ..queries import listing
from ..queries.preferences import types_quickly
from ..types import ColumnKind, Grid
from .books import BookBase
from .checks import checks_of
from .grid import (
    Change,
    GridBase,
    GridCell,
    GridColumn,
    GridLine,
    GridNow,
    GridPage,
    GridSave,
    Saved,
)
from .names import namesakes
from .outcomes import ABSENT, at_words, cell_changes, told
from .terms import term_name

KINDS = {
    ColumnKind.MARK: "score",
    ColumnKind.TEST: "test",
    ColumnKind.LEVEL: "level",
    ColumnKind.REMARK: "text",
    ColumnKind.EXEMPT: "exempt",
}


class MarksBase(BookBase, GridBase):
    hint = gettext_lazy(
        "Mũi tên, Enter, Tab để đi giữa các ô; Esc trả lại giá trị cũ; dán cả khối từ bảng tính vào ô đầu tiên; Alt+H xem lịch sử ô, Alt+N mở ngân "
        "hàng nhận xét."
    )

    def hint_words(self) -> Any:
        """What may be typed in this book, before the keys."""
        choices = {one for column in self.first_grid.columns for one in column.choices}
        said = []
        if self.is_score:
            said.append(_("7,5 gõ 7.5 cũng được"))
        elif "H" in choices:
            said.append(_("T hoàn thành tốt, H hoàn thành, C chưa hoàn thành"))
        elif choices:
            said.append(_("Đ đạt, CĐ chưa đạt"))
        if any(one.may_be_absent for one in self.first_grid.columns):
            said.append(_("V là vắng kiểm tra (cột GK, CK)"))
        return f"{'; '.join(said)}. {self.hint}" if said else self.hint

    def grid(self) -> Grid:
        found = queries.class_grid(self.actor, self.book, self.term)
        if found is None:
            raise Http404
        return found

    @cached_property
    def first_grid(self) -> Grid:
        """For what does not change while the request lasts: columns, lock, right."""
        return self.grid()

    @cached_property
    def is_score(self) -> bool:
        return any(one.kind is ColumnKind.MARK for one in self.first_grid.columns)

    @property
    def average_name(self) -> Any:
        secondary = any(one.key.startswith("regular") for one in self.first_grid.columns)
        return (_("TB học kỳ") if self.is_score else _("Kết quả")) if secondary else ""

    @cached_property
    def columns(self) -> list[GridColumn]:
        return [
            GridColumn(
                code=one.key,
                label=one.short,
                long=one.title,
                kind=KINDS[one.kind],
                levels="|".join(one.choices),
                absent=ABSENT if one.may_be_absent else "",
                limit=2000 if one.kind is ColumnKind.REMARK else 8,
                hint=one.title,
            )
            for one in self.first_grid.columns
        ]

    def lines(self) -> list[GridLine]:
        # What is only looked at has been read once already.
        self.last_grid = self.first_grid if self.request.method == "GET" else self.grid()
        same_names = namesakes(self.last_grid.rows)
        return [
            GridLine(
                row.student_id,
                row.name,
                [
                    GridCell(
                        column,
                        row.student_id,
                        row.cells.get(column.code, ""),
                        carried=row.carried.get(column.code, ""),
                    )
                    for column in self.columns
                ],
                average=row.result.replace(".", ","),
                note=_note(row, same_names.get(row.student_id, "")),
                is_closed=row.has_left,
            )
            for row in self.last_grid.rows
        ]

    @property
    def why_not(self) -> str:
        grid = self.first_grid
        if not can_enter(self.actor, self.book):
            return _("Chỉ giáo viên được phân công dạy môn này hoặc nhà trường nhập điểm.")
        if not grid.lock.may_write:
            said = {"at": at_words(grid.lock.locked_at), "who": grid.lock.locked_by or _("nhà trường")}
            return _("Sổ điểm đã khoá lúc %(at)s (%(who)s).") % said
        return ""

    def save(self, changes: Sequence[Change], why: str) -> Saved:
        return told(
            actions.enter_marks(
                by=self.actor,
                class_subject=self.book,
                term=self.term,
                changes=cell_changes(changes),
                reason=why,
            )
        )

    def beside(self, lines: Sequence[GridLine]) -> dict[str, Any]:
        return {
            "averages": {line.student_id: line.average for line in lines} if self.average_name else {},
            "checks": checks_of(self.actor, self.last_grid),
        }


def _note(row: Any, born: str) -> str:
    """What is to be known of the pupil beside the name."""
    if row.has_left:
        return ", ".join(filter(None, (born, _("đã rời lớp"))))
    schools = dict.fromkeys(row.carried.values())
    came = _("từ %(schools)s") % {"schools": ", ".join(schools)} if schools else ""
    return ", ".join(filter(None, (born, _("miễn") if row.cells.get("exempt") else "", came)))


class MarksPage(MarksBase, GridPage):
    def opened(self, request: HttpRequest) -> None:
        purpose = _("Mở sổ điểm")
        actor: Actor = self.actor
        record_reading(by=actor, subject=self.book, purpose=purpose, ip=origin_of(request).ip)

    def extra_context(self) -> dict[str, Any]:
        lock = self.first_grid.lock
        asks = bool(lock.is_locked and not lock.may_write and can_enter(self.actor, self.book))
        return {
            "save_url": self.url("marks-save"),
            "now_url": self.url("marks-now"),
            "history_url": self.url("cell-history"),
            "phrases_url": self.url("phrases"),
            "asks_why": True,
            "quick_url": reverse("gradebook:quick-typing") if self.is_score else "",
            "is_quick": self.is_score and types_quickly(self.actor),
            "open_until": lock.open_until,
            "asked": lock.is_asked and not lock.may_write,
            "ask_url": self.url("ask-unlock") if asks else "",
            "links": self.links(),
            "books": self.books(),
            "book": self.book,
            "choices": [{"tabs": self.tabs(), "current": self.url()}],
        }

    def books(self) -> list[Any]:
        found = list(listing.books_with_classes(self.actor, self.book.school_year_id)[:400])
        return found if any(one.pk == self.book.pk for one in found) else [self.book, *found]

    def tabs(self) -> list[tuple[str, str, str]]:
        return [
            (term_name(term), reverse("gradebook:marks", args=[self.book.pk, term]), "") for term in (1, 2)
        ]

    def links(self) -> list[PageLink]:
        found = [PageLink(_("Tải Excel"), self.url("marks-file"), "file-spreadsheet")]
        if not self.why_not:
            found.append(PageLink(_("Nhập từ Excel"), self.url("marks-import"), "file-import"))
        found.append(PageLink(_("Sổ theo dõi (PDF)"), self.url("marks-pdf"), "file-type-pdf"))
        if can_see_class(self.actor, self.book.school_class):
            url = reverse("gradebook:class-results", args=[self.book.school_class_id])
            found.append(PageLink(_("Kết quả của lớp"), url, "report"))
        return found


class MarksSave(MarksBase, GridSave):
    pass


class MarksNow(MarksBase, GridNow):
    pass
