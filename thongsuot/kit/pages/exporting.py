"""A list as a spreadsheet: the same rows and columns as on the page, with typed values.

Written row by row into a temporary file, so that 100,000 rows need no more memory than ten.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow

from thongsuot.kit.accounts.types import Refused
from thongsuot.kit.pages.tables import Table
from thongsuot.kit.text.vietnamese import clean_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "zip": "application/zip"}
# A sheet holds 1,048,576 rows. More than this in one file keeps a worker busy for too long.
MOST_ROWS = {"xlsx": 100_000, "csv": 500_000}
ROWS_BETWEEN_STEPS = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_IN_MEMORY = 2 * 1024 * 1024

Cell = str | int | float | Decimal | date | datetime | None


class TooManyRows(Refused):
    code = "too_many_rows"


def check_size(kind: str, rows: QuerySet[Any]) -> None:
    """Raise TooManyRows when the file would be larger than anybody should ask for."""
    most = MOST_ROWS[kind]
    if rows.order_by()[: most + 1].count() > most:
        message = _("Danh sách có hơn %(most)d dòng. Hãy lọc bớt rồi xuất lại, hoặc chọn CSV.")
        raise TooManyRows(message % {"most": most})


def export(
    kind: str, table: Table, rows: QuerySet[Any], *, title: str, step: Callable[[int], None] | None = None
) -> IO[bytes]:
    """An open file with the columns that `table` shows, of all `rows`. kind: "xlsx" or "csv". `step` is told
    now and then how many rows are written; what it raises stops the writing.
    """
    check_size(kind, rows)
    columns = [c for c in table.columns if not c.column.exclude_from_export]
    header = [capfirst(clean_text(strip_tags(force_str(column.header)))) for column in columns]
    values = _values(table, columns, rows)
    return WRITERS[kind](header, counted(values, step) if step else values, title)


def counted(rows: Iterable[list[Cell]], step: Callable[[int], None]) -> Iterator[list[Cell]]:
    for number, row in enumerate(rows):
        if number % ROWS_BETWEEN_STEPS == 0:
            step(number)
        yield row


def _values(table: Table, columns: Sequence[BoundColumn], rows: QuerySet[Any]) -> Iterator[list[Cell]]:
    for record in rows.iterator(chunk_size=2000):
        row = BoundRow(record, table)
        yield [_cell(row, column) for column in columns]


def _cell(row: BoundRow, column: BoundColumn) -> Cell:
    if not hasattr(row.table, f"value_{column.name}"):
        try:
            raw = column.accessor.resolve(row.record)
        except (ValueError, TypeError, AttributeError, KeyError):
            raw = None
        if isinstance(raw, bool):
            return _("Có") if raw else _("Không")
        if isinstance(raw, int | float | Decimal | date) and not _is_choice(row, column):
            return typed(raw)
    return typed(row.get_cell_value(column.name))


def _is_choice(row: BoundRow, column: BoundColumn) -> bool:
    if not isinstance(row.record, Model):
        return False
    field = column.accessor.get_field(row.record)
    return bool(getattr(field, "choices", None))


def typed(value: Any) -> Cell:
    """What a spreadsheet keeps as it is: numbers, dates (local, without a zone), else text without tags."""
    if value is None or isinstance(value, bool):
        return None if value is None else (_("Có") if value else _("Không"))
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(force_str(item) for item in value)
    text = force_str(value)
    return strip_tags(text).strip() if "<" in text and hasattr(value, "__html__") else text


def safe_text(text: str) -> str:
    """Text that a spreadsheet program does not take for a formula when it opens a CSV file."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> IO[bytes]:
    """UTF-8 with a BOM (without it Excel reads Vietnamese wrongly), ISO dates, numbers with a point."""
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    text = io.TextIOWrapper(made, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([safe_text(name) for name in header])
    for row in rows:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()
    made.seek(0)
    return made


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> IO[bytes]:
    """One sheet: frozen header, dates as dates, text as text ("00123" keeps its zeros, "=1" no formula)."""
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    book = xlsxwriter.Workbook(
        made,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    sheet = book.add_worksheet(sheet_name(title))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        str: book.add_format({"num_format": "@"}),
    }
    sheet.freeze_panes(1, 0)
    for index, name in enumerate(header):
        sheet.set_column(index, index, min(max(len(name) + 2, 12), 40))
        sheet.write_string(0, index, name, bold)
    for number, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            _write_cell(sheet, number, index, cell, formats)
    book.close()
    made.seek(0)
    return made


def _write_cell(sheet: Any, number: int, index: int, cell: Cell, formats: dict[type, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(number, index, cell, formats[datetime])
    elif isinstance(cell, date):
        sheet.write_datetime(number, index, cell, formats[date])
    elif isinstance(cell, str):
        # A cell holds 32,767 characters.
        sheet.write_string(number, index, cell[:32767], formats[str])
    else:
        sheet.write_number(number, index, cell)


def sheet_name(title: str) -> str:
    """A name that a workbook accepts: at most 31 characters, none of []:*?/\\."""
    plain = clean_text("".join(" " if character in "[]:*?/\\'" else character for character in title))
    return plain[:31].strip() or "Sheet1"


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
