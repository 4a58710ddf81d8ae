"""Numbers, symbols, signing lines and outline numbers of administrative documents. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ..types import SigningMode

_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
# The Vietnamese order of letters for điểm: đ has its own place, f j w z are not used.
_LETTERS = "abcdđeghiklmnopqrstuvxy"


def document_number(number: int) -> str:
    """Below 10 with a leading zero (NĐ 30/2020 Phụ lục I, mục II.3)."""
    if number < 1:
        raise ValueError("document numbers start at 1 each year")
    return f"{number:02d}"


def document_symbol(*, type_abbreviation: str, agency: str, office: str = "") -> str:
    """ "BC-SGDĐT" for a named type; "SGDĐT-GDTrH" for a công văn (agency and drafting office)."""
    if type_abbreviation:
        return f"{type_abbreviation}-{agency}"
    return f"{agency}-{office}" if office else agency


def number_and_symbol(number: int | None, symbol: str) -> str:
    """ "Số: 05/BC-SGDĐT"; the number's place is left blank in a draft."""
    shown = document_number(number) if number is not None else "     "
    return f"Số: {shown}/{symbol}" if symbol else f"Số: {shown}"


def date_line(place: str, issued_on: date | None, drafted_on: date | None = None) -> str:
    """Days below 10 and months 1 and 2 take a leading zero; the day is left blank in a draft."""
    if issued_on is not None:
        return f"{place}, ngày {issued_on.day:02d} tháng {_month(issued_on)} năm {issued_on.year}"
    if drafted_on is not None:
        return f"{place}, ngày      tháng {_month(drafted_on)} năm {drafted_on.year}"
    return f"{place}, ngày      tháng      năm        "


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def signing_lines(
    mode: SigningMode, *, head_title: str, signer_title: str = "", body: str = ""
) -> tuple[str, ...]:
    """Lines over a signature, in capitals.

    `body` (a collective such as "Ủy ban nhân dân xã") adds "TM. ..." first. KT., TL. and TUQ. name the head's
    title, then the signer's own.
    """
    lines = [f"TM. {body}".upper()] if body else []
    if mode in (SigningMode.KT, SigningMode.TL, SigningMode.TUQ):
        lines += [f"{mode.value} {head_title}".upper(), signer_title.upper()]
    elif mode is SigningMode.ACTING:
        lines.append(f"Q. {head_title}".upper())
    else:
        lines.append(head_title.upper())
    return tuple(lines)


def roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out += letters
            number -= value
    return out


def letter(index: int) -> str:
    """0 -> a, 4 -> đ ... in the Vietnamese order."""
    if index < len(_LETTERS):
        return _LETTERS[index]
    return letter(index // len(_LETTERS) - 1) + _LETTERS[index % len(_LETTERS)]


def heading_numbers(levels: Iterable[int]) -> list[str]:
    """Numbers for headings of these levels in order: I. / 1. / a), each restarting under its parent."""
    counts: dict[int, int] = {}
    numbers = []
    for level in levels:
        counts = {key: value for key, value in counts.items() if key <= level}
        counts[level] = counts.get(level, 0) + 1
        count = counts[level]
        numbers.append({1: f"{roman(count)}.", 2: f"{count}.", 3: f"{letter(count - 1)})"}.get(level, "-"))
    return numbers


def item_marker(marker: str, index: int) -> str:
    if marker == "1":
        return f"{index + 1}."
    if marker == "a":
        return f"{letter(index)})"
    if marker == "(1)":
        return f"({index + 1})"
    return marker


def ended(lines: Iterable[str]) -> tuple[str, ...]:
    """Each line ended by ";", the last by ".", whatever they ended with."""
    bare = [line.strip().rstrip(";.,").rstrip() for line in lines if line.strip()]
    return tuple(f"{line};" for line in bare[:-1]) + tuple(f"{line}." for line in bare[-1:])


def type_abbreviation(name: str, table: Mapping[str, str]) -> str:
    """Abbreviation of a type of document by its name, any case; "" for a công văn."""
    wanted = name.casefold().strip()
    return next((short for full, short in table.items() if full.casefold() == wanted), "")
