"""The ministry's word for a spell (list trang_thai_hoc_sinh), derived from how it began and ended. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..types import EntryType, ExitType

SUMMER = 0
STUDYING = "01"
# what happened -> its code by the term in which it happened: summer, term 1, term 2
CODES = {
    EntryType.TRANSFERRED_IN.value: ("10", "02", "06"),
    # Coming back in the summer is beginning the year with everybody else.
    EntryType.RETURNED.value: (STUDYING, "03", "07"),
    ExitType.TRANSFERRED_OUT.value: ("11", "04", "08"),
    ExitType.DROPPED_OUT.value: ("12", "05", "09"),
}
TermDates = tuple[int, date, date]


def term_on(day: date, terms: Sequence[TermDates]) -> int:
    """1 or 2, SUMMER before the first term and after the last. Days between two terms belong to the earlier one.

    terms: (number, first day, last day).
    """
    begun = [term for term in sorted(terms, key=lambda term: term[1]) if term[1] <= day]
    if not begun:
        return SUMMER
    number, _begins, ends = begun[-1]
    is_last = number == max(term[0] for term in terms)
    return SUMMER if is_last and day > ends else min(number, 2)


def status_of(
    *,
    entry_type: str,
    entered_on: date,
    exit_type: str = "",
    left_on: date | None = None,
    terms: Sequence[TermDates],
) -> str:
    """Code 01 to 12. An end that is no leaving (year end, another class) keeps the word of the beginning."""
    if exit_type in CODES and left_on is not None:
        return CODES[exit_type][term_on(left_on, terms)]
    if entry_type in CODES:
        return CODES[entry_type][term_on(entered_on, terms)]
    return STUDYING
