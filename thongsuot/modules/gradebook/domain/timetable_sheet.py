"""A timetable as schools write it on a sheet: classes as columns, days and lessons as rows, "Toán - Hoa" in a cell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thongsuot.kit.text.vietnamese import fold

from .timetable import AFTERNOON, MORNING, Slot

HEAD_WITHIN = 20
_DAY = re.compile(r"^(?:thu\s*|t\s*)?([2-7]|hai|ba|tu|nam|sau|bay|chu nhat|cn)\b")
_DAYS = {"hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "chu nhat": 8, "cn": 8}
_PARTING = re.compile(r"\s+[-–]\s+|\s*[-–]\s*(?=\S+\.)|\n|\s*\(")
# Groups of a class that are taught at the same time: "Tiếng Anh - Hoa / Tin học - Minh".
_GROUPS = re.compile(r"\s+/\s+|\s*;\s*")
MORNING_LESSONS = 5


@dataclass(frozen=True)
class SheetCell:
    """One filled cell. row, column: counted from 1, as the sheet shows them."""

    row: int
    column: int
    class_name: str
    slot: Slot
    subject: str
    teacher: str


@dataclass(frozen=True)
class SheetGrid:
    """cells found; unknown: names of columns that look like classes and are none; unread: rows without day or lesson."""

    cells: tuple[SheetCell, ...]
    classes: tuple[str, ...]
    unread: tuple[int, ...]


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def read_grid(rows: Sequence[Sequence[Any]], class_names: Iterable[str], sheet: str = "") -> SheetGrid | None:
    """The grid of a sheet, None when no row names two of the classes (or the only one there is)."""
    known = {fold(name).replace(" ", ""): name for name in class_names}
    found = _head(rows, known)
    if found is None:
        return None
    at, columns = found
    left = _left(rows[at], min(columns))
    day, part, cells, unread = 0, None, [], []
    part_of_sheet = AFTERNOON if "chieu" in fold(sheet) else MORNING
    for index in range(at + 1, len(rows)):
        row = rows[index]
        said_day = _day(text_of(row[left["day"]])) if left["day"] < len(row) else 0
        if said_day:
            day, part = said_day, None
        if left["part"] is not None and left["part"] < len(row):
            part = (
                _part(text_of(row[left["part"]])) if _part(text_of(row[left["part"]])) is not None else part
            )
        lesson = _lesson(text_of(row[left["lesson"]])) if left["lesson"] < len(row) else 0
        filled = [column for column in columns if column < len(row) and text_of(row[column])]
        if not day or not lesson:
            if filled:
                unread.append(index + 1)
            continue
        here = part if part is not None else part_of_sheet
        slot = (
            Slot(day, AFTERNOON, lesson - MORNING_LESSONS)
            if lesson > MORNING_LESSONS
            else Slot(day, here, lesson)
        )
        for column in filled:
            for said in _GROUPS.split(text_of(row[column])):
                subject, teacher = split_cell(said)
                cells.append(SheetCell(index + 1, column + 1, columns[column], slot, subject, teacher))
    return SheetGrid(tuple(cells), tuple(columns.values()), tuple(unread))


def split_cell(text: str) -> tuple[str, str]:
    """("Toán", "Hoa") of "Toán - Hoa", "Toán (Hoa)", or two lines; ("Toán", "") of "Toán"."""
    parts = [part for part in _PARTING.split(text, maxsplit=1) if part]
    subject = parts[0].strip() if parts else ""
    return subject, parts[1].strip(" )") if len(parts) > 1 else ""


def _head(rows: Sequence[Sequence[Any]], known: Mapping[str, str]) -> tuple[int, dict[int, str]] | None:
    best: tuple[int, dict[int, str]] | None = None
    for index, row in enumerate(rows[:HEAD_WITHIN]):
        columns: dict[int, str] = {}
        for column, value in enumerate(row):
            said = fold(text_of(value)).replace(" ", "").removeprefix("lop")
            name = known.get(said)
            if name is not None and name not in columns.values():
                columns[column] = name
        if columns and (best is None or len(columns) > len(best[1])):
            best = (index, columns)
    if best is None or len(best[1]) < min(2, len(known)) or min(best[1]) < 2:
        return None
    return best


def _left(head: Sequence[Any], first_class: int) -> dict[str, Any]:
    """Which of the columns before the classes is the day, the half-day, the lesson: by their heads, else by place."""
    found: dict[str, Any] = {"day": None, "part": None, "lesson": None}
    for column in range(first_class):
        words = fold(text_of(head[column])) if column < len(head) else ""
        for key, starts in (("day", ("thu", "ngay")), ("part", ("buoi", "ca")), ("lesson", ("tiet",))):
            if found[key] is None and words.startswith(starts):
                found[key] = column
    if found["lesson"] is None:
        found["lesson"] = first_class - 1
    if found["day"] is None:
        found["day"] = 0 if found["lesson"] != 0 else 1
    if found["part"] is None and first_class == 3:
        rest = {0, 1, 2} - {found["day"], found["lesson"]}
        found["part"] = rest.pop() if len(rest) == 1 else None
    return found


def _day(text: str) -> int:
    match = _DAY.match(fold(text))
    if match is None:
        return 0
    said = match.group(1)
    return int(said) if said.isdecimal() else _DAYS[said]


def _part(text: str) -> int | None:
    words = fold(text)
    if words.startswith(("sang", "s")):
        return MORNING
    return AFTERNOON if words.startswith(("chieu", "c")) else None


def _lesson(text: str) -> int:
    match = re.search(r"\d+", text)
    number = int(match.group()) if match else 0
    return number if 1 <= number <= 2 * MORNING_LESSONS else 0


# -- what a cell means ------------------------------------------------------------------------------


def match_subject(said: str, taught: Iterable[str], short: Mapping[str, Sequence[str]]) -> str | None:
    """The subject of the class that a cell names: its name, a usual short name, or its beginning where only one fits."""
    words = _plain(said)
    if not words:
        return None
    by_name = {_plain(name): name for name in taught}
    if words in by_name:
        return by_name[words]
    for name in short.get(fold(said).strip(), ()):
        if _plain(name) in by_name:
            return by_name[_plain(name)]
    # Whole words only: "Hóa" is not the beginning of "Hoạt động trải nghiệm".
    first = fold(said).split()
    fitting = [name for name in by_name.values() if fold(name).split()[: len(first)] == first]
    return fitting[0] if len(fitting) == 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def match_teacher(said: str, teachers: Mapping[int, str]) -> int | None:
    """The teacher whom a cell names: "Hoa", "N.T.Hoa", "Nguyễn Thị Hoa", "Cô Hoa"; None where none or several fit."""
    words = re.sub(r"^(co|thay|gv)\s+", "", fold(said).strip())
    if not words:
        return next(iter(teachers)) if len(teachers) == 1 else None
    fitting = []
    for staff_id, name in teachers.items():
        parts = fold(name).split()
        short = ".".join([part[0] for part in parts[:-1]] + parts[-1:])
        if words in (fold(name), short, parts[-1] if parts else "", " ".join(parts[-2:])):
            fitting.append(staff_id)
    return fitting[0] if len(fitting) == 1 else None
