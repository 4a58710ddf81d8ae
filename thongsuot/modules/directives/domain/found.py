"""From what the reader found, or a person mended, to the values of tasks, targets and duties. Pure.

The shapes are those of domain.extraction: a task has `deadline {kind, raw, date, event, period}`, a duty
`due` of the same shape, a target `operator`, `value`, `unit`, `period`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from thongsuot.kit.text.vietnamese import fold

from ..types import DeadlineKind, FindingKind, Operator, Period
from .extraction import parse_deadline
from .periods import YearDates

_PERIODS = {
    "week": Period.WEEK,
    "month": Period.MONTH,
    "quarter": Period.QUARTER,
    "term": Period.TERM,
    "year": Period.YEAR,
}
# Words of a period that comes again and again, folded; "học kỳ 1 năm học 2025-2026" comes once.
_EVERY = r"(?:hang|moi|dinh ky(?: hang| moi)?)"
_RECURRING = (
    (re.compile(rf"{_EVERY} tuan"), Period.WEEK),
    (re.compile(rf"{_EVERY} thang"), Period.MONTH),
    (re.compile(rf"{_EVERY} quy"), Period.QUARTER),
    (re.compile(rf"{_EVERY} hoc ky"), Period.TERM),
    (re.compile(r"(?:0?6|sau) thang(?! (?:dau|cuoi) nam \d)"), Period.HALF_YEAR),
    (re.compile(rf"{_EVERY} nam hoc"), Period.SCHOOL_YEAR),
    (re.compile(rf"{_EVERY} nam"), Period.YEAR),
)
_SCHOOL_YEAR = re.compile(r"(20\d{2})\s*[-–/]\s*(20\d{2})")


@dataclass(frozen=True)
class FoundItem:
    """One item of the extraction with its place in the text."""

    kind: str
    data: dict[str, Any]
    start_line: int | None
    end_line: int | None
    # Found, but left out unless a person takes it in.
    drop_reason: str = ""


@dataclass(frozen=True)
class FoundDeadline:
    kind: str
    due_on: date | None = None
    words: str = ""
    event: str = ""
    period: str = ""


def items(extracted: dict[str, Any], *, standing_reason: str) -> Iterator[FoundItem]:
    """Tasks, targets, duties in the order of the text. Standing duties of units ("tổ chức thực hiện") of
    an order that has its tasks in tables are kept aside with `standing_reason`."""
    for name, kind in (
        ("tasks", FindingKind.TASK),
        ("targets", FindingKind.TARGET),
        ("reporting", FindingKind.REPORTING),
    ):
        for data in extracted.get(name) or ():
            yield _item(kind, data)
    for data in extracted.get("responsibilities") or ():
        yield _item(FindingKind.TASK, data, standing_reason)


def _item(kind: str, data: dict[str, Any], drop_reason: str = "") -> FoundItem:
    source = data.get("source") or {}
    return FoundItem(kind, data, source.get("start_line"), source.get("end_line"), drop_reason)


def lead_words(kind: str, data: dict[str, Any]) -> list[str]:
    """Who does it, in the words of the order."""
    return list(data.get("who" if kind == FindingKind.REPORTING else "lead") or ())


def deadline_of(said: Any, school_years: Sequence[YearDates]) -> FoundDeadline:
    """A deadline as it was read; `said` may be None. A school year ends on the day that the province set
    for it.
    """
    found = said if isinstance(said, dict) else {}
    kind = found.get("kind") or DeadlineKind.NONE
    words = found.get("raw") or ""
    due_on = _day(found.get("date"))
    if kind == DeadlineKind.SCHOOL_YEAR and due_on is None:
        due_on = _end_of_school_year(words, school_years)
    period = _PERIODS.get(found.get("period") or "", "")
    return FoundDeadline(kind, due_on, words, found.get("event") or "", str(period))


def read_deadline(said: dict[str, Any] | None, *, year: int) -> dict[str, Any]:
    """What a person typed, as a deadline: the words are read where no kind was chosen; a day that was
    given counts more than the words."""
    said = said or {}
    words, kind, day = said.get("raw") or "", said.get("kind") or "", said.get("date")
    read: dict[str, Any] = parse_deadline(words, today_year=year).as_json()
    if kind:
        return {**read, "kind": kind, "date": day or (read["date"] if kind == read["kind"] else None)}
    if day:
        return {
            **read,
            "kind": DeadlineKind.DATE if read["kind"] == DeadlineKind.NONE else read["kind"],
            "date": day,
        }
    return read


def read_due(said: Any, *, year: int) -> dict[str, Any] | None:
    """The due day of a report: as it was read, or the words that a person typed."""
    if isinstance(said, dict) or said is None:
        return said
    return parse_deadline(said, today_year=year).as_json() if str(said).strip() else None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _end_of_school_year(words: str, school_years: Sequence[YearDates]) -> date | None:
    named = _SCHOOL_YEAR.search(words)
    first = int(named[1]) if named else None
    return next((year.ends_on for year in school_years if year.starts_on.year == first), None)


def period_of(words: str | None) -> str:
    """The period of a duty that comes again; "" for one that comes once or whenever there is cause."""
    if words in Period.values:
        return str(words)
    folded = fold(words)
    return next((str(period) for pattern, period in _RECURRING if pattern.search(folded)), "")


def legal_words(data: dict[str, Any]) -> str:
    """The legal basis as text, whether it was read as citations or typed."""
    said = data.get("legal_basis")
    if isinstance(said, str) and said.strip():
        return said.strip()
    if data.get("legal_basis_raw"):
        return str(data["legal_basis_raw"]).strip()
    cited = said if isinstance(said, list) else []
    return "; ".join(
        str(one.get("words") or one.get("number") or "") for one in cited if isinstance(one, dict)
    )


def operator_of(data: dict[str, Any]) -> str:
    said = data.get("operator")
    return str(said) if said in Operator.values else str(Operator.AT_LEAST)


def value_of(data: dict[str, Any]) -> tuple[Decimal | None, str]:
    """(value, measure) of a target; "tất cả" is 100 %."""
    if data.get("measure") == "all":
        return Decimal(100), "%"
    value = data.get("value")
    try:
        number = None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        number = None
    measure = str(data.get("unit") or ("%" if number is not None else ""))
    return number, measure[:60]


def last_day_of(words: str | None, *, year: int) -> date | None:
    """The last day that the period of a target names ("năm 2026", "đến hết quý III/2026")."""
    return parse_deadline(words, today_year=year).date if words else None
