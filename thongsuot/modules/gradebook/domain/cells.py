"""Cells of the teacher's book: which columns a line has, how a text becomes a mark, and back. Pure.

A line is one term of a pupil in a subject. Texts are canonical: "7.5", "8.0", "9" (a whole-number test), "Đ", "V".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from ..types import ColumnKind
from .record import COMMENTS, TEN, number, plain
from .rules import PrimaryRules, SecondaryRules

ABSENT_MARK = "V"
ABSENT_WORDS = frozenset({"v", "vắng", "absent"})
EXEMPT_WORDS = frozenset({"1", "x", "m", "miễn", "true"})
PRIMARY_LEVELS, COMMENT_LEVELS = ("T", "H", "C"), ("Đ", "CĐ")
LONGEST_REMARK = 2000
MOST_REGULAR = 20
# A class's grid says the same few marks over and over: texts up to this length are read once. Remarks are never kept.
SHORT = 8


def gettext_noop(text: str) -> str:
    return text


@dataclass(frozen=True)
class Column:
    """key as in types.CellChange; place: of a regular assessment, from 0."""

    key: str
    kind: ColumnKind
    choices: tuple[str, ...] = ()
    may_be_absent: bool = False

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def name(self) -> str:
        """The field of a line; "regular_level" of `regular_levels`."""
        return self.key.partition(".")[0]

    @cached_property
    def place(self) -> int:
        return int(self.key.partition(".")[2] or 0)

    @cached_property
    def is_regular(self) -> bool:
        return "." in self.key

    @cached_property
    def absent_name(self) -> str:
        """The field that says that the pupil was absent; "" where that is not kept."""
        return f"{self.name.removesuffix('_level')}_absent" if self.may_be_absent else ""


# One object for each column, so that what is known of it is worked out once.
_column = lru_cache(maxsize=256)(Column)


@dataclass(frozen=True)
class Line:
    """What is kept of a term of a pupil in a subject."""

    regular: tuple[Decimal | None, ...] = ()
    midterm: Decimal | None = None
    final: Decimal | None = None
    regular_levels: tuple[str, ...] = ()
    midterm_level: str = ""
    final_level: str = ""
    midterm_absent: bool = False
    final_absent: bool = False
    exempt: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Wrong:
    """Why a text cannot stand in a cell: a text to translate, with what it needs."""

    said: str
    about: dict[str, object] = field(default_factory=dict)


def columns_of(
    rules: SecondaryRules | PrimaryRules, form: str, code: str, grade: int, term: int, regular_count: int
) -> tuple[Column, ...]:
    """The columns of a line, left to right. term: 1 or 2; regular_count: assessments that the class has a term."""
    if isinstance(rules, PrimaryRules):
        return (*_primary(rules, code, grade, term), *REST)
    if form == "comment":
        level = (ColumnKind.LEVEL, COMMENT_LEVELS)
        regular = [_column(f"regular_level.{place}", *level) for place in range(regular_count)]
        periodic = [_column(key, *level, True) for key in ("midterm_level", "final_level")]
    else:
        regular = [_column(f"regular.{place}", ColumnKind.MARK) for place in range(regular_count)]
        periodic = [_column(key, ColumnKind.MARK, (), True) for key in ("midterm", "final")]
    return (*regular, *periodic, *REST)


REST = (Column("remark", ColumnKind.REMARK), Column("exempt", ColumnKind.EXEMPT))


def _primary(rules: PrimaryRules, code: str, grade: int, term: int) -> Iterable[Column]:
    for moment, test, level in zip(
        moments_of(term), ("midterm", "final"), ("midterm_level", "final_level"), strict=True
    ):
        yield _column(level, ColumnKind.LEVEL, PRIMARY_LEVELS)
        if code in rules.tested(grade, moment):
            yield _column(test, ColumnKind.TEST)


def moments_of(term: int) -> tuple[str, str]:
    """The two moments of a term in primary school (TT 27/2020 Điều 7)."""
    return ("GK1", "CK1") if term == 1 else ("GK2", "CN")


def read(line: Line, column: Column) -> str:
    """The text that stands in the cell."""
    if column.kind is ColumnKind.EXEMPT:
        return "1" if line.exempt else ""
    if column.may_be_absent and getattr(line, column.absent_name):
        return ABSENT_MARK
    value: Any
    if column.is_regular:
        places: tuple[Any, ...] = line.regular if column.name == "regular" else line.regular_levels
        value = places[column.place] if column.place < len(places) else None
    else:
        value = getattr(line, column.name)
    if isinstance(value, Decimal):
        return str(int(value)) if column.kind is ColumnKind.TEST else f"{value:.1f}"
    return value or ""


def canonical(column: Column, text: str, decimals: int = 1) -> str | Wrong:
    """`text` as it is kept, or why it cannot stand in the cell. decimals: of the rules."""
    if len(text) <= SHORT and column.kind is not ColumnKind.REMARK:
        return _short(column, text, decimals)
    return _canonical(column, text, decimals)


def _canonical(column: Column, text: str, decimals: int) -> str | Wrong:
    given = plain(text) if text else ""
    if not given:
        return ""
    if column.kind is ColumnKind.REMARK:
        if len(given) > LONGEST_REMARK:
            return Wrong(gettext_noop("nhận xét dài quá %(most)s ký tự"), {"most": LONGEST_REMARK})
        return given
    if column.kind is ColumnKind.EXEMPT:
        return (
            "1"
            if given.casefold() in EXEMPT_WORDS
            else ""
            if given in ("0", "false")
            else _not_one_of(given, ("1",))
        )
    if column.may_be_absent and given.casefold() in ABSENT_WORDS:
        return ABSENT_MARK
    if column.kind is ColumnKind.LEVEL:
        return _level(column, given)
    return _mark(column, given, decimals)


_short = lru_cache(maxsize=4096)(_canonical)


def _level(column: Column, given: str) -> str | Wrong:
    known = {one.casefold(): one for one in column.choices}
    if column.choices == COMMENT_LEVELS:
        known |= {word.casefold(): level for word, level in COMMENTS.items()}
        # How a keyboard without Vietnamese types the two.
        known |= {"d": "Đ", "cd": "CĐ"}
    return known.get(given.casefold()) or _not_one_of(given, column.choices)


def _not_one_of(given: str, choices: tuple[str, ...]) -> Wrong:
    return Wrong(
        gettext_noop("“%(value)s” không phải một trong: %(known)s"),
        {"value": given, "known": ", ".join(choices)},
    )


def _mark(column: Column, given: str, decimals: int) -> str | Wrong:
    mark = number(given)
    if mark is None or not 0 <= mark <= TEN:
        return Wrong(gettext_noop("“%(value)s” không phải điểm từ 0 đến 10"), {"value": given})
    if column.kind is ColumnKind.TEST:
        if mark != int(mark):
            return Wrong(gettext_noop("“%(value)s”: bài kiểm tra định kỳ chấm điểm nguyên"), {"value": given})
        return str(int(mark))
    if mark != round(mark, decimals):
        return Wrong(gettext_noop("“%(value)s” có quá nhiều chữ số sau dấu phẩy"), {"value": given})
    return f"{mark:.1f}"


def write(line: Line, column: Column, text: str) -> Line:
    """`line` with a canonical text in the cell."""
    return write_all(line, {column: text})


def write_all(line: Line, texts: Mapping[Column, str]) -> Line:
    """`line` with a canonical text in each cell. Empty places at the end of the regular assessments are dropped."""
    put: dict[str, Any] = {}
    for column, text in texts.items():
        if column.kind is ColumnKind.EXEMPT:
            put["exempt"] = bool(text)
        elif column.kind is ColumnKind.REMARK:
            put["remark"] = text
        elif column.is_regular:
            _put(put, line, column, text)
        else:
            is_absent = column.may_be_absent and text == ABSENT_MARK
            if column.may_be_absent:
                put[column.absent_name] = is_absent
            kept = "" if is_absent else text
            put[column.name] = kept if column.kind is ColumnKind.LEVEL else (Decimal(kept) if kept else None)
    whole: dict[str, Any] = {
        name: _trimmed(one) if isinstance(one, list) else one for name, one in put.items()
    }
    return replace(line, **whole)


def _put(put: dict[str, Any], line: Line, column: Column, text: str) -> None:
    is_level = column.name == "regular_level"
    field, empty = ("regular_levels", "") if is_level else ("regular", None)
    places = put.setdefault(field, list(getattr(line, field)))
    places += [empty] * (column.place + 1 - len(places))
    places[column.place] = text if is_level else (Decimal(text) if text else None)


def _trimmed(places: list[Any]) -> tuple[Any, ...]:
    while places and places[-1] in ("", None):
        places.pop()
    return tuple(places)
