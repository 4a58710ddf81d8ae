"""The file of a run: where its bytes are, where its table is."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from thongsuot.kit.files.queries import content_of
from thongsuot.kit.importing.bulk import BulkImporter, Table
from thongsuot.kit.importing.frames import Frame, read_frames
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


def read(data: bytes, importer: Importer) -> tuple[list[Sheet], list[Frame]]:
    """(the sheets of a file, whole or as much as is needed to find the head; their frames for a bulk importer)."""
    if isinstance(importer, BulkImporter):
        frames = read_frames(data)
        return [frame.top() for frame in frames], frames
    return read_file(data), []


def length_of(sheets: Sequence[Sheet], frames: Sequence[Frame], header: Header) -> int:
    """Rows below the head."""
    whole = next((frame.cells.height for frame in frames if frame.name == header.sheet), 0)
    return max(0, (whole or len(sheet_named(sheets, header.sheet).rows)) - header.row - header.depth)


def _bytes_of(run: ImportRun) -> bytes:
    if run.file is None:
        raise ImportRefused(_("Tệp gốc không còn."))
    return content_of(run.file)


def sheets_of(run: ImportRun, importer: Importer) -> list[Sheet]:
    """All sheets of the run's file (the tops of them for a bulk importer)."""
    return read(_bytes_of(run), importer)[0]


def frame_of(run: ImportRun) -> Frame:
    """The sheet that the run names, as a frame."""
    # A run that goes on in the process that took it in has them in hand.
    frames = run.frames or read_frames(_bytes_of(run))
    return next((frame for frame in frames if frame.name == run.sheet), frames[0])


def bulk_table(run: ImportRun, importer: BulkImporter) -> Table:
    """The rows under the head that the run names, for an importer that works in bulk."""
    from thongsuot.kit.importing.vectors import table_rows

    frame = frame_of(run)
    header = _header_of(frame.top(), run, importer)
    _require_columns(header, importer)
    raw, passed = table_rows(frame, header, importer.columns)
    if not raw.height:
        raise ImportRefused(_("Dưới dòng tiêu đề không có dòng dữ liệu nào."))
    return Table(raw, passed, frame.cells.height)


def sheet_named(sheets: Sequence[Sheet], name: str) -> Sheet:
    return next((sheet for sheet in sheets if sheet.name == name), sheets[0])


def table_of(run: ImportRun, importer: Importer) -> tuple[Sheet, Header]:
    """The sheet and the head that the run names, with the columns as the user left them."""
    sheet = sheet_named(sheets_of(run, importer), run.sheet)
    return sheet, _header_of(sheet, run, importer)


def _header_of(sheet: Sheet, run: ImportRun, importer: Importer) -> Header:
    header = header_at(sheet, run.header_row, run.header_depth, importer.columns)
    mapping = {key: list(places) for key, places in run.mapping.items()}
    return Header(sheet.name, header.row, header.depth, header.labels, mapping)


def _require_columns(header: Header, importer: Importer) -> None:
    missing = header.missing(importer.columns)
    if missing:
        names = ", ".join(str(column.label) for column in missing)
        raise ImportRefused(_("Thiếu cột bắt buộc: %(names)s.") % {"names": names})


def rows_of(run: ImportRun, importer: Importer) -> tuple[list[DataRow], list[int]]:
    """Rows of the table, and the numbers of those that were passed over."""
    sheet, header = table_of(run, importer)
    _require_columns(header, importer)
    found = list(data_rows(sheet, header, importer.columns))
    rows = [row for row in found if isinstance(row, DataRow)]
    if not rows:
        raise ImportRefused(_("Dưới dòng tiêu đề không có dòng dữ liệu nào."))
    return rows, [row for row in found if isinstance(row, int)]
