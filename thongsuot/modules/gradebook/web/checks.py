"""What draws attention in a grid, in words, with the cell to go to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.entry_checks import Check, CheckKind, CheckLimits, Column, Written, entry_checks
from ..types import ColumnKind, Grid

UNCOUNTED = (ColumnKind.REMARK, ColumnKind.EXEMPT)


def checks_of(grid: Grid, before: Grid | None) -> list[dict[str, Any]]:
    """[{"text", "key", "tone"}] of a term's grid; before: the term before, where there is one."""
    rows = [row for row in grid.rows if not row.has_left and not row.cells.get("exempt")]
    columns = [
        Column(
            one.key,
            {row.student_id: _written(row.cells.get(one.key, ""), one.kind) for row in rows},
            one.kind not in UNCOUNTED,
        )
        for one in grid.columns
    ]
    now = {row.student_id: _mark(row.result) for row in rows}
    then = {row.student_id: _mark(row.result) for row in before.rows} if before else {}
    limits = check_limits()
    found = entry_checks(limits, [row.student_id for row in rows], columns, averages=now, before=then)
    names = {row.student_id: row.name for row in rows}
    titles = {one.key: one.title for one in grid.columns}
    return [_said(check, names, titles, limits.names_shown, grid) for check in found]


def _said(check: Check, names: dict[int, str], titles: dict[str, str], most: int, grid: Grid) -> dict[str, Any]:
    column, key = titles.get(check.column, ""), f"{check.students[0]}|{check.column}"
    if check.kind is CheckKind.MISSING:
        number = len(check.students)
        said = {"column": column, "n": number, "names": _names(check.students, names, most)}
        text = ngettext(
            "%(column)s: còn thiếu %(n)d em: %(names)s", "%(column)s: còn thiếu %(n)d em: %(names)s", number
        )
        return {"text": text % said, "key": key, "tone": "warn"}
    if check.kind is CheckKind.ALL_EQUAL:
        said = {"column": column, "n": len(check.students), "value": str(check.value).replace(".", ",")}
        return {"text": _("%(column)s: cả %(n)d em cùng điểm %(value)s") % said, "key": key, "tone": "info"}
    said = {"name": names[check.students[0]], "then": _words(check.before), "now": _words(check.now)}
    last = grid.columns[0].key if grid.columns else ""
    text = _("%(name)s: trung bình học kỳ trước %(then)s, học kỳ này %(now)s") % said
    return {"text": text, "key": f"{check.students[0]}|{last}", "tone": "info"}


def _names(students: Sequence[int], names: dict[int, str], most: int) -> str:
    said = ", ".join(names[one] for one in students[:most])
    return said if len(students) <= most else f"{said}, …"


def _words(value: Decimal | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _written(text: str, kind: ColumnKind) -> Written:
    return (text if _mark(text) is None else _mark(text)) if kind in (ColumnKind.MARK, ColumnKind.TEST) else text


def _mark(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def check_limits() -> CheckLimits:
    return _limits(Path(settings.DATA_DIR) / "grading" / "entry.json")


@lru_cache(maxsize=2)
def _limits(path: Path) -> CheckLimits:
    return CheckLimits.model_validate_json(path.read_bytes())
