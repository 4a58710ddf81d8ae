"""Numbers in front of paragraphs, and which may follow which.

Levels as in NĐ 30/2020/NĐ-CP, Phụ lục I, II.5: phần, chương, mục, tiểu mục, điều, khoản (1.), điểm (a));
practice adds I., A., 1.1., (1), (i) and the bullets -, +, •. The order of nesting is learnt from the
document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import fold

LETTERS = "abcdđeghiklmnopqrstuvxy"  # the order of điểm: no f, j, w, z
_ROMAN = re.compile(r"^(?=[IVXL])(X{0,3})(IX|IV|V?I{0,3})$")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True)
class Marker:
    """`kind` is the form of the number, `label` what a reader calls it ("a", "1.1", "II"), `value` its
    rank."""

    kind: str
    label: str
    value: int | None
    end: int  # where the text begins


def roman_value(text: str) -> int | None:
    """Value of a Roman numeral up to XXXIX; None when it is not one."""
    if not text or not _ROMAN.match(text):
        return None
    total = 0
    for here, after in zip(text, [*text[1:], ""], strict=True):
        value = _VALUES[here]
        total += -value if after and _VALUES[after] > value else value
    return total


def letter_value(text: str) -> int | None:
    index = LETTERS.find(text.lower()) if len(text) == 1 else -1
    return index + 1 if index >= 0 else None


_NAMED = re.compile(r"^\s*(phan|chuong|muc|tieu muc|dieu)\s+([ivxl]+|\d{1,3})(?!\w)\s*[.:)]?\s*")
_NAMES = re.compile(r"\s*(?:Phần|Chương|Mục|Tiểu mục|Điều)\b", re.IGNORECASE)  # and not "Phan", "Mức"
_AMOUNT = r"\d+(?:[.,]\d+)?\s*%|\d{2,3}\s+[^\W\d_]"  # "2. 100% hồ sơ", "3. 02 lớp học"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("paren-decimal", re.compile(r"^\s*\((\d{1,2})\)\s*")),
    ("paren-roman", re.compile(r"^\s*\(([ivx]{1,5})\)\s*")),
    ("paren-letter", re.compile(r"^\s*\(([a-zđ])\)\s*")),
    ("decimal", re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2}){1,4})\s*[.)]?\s+(?=\D|" + _AMOUNT + ")")),
    ("roman", re.compile(r"^\s*([IVXL]{1,7})\s*(?:[.)]\s*|[-–:]\s+)(?=\S)")),
    ("number", re.compile(r"^\s*(\d{1,2})\s*[.](?:\s*(?=[^\d\s])|\s+(?=" + _AMOUNT + "))")),
    ("number", re.compile(r"^\s*(\d{1,2})\s*[-–]\s+(?=[^\W\d_])")),  # "1- " of the Party's documents
    ("number-paren", re.compile(r"^\s*(\d{1,2})\s*\)\s*(?=\S)")),
    ("letter", re.compile(r"^\s*([a-zđ])\s*\)\s*(?=\S)")),
    ("letter-dot", re.compile(r"^\s*([a-zđ])\s*\.\s+(?=\S)")),
    ("capital", re.compile(r"^\s*([A-ZĐ])\s*[.)]\s+(?=\S)")),
    ("dash", re.compile(r"^\s*([-–—])\s*(?=[^\s\d-]|\d+\s*%|\d{2,}\s+[a-zđ])")),
    ("plus", re.compile(r"^\s*([+])\s*(?=\S)")),
    ("bullet", re.compile(r"^\s*([•●▪◦■*·])\s*(?=[^*\s])")),
)
BULLETS = frozenset({"dash", "plus", "bullet"})


def read_marker(text: str) -> Marker | None:
    """The number or bullet that `text` begins with, if any."""
    named = _NAMED.match(fold(text))
    if named and _NAMES.match(text) and (named.group(1) != "muc" or ":" not in named.group()):
        label = text[named.start(2) : named.end(2)]
        value = roman_value(label.upper()) or (int(label) if label.isdecimal() else None)
        if value is not None:
            return Marker(named.group(1).replace(" ", "-"), label, value, named.end())
    for kind, pattern in _PATTERNS:
        found = pattern.match(text)
        if not found:
            continue
        marker = _marker(kind, found)
        if marker:
            return marker
    return None


def _marker(kind: str, found: re.Match[str]) -> Marker | None:
    label = found.group(1)
    if kind in BULLETS:
        return Marker(kind, label, None, found.end())
    if kind in ("roman", "paren-roman"):
        value = roman_value(label.upper())
    elif kind == "decimal":
        parts = label.split(".")
        return Marker(f"decimal{len(parts)}", label, int(parts[-1]), found.end())
    elif kind in ("number", "number-paren", "paren-decimal"):
        value = int(label)
    else:
        value = letter_value(label)
    return Marker(kind, label, value, found.end()) if value is not None else None


def may_follow(previous: str | None, number: str) -> bool:
    """May a table row numbered `number` come after `previous`? ("2,3" is read as "2.3".)

    After 2.3 come 2.4, 3 and 2.3.1; after 2 come 2.1 and 3. Used where a number at the start of a line
    might as well be a year or an amount.
    """
    here = _parts(number)
    if not here:
        return False
    before = _parts(previous or "")
    if not before:
        return all(part == 1 for part in here) or here == (0,)
    if here == (*before, 1):
        return True
    depth = len(here)
    return depth <= len(before) and here[:-1] == before[: depth - 1] and here[-1] == before[depth - 1] + 1


def _parts(number: str) -> tuple[int, ...]:
    pieces = re.split(r"[.,]", number.strip(" .,)"))
    if not all(re.fullmatch(r"[0-9]{1,3}", piece) for piece in pieces):  # "²" is a digit to isdigit()
        return ()
    return tuple(map(int, pieces))
