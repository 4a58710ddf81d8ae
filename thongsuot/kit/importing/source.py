"""The file of a run: where its bytes are, where its table is."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from thongsuot.kit.files.queries import content_of
from thongsuot.kit.importing.headers import DataRow, Header, data_rows, find_header, header_at
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.reading import Sheet, read_file
from thongsuot.kit.importing.types import ImportRefused


def best_header(sheets: Sequence[Sheet], importer: Importer) -> Header:
    """The head that matches most columns in any of the sheets. Raises ImportRefused when none has one."""
    found = [header for sheet in sheets if (header := find_header(sheet, importer.columns))]
    if not found:
        names = ", ".join(str(column.label) for column in importer.columns[:4])
        message = _("Không tìm thấy dòng tiêu đề trong 20 dòng đầu. Cần các cột như: %(names)s.")
        raise ImportRefused(message % {"names": names})
    return max(found, key=lambda header: len(header.mapping))


def sheets_of(run: ImportRun) -> list[Sheet]:
    """All sheets of the run's file."""
    if run.file is None:
        raise ImportRefused(_("Tệp gốc không còn."))
    return read_file(content_of(run.file))


def sheet_named(sheets: Sequence[Sheet], name: str) -> Sheet:
    return next((sheet for sheet in sheets if sheet.name == name), sheets[0])


def table_of(run: ImportRun, importer: Importer) -> tuple[Sheet, Header]:
    """The sheet and the head that the run names, with the columns as the user left them."""
    sheet = sheet_named(sheets_of(run), run.sheet)
    header = header_at(sheet, run.header_row, run.header_depth, importer.columns)
    mapping = {key: list(places) for key, places in run.mapping.items()}
    return sheet, Header(sheet.name, header.row, header.depth, header.labels, mapping)


def rows_of(run: ImportRun, importer: Importer) -> tuple[list[DataRow], list[int]]:
    """Rows of the table, and the numbers of those that were passed over."""
    sheet, header = table_of(run, importer)
    missing = header.missing(importer.columns)
    if missing:
        names = ", ".join(str(column.label) for column in missing)
        raise ImportRefused(_("Thiếu cột bắt buộc: %(names)s.") % {"names": names})
    found = list(data_rows(sheet, header, importer.columns))
    rows = [row for row in found if isinstance(row, DataRow)]
    if not rows:
        raise ImportRefused(_("Dưới dòng tiêu đề không có dòng dữ liệu nào."))
    return rows, [row for row in found if isinstance(row, int)]
