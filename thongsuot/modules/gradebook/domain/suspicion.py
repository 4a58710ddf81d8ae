"""What in a class's marks is missing, or looks wrong though it may be right. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..types import ColumnKind
from .cells import ABSENT_MARK, Column

# A whole class with one and the same mark: of so many pupils or more it is looked at.
MANY = 10
# A pupil with one and the same mark everywhere: of so many marks or more.
SEVERAL = 5
# A periodic mark so far from the average of the term before.
JUMP = Decimal("3.0")
PERIODIC = ("midterm", "final")


@dataclass(frozen=True)
class Suspected:
    """student_id: None when it is about a whole column."""

    kind: Literal["missing", "all_equal", "same_marks", "jump"]
    student_id: int | None
    column: str
    value: str = ""
    before: str = ""


def suspected(
    columns: Sequence[Column],
    cells: Mapping[int, Mapping[str, str]],
    before: Mapping[int, Decimal],
) -> list[Suspected]:
    """cells: pupil -> column -> text (domain.cells); before: averages of the term before. Comments that are all Đạt are
    the rule, and are not suspected.
    """
    found = [*_missing(columns, cells), *_all_equal(columns, cells)]
    marks = [one.key for one in columns if one.kind is ColumnKind.MARK]
    for student_id, line in cells.items():
        given = [line[key] for key in marks if line[key] not in ("", ABSENT_MARK)]
        if len(given) >= SEVERAL and len(set(given)) == 1:
            found.append(Suspected("same_marks", student_id, "", given[0]))
        found += _jumps(student_id, line, before.get(student_id))
    return found


def _missing(columns: Sequence[Column], cells: Mapping[int, Mapping[str, str]]) -> Iterator[Suspected]:
    """Cells that are empty in a column that has been begun."""
    for column in columns:
        if column.kind in (ColumnKind.REMARK, ColumnKind.EXEMPT):
            continue
        empty = [student_id for student_id, line in cells.items() if not line[column.key]]
        if len(empty) < len(cells):
            yield from (Suspected("missing", student_id, column.key) for student_id in empty)


def _all_equal(columns: Sequence[Column], cells: Mapping[int, Mapping[str, str]]) -> Iterator[Suspected]:
    for column in columns:
        if column.kind not in (ColumnKind.MARK, ColumnKind.TEST):
            continue
        given = [line[column.key] for line in cells.values() if line[column.key]]
        if len(given) >= MANY and len(set(given)) == 1:
            yield Suspected("all_equal", None, column.key, given[0])


def _jumps(student_id: int, line: Mapping[str, str], before: Decimal | None) -> Iterator[Suspected]:
    if before is None:
        return
    for key in PERIODIC:
        text = line.get(key, "")
        if text not in ("", ABSENT_MARK) and abs(Decimal(text) - before) >= JUMP:
            yield Suspected("jump", student_id, key, text, f"{before:.1f}")
