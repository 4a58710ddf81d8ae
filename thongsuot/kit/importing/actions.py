"""Writes of the room: take a file in, name its columns, check it, apply it, undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files.actions import discard, store_upload
from thongsuot.kit.importing.applying import apply_plans, undo_rows
from thongsuot.kit.importing.bulk import BulkImporter
from thongsuot.kit.importing.headers import header_at
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.progress import Silent, Tells
from thongsuot.kit.importing.queries import is_busy
from thongsuot.kit.importing.registry import importer_of
from thongsuot.kit.importing.rows import counts, replace_rows
from thongsuot.kit.importing.source import (
    best_header,
    bulk_table,
    length_of,
    read,
    rows_of,
    sheet_named,
    sheets_of,
)
from thongsuot.kit.importing.types import ImportRefused, RowState, RunState
from thongsuot.kit.postgres.isolation import act_as

FILE_KIND = "importing.source"


@transaction.atomic
def start_run(*, by: Actor, kind: str, upload: Any, options: Mapping[str, Any] | None = None) -> ImportRun:
    """Keep an upload and guess where its table is. Raises ImportRefused or FileRefused with what to do.

    options: answers to what the importer asks beside the file (`Importer.questions`).
    """
    importer = _importer(by, kind)
    answers = importer.options(options or {}, by)
    importer = importer.for_run(answers)
    stored = store_upload(by=by, upload=upload, owner_unit_id=None, kind=FILE_KIND)
    upload.seek(0)
    sheets, frames = read(upload.read(), importer)
    header = best_header(sheets, importer)
    run = ImportRun.objects.create(
        kind=kind,
        user_id=by.user_id,
        file=stored,
        file_name=stored.original_name,
        sheet=header.sheet,
        header_row=header.row,
        header_depth=header.depth,
        labels=header.labels,
        mapping=header.mapping,
        options=answers,
        counts={"rows": length_of(sheets, frames, header)},
    )
    run.frames = frames
    return run


def move_header(*, by: Actor, run: ImportRun, sheet: str, row: int) -> None:
    """The table's head stands elsewhere: in row `row` (from 0) of `sheet`. Its columns are matched anew."""
    importer = _own(by, run)
    _require_open(run)
    found = sheet_named(sheets_of(run, importer), sheet)
    if not 0 <= row < len(found.rows):
        raise ImportRefused(_("Trang tính không có dòng này."), field="header_row")
    header = header_at(found, row, 1, importer.columns)
    run.sheet, run.header_row, run.header_depth = found.name, row, 1
    run.labels, run.mapping = header.labels, header.mapping
    # Of a bulk importer's sheet only the top was read: how long it is, is known from the upload.
    if not isinstance(importer, BulkImporter):
        run.counts = {"rows": max(0, len(found.rows) - row - 1)}
    run.save(update_fields=["sheet", "header_row", "header_depth", "labels", "mapping", "counts"])


def map_columns(*, by: Actor, run: ImportRun, mapping: Mapping[str, Sequence[int]]) -> None:
    """Say which column of the file (by position) is which of ours. Raises ImportRefused if one is missing."""
    importer = _own(by, run)
    _require_open(run)
    known = {column.key for column in importer.columns}
    wide = len(run.labels)
    chosen = {
        key: list(places)
        for key, places in mapping.items()
        if key in known and places and all(0 <= place < wide for place in places)
    }
    missing = [str(c.label) for c in importer.columns if c.required and c.key not in chosen]
    if missing:
        raise ImportRefused(_("Thiếu cột bắt buộc: %(names)s.") % {"names": ", ".join(missing)})
    places = [place for some in chosen.values() for place in some]
    if len(places) != len(set(places)):
        raise ImportRefused(_("Một cột của tệp đang được dùng hai lần."))
    run.mapping = chosen
    run.save(update_fields=["mapping"])


@transaction.atomic
def check_run(*, by: Actor, run: ImportRun, progress: Tells | None = None) -> None:
    """Dry run: what each row would do. Writes the rows of the run, nothing else."""
    importer = _own(by, run)
    _require_open(run)
    progress = progress or Silent()
    if isinstance(importer, BulkImporter):
        found = importer.check(run, bulk_table(run, importer), by, progress)
    else:
        rows, skipped = rows_of(run, importer)
        progress.set(0, len(rows), _("Đang kiểm tra"))
        plans = importer.plan(rows, by)
        replace_rows(run, importer, plans)
        found = counts(plans, len(skipped))
        progress.set(len(rows))
    run.state, run.counts = RunState.PLANNED, found
    run.save(update_fields=["state", "counts", "message"])


@transaction.atomic
def apply_run(*, by: Actor, run: ImportRun, progress: Tells | None = None) -> None:
    """Write what the file says. Rows are compared again first: nothing is applied twice.

    A broken row is rejected with its reason and stops no other. ImportRefused when there is nothing to do.
    """
    importer = _own(by, run)
    _require_open(run)
    if importer.check_only:
        raise ImportRefused(_("Loại tệp này chỉ được kiểm tra; hệ thống không lưu gì từ nó."))
    frames = run.frames
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    _require_open(run)
    run.frames = frames
    progress = progress or Silent()
    # Read by whoever undoes it: the change log stamps its rows with the time of the transaction.
    run.applied_at = _transaction_time()
    if isinstance(importer, BulkImporter):
        found = importer.carry_out(run, bulk_table(run, importer), by, progress)
    else:
        found = _apply_rows(run, importer, by, progress)
    run.state, run.counts = RunState.APPLIED, found
    run.save(update_fields=["state", "counts", "applied_at", "message"])


def _apply_rows(run: ImportRun, importer: Importer, by: Actor, progress: Tells) -> dict[str, int]:
    rows, skipped = rows_of(run, importer)
    plans = importer.plan(rows, by)
    if all(plan.state == RowState.REJECTED for plan in plans):
        raise ImportRefused(_("Không có dòng nào nhập được."))
    apply_plans(importer, plans, by, progress)
    replace_rows(run, importer, plans, applied=True)
    return counts(plans, len(skipped))


def _transaction_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        found: datetime = cursor.fetchone()[0]
    return found


@transaction.atomic
def undo_run(*, by: Actor, run: ImportRun, progress: Tells | None = None) -> None:
    """Put back what the import changed, and take back what it made.

    A record that somebody has changed since stays as it is; `counts` says how many were undone and kept.
    """
    importer = _own(by, run)
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != RunState.APPLIED or not importer.can_undo:
        raise ImportRefused(_("Lần nhập này không hoàn tác được."))
    if isinstance(importer, BulkImporter):
        number, kept = importer.take_back(run, by, progress or Silent())
    else:
        rows = ImportRow.objects.filter(run=run, is_applied=True).order_by("number")
        undone, kept = undo_rows(importer, list(rows), by, progress or Silent())
        ImportRow.objects.filter(run=run, pk__in=undone).update(is_applied=False)
        number = len(undone)
    run.state, run.undone_at = RunState.UNDONE, timezone.now()
    run.counts = {**run.counts, "undone": number, "kept": kept}
    run.save(update_fields=["state", "undone_at", "counts"])


def purge_files(*, by: Actor, today: date) -> int:
    """Delete the files of imports older than settings.IMPORT_FILE_KEPT_DAYS; returns how many.

    The age counts from the import, of a file that was never brought in from its upload. The run and its rows stay.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    first = timezone.make_aware(
        datetime.combine(today - timedelta(days=settings.IMPORT_FILE_KEPT_DAYS), time.min)
    )
    with act_as(by):
        old = ImportRun.objects.filter(file__isnull=False).annotate(
            since=Coalesce("applied_at", "created_at")
        )
        found = [run for run in old.filter(since__lt=first).select_related("file", "job") if not is_busy(run)]
        for run in found:
            stored, run.file = run.file, None
            run.save(update_fields=["file"])
            if stored is not None:
                discard(by=by, file=stored)
    return len(found)


def _importer(by: Actor, kind: str) -> Importer:
    importer = importer_of(kind)
    if not by.is_authenticated or not importer.allowed(by):
        raise NotAllowed(_("Anh/chị không có quyền nhập loại dữ liệu này."))
    return importer


def _own(by: Actor, run: ImportRun) -> Importer:
    if not by.is_system and run.user_id != by.user_id:
        raise NotAllowed(_("Lần nhập này của người khác."))
    return _importer(by, run.kind).for_run(run.options)


def _require_open(run: ImportRun) -> None:
    if run.state not in (RunState.UPLOADED, RunState.PLANNED):
        raise ImportRefused(_("Tệp này đã được nhập. Hãy tải lên lại để nhập lần nữa."))
