"""Slots as people write them: "Thứ 2 sáng; T5 chiều 3-4; T7; sáng tiết 5" into patterns of slots, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from thongsuot.kit.text.vietnamese import fold

from .timetable import PARTS

_DAYS = {"hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "chu nhat": 8, "cn": 8}
_DAY = re.compile(r"^(?:thu\s*|t\s*)?([2-7]|hai|ba|tu|nam|sau|bay|chu nhat|cn)\b")
_LESSONS = re.compile(r"^(?:tiet\s*)?(\d)(?:\s*(?:-|den)\s*(\d))?$")
_MANY = re.compile(r"^(?:tiet\s*)?\d(?:\s*,\s*\d)+$")


def read_slots(text: str) -> tuple[str, ...]:
    """Patterns of slots that a text names, parts divided by ";" or a new line. Raises ValueError with the part that
    cannot be read.
    """
    found: list[str] = []
    for part in re.split(r"[;\n]", text):
        if part.strip():
            found += _read(part.strip())
    return tuple(dict.fromkeys(found))


def _read(part: str) -> list[str]:
    words = fold(part)
    day = "*"
    match = _DAY.match(words)
    if match:
        said = match.group(1)
        day = said if said.isdecimal() else str(_DAYS[said])
        words = words[match.end() :].strip(" ,:")
    half = "*"
    for name, code in (("sang", "S"), ("chieu", "C")):
        if words.startswith(name):
            half, words = code, words[len(name) :].strip(" ,:")
    lessons: list[str] = []
    if words:
        if _MANY.match(words):
            lessons = re.findall(r"\d", words)
        else:
            range_of = _LESSONS.match(words)
            if range_of is None:
                raise ValueError(part)
            first, last = int(range_of.group(1)), int(range_of.group(2) or range_of.group(1))
            lessons = [str(number) for number in range(first, last + 1)]
    if (day, half) == ("*", "*") and not lessons:
        raise ValueError(part)
    if not lessons:
        return [day if half == "*" else f"{day}{half}"]
    return [f"{day}{half}{lesson}" for lesson in lessons]


def write_slots(patterns: Iterable[str], names: Mapping[str, str]) -> str:
    """Patterns as a person would write them. names: words for "day" ("T%d"), "S", "C" and "lesson"."""
    groups: dict[tuple[str, str], list[str]] = {}
    for pattern in patterns:
        day, half, lesson = pattern[0], pattern[1:2], pattern[2:3]
        groups.setdefault((day, half), []).append(lesson)
    said = []
    for (day, half), lessons in groups.items():
        words = [] if day == "*" else [names["sunday"] if day == "8" else names["day"] % int(day)]
        if half and half in PARTS:
            words.append(names[half])
        numbers = [lesson for lesson in lessons if lesson and lesson != "*"]
        if numbers and "" not in lessons:
            words.append(f"{names['lesson']} {','.join(numbers)}")
        said.append(" ".join(words))
    return "; ".join(said)
