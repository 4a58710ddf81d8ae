"""Thời khoá biểu: the slots of a week, lessons that stand in them, how good they stand. Pure.

A slot is (day, part, lesson): day 2..8 as people count them (8: Sunday), part 0 morning, 1 afternoon, lesson from 1.
Its code is "2S1": Thứ Hai, buổi sáng, tiết 1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MORNING, AFTERNOON = 0, 1
PARTS = "SC"
MOST_LESSONS = 6
_CODE = re.compile(r"(\*|[2-8])(?:([SC*])(\*|[1-9])?)?")


class Slot(NamedTuple):
    """Slots sort as the week runs."""

    day: int
    part: int
    lesson: int

    @property
    def code(self) -> str:
        return f"{self.day}{PARTS[self.part]}{self.lesson}"


def slot_of(code: str) -> Slot:
    """The slot of a code. Raises ValueError for anything else."""
    if len(code) != 3 or code[1] not in PARTS or not (code[0] + code[2]).isdecimal():
        raise ValueError(code)
    return Slot(int(code[0]), PARTS.index(code[1]), int(code[2]))


@dataclass(frozen=True)
class Week:
    """How many lessons each half-day of the school's week has: (day, part) -> lessons."""

    lessons: Mapping[tuple[int, int], int]

    @property
    def days(self) -> tuple[int, ...]:
        return tuple(sorted({day for (day, _part), many in self.lessons.items() if many}))

    def slots(self, parts: Iterable[int] = (MORNING, AFTERNOON)) -> tuple[Slot, ...]:
        wanted = set(parts)
        return tuple(
            Slot(day, part, lesson)
            for (day, part), many in sorted(self.lessons.items())
            if part in wanted
            for lesson in range(1, many + 1)
        )

    def matching(self, patterns: Iterable[str]) -> frozenset[Slot]:
        """Slots that patterns name: "7" a day, "7S" a half-day, "7S5" a slot, "*S5" that lesson of every morning.

        Raises ValueError naming a pattern that cannot be read.
        """
        found: set[Slot] = set()
        for pattern in patterns:
            match = _CODE.fullmatch(pattern)
            if match is None:
                raise ValueError(pattern)
            day, part, lesson = match.groups()
            found.update(
                slot
                for slot in self.slots()
                if day in ("*", str(slot.day))
                and (part in (None, "*") or PARTS[slot.part] == part)
                and (lesson in (None, "*") or str(slot.lesson) == lesson)
            )
        return frozenset(found)


@dataclass(frozen=True)
class ClassWeek:
    """A class and when it is in school: parts, the main one first. room_id: its own room; site_id: of the school's sites."""

    class_id: int
    grade: int
    parts: tuple[int, ...]
    homeroom_id: int | None = None
    room_id: int | None = None
    site_id: int | None = None


@dataclass(frozen=True)
class Placed:
    """One lesson of a class in a slot. staff_id None: nobody of the staff is bound to it."""

    class_id: int
    subject: str
    staff_id: int | None
    slot: Slot
    room_id: int | None = None
    pinned: bool = False


@dataclass(frozen=True)
class Quality:
    """How good a timetable is. gaps: empty lessons of teachers between two of theirs in one half-day;
    days: days on which teachers come, added up; close: lessons of a subject of two a week on neighbouring days.
    """

    gaps: int
    days: int
    close: int
    gaps_of: Mapping[int, int]


def quality(lessons: Sequence[Placed]) -> Quality:
    halves: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    taught: dict[tuple[int, str], set[int]] = defaultdict(set)
    for one in lessons:
        if one.staff_id is not None:
            halves[one.staff_id, one.slot.day, one.slot.part].add(one.slot.lesson)
        taught[one.class_id, one.subject].add(one.slot.day)
    gaps_of: dict[int, int] = defaultdict(int)
    for (staff_id, _day, _part), at in halves.items():
        gaps_of[staff_id] += max(at) - min(at) + 1 - len(at)
    close = sum(1 for days in taught.values() if len(days) == 2 and max(days) - min(days) == 1)
    come = {(staff_id, day) for staff_id, day, _part in halves}
    return Quality(sum(gaps_of.values()), len(come), close, {k: v for k, v in gaps_of.items() if v})
