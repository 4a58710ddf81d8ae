"""What people decide of a pupil's year, cell by cell: a page that two people have open overwrites nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.context import acting
from thongsuot.kit.text.vietnamese import mend_d

from ..models import YearJudgement
from ..types import CellChange, EntryOutcome, PrimaryLearning
from .keeping import judge_year
from .keeping_cells import (
    CONDUCTS,
    LETTERS,
    LONGEST_REMARK,
    _one_at_a_time,
    _outcome_of,
    _tell_apart,
    _writers_of,
)
from .results import compute_results

LEVELS: dict[str, str] = {
    PrimaryLearning.EXCELLENT: "HTXS",
    PrimaryLearning.WELL_DONE: "HTT",
    PrimaryLearning.DONE: "HT",
    PrimaryLearning.NOT_DONE: "CHT",
}
PRIMARY = {letters.casefold(): value for value, letters in LEVELS.items()}
MOST_ABSENCES = 366
# What results are made of; a remark is not.
COUNTED = frozenset({"absences", "trained", "helped", "stands_out", "has_plan"})
YES = ("x", "1")


@transaction.atomic
def enter_judgements(
    *, by: Actor, school_class: Any, changes: Sequence[CellChange], reason: str = ""
) -> EntryOutcome:
    """Cells "absences" (sessions), "trained" (T, K, Đ, CĐ), "helped" (HTXS, HTT, HT, CHT), "stands_out", "has_plan" (x),
    "remark"; the pupils' results are computed again at once.

    Raises NotAllowed, BookLocked (see `judge_year`).
    Legal source: TT 22/2021/TT-BGDĐT Điều 13; TT 27/2020/TT-BGDĐT Điều 11, 13.
    """
    _one_at_a_time(school_class)
    rows = {row.student_id: row for row in YearJudgement.objects.filter(school_class=school_class)}

    def stored(student_id: int, column: str) -> str:
        return _cell_text(rows.get(student_id), column)

    told = _tell_apart(by, school_class, changes, stored, _canonical)
    with acting(by, reason=reason):
        for student_id, cells in told.wanted.items():
            judge_year(by=by, school_class=school_class, student_id=student_id, **_values(cells))
    if any(COUNTED & cells.keys() for cells in told.wanted.values()):
        compute_results(by=None, unit=school_class.unit, school_year=school_class.school_year)
    return _outcome_of(told, _writers_of(YearJudgement, {"school_class": school_class}, told.conflicts))


def _cell_text(row: YearJudgement | None, column: str) -> str:
    """As it stands in the cell."""
    if row is None:
        return ""
    if column == "absences":
        return "" if row.absences is None else str(row.absences)
    if column in ("stands_out", "has_plan"):
        return "x" if getattr(row, column) else ""
    if column == "trained":
        return LETTERS.get(row.trained, "")
    return LEVELS.get(row.helped, "") if column == "helped" else row.remark


def _canonical(column: str, given: str) -> str | None:
    if not given:
        return "" if column in COUNTED or column == "remark" else None
    folded = mend_d(given).casefold()
    if column == "absences":
        return (
            str(int(given)) if given.isdecimal() and len(given) < 4 and int(given) <= MOST_ABSENCES else None
        )
    if column in ("stands_out", "has_plan"):
        return "x" if folded in YES else None
    if column == "trained":
        return LETTERS[CONDUCTS[folded]] if folded in CONDUCTS else None
    if column == "helped":
        return LEVELS[PRIMARY[folded]] if folded in PRIMARY else None
    return given if column == "remark" and len(given) <= LONGEST_REMARK else None


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `judge_year`."""
    found: dict[str, Any] = {}
    for column, text in cells.items():
        if column == "absences":
            found[column] = int(text) if text else ""
        elif column in ("stands_out", "has_plan"):
            found[column] = text == "x"
        elif column == "trained":
            found[column] = str(CONDUCTS[text.casefold()]) if text else ""
        elif column == "helped":
            found[column] = str(PRIMARY[text.casefold()]) if text else ""
        else:
            found[column] = text
    return found
