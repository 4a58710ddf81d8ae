"""A form as a workbook in the layout of the paper: headings merged, unit, day, who signs."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from thongsuot.kit.pages.exporting import sheet_name

from ..domain.form_layout import STUB, Block, Heading, Sheet
from .forms_words import head_words, signers

WIDTHS = (46, 8, 10)
NUMBER_WIDTH = 12


class _Book:
    """One sheet, written from the top down."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.line = sheet, 0
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, {"in_memory": True, "strings_to_formulas": False})
        self.page = self.book.add_worksheet(sheet_name(sheet.form.code))
        self.width = STUB + max(len(block.numbers) for block in sheet.blocks)
        self._formats: dict[tuple[Any, ...], Any] = {}

    def style(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", **wanted}
            )
        return self._formats[key]

    def across(self, first: int, last: int, text: str, down: int = 0, **wanted: Any) -> None:
        """Text over the columns from first to last, and `down` further rows."""
        style = self.style(text_wrap=True, **wanted)
        if first == last and not down:
            self.page.write_string(self.line, first, text, style)
        else:
            self.page.merge_range(self.line, first, self.line + down, last, text, style)


def form_xlsx(sheet: Sheet) -> bytes:
    """The workbook; numbers are numbers, what the form crosses out is "x", what has no value is empty."""
    book = _Book(sheet)
    book.page.set_landscape()
    book.page.set_paper(9)
    book.page.fit_to_pages(1, 0)
    for at in range(book.width):
        book.page.set_column(at, at, WIDTHS[at] if at < STUB else NUMBER_WIDTH)
    _head(book)
    for block in sheet.blocks:
        _block(book, block)
    _signatures(book)
    book.book.close()
    return book.out.getvalue()


def _head(book: _Book) -> None:
    words = head_words(book.sheet)
    middle = max(2, book.width - 4)
    for left, right in zip(words.left, words.right, strict=False):
        book.across(0, 1, left)
        book.across(middle, book.width - 1, right)
        book.line += 1
    book.line += 1
    for text, bold in ((words.title, True), (words.day, False), (words.state, False)):
        if text:
            book.across(0, book.width - 1, text, bold=bold, align="center")
            book.line += 1


def _block(book: _Book, block: Block) -> None:
    book.line += 1
    title = f"{block.section.code}. {block.section.name}"
    book.page.write_string(book.line, 0, title, book.style(bold=True))
    book.line += 1
    heading: dict[str, Any] = {"bold": True, "border": 1, "align": "center"}
    down = block.head_rows - 1
    for at, name in enumerate((_("Chỉ tiêu"), _("Mã số"), _("Đơn vị tính"))):
        book.across(at, at, name, down, **heading)
    for row in block.head:
        for one in row:
            _heading(book, one, heading)
        book.line += 1
    for at, letter in enumerate((*"ABC"[:STUB], *block.numbers)):
        style = book.style(italic=True, border=1, align="center")
        book.page.write_string(book.line, at, letter, style)
    book.line += 1
    for line in block.lines:
        name = book.style(border=1, indent=line.row.indent, text_wrap=True, bold=not line.row.indent)
        book.page.write_string(book.line, 0, line.row.name, name)
        book.page.write_string(book.line, 1, line.row.code, book.style(border=1, align="center"))
        book.page.write_string(book.line, 2, line.row.unit, book.style(border=1, align="center"))
        for at, place in enumerate(line.places, start=STUB):
            _number(book, at, place.value, place.is_crossed, line.row.decimals)
        book.line += 1


def _heading(book: _Book, one: Heading, style: dict[str, Any]) -> None:
    first = STUB + one.at
    book.across(first, first + one.columns - 1, one.text, one.rows - 1, **style)


def _number(book: _Book, at: int, value: Decimal | None, is_crossed: bool, decimals: int) -> None:
    if is_crossed:
        book.page.write_string(book.line, at, "x", book.style(border=1, align="center", font_color="#666666"))
        return
    style = book.style(border=1, num_format="#,##0" + ("." + "0" * decimals if decimals else ""))
    if value is None:
        book.page.write_blank(book.line, at, None, style)
    else:
        book.page.write_number(book.line, at, float(value), style)


def _signatures(book: _Book) -> None:
    book.line += 1
    left, right = signers(book.sheet)
    half = max(1, book.width // 2)
    for first, last, (office, hint) in ((0, min(half, 2) - 1, left), (max(half, 2), book.width - 1, right)):
        start = book.line
        book.across(first, last, office, bold=True, align="center")
        book.line += 1
        book.across(first, last, hint, italic=True, align="center")
        book.line = start
