"""Files and rows of programs: the same importers as the page and the command, with a key that makes a call repeatable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing import actions as importing
from thongsuot.kit.importing.columns import text_of
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.queries import is_busy, runs
from thongsuot.kit.importing.registry import importer_of
from thongsuot.kit.importing.tasks import do_step
from thongsuot.kit.importing.types import ImportRefused
from thongsuot.kit.jobs.actions import cancel_job
from thongsuot.kit.pages.exporting import write_xlsx

from ..types import StateConflict

MOST_ROWS = 5_000


@transaction.atomic
def start_import(
    *, by: Actor, kind: str, upload: Any, answers: Mapping[str, Any], dry_run: bool, key: str = ""
) -> ImportRun:
    """Take a file in and check it, or check and write it at once (`dry_run` false). A long file goes to a worker.

    key: the caller's own name of the call (Idempotency-Key). The same call again gives the same run and does nothing;
    another call under the same key raises StateConflict. Raises ImportRefused, FileRefused, NotAllowed.
    """
    data = upload.read()
    upload.seek(0)
    digest = _digest(kind, data, answers, dry_run)
    if key and (known := _known(by, key, digest)) is not None:
        return known
    return _begin(by, kind, upload, answers, dry_run, {"key": key, "digest": digest})


@transaction.atomic
def start_rows(
    *,
    by: Actor,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    answers: Mapping[str, Any],
    dry_run: bool,
    key: str = "",
) -> ImportRun:
    """`start_import` for rows under the keys of the importer's columns. Raises ImportRefused naming an unknown key."""
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ImportRefused(_("Gửi từ 1 đến %(most)d dòng mỗi lần.") % {"most": MOST_ROWS}, field="rows")
    columns = importer_of(kind).columns
    known = [column.key for column in columns]
    unknown = sorted({name for row in rows for name in row} - set(known))
    if unknown:
        raise ImportRefused(_("Không có cột: %(names)s.") % {"names": ", ".join(unknown)}, field="rows")
    digest = _digest(kind, json.dumps(list(rows), sort_keys=True).encode(), answers, dry_run)
    if key and (found := _known(by, key, digest)) is not None:
        return found
    used = [name for name in known if any(name in row for row in rows)]
    labels = {column.key: str(column.label) for column in columns}
    lines = [[text_of(row.get(name)) or None for name in used] for row in rows]
    with write_xlsx([labels[name] for name in used], lines, "api") as sheet:
        upload = SimpleUploadedFile("api.xlsx", sheet.read())
    mapping = {name: [place] for place, name in enumerate(used)}
    return _begin(by, kind, upload, answers, dry_run, {"key": key, "digest": digest, "rows": True}, mapping)


def apply_import(*, by: Actor, run: ImportRun) -> ImportRun:
    """Write what was checked. Raises ImportRefused when it is written already, or nothing can be."""
    do_step(by=by, run=run, step="apply")
    return run


def undo_import(*, by: Actor, run: ImportRun) -> ImportRun:
    """Take back what the run wrote, but for what somebody has worked on since. Raises StateConflict, NotAllowed."""
    do_step(by=by, run=run, step="undo")
    return run


def cancel_import(*, by: Actor, run: ImportRun) -> ImportRun:
    """Stop the worker that is at the run. Raises StateConflict when none is."""
    if run.job is None or not is_busy(run):
        raise StateConflict(_("Lần nhập này không đang chạy."))
    cancel_job(by=by, job=run.job)
    return run


def _begin(
    by: Actor,
    kind: str,
    upload: Any,
    answers: Mapping[str, Any],
    dry_run: bool,
    called: Mapping[str, Any],
    mapping: Mapping[str, Sequence[int]] | None = None,
) -> ImportRun:
    run = importing.start_run(by=by, kind=kind, upload=upload, options=answers)
    # Also says which required column the file lacks.
    importing.map_columns(by=by, run=run, mapping=mapping or run.mapping)
    run.options = {**run.options, "api": dict(called)}
    run.save(update_fields=["options"])
    do_step(by=by, run=run, step="check" if dry_run else "apply")
    return run


def _known(by: Actor, key: str, digest: str) -> ImportRun | None:
    """The run that this key has begun already; two calls with one key wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{by.user_id}:{key}"]
        )
    found = runs(by).filter(options__api__key=key).first()
    if found is not None and found.options["api"]["digest"] != digest:
        raise StateConflict(_("Khóa Idempotency-Key này đã dùng cho một lần gửi khác."))
    return found


def _digest(kind: str, data: bytes, answers: Mapping[str, Any], dry_run: bool) -> str:
    said = json.dumps([kind, dict(answers), dry_run], sort_keys=True, default=str)
    return hashlib.sha256(said.encode() + data).hexdigest()
