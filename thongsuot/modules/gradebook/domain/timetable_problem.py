"""From teaching assignments and rules to what must be placed: loads, fixed lessons, the slots of each class. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import NamedTuple

from .timetable import ClassWeek, Placed, Slot, Week
from .timetable_rules import RoomPool, TimetableRules


class Taught(NamedTuple):
    """A teaching assignment: `lessons` a week, may be 1.5."""

    class_id: int
    subject: str
    staff_id: int | None
    lessons: Decimal


@dataclass(frozen=True)
class Load:
    """Lessons a week of one class, subject and teacher that have no slot yet."""

    class_id: int
    subject: str
    staff_id: int | None
    lessons: int


@dataclass(frozen=True)
class Problem:
    week: Week
    classes: Mapping[int, ClassWeek]
    loads: tuple[Load, ...]
    fixed: tuple[Placed, ...]
    rules: TimetableRules

    @cached_property
    def closed(self) -> frozenset[Slot]:
        """Slots in which nobody of the school is taught."""
        return self.week.matching(self.rules.forbidden)

    @cached_property
    def staff_ids(self) -> tuple[int, ...]:
        return tuple(sorted({load.staff_id for load in self.loads if load.staff_id is not None}))

    @cached_property
    def taken(self) -> Mapping[int, frozenset[Slot]]:
        """Slots of a class that fixed lessons stand in."""
        found: dict[int, set[Slot]] = defaultdict(set)
        for one in self.fixed:
            found[one.class_id].add(one.slot)
        return {class_id: frozenset(slots) for class_id, slots in found.items()}

    def class_slots(self, class_id: int) -> tuple[Slot, ...]:
        """All slots of the class's half-days, whoever stands in them."""
        return self.week.slots(self.classes[class_id].parts)

    def open_slots(self, class_id: int) -> tuple[Slot, ...]:
        """Slots of the class in which no fixed lesson stands."""
        taken = self.taken.get(class_id, frozenset())
        return tuple(slot for slot in self.class_slots(class_id) if slot not in taken)

    def off(self, staff_id: int) -> frozenset[Slot]:
        return self.week.matching(self.rules.teacher(staff_id).off)

    def barred(self, subject: str) -> frozenset[Slot]:
        return self.week.matching(self.rules.subject(subject).forbidden)

    def pool_of(self, load: Load) -> RoomPool | None:
        return self.rules.pool_of(load.subject)

    def most_a_day(self, class_id: int, subject: str) -> int:
        """Most lessons of a subject on one day of a class: the rule's, or as few as the week allows."""
        said = self.rules.subject(subject).per_day
        if said is not None:
            return said
        lessons = sum(
            one.lessons for one in self.loads if one.class_id == class_id and one.subject == subject
        )
        lessons += sum(1 for one in self.fixed if one.class_id == class_id and one.subject == subject)
        days = len({slot.day for slot in self.class_slots(class_id)}) or 1
        least = ceil(lessons / days)
        return max(least, 2) if self.rules.subject(subject).doubles else max(least, 1)


def build_problem(
    classes: Sequence[ClassWeek],
    taught: Iterable[Taught],
    rules: TimetableRules,
    *,
    term: int,
    pinned: Sequence[Placed] = (),
) -> Problem:
    """What is to be placed in a week of `term`.

    Activities of the rules come first; a lesson that is pinned takes its place out of its load. Assignments of classes
    that are not among `classes` are left out.
    """
    week = rules.frame.week()
    known = {one.class_id: one for one in classes}
    left: dict[tuple[int, str, int | None], int] = defaultdict(int)
    for one in taught:
        if one.class_id in known:
            left[one.class_id, one.subject, one.staff_id] += rules.whole(one.lessons, term)
    fixed = list(pinned)
    held = {(one.class_id, one.slot) for one in pinned}
    for lesson in pinned:
        key = (lesson.class_id, lesson.subject, lesson.staff_id)
        if left.get(key):
            left[key] -= 1
    for activity in _activities(known.values(), week, rules):
        name, placed = activity
        if (placed.class_id, placed.slot) not in held and not _stands(name, placed, pinned):
            fixed.append(placed)
    for class_id in known:
        _count_in(left, class_id, fixed, rules)
    loads = tuple(Load(*key, many) for key, many in sorted(left.items(), key=_order) if many > 0)
    return Problem(week, known, loads, tuple(fixed), rules)


def _order(item: tuple[tuple[int, str, int | None], int]) -> tuple[int, str, int]:
    (class_id, subject, staff_id), _many = item
    return class_id, subject, staff_id or 0


def _stands(name: str, placed: Placed, pinned: Sequence[Placed]) -> bool:
    """Has somebody put the activity of this class elsewhere by hand?"""
    return any(one.class_id == placed.class_id and one.subject == name for one in pinned)


def _activities(classes: Iterable[ClassWeek], week: Week, rules: TimetableRules) -> list[tuple[str, Placed]]:
    found = []
    for of in classes:
        for activity in rules.fixed:
            slot = activity.slot(week, of)
            if slot is None or (activity.grades and of.grade not in activity.grades):
                continue
            staff_id = of.homeroom_id if activity.teacher == "homeroom" else None
            found.append(
                (activity.name, Placed(of.class_id, activity.name, staff_id, slot, of.room_id, pinned=False))
            )
    return found


def _count_in(
    left: dict[tuple[int, str, int | None], int],
    class_id: int,
    fixed: Sequence[Placed],
    rules: TimetableRules,
) -> None:
    """Chào cờ and sinh hoạt lớp are lessons of hoạt động trải nghiệm: they come off what is assigned of it."""
    parents = {activity.name: activity.part_of for activity in rules.fixed}
    for one in fixed:
        if one.class_id != class_id or one.subject not in parents:
            continue
        for key in sorted(left, key=lambda k: (k[0], k[1], k[2] or 0)):
            if key[0] == class_id and key[1] in parents[one.subject] and left[key] > 0:
                left[key] -= 1
                break
