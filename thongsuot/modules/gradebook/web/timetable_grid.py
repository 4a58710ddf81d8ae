"""Grids of a timetable as templates draw them: a class, a teacher, a room, the whole school."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..domain.timetable import Placed, Slot
from ..domain.timetable_edit import Option
from ..queries.timetable_words import day_name, hindrance_words, part_name, short_name, slot_name
from ..queries.timetables import Board


def rows_of(slots: Iterable[Slot], cell: Callable[[Slot], dict[str, Any]]) -> dict[str, Any]:
    """days: [(number, name)]; rows: a row for each lesson of a half-day, with a cell for each day (None: no such slot)."""
    known = sorted(slots)
    have = set(known)
    days = sorted({slot.day for slot in known})
    lessons = sorted({(slot.part, slot.lesson) for slot in known})
    rows = []
    for place, (part, lesson) in enumerate(lessons):
        is_first = place == 0 or lessons[place - 1][0] != part
        rows.append(
            {
                "part": part_name(part),
                "is_first": is_first,
                "span": sum(1 for p, _l in lessons if p == part),
                "lesson": lesson,
                "cells": [
                    cell(Slot(day, part, lesson)) if Slot(day, part, lesson) in have else None for day in days
                ],
            }
        )
    return {"days": [(day, day_name(day)) for day in days], "rows": rows}


def class_grid(board: Board, class_id: int) -> dict[str, Any]:
    def cell(slot: Slot) -> dict[str, Any]:
        return cell_of(board, slot, board.all_at(class_id, slot))

    return rows_of(board.problem.class_slots(class_id), cell)


def cell_of(board: Board, slot: Slot, lessons: Sequence[Placed]) -> dict[str, Any]:
    """more: the other groups of a class, or the other classes of one lesson, in the same shape."""
    if not lessons:
        return {"code": slot.code, "name": slot_name(slot), "lesson": None}
    first, *others = (_lesson_of(board, slot, one) for one in lessons)
    return {**first, "more": others}


def _lesson_of(board: Board, slot: Slot, one: Placed) -> dict[str, Any]:
    teacher = board.staff_names.get(one.staff_id or 0, "")
    own_room = next((c.room_id for c in board.class_weeks if c.class_id == one.class_id), None)
    return {
        "code": slot.code,
        "name": slot_name(slot),
        "lesson": one,
        "subject": one.subject,
        "class_id": one.class_id,
        "class_name": board.class_names.get(one.class_id, ""),
        "teacher": teacher,
        "short": short_name(teacher) if teacher else "",
        # The class's own room goes without saying.
        "room": board.room_names.get(one.room_id or 0, "") if one.room_id != own_room else "",
        "pinned": one.pinned,
    }


def person_grid(board: Board, wanted: Callable[[Placed], bool]) -> dict[str, Any]:
    """The week of a teacher or a room; classes that sit together share a cell."""
    at: dict[Slot, list[Placed]] = {}
    for one in board.placed:
        if wanted(one):
            at.setdefault(one.slot, []).append(one)
    return rows_of(board.week.slots(), lambda slot: cell_of(board, slot, at.get(slot, [])))


def school_grid(board: Board) -> dict[str, Any]:
    """Classes as columns, every slot of the week as a row: what hangs on the wall."""
    rows = []
    slots = board.week.slots()
    for place, slot in enumerate(slots):
        before = slots[place - 1] if place else None
        rows.append(
            {
                "day": day_name(slot.day),
                "new_day": before is None or before.day != slot.day,
                "day_span": sum(1 for other in slots if other.day == slot.day),
                "new_part": before is None or before[:2] != slot[:2],
                "part": part_name(slot.part),
                "lesson": slot.lesson,
                "cells": [
                    cell_of(board, slot, board.all_at(class_id, slot)) for class_id in board.class_names
                ],
            }
        )
    return {"classes": list(board.class_names.items()), "rows": rows}


def option_grid(board: Board, lesson: Placed, found: list[Option], start: Slot | None) -> dict[str, Any]:
    """Where a lesson may go, in the shape of the class's week. kind: here, free, swap, warn, no."""
    by_slot = {one.slot: one for one in found}

    def cell(slot: Slot) -> dict[str, Any]:
        made = {"code": slot.code, "name": slot_name(slot)}
        if slot == start:
            return {**made, "kind": "here", "words": "", "swap": ""}
        one = by_slot[slot]
        against = one.forbids or one.warns
        words = "; ".join(dict.fromkeys(hindrance_words(board, lesson, h) for h in against))
        kind = "no" if one.forbids else "warn" if one.warns else "swap" if one.swap else "free"
        return {**made, "kind": kind, "words": words, "swap": one.swap.subject if one.swap else ""}

    return rows_of(board.problem.class_slots(lesson.class_id), cell)
