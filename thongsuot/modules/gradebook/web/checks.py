"""What is worth a second look in a grid, in words, with the cell to go to; missing cells of a column in one sentence."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from .. import queries
from ..types import Grid

NAMES_SHOWN = 5


def checks_of(actor: Any, grid: Grid) -> list[dict[str, Any]]:
    """[{"text", "key", "tone"}] of a term's grid."""
    names = {row.student_id: row.name for row in grid.rows}
    titles = {one.key: one.title for one in grid.columns}
    missing: dict[str, list[int]] = defaultdict(list)
    others = []
    for one in queries.suspicions(actor, grid.class_subject, grid.term):
        if one.kind == "missing" and one.student_id is not None:
            missing[one.column].append(one.student_id)
        else:
            others.append(_one(one, names, grid))
    return [_missing(column, ids, names, titles) for column, ids in missing.items()] + others


def _missing(column: str, ids: list[int], names: dict[int, str], titles: dict[str, str]) -> dict[str, Any]:
    said = ", ".join(names.get(one, "") for one in ids[:NAMES_SHOWN])
    about = {
        "column": titles.get(column, ""),
        "n": len(ids),
        "names": said if len(ids) <= NAMES_SHOWN else f"{said}, …",
    }
    text = _("%(column)s: còn thiếu %(n)d em: %(names)s") % about
    return {"text": text, "key": f"{ids[0]}|{column}", "tone": "warn"}


def _one(one: Any, names: dict[int, str], grid: Grid) -> dict[str, Any]:
    first = grid.rows[0].student_id if grid.rows else 0
    column = one.column or (grid.columns[0].key if grid.columns else "")
    said = one.said.replace(".", ",")
    text = f"{names.get(one.student_id, '')}: {said}" if one.student_id else said[:1].upper() + said[1:]
    return {"text": text, "key": f"{one.student_id or first}|{column}", "tone": "info"}
