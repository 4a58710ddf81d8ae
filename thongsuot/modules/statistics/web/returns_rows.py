"""The rows behind a frozen number; and why frozen and live, or two versions, differ: row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.exporting import CONTENT_TYPES, MOST_ROWS, WRITERS

from ..queries.computing import compute
from ..queries.differences import Comparison, Difference, may_open, named
from ..queries.forms_definition import definition_of
from ..queries.frozen import Live, decimals, rows_of_version
from ..queries.return_rows import FrozenLine, frozen_rows
from ..queries.returns import value_changes
from .returns import OfReturn

ROWS = 50
BATCH = 1000


class Lazily:
    """Rows that are read as a page is cut out of them."""

    def __init__(self, count: int, cut: Any) -> None:
        self.number, self.cut = count, cut

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, part: slice) -> list[Any]:
        return list(self.cut(part.start or 0, part.stop))


class RowsPage(OfReturn):
    """Shared: the cell asked for, paging, the file, the trace of reading."""

    @cached_property
    def cell(self) -> Any:
        code = self.kwargs.get("cell") or self.request.GET.get("o", "")
        found = self.form.cells.get(code)
        if code and found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (super().get_title(), f"{self.url}?ban={self.version.number}")]

    def page(self, rows: Lazily) -> Any:
        return Paginator(rows, ROWS).get_page(self.request.GET.get("page", "1"))

    def note_reading(self) -> None:
        record_reading(
            by=self.actor,
            subject=self.one,
            purpose=_("Các dòng của báo cáo thống kê: %(title)s") % {"title": self.get_title()},
            ip=origin_of(self.request).ip,
        )

    def file(self, kind: str, header: list[str], rows: Iterator[list[Any]], name: str) -> HttpResponseBase:
        made = WRITERS[kind](header, rows, str(self.get_title()))
        return FileResponse(
            made, as_attachment=True, filename=f"{name}.{kind}", content_type=CONTENT_TYPES[kind]
        )


class FrozenCell(RowsPage):
    """A number of a version: what it counts, when it was computed, and the rows behind it."""

    def get_title(self) -> Any:
        return f"{self.cell.code} · {self.cell.row.name} · {self.cell.column.name}"

    @cached_property
    def rows(self) -> Any:
        """None where the cell is a formula, or where the rows tell of what the actor may not read."""
        if self.cell.measure is None:
            return None
        try:
            return frozen_rows(self.actor, self.one, self.version, self.cell.measure)
        except NotAllowed:
            return None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if self.version is None:
            raise Http404
        values = decimals(self.version.values)
        rows, count = self.rows, 0
        if rows is not None:
            self.note_reading()
            count = rows.count()
            if (kind := request.GET.get("export", "")) in WRITERS and count <= MOST_ROWS[kind]:
                header = [_("Hồ sơ"), _("Đơn vị"), *rows.headings]
                return self.file(kind, header, self._lines(count), f"{self.form.slug}-{self.cell.code}")
        needed = sorted(self.cell.formula.cells) if self.cell.formula is not None else []
        context = {
            "one": self.one,
            "version": self.version,
            "cell": self.cell,
            "value": values.get(self.cell.code),
            "definition": definition_of(self.cell),
            "needed": [(self.form.cells[code], values.get(code)) for code in needed],
            "headings": rows.headings if rows is not None else [],
            "page": self.page(Lazily(count, rows.page)) if rows is not None else None,
            "is_hidden": rows is None and self.cell.measure is not None,
            "differences_url": f"{self.url}khac/?ban={self.version.number}&o={self.cell.code}",
            **self.frame(),
        }
        return render(request, "statistics/returns/cell.html", context)

    def _lines(self, count: int) -> Iterator[list[Any]]:
        for start in range(0, count, BATCH):
            for line in self.rows.page(start, start + BATCH):
                yield [who(line), line.unit_name, *line.fields]


class Differences(RowsPage):
    """?ban= the version on the left; ?voi= the one on the right (live where it is not given), ?o= one cell only."""

    def get_title(self) -> Any:
        right = (
            _("bản %(n)s") % {"n": self.other.number}
            if self.other
            else _("dữ liệu hiện nay tính đến %(day)s") % {"day": f"{self.day:%d/%m/%Y}"}
        )
        return _("Khác nhau giữa bản %(left)s và %(right)s") % {"left": self.version.number, "right": right}

    @cached_property
    def other(self) -> Any:
        return self.version_of("voi", 0) if self.request.GET.get("voi") else None

    @cached_property
    def day(self) -> date:
        """The day of the live figures: that of the period unless another is asked for."""
        try:
            asked = parse_date(self.request.GET.get("ngay", ""))
        except ValueError:
            asked = None
        return min(asked, timezone.localdate()) if asked else self.one.period.as_of

    @cached_property
    def comparison(self) -> Comparison:
        before = rows_of_version(self.version)
        after = rows_of_version(self.other) if self.other else Live(self.day, frozenset(before.batches))
        measure = self.cell.measure if self.cell is not None else None
        if self.cell is not None and measure is None:
            raise Http404
        if not may_open(self.actor, self.form, self.one.unit_id, measure):
            raise Http404
        return Comparison(self.form, before, after, self.day, measure)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if self.version is None:
            raise Http404
        comparison = self.comparison
        self.note_reading()
        if (kind := request.GET.get("export", "")) in WRITERS:
            return self._file(kind)
        counts = comparison.count()
        page = self.page(Lazily(sum(counts.values()), self._named))
        context = {
            "one": self.one,
            "version": self.version,
            "other": self.other,
            "day": self.day,
            "cell": self.cell,
            "page": page,
            "changes": self._values(),
            "versions": self.versions,
            "export_url": f"?{self._query('export', 'xlsx')}",
            **self.frame(),
        }
        return render(request, "statistics/returns/differences.html", context)

    def _named(self, start: int, stop: int) -> list[Difference]:
        return named(self.actor, list(self.comparison.rows(start=start, stop=stop)), self.day)

    def _values(self) -> list[Any]:
        before = decimals(self.version.values)
        if self.other:
            after = decimals(self.other.values)
        else:
            after = compute(self.form, [self.one.unit_id], self.day).get(self.one.unit_id, {})
        found = value_changes(self.form, before, after)
        return [one for one in found if self.cell is None or one.cell == self.cell.code]

    def _query(self, name: str, value: str) -> str:
        asked = self.request.GET.copy()
        asked[name] = value
        asked.pop("page", None)
        return asked.urlencode()

    def _file(self, kind: str) -> HttpResponseBase:
        header = [
            _("Bảng dữ liệu"), _("Hồ sơ"), _("Thay đổi"), _("Đơn vị khi chốt"), _("Đơn vị sau đó"),
            _("Thông tin đổi"),
        ]  # fmt: skip
        name = f"{self.form.slug}-khac-{self.one.period.as_of:%Y%m%d}"
        return self.file(kind, header, self._lines(), name)

    def _lines(self) -> Iterator[list[Any]]:
        start = 0
        while found := self._named(start, start + BATCH):
            for one in found:
                yield [
                    one.fact_name, who(one), one.change_label, one.where_before, one.where_after,
                    one.fields_words,
                ]  # fmt: skip
            start += BATCH


def who(line: Difference | FrozenLine) -> str:
    """The name; where it cannot be shown, why."""
    if line.name:
        return line.name
    number = {"n": line.record_id}
    return _("Hồ sơ %(n)s (đã xóa)") % number if line.is_deleted else _("Hồ sơ %(n)s") % number
