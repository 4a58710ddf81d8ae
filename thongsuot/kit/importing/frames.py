"""Files of any size as frames of text (Polars): for importers that work on whole columns.

A frame holds each cell as a person would type it; rows are those of the sheet, from row 1. Half a million rows
are never Python objects: only the top of a sheet, where its head is sought, becomes a `Sheet`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from thongsuot.kit.importing.reading import (
    _CONTAINER,
    _OLD_EXCEL,
    MOST_COLUMNS,
    Sheet,
    decode,
    sniff_delimiter,
)
from thongsuot.kit.importing.types import ImportRefused

if TYPE_CHECKING:
    import polars as pl

# Where a head is sought, and what the page that names the columns shows as examples.
TOP_ROWS = 80
CSV_ROWS = 50_000
# How a cell with a date reads in a frame.
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?")


def day_shown(text: str | None) -> str | None:
    """A date as people here write it; any other text as it is."""
    found = _DAY.fullmatch(text) if text else None
    return "/".join(found.group(3, 2, 1)) if found else text


@dataclass(frozen=True)
class Frame:
    """One sheet: columns c0, c1, ... of text. Row 0 of `cells` is row 1 of the sheet."""

    name: str
    cells: pl.DataFrame

    def top(self, rows: int = TOP_ROWS) -> Sheet:
        return Sheet(
            self.name, [[day_shown(cell) for cell in row] for row in self.cells.head(rows).iter_rows()]
        )

    def row(self, number: int) -> list[str | None]:
        """The cells of a row by its number in the sheet (from 1)."""
        return [day_shown(cell) for cell in self.cells.row(number - 1)]


def read_frames(data: bytes) -> list[Frame]:
    """All sheets with something in them. Raises ImportRefused with a message for the user."""
    if data.startswith(_CONTAINER) or data.startswith(_OLD_EXCEL):
        frames = list(_workbook(data))
    else:
        frames = [Frame("CSV", _csv(data))]
    frames = [frame for frame in frames if frame.cells.height and frame.cells.width]
    if not frames:
        raise ImportRefused(_("Tệp không có dòng dữ liệu nào."))
    return frames


def _workbook(data: bytes) -> Iterator[Frame]:
    import fastexcel

    try:
        book = fastexcel.read_excel(data)
        for name in book.sheet_names:
            # skip_rows=0: rows are counted from row 1, whatever the first cell in use is.
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            yield Frame(name, _named(sheet.to_polars()))
    except fastexcel.FastExcelError as error:
        raise ImportRefused(_("Không mở được bảng tính: tệp hỏng hoặc có mật khẩu.")) from error


def _named(cells: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    cells = cells[:, :MOST_COLUMNS]
    return cells.rename({name: f"c{place}" for place, name in enumerate(cells.columns)}).cast(pl.String)


def _csv(data: bytes) -> pl.DataFrame:
    import polars as pl

    text = decode(data)
    first, _break, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], "\n" + rest
    else:
        delimiter = sniff_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    pieces = []
    try:
        while group := list(islice(reader, CSV_ROWS)):
            pieces.append(_piece(group))
    except csv.Error as error:
        raise ImportRefused(_("Tệp văn bản không đọc được thành bảng.")) from error
    # Lines differ in length: titles above the table have one cell, trailing empty cells may be missing.
    return pl.concat(pieces, how="diagonal") if pieces else pl.DataFrame()


def _piece(rows: list[list[Any]]) -> pl.DataFrame:
    import polars as pl

    width = min(max(len(row) for row in rows), MOST_COLUMNS)
    columns = {
        f"c{place}": [row[place] or None if place < len(row) else None for row in rows]
        for place in range(width)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
