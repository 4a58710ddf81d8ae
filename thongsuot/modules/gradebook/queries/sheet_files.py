"""A sheet of the gradebook as a spreadsheet and as PDF/A: one description, two writers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.pages.exporting import sheet_name
from thongsuot.kit.typesetting.typst_files import typeset_pdf

Value = str | int | Decimal | None
TEMPLATE = Path(__file__).with_name("sheet.typ")
FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif", "Nimbus Roman", "Libertinus Serif")
_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class Head:
    """A cell of the head: columns and rows that it spans. short: what stands there where there is little room."""

    text: str
    columns: int = 1
    rows: int = 1
    short: str = ""


@dataclass(frozen=True)
class SheetTable:
    """head: lines of cells; widths: parts of the line, 0 for as wide as the words; left: columns set to the left; whole: how
    many of the last columns say the result on the whole, which a screen shows first.
    """

    title: str
    head: Sequence[Sequence[Head]]
    widths: Sequence[float]
    rows: Sequence[Sequence[Value]]
    left: Sequence[int] = (1,)
    notes: Sequence[str] = ()
    name: str = ""
    whole: int = 0


@dataclass(frozen=True)
class Signer:
    title: str
    name: str = ""
    day: str = ""


@dataclass(frozen=True)
class Sheet:
    """size: of the letters in a cell, in points; apart: each table begins a page."""

    above: str
    school: str
    title: str
    subtitle: str
    tables: Sequence[SheetTable]
    signers: Sequence[Signer] = ()
    landscape: bool = True
    size: float = 9.5
    apart: bool = True
    facts: Sequence[str] = field(default=())


def words(value: Value) -> str:
    """A value as it is printed: decimals with a comma."""
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


def sheet_pdf(sheet: Sheet, *, day: date) -> bytes:
    said = {
        "above": sheet.above,
        "school": sheet.school,
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "footer": _("In từ sổ điểm ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"},
        "landscape": sheet.landscape,
        "size": sheet.size,
        "apart": sheet.apart,
        "tables": [_table(one) for one in sheet.tables],
        "signers": [
            {"title": one.title, "name": one.name, "day": one.day, "how": _("(Ký, ghi rõ họ tên)")}
            for one in sheet.signers
        ],
    }
    inputs = {"sheet": json.dumps(said, ensure_ascii=False)}
    fonts = Path(settings.VAR_DIR) / "fonts"
    return typeset_pdf(TEMPLATE, inputs, day=day, families=FAMILIES, fonts_dir=fonts)


def _table(table: SheetTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "head": [
            [{"text": cell.text, "columns": cell.columns, "rows": cell.rows} for cell in line]
            for line in table.head
        ],
        "widths": list(table.widths),
        "left": list(table.left),
        "rows": [[words(value) for value in row] for row in table.rows],
        "notes": list(table.notes),
        "empty": _("Chưa có."),
    }


def sheet_xlsx(sheet: Sheet) -> IO[bytes]:
    """The open workbook: a worksheet for each table, marks as numbers, text as text."""
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(made, options)
    taken: set[str] = set()
    for number, table in enumerate(sheet.tables, start=1):
        name = sheet_name(table.name or table.title or sheet.title)
        if name.casefold() in taken:
            name = sheet_name(f"{number} {name}")
        taken.add(name.casefold())
        _worksheet(book, book.add_worksheet(name), sheet, table)
    book.close()
    made.seek(0)
    return made


def _worksheet(book: Any, page: Any, sheet: Sheet, table: SheetTable) -> None:
    bold = book.add_format({"bold": True, "font_name": "Times New Roman"})
    title = book.add_format({"bold": True, "font_size": 14, "font_name": "Times New Roman"})
    plain = {"font_name": "Times New Roman", "border": 1, "valign": "vcenter"}
    head = book.add_format({**plain, "bold": True, "align": "center", "text_wrap": True})
    formats = {
        "text": book.add_format({**plain, "num_format": "@", "text_wrap": True}),
        "center": book.add_format({**plain, "num_format": "@", "align": "center"}),
        "mark": book.add_format({**plain, "num_format": "0.0", "align": "center"}),
        "number": book.add_format({**plain, "num_format": "0", "align": "center"}),
    }
    page.write_string(0, 0, sheet.school, bold)
    page.write_string(1, 0, sheet.title, title)
    page.write_string(2, 0, " - ".join(part for part in (sheet.subtitle, table.title) if part), bold)
    first = 4
    _write_head(page, table, first, head)
    top = first + len(table.head)
    for down, row in enumerate(table.rows):
        for right, value in enumerate(row):
            _write(page, top + down, right, value, formats, is_left=right in table.left)
    for down, note in enumerate(table.notes):
        page.write_string(top + len(table.rows) + 1 + down, 0, note)
    for right, width in enumerate(table.widths):
        page.set_column(right, right, max(5, min(60, (width or 1) * 5.5)))
    page.freeze_panes(top, 2)
    page.set_landscape() if sheet.landscape else page.set_portrait()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(first, top - 1)


def _write_head(page: Any, table: SheetTable, first: int, head: Any) -> None:
    """Cells of the head in their places; a cell that spans rows keeps its columns in the lines below."""
    taken: set[tuple[int, int]] = set()
    for down, line in enumerate(table.head):
        right = 0
        for cell in line:
            while (down, right) in taken:
                right += 1
            taken |= {(down + y, right + x) for y in range(cell.rows) for x in range(cell.columns)}
            if cell.rows > 1 or cell.columns > 1:
                page.merge_range(
                    first + down,
                    right,
                    first + down + cell.rows - 1,
                    right + cell.columns - 1,
                    cell.text,
                    head,
                )
            else:
                page.write_string(first + down, right, cell.text, head)
            right += cell.columns


def _write(page: Any, down: int, right: int, value: Value, formats: dict[str, Any], *, is_left: bool) -> None:
    if value is None or value == "":
        page.write_blank(down, right, None, formats["text"])
    elif isinstance(value, Decimal):
        page.write_number(down, right, float(value), formats["mark"])
    elif isinstance(value, int):
        page.write_number(down, right, value, formats["number"])
    else:
        page.write_string(down, right, value[:32767], formats["text" if is_left else "center"])
