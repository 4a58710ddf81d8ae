"""Cells of the teacher's book: which columns a line has, how a text becomes a mark, and back. Pure.

A line is one term of a pupil in a subject. Texts are canonical: "7.5", "8.0", "9" (a whole-number test), "Đ", "V".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
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


def gettext_noop(text: str) -> str:
    return text


@dataclass(frozen=True)
class Column:
    """key as in types.CellChange; place: of a regular assessment, from 0."""

    key: str
    kind: ColumnKind
    choices: tuple[str, ...] = ()
    may_be_absent: bool = False

    @property
    def place(self) -> int:
        return int(self.key.partition(".")[2] or 0)


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
    level = {"kind": ColumnKind.LEVEL, "choices": COMMENT_LEVELS}
    if form == "comment":
        regular = [Column(f"regular_level.{place}", **level) for place in range(regular_count)]  # type: ignore[arg-type]
        periodic = [Column(key, **level, may_be_absent=True) for key in ("midterm_level", "final_level")]  # type: ignore[arg-type]
    else:
        regular = [Column(f"regular.{place}", ColumnKind.MARK) for place in range(regular_count)]
        periodic = [Column(key, ColumnKind.MARK, may_be_absent=True) for key in ("midterm", "final")]
    return (*regular, *periodic, *REST)


REST = (Column("remark", ColumnKind.REMARK), Column("exempt", ColumnKind.EXEMPT))


def _primary(rules: PrimaryRules, code: str, grade: int, term: int) -> Iterable[Column]:
    for moment, test, level in zip(
        moments_of(term), ("midterm", "final"), ("midterm_level", "final_level"), strict=True
    ):
        yield Column(level, ColumnKind.LEVEL, PRIMARY_LEVELS)
        if code in rules.tested(grade, moment):
            yield Column(test, ColumnKind.TEST)


def moments_of(term: int) -> tuple[str, str]:
    """The two moments of a term in primary school (TT 27/2020 Điều 7)."""
    return ("GK1", "CK1") if term == 1 else ("GK2", "CN")


def read(line: Line, column: Column) -> str:
    """The text that stands in the cell."""
    name, _dot, place = column.key.partition(".")
    if column.kind is ColumnKind.EXEMPT:
        return "1" if line.exempt else ""
    if column.may_be_absent and getattr(line, f"{name.removesuffix('_level')}_absent"):
        return ABSENT_MARK
    if name == "regular_level":
        return line.regular_levels[int(place)] if int(place) < len(line.regular_levels) else ""
    value = getattr(line, name)
    if place:
        value = value[int(place)] if int(place) < len(value) else None
    if isinstance(value, Decimal):
        return str(int(value)) if column.kind is ColumnKind.TEST else f"{value:.1f}"
    return value or ""


def canonical(column: Column, text: str, decimals: int = 1) -> str | Wrong:
    """`text` as it is kept, or why it cannot stand in the cell. decimals: of the rules."""
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
        name, _dot, place = column.key.partition(".")
        if column.kind is ColumnKind.EXEMPT:
            put["exempt"] = bool(text)
        elif column.kind is ColumnKind.REMARK:
            put["remark"] = text
        elif place:
            _put(put, line, name, int(place), text)
        else:
            if column.may_be_absent:
                put[f"{name.removesuffix('_level')}_absent"] = text == ABSENT_MARK
            kept = "" if text == ABSENT_MARK else text
            put[name] = kept if column.kind is ColumnKind.LEVEL else (Decimal(kept) if kept else None)
    return replace(
        line, **{name: _trimmed(one) if isinstance(one, list) else one for name, one in put.items()}
    )


def _put(put: dict[str, Any], line: Line, name: str, place: int, text: str) -> None:
    is_level = name == "regular_level"
    field, empty = ("regular_levels", "") if is_level else ("regular", None)
    places = put.setdefault(field, list(getattr(line, field)))
    places += [empty] * (place + 1 - len(places))
    places[place] = text if is_level else (Decimal(text) if text else None)


def _trimmed(places: list[Any]) -> tuple[Any, ...]:
    while places and places[-1] in ("", None):
        places.pop()
    return tuple(places)
