"""Pupils of a year put into classes. Pure.

Limits of class size: TT 52/2020/TT-BGDĐT (preschool), TT 28/2020 (primary), TT 32/2020 (secondary), all from memory: the
demo stays well below them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

from thongsuot.config.demo.registry.rows import ClassRow, EnrolmentRow, Rows, StudentRow
from thongsuot.config.demo.registry.world import DemoSchool, World, YearSpan

LIMITS = {
    13: 15,
    14: 20,
    15: 25,
    16: 25,
    17: 30,
    18: 35,
    **dict.fromkeys(range(1, 6), 35),
    **dict.fromkeys(range(6, 13), 45),
}
# How many pupils a class is made for.
AIM = {
    13: 12,
    14: 16,
    15: 20,
    16: 21,
    17: 25,
    18: 30,
    **dict.fromkeys(range(1, 6), 31),
    **dict.fromkeys(range(6, 13), 40),
}
GROUPS = {13: "Nhóm trẻ", 14: "Nhóm trẻ", 15: "Nhóm trẻ lớn", 16: "Mầm", 17: "Chồi", 18: "Lá"}
LETTERS = "ABCDEGHIKLMNPQRSTUVXY"


@dataclass(slots=True)
class Seat:
    """A pupil at a school in the year that is being lived through. `section`: which of the parallel classes."""

    student: StudentRow
    school: DemoSchool
    grade: int
    entry_type: str
    section: int = -1
    other_school: str = ""
    spell: EnrolmentRow | None = None


@dataclass(slots=True)
class Room:
    """A class and how many sit in it."""

    row: ClassRow
    count: int


@dataclass
class YearBook:
    """Classes of one year by school and grade."""

    year: YearSpan
    classes: dict[tuple[int, int], list[Room]] = field(default_factory=dict)


def make_classes(world: World, rows: Rows, year: YearSpan, seats: list[Seat]) -> YearBook:
    """Opens the classes of the year and a spell in one of them for every seat. Sections stay together where they can."""
    book = YearBook(year)
    groups: dict[tuple[int, int], list[Seat]] = {}
    for seat in seats:
        groups.setdefault((seat.school.unit_id, seat.grade), []).append(seat)
    for key in sorted(groups):
        group = groups[key]
        many = ceil(len(group) / AIM[key[1]])
        opened = [_class(world, rows, year, group[0].school, key[1], index) for index in range(many)]
        book.classes[key] = [Room(row, 0) for row in opened]
        for seat in _sections(group, many):
            enter(rows, book, seat, book.classes[key][seat.section], year.starts_on)
    return book


def _sections(group: list[Seat], many: int) -> list[Seat]:
    """Those who were together stay so while the sections are even; newcomers fill up."""
    most = ceil(len(group) / many)
    counts = [0] * many
    waiting = []
    for seat in group:
        if 0 <= seat.section < many and counts[seat.section] < most:
            counts[seat.section] += 1
        else:
            waiting.append(seat)
    for seat in waiting:
        seat.section = counts.index(min(counts))
        counts[seat.section] += 1
    return group


def enter(rows: Rows, book: YearBook, seat: Seat, room: Room, day: object) -> None:
    """A new spell from `day`."""
    room.count += 1
    seat.spell = rows.add(
        "enrolments",
        EnrolmentRow,
        student_id=seat.student.id,
        unit_id=seat.school.unit_id,
        school_year_id=book.year.id,
        school_class_id=room.row.id,
        grade=seat.grade,
        entered_on=day,
        student_name=seat.student.full_name,
        entry_type=seat.entry_type,
        status=in_status(seat.entry_type, book.year, day),
        other_school=seat.other_school,
    )


def in_status(entry_type: str, year: YearSpan, day: object) -> str:
    """The ministry's word (list trang_thai_hoc_sinh) for how a spell began."""
    term = 1 if day < year.second_term_on else 2  # type: ignore[operator]
    return {"transferred_in": ("02", "06"), "returned": ("03", "07")}.get(entry_type, ("01", "01"))[term - 1]


def _class(world: World, rows: Rows, year: YearSpan, school: DemoSchool, grade: int, index: int) -> ClassRow:
    is_small = grade > 12
    name = f"{GROUPS[grade]} {index + 1}" if is_small else f"{grade}{LETTERS[index % len(LETTERS)]}"
    if grade in (13, 14):
        name = f"Nhóm trẻ {'3-12' if grade == 13 else '13-24'} tháng {index + 1}"
    elif 10 <= grade <= 12:
        name = f"{grade}A{index + 1}"
    code = f"{grade:02d}{index + 1:02d}"
    has_ended = year is not world.year
    # Outlying sites have the youngest.
    site = school.sites[index % len(school.sites)] if grade <= 2 or is_small else school.sites[0]
    all_day = is_small or grade <= 5 or school.is_boarding
    return rows.add(
        "classes",
        ClassRow,
        unit_id=school.unit_id,
        school_year_id=year.id,
        code=code,
        name=name,
        grade=grade,
        valid_from=year.starts_on,
        valid_to=year.ends_on if has_ended else None,
        site_id=site,
        sessions_per_week=10 if all_day else 6,
        is_two_sessions=all_day,
        is_boarding=is_small or school.is_boarding,
        foreign_language="Tiếng Anh" if 3 <= grade <= 12 else "",
        max_students=LIMITS[grade],
    )
