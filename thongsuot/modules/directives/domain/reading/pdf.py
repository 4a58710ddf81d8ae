"""PDF with a text layer: ruled tables by their lines, the rest as lines of words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from ..extraction.text import clean, ends_sentence, join_lines, plain, squeeze
from .document import Cell, Line, ReadDocument, Row, Table, UnreadableFile
from .pdf_columns import find_open_table
from .pdf_layout import PageLine, arrange, body_size, drop_running, mark_ends, visual_lines
from .pdf_page import PdfPage, read_pages, ruled_cells
from .plain import gather_rows

MAX_PAGES = 400
_DAMAGED = "Tệp PDF hỏng, không mở được. Hãy tải lại văn bản từ nơi gửi rồi thử lại."
_LOCKED = "Tệp PDF có mật khẩu. Hãy mở tệp, lưu một bản không đặt mật khẩu rồi tải lên lại."
_SCANNED = (
    "Tệp PDF là bản quét (ảnh), không có lớp chữ để đọc. Hãy dùng bản PDF xuất từ Word hoặc bản ký số có "
    "chữ, "
    "hoặc chạy phần mềm nhận dạng chữ (OCR) rồi tải lên lại."
)


def read_pdf(data: bytes) -> ReadDocument:
    """Read a PDF; refuses a scan, a locked and a damaged file."""
    pages = _open(data)
    size = body_size([page.words for page in pages])
    laid: list[list[PageLine | _PageTable]] = []
    for number, page in enumerate(pages, 1):
        tables = _tables(page)
        free = [w for w in page.words if not any(table.holds(w) for table in tables)]
        lines = visual_lines(free, number, size)
        mark_ends(lines, max((line.x1 for line in lines), default=0.0))
        laid.append(_interleave(arrange(lines), tables))
    builder = _Builder()
    for number, items in enumerate(_without_running(laid), 1):
        builder.page(items, number)
    return ReadDocument("pdf", tuple(builder.lines), tuple(gather_rows(builder.flow)))


def _open(data: bytes) -> list[PdfPage]:
    import pypdfium2

    try:
        pages = read_pages(data, MAX_PAGES)
    except ValueError as error:
        raise UnreadableFile(
            f"Tệp PDF quá {MAX_PAGES} trang. Hãy tách riêng phần cần giao nhiệm vụ."
        ) from error
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or getattr(error, "err_code", None) == 4
        raise UnreadableFile(_LOCKED if locked else _DAMAGED) from error
    if not pages:
        raise UnreadableFile(_DAMAGED)
    _refuse_scan(pages)
    return pages


def _refuse_scan(pages: list[PdfPage]) -> None:
    """No letters, or only those of a stamp on pictures of pages."""
    mean = sum(page.letters for page in pages) / len(pages)
    pictures = sum(page.pictures > 0 for page in pages)
    empty = sum(page.letters < 40 for page in pages)
    if mean < 30 or (pictures >= len(pages) / 2 and (mean < 250 or empty > len(pages) / 2)):
        raise UnreadableFile(_SCANNED)


class _PageTable:
    """The grid of one ruled table on one page, with the text of each cell."""

    def __init__(self, rects: list[tuple[float, float, float, float]]) -> None:
        self.rects = rects
        self.x0, self.x1 = min(r[0] for r in rects), max(r[2] for r in rects)
        self.top, self.bottom = min(r[1] for r in rects), max(r[3] for r in rects)
        self.xs = _edges([x for r in rects for x in (r[0], r[2])])
        self.ys = _edges([y for r in rects for y in (r[1], r[3])])
        self._words: dict[int, list[dict[str, Any]]] = {}

    def holds(self, word: dict[str, Any]) -> bool:
        x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
        return self.x0 - 1 <= x <= self.x1 + 1 and self.top - 1 <= y <= self.bottom + 1

    def put(self, word: dict[str, Any]) -> None:
        index = self._at((word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2)
        if index is not None:
            self._words.setdefault(index, []).append(word)

    @property
    def filled(self) -> int:
        return len(self._words)

    def _at(self, x: float, y: float) -> int | None:
        for index, (x0, top, x1, bottom) in enumerate(self.rects):
            if x0 - 1 <= x <= x1 + 1 and top - 1 <= y <= bottom + 1:
                return index
        return None

    def _text(self, index: int) -> str:
        """Text of a cell: a line that only wraps is joined to the next, one that was ended on purpose is
        not."""
        lines = visual_lines(self._words.get(index, []), 1, 0.0)
        if not lines:
            return ""
        x0, _, x1, _ = self.rects[index]
        padding = min(max(min(line.x0 for line in lines) - x0, 1.0), 8.0)
        mark_ends(lines, x1 - padding)
        out = squeeze(clean(lines[0].text))
        for before, line in itertools.pairwise(lines):
            text = squeeze(clean(line.text))
            listed = re.match(r"[-+•]\s", text) and (ends_sentence(out) or re.match(r"[-+•]\s", out))
            out = f"{out}\n{text}" if listed or before.ended else join_lines([out, text])
        return out

    def grid(self) -> list[list[Cell]]:
        texts = {index: self._text(index) for index in range(len(self.rects))}
        seen: set[int] = set()
        out = []
        for top, bottom in zip(self.ys, self.ys[1:], strict=False):
            row = []
            for left, right in zip(self.xs, self.xs[1:], strict=False):
                index = self._at((left + right) / 2, (top + bottom) / 2)
                row.append(Cell("") if index is None else Cell(texts[index], spanned=index in seen))
                if index is not None:
                    seen.add(index)
            if any(not cell.spanned for cell in row):
                out.append(row)
        return out


def _edges(values: list[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > 4:
            out.append(value)
    return out


def _tables(page: PdfPage) -> list[_PageTable]:
    found = [grid for grid in map(_PageTable, ruled_cells(page.edges)) if len(grid.xs) > 2]
    for word in page.words:
        for grid in found:
            if grid.holds(word):
                grid.put(word)
                break
    return [grid for grid in found if grid.filled > 1]


def _interleave(lines: list[PageLine], tables: list[_PageTable]) -> list[PageLine | _PageTable]:
    out: list[PageLine | _PageTable] = []
    waiting = sorted(tables, key=lambda table: table.top)
    for line in lines:
        while waiting and waiting[0].top <= line.top:
            out.append(waiting.pop(0))
        out.append(line)
    return out + waiting


def _without_running(laid: list[list[PageLine | _PageTable]]) -> list[list[PageLine | _PageTable]]:
    kept = drop_running([[item for item in page if isinstance(item, PageLine)] for page in laid])
    return [
        [item for item in page if not isinstance(item, PageLine) or id(item) in keep]
        for page, keep in zip(laid, kept, strict=True)
    ]


class _Builder:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.flow: list[Line | Table] = []

    def page(self, items: list[PageLine | _PageTable], number: int) -> None:
        """Add the lines and tables of one page."""
        lines = [item for item in items if isinstance(item, PageLine)]
        table = find_open_table(lines) if len(lines) == len(items) else None
        if table is None:
            self._items(items, number)
            return
        first = next(i for i, line in enumerate(lines) if id(line) in table.used)
        self._items([*lines[:first]], number)
        self._rows([[Cell(text) for text in row] for row in table.grid()], number, first == 0)
        self._items([line for line in lines[first:] if id(line) not in table.used], number)

    def _items(self, items: Sequence[PageLine | _PageTable], number: int) -> None:
        for index, item in enumerate(items):
            if isinstance(item, PageLine):
                text = clean(item.text)
                self.lines.append(text)
                self.flow.append(
                    Line(
                        len(self.lines), plain(text), number, gap=item.gap, small=item.small, ended=item.ended
                    )
                )
            else:
                self._rows(item.grid(), number, index == 0)

    def _rows(self, grid: list[list[Cell]], page: int, at_top: bool) -> None:
        rows = []
        for cells in grid:
            self.lines.append("\t".join("" if cell.spanned else squeeze(cell.text) for cell in cells))
            rows.append(Row(tuple(cells), len(self.lines), len(self.lines), page))
        last = self.flow[-1] if self.flow else None
        if not rows:
            return
        if at_top and isinstance(last, Table) and last.width == len(rows[0].cells):
            self.flow[-1] = Table(last.rows + tuple(rows))
        else:
            self.flow.append(Table(tuple(rows)))
