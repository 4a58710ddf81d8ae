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
from .timetable_clash import AS_IT_IS, Arrangement
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


class Group(NamedTuple):
    """A rule that can be lifted as one. rule: its kind; what it is about: a subject, a class, a teacher, rooms."""

    rule: str
    subject: str = ""
    class_id: int = 0
    staff_id: int = 0


# More than any day has lessons.
ANY_NUMBER = 99


@dataclass(frozen=True)
class Problem:
    """lifted: rules that do not hold, to see what would be without them."""

    week: Week
    classes: Mapping[int, ClassWeek]
    loads: tuple[Load, ...]
    fixed: tuple[Placed, ...]
    rules: TimetableRules
    arrangement: Arrangement = AS_IT_IS
    lifted: frozenset[Group] = frozenset()

    @cached_property
    def closed(self) -> frozenset[Slot]:
        """Slots in which nobody of the school is taught."""
        return self._unless(Group("closed"), self.rules.forbidden)

    def _unless(self, group: Group, patterns: Iterable[str]) -> frozenset[Slot]:
        return frozenset() if group in self.lifted else self.week.matching(patterns)

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
        return self._unless(Group("teacher_off", staff_id=staff_id), self.rules.teacher(staff_id).off)

    def barred(self, subject: str) -> frozenset[Slot]:
        return self._unless(Group("barred", subject), self.rules.subject(subject).forbidden)

    def most_of(self, staff_id: int) -> int | None:
        """Most lessons of a teacher on one day."""
        if Group("teacher_per_day", staff_id=staff_id) in self.lifted:
            return None
        return self.rules.teacher(staff_id).per_day or self.rules.teacher_per_day

    def free_days(self, staff_id: int) -> int:
        is_lifted = Group("free_days", staff_id=staff_id) in self.lifted
        return 0 if is_lifted else self.rules.teacher(staff_id).free_days

    def pool_of(self, load: Load) -> RoomPool | None:
        return self.rules.pool_of(load.subject)

    def rooms_of(self, pool: RoomPool, class_id: int) -> tuple[int, ...]:
        """Rooms of a pool on the site where the class is; all of them where that is not known."""
        here = self.arrangement.class_sites.get(class_id, 0)
        there = self.arrangement.room_sites
        return tuple(room for room in pool.rooms if not here or there.get(room, here) == here)

    def capacity(self, pool: RoomPool, class_id: int) -> int:
        """How many lessons the rooms take at once that the class can use."""
        return len(self.rooms_of(pool, class_id)) if pool.rooms else pool.at_once

    def most_a_day(self, class_id: int, subject: str) -> int:
        """Most lessons of a subject on one day of a class: the rule's, or as few as the week allows."""
        if Group("per_day", subject, class_id) in self.lifted:
            return ANY_NUMBER
        said = self.rules.subject(subject).per_day
        if said is not None:
            return said
        loads = [one for one in self.loads if (one.class_id, one.subject) == (class_id, subject)]
        lessons = sum(one.lessons for one in self.arrangement.once(loads, _of_class))
        fixed = {one.slot for one in self.fixed if (one.class_id, one.subject) == (class_id, subject)}
        lessons += len(fixed)
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
    room_sites: Mapping[int, int] | None = None,
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
    return Problem(week, known, loads, tuple(fixed), rules, arrangement_of(rules, classes, room_sites or {}))


def arrangement_of(
    rules: TimetableRules, classes: Iterable[ClassWeek], room_sites: Mapping[int, int]
) -> Arrangement:
    """What the rules and the registry say of lessons held together and of sites. Bonds of classes that are not there any
    more hold nothing.
    """
    classes = list(classes)
    known = {one.class_id for one in classes}
    sites = {one.class_id: one.site_id for one in classes if one.site_id is not None}
    spread = {*sites.values(), *room_sites.values()}
    return Arrangement(
        bonds=tuple(rule.bond for rule in rules.bonds if all(one.class_id in known for one in rule.members)),
        # A school on one site has no ways to think of.
        class_sites=sites if len(spread) > 1 else {},
        room_sites=room_sites if len(spread) > 1 else {},
        ways={frozenset(way.sites): way.free for way in rules.ways},
        usual_way=rules.usual_way,
    )


def _of_class(one: Load) -> int:
    return one.class_id


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
