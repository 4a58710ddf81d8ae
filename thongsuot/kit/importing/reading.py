"""Files into rows of cells: xlsx, ods and any csv. Pure: no database."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from thongsuot.kit.importing.types import Cell, ImportRefused

MOST_ROWS = 200_000
MOST_COLUMNS = 300
DELIMITERS = (",", ";", "\t", "|")
_CONTAINER = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass
class Sheet:
    """Rows of one sheet, from its row 1 and column A, and the rectangles of merged cells in it.

    merged: ((first row, first column), (last row, last column)), counted from 0.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def read_file(data: bytes) -> list[Sheet]:
    """All sheets with something in them. Raises ImportRefused with a message for the user."""
    if data.startswith(_CONTAINER) or data.startswith(_OLD_EXCEL):
        sheets = _workbook(data)
    else:
        sheets = [Sheet("CSV", _csv(data))]
    sheets = [sheet for sheet in sheets if any(cell not in (None, "") for row in sheet.rows for cell in row)]
    if not sheets:
        raise ImportRefused(_("Tệp không có dòng dữ liệu nào."))
    return sheets


def _workbook(data: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_sheet(book, name) for name in book.sheet_names]
    except CalamineError as error:
        raise ImportRefused(_("Không mở được bảng tính: tệp hỏng hoặc có mật khẩu.")) from error


def _sheet(book: Any, name: str) -> Sheet:
    found = book.get_sheet_by_name(name)
    if found.total_height > MOST_ROWS:
        raise ImportRefused(_("Bảng tính có hơn %(most)d dòng. Hãy chia nhỏ.") % {"most": MOST_ROWS})
    # Rows are counted from A1, whatever the first cell in use is: the numbers are those that a person sees.
    rows = [[_plain(cell) for cell in row[:MOST_COLUMNS]] for row in found.to_python(skip_empty_area=False)]
    return Sheet(name, rows, list(getattr(found, "merged_cell_ranges", None) or ()))


def _plain(cell: Any) -> Cell:
    return None if cell == "" else cell


# -- csv ------------------------------------------------------------------------------------------


def _csv(data: bytes) -> list[list[Cell]]:
    text = decode(data)
    first, _break, rest = text.partition("\n")
    # Excel writes the delimiter into the first line when asked to.
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    else:
        delimiter = sniff_delimiter(text)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell if cell.strip() else None for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS:
                raise ImportRefused(_("Tệp có hơn %(most)d dòng. Hãy chia nhỏ.") % {"most": MOST_ROWS})
    except csv.Error as error:
        raise ImportRefused(_("Tệp văn bản không đọc được thành bảng.")) from error
    return rows


def decode(data: bytes) -> str:
    """Text of a file: by its mark, else UTF-8, else UTF-16 by its zeros, else code page 1258 (Vietnamese)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    sample = data[:2000]
    zeros = sample[1::2].count(0), sample[0::2].count(0)
    if max(zeros) > len(sample) // 8:
        return data.decode("utf-16-le" if zeros[0] > zeros[1] else "utf-16-be", errors="replace")
    # Code page 1258 writes some tones as marks of their own.
    return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))


def sniff_delimiter(text: str) -> str:
    """The delimiter with which most lines have the same number of cells, more than one."""
    sample = text[:20_000].splitlines()[:40]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        except csv.Error:
            continue
        wide = {width: number for width, number in widths.items() if width > 1}
        if not wide:
            continue
        width, number = max(wide.items(), key=lambda item: (item[1], item[0]))
        if (number, width) > best_score:
            best, best_score = delimiter, (number, width)
    return best
