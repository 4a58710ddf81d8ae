"""What draws attention in a column of marks: not yet written, all alike, far from the term before. Pure.

None of it forbids anything: the teacher knows why, the page only asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from .rules import Plain

Written = Decimal | str | None


class CheckKind(StrEnum):
    MISSING = "missing"
    ALL_EQUAL = "all_equal"
    JUMP = "jump"


class CheckLimits(Plain):
    """data/grading/entry.json. jump: marks of the 10-point scale between two term averages; all_equal_from: how many equal
    values make a column worth a look; names_shown: how many pupils a sentence names.
    """

    note: str = ""
    confidence: str = "I"
    jump: Decimal = Field(gt=0, le=10)
    all_equal_from: int = Field(ge=2, le=100)
    names_shown: int = Field(ge=1, le=100)


@dataclass(frozen=True)
class Column:
    """code: regular.0, midterm ...; values: pupil -> what stands there ("" and None: nothing). counted: whether somebody
    waits for it (a remark is not).
    """

    code: str
    values: Mapping[int, Written]
    counted: bool = True


@dataclass(frozen=True)
class Check:
    """students: whom it is about, in the order of the book. before, now: of a jump."""

    kind: CheckKind
    column: str
    students: tuple[int, ...]
    value: Written = None
    before: Decimal | None = None
    now: Decimal | None = None


def entry_checks(
    limits: CheckLimits,
    students: Sequence[int],
    columns: Sequence[Column],
    *,
    averages: Mapping[int, Written],
    before: Mapping[int, Written],
) -> list[Check]:
    """Columns in which something stands already and somebody is missing; columns of one value; term averages that
    differ from the term before by `limits.jump` or more. averages, before: pupil -> term average.
    """
    found = [
        check
        for column in columns
        if column.counted
        for check in (_missing(students, column), _all_equal(limits, students, column))
        if check
    ]
    return found + _jumps(limits, students, averages, before)


def _has(value: Written) -> bool:
    return value is not None and value != ""


def _missing(students: Sequence[int], column: Column) -> Check | None:
    lacking = tuple(one for one in students if not _has(column.values.get(one)))
    if not lacking or len(lacking) == len(students):
        return None
    return Check(CheckKind.MISSING, column.code, lacking)


def _all_equal(limits: CheckLimits, students: Sequence[int], column: Column) -> Check | None:
    given = [(one, column.values[one]) for one in students if _has(column.values.get(one))]
    # Of two or three levels it is no wonder that a class has only one.
    if len(given) < limits.all_equal_from or not isinstance(given[0][1], Decimal):
        return None
    if len({value for _one, value in given}) > 1:
        return None
    return Check(CheckKind.ALL_EQUAL, column.code, tuple(one for one, _value in given), given[0][1])


def _jumps(
    limits: CheckLimits,
    students: Sequence[int],
    averages: Mapping[int, Written],
    before: Mapping[int, Written],
) -> list[Check]:
    found = []
    for one in students:
        now, then = averages.get(one), before.get(one)
        if isinstance(now, Decimal) and isinstance(then, Decimal) and abs(now - then) >= limits.jump:
            found.append(Check(CheckKind.JUMP, "average", (one,), before=then, now=now))
    return found
