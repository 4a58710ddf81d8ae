"""The table of tasks for the monitoring system of the level above.

No public layout of that system is known (facts, section 1), so the columns are those of task tables in
documents; their names and order are data: data/directives/central-columns.json.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import Assignment
from ..permissions import assignments_visible
from ..types import SubmissionState, Timeliness
from .counting import scope_of
from .standing import timeliness_case

ROWS_AT_ONCE = 500
DATE_FIELDS = {"issued_on", "assigned_on", "due_on", "completed_on"}


def columns() -> list[dict[str, Any]]:
    """[{"field", "title", "width"}] in the order of the file."""
    path = Path(settings.DATA_DIR) / "directives" / "central-columns.json"
    return json.loads(path.read_text(encoding="utf-8"))["columns"]


def central_rows(actor: Actor, *, unit_id: int, today: date, directive: Any = None) -> QuerySet[Assignment]:
    """The tasks that the unit received or set, in the order of the documents. Http404 as the dashboard."""
    scope = scope_of(actor, unit_id)
    rows = Assignment.objects.filter(assignments_visible(actor), scope.of())
    if scope.unit_ids is None:
        rows = rows.filter(parent__isnull=True)
    else:
        rows = rows.filter(Q(parent__isnull=True) | ~Q(parent__unit_id__in=scope.unit_ids))
    if directive is not None:
        rows = rows.filter(directive=directive)
    return (
        rows.select_related("unit", "assigned_by_unit", "directive", "person", "leader")
        .prefetch_related("coordinators__unit", "submissions", "difficulties")
        .defer("search", "text_fold", "directive__source_text")
        .annotate(timeliness=timeliness_case(today))
        .order_by("directive_id", "finding__position", "pk")
    )


def central_workbook(
    rows: QuerySet[Assignment], step: Callable[[int], None] = lambda done: None
) -> IO[bytes]:
    """An .xlsx with one row for each task. `step` is told now and then how many are read."""
    cells = []
    for number, row in enumerate(rows.iterator(chunk_size=ROWS_AT_ONCE)):
        if number % ROWS_AT_ONCE == 0:
            step(number)
        cells.append(_cells(row))
    return _written(cells)


def _cells(row: Assignment) -> dict[str, Any]:
    order = row.directive
    accepted = [one for one in row.submissions.all() if one.state == SubmissionState.ACCEPTED]
    product = accepted[0] if accepted else None
    troubles = list(row.difficulties.all())
    return {
        "section": row.section,
        "text": row.text,
        "directive": f"{order.type} {order.number}".strip() if order else "",
        "issued_on": order.issued_on if order else None,
        "legal_basis": row.legal_basis,
        "unit": row.unit.name,
        "coordinating": "; ".join(one.unit.name for one in row.coordinators.all()),
        "leader": row.leader.full_name if row.leader else "",
        "person": row.person.full_name if row.person else "",
        "product": row.product,
        "assigned_by": row.assigned_by_unit.name,
        "assigned_on": row.assigned_on,
        "deadline_words": row.deadline_words or row.get_deadline_kind_display(),
        "due_on": row.due_on,
        "state": row.get_state_display(),
        "timeliness": str(Timeliness(row.timeliness).label),  # type: ignore[attr-defined]
        "progress": row.progress,
        "completed_on": row.completed_on,
        "evidence": _evidence(product),
        "difficulties": "; ".join(one.text for one in troubles),
        "proposals": "; ".join(one.proposal for one in troubles if one.proposal),
    }


def _evidence(product: Any) -> str:
    if product is None:
        return ""
    number = "/".join(part for part in (product.number, product.symbol) if part)
    day = f" ngày {product.issued_on:%d/%m/%Y}" if product.issued_on else ""
    return f"{number}{day} {product.subject}".strip()


def _written(rows: list[dict[str, Any]]) -> io.BytesIO:
    out = io.BytesIO()
    # Text stays text: a cell that begins with "=" is no formula.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options | {"in_memory": True})
    sheet = book.add_worksheet("Nhiệm vụ")
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "border": 1, "align": "center"})
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    write: dict[bool, Callable[..., Any]] = {True: sheet.write_datetime, False: sheet.write}
    for x, column in enumerate([{"field": "", "title": "STT", "width": 6}, *columns()]):
        sheet.set_column(x, x, column["width"])
        sheet.write(0, x, column["title"], head)
        for y, row in enumerate(rows, start=1):
            value = row[column["field"]] if column["field"] else y
            is_day = column["field"] in DATE_FIELDS and value is not None
            write[is_day](y, x, value, day if is_day else wrap)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns()))
    book.close()
    out.seek(0)
    return out
