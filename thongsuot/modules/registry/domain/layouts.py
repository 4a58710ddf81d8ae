"""Layouts of the ministry's files as data: which heads a column may have, which words mean which code. Pure.

The files lie in data/registry/layouts/. Codes are never read as numbers of the ministry's lists: two systems number
the same states differently, so a cell is compared by its words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from thongsuot.kit.text.vietnamese import fold

_NOT_LETTERS = re.compile(r"[^0-9a-z]+")
# A school year begins in August or September; entries from August on belong to it.
FIRST_MONTH = 8


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a layout. kind: how its cells are read (imports/columns.py). source of words: `code_list`, the
    ministry's list by name, and `words`, further spellings. minimised: kept only where a setting says so."""

    key: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    max_length: int = 0
    width: int = 0
    code_list: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    help: str = ""
    confidence: str = ""
    minimised: bool = False


@dataclass(frozen=True)
class Layout:
    """One kind of file. patterns: which of a person's codes a text is. statuses: what a state does to the spell."""

    code: str
    name: str
    source: str
    confidence: str
    note: str
    columns: tuple[LayoutColumn, ...]
    patterns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Any] = field(default_factory=dict)
    scales: Mapping[str, Any] = field(default_factory=dict)


def read_layout(path: Path) -> Layout:
    """A layout from its file. Raises ValueError naming what is wrong in it."""
    said = json.loads(path.read_text(encoding="utf-8"))
    try:
        return Layout(
            code=said["code"],
            name=said["name"],
            source=said["source"],
            confidence=said["confidence"],
            note=said.get("note", ""),
            columns=tuple(_column(one) for one in said["columns"]),
            patterns=said.get("patterns", {}),
            statuses=said.get("statuses", {}),
            scales=said.get("scales", {}),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _column(said: Mapping[str, Any]) -> LayoutColumn:
    return LayoutColumn(
        key=said["key"],
        label=said["label"],
        kind=said["kind"],
        aliases=tuple(said.get("aliases", ())),
        required=said.get("required", False),
        max_length=said.get("max_length", 0),
        width=said.get("width", 0),
        code_list=said.get("list", ""),
        words={**said.get("words", {}), **said.get("also", {})},
        help=said.get("help", ""),
        confidence=said["confidence"],
        minimised=said.get("minimised", False),
    )


def squeezed(text: str) -> str:
    """Words as they are compared: no accents, spaces, hyphens ("Xơ-đăng" is "Xơ Đăng")."""
    return _NOT_LETTERS.sub("", fold(text))


def year_of_entries(days: Iterable[tuple[date, int]]) -> int | None:
    """The first calendar year of the school year in which most entries of a file lie: (day, how often).

    None when no year holds more than half of them. Guards against a file brought into the wrong year.
    """
    years: Counter[int] = Counter()
    for day, number in days:
        years[day.year if day.month >= FIRST_MONTH else day.year - 1] += number
    if not years:
        return None
    year, number = years.most_common(1)[0]
    return year if number * 2 > years.total() else None


def grade_of_class(name: str) -> int | None:
    """The grade that a class's name begins with: "1A", "10A3", "Lớp 6/2"; None for a group of preschool."""
    found = re.match(r"\s*(?:lop\s*)?(\d{1,2})(?!\d)", fold(name))
    grade = int(found.group(1)) if found else 0
    return grade if 1 <= grade <= 12 else None
