"""Reads of the room: runs, their rows, the files that people take away."""

from __future__ import annotations

from typing import IO, Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.bulk import SOME_ROWS, BulkImporter
from thongsuot.kit.importing.columns import text_of
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.source import frame_of, table_of
from thongsuot.kit.importing.types import RowState
from thongsuot.kit.jobs.types import FINISHED
from thongsuot.kit.pages.exporting import Cell, write_xlsx


def runs(actor: Actor) -> QuerySet[ImportRun]:
    """The actor's own imports, the newest first; all of them for the system."""
    rows = ImportRun.objects.select_related("job", "user")
    return rows if actor.is_system else rows.filter(user_id=actor.user_id or 0)


def rows_of_run(actor: Actor, run: ImportRun) -> QuerySet[ImportRow]:
    """Rows of an import of the actor's, in the order of the file."""
    return ImportRow.objects.filter(run__in=runs(actor).filter(pk=run.pk)).order_by("number")


def may_open_source(actor: Actor, stored_file: Any) -> bool:
    """Whoever brought a file in may fetch it again."""
    return runs(actor).filter(file=stored_file).exists()


def partly_listed(run: ImportRun, importer: Importer) -> list[tuple[str, int, int]]:
    """(outcome, rows listed, rows of the file) where a bulk importer lists only the first rows of an outcome."""
    if not isinstance(importer, BulkImporter):
        return []
    long = [state for state in RowState if run.counts.get(state.value, 0) > SOME_ROWS]
    if not long:
        return []
    rows = ImportRow.objects.filter(run=run, state__in=long).values_list("state")
    listed = dict(rows.annotate(number=Count("pk")).order_by())
    return [
        (str(state.label), listed.get(state.value, 0), run.counts[state.value])
        for state in long
        if listed.get(state.value, 0) < run.counts[state.value]
    ]


def is_busy(run: ImportRun) -> bool:
    """Whether a job is at work on the run."""
    return run.job is not None and run.job.state not in FINISHED


def template_file(importer: Importer) -> IO[bytes]:
    """An empty sheet with the columns of an importer; a star marks what must be filled."""
    return write_xlsx(
        [f"{c.label} *" if c.required else str(c.label) for c in importer.columns], [], str(importer.title)
    )


def error_file(run: ImportRun, importer: Importer) -> IO[bytes]:
    """The rejected rows as they stood in the file, with the reason behind each: to mend and send again."""
    sheet, header = table_of(run, importer)
    wide = len(header.labels)
    rejected = ImportRow.objects.filter(run=run, state=RowState.REJECTED).order_by("number")
    reasons = {row.number: "; ".join(_words(error) for error in row.errors) for row in rejected}
    # A bulk importer reads only the top of the sheet as rows.
    line = frame_of(run).row if isinstance(importer, BulkImporter) else lambda number: sheet.rows[number - 1]
    heads = [_wide(sheet.rows[header.row + level], wide) for level in range(header.depth)]
    lines: list[list[Cell]] = [[*head, None] for head in heads[1:]]
    lines += [[*_wide(line(number), wide), reason] for number, reason in reasons.items()]
    first = [text_of(cell) for cell in heads[0]]
    return write_xlsx([*first, _("Lý do chưa nhập được")], lines, header.sheet)


def _words(error: dict[str, str]) -> str:
    return f"{error['label']}: {error['reason']}" if error.get("label") else error["reason"]


def _wide(row: list[Any], wide: int) -> list[Any]:
    cells = [*row, *([None] * wide)][:wide]
    # Times of day and spans have no cell of their own here.
    return [cell if isinstance(cell, Cell) else text_of(cell) for cell in cells]
