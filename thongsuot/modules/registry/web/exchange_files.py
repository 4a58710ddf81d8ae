"""A filled layout of the ministry as xlsx: title, school, head, rows; every cell is text, so that zeros stay."""

from __future__ import annotations

import tempfile
from typing import IO

import xlsxwriter

from thongsuot.kit.pages.exporting import sheet_name

from ..queries.ministry import OutRows

HEAD_ROW = 3


def layout_xlsx(rows: OutRows, *, school: str) -> IO[bytes]:
    """An open file."""
    made = tempfile.SpooledTemporaryFile(max_size=2 * 1024 * 1024)  # noqa: SIM115 - the answer closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(made, {**options, "strings_to_numbers": False})
    sheet = book.add_worksheet(sheet_name(rows.layout.sheet))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    )
    text = book.add_format({"num_format": "@"})
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, rows.layout.title, title)
    sheet.write_string(1, 0, school)
    sheet.set_row(HEAD_ROW, 32)
    for place, column in enumerate(rows.layout.columns):
        sheet.set_column(place, place, min(max(len(column.label) + 2, 11), 32), text)
        sheet.write_string(HEAD_ROW, place, column.label, head)
    for number, row in enumerate(rows.values, start=HEAD_ROW + 1):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell, text)
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    book.close()
    made.seek(0)
    return made
