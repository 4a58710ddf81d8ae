"""What somebody types who looks for a person: words of a name or code, a birth date or year, a class, a personal id. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from thongsuot.kit.text.vietnamese import fold

MOST_WORDS = 8
# Before the given name, and before a code, among the words of the index; nothing before any other part of a name.
GIVEN, CODE, OTHER = "\x01", "\x02", ""
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLASS = re.compile(r"(?:^|\s)lop\s+(.+)$")
_MAY_BE_CLASS = re.compile(r"(?=.*\d)[\w./-]{1,8}")
_PERSONAL_ID = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Looked:
    """words: folded, each the beginning of a word of the name or of a code. may_be_class: those of them that may also
    name a class. births: first and last day. class_name: what stands after "lớp". personal_id: 12 digits, or "".
    """

    words: tuple[str, ...] = ()
    births: tuple[tuple[date, date], ...] = ()
    class_name: str = ""
    personal_id: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.births or self.class_name or self.personal_id)

    @property
    def is_letters_only(self) -> bool:
        """Words without a digit and nothing else: a name or part of one, neither a code nor a class."""
        if self.births or self.class_name or self.personal_id or not self.words:
            return False
        return not any(letter.isdigit() for word in self.words for letter in word)


def may_be_class(word: str) -> bool:
    """ "6a1", "10/2", "12c": short, with a digit."""
    return _MAY_BE_CLASS.fullmatch(word) is not None


def looked_for(text: str) -> Looked:
    """Never raises: what is neither a date nor a number is a word."""
    folded = fold(text)
    class_name = ""
    if found := _CLASS.search(folded):
        class_name, folded = found[1], folded[: found.start()]
    words, births, personal_id = [], [], ""
    for word in folded.split()[:MOST_WORDS]:
        if _PERSONAL_ID.fullmatch(word) and not personal_id:
            personal_id = word
        elif span := _span(word):
            births.append(span)
        else:
            words.append(word)
    return Looked(tuple(words), tuple(births), class_name, personal_id)


def _span(word: str) -> tuple[date, date] | None:
    try:
        if found := _DAY.fullmatch(word):
            day = date(int(found[3]), int(found[2]), int(found[1]))
            return day, day
        if found := _MONTH.fullmatch(word):
            month, year = int(found[1]), int(found[2])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None
    if _YEAR.fullmatch(word):
        return date(int(word), 1, 1), date(int(word), 12, 31)
    return None


def as_tsquery(words: Iterable[str], marks: Sequence[str] = (OTHER, GIVEN, CODE)) -> str:
    """The words in the syntax of a tsquery literal, nothing normalised: each the beginning of a word of the index
    (models/searching.py: MarkedWords) that has one of `marks`.
    """
    return " & ".join(_any_of(f"{mark}{word}" for mark in marks) for word in words)


def as_tsquery_of_codes(words: Iterable[str]) -> str:
    """Any of the words as the beginning of a code."""
    return _any_of(f"{CODE}{word}" for word in words)


def _any_of(words: Iterable[str]) -> str:
    quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words)
    return "(" + " | ".join(f"'{word}':*" for word in quoted) + ")"
