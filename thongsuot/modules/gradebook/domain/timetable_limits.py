"""Who is asked for more slots than there are: what can be counted before anything is searched for. Pure.

Each limit is a proof by counting, and names one class, teacher, place or subject: what a person can act on. None found
does not mean that a timetable exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .timetable import Slot
from .timetable_clash import clashes, member
from .timetable_problem import Group, Problem


class Limit(NamedTuple):
    """kind: class, teacher, rooms, subject, pair (a teacher in one class), fixed, bond (lessons held together that are not
    equally many). asked: lessons; there: slots.
    """

    kind: str
    asked: int
    there: int
    class_id: int = 0
    staff_id: int = 0
    subject: str = ""
    slot: str = ""


def limits(problem: Problem) -> list[Limit]:
    return [
        *_fixed(problem),
        *_bonds(problem),
        *_classes(problem),
        *_teachers(problem),
        *_rooms(problem),
        *_subjects(problem),
    ]


def _fixed(problem: Problem) -> Iterable[Limit]:
    """Fixed lessons that stand on one another."""
    for kind, first, second in clashes(problem.fixed, problem.arrangement):
        if kind == "apart":
            continue
        yield Limit(
            "fixed",
            2,
            1,
            class_id=second.class_id,
            staff_id=(second.staff_id or 0) if kind == "teacher" else 0,
            subject=first.subject,
            slot=second.slot.code,
        )


def _bonds(problem: Problem) -> Iterable[Limit]:
    """Lessons held together of which there are not as many of each."""
    many = {member(load): load.lessons for load in problem.loads}
    for one in {(member(one), one.slot): one for one in problem.fixed}.values():
        many[member(one)] = many.get(member(one), 0) + 1
    for bond in problem.arrangement.bonds:
        asked = {one: many.get(one, 0) for one in bond.members}
        if len(set(asked.values())) > 1:
            most, least = max(bond.members, key=asked.__getitem__), min(bond.members, key=asked.__getitem__)
            yield Limit("bond", asked[most], asked[least], most.class_id, most.staff_id or 0, most.subject)


def _classes(problem: Problem) -> Iterable[Limit]:
    asked: dict[int, int] = defaultdict(int)
    for load in problem.arrangement.once(problem.loads, lambda one: one.class_id):
        asked[load.class_id] += load.lessons
    for class_id, many in sorted(asked.items()):
        there = len(set(problem.open_slots(class_id)) - problem.closed)
        if many > there:
            yield Limit("class", many, there, class_id=class_id)


def _may(problem: Problem, staff_id: int, class_id: int, subject: str) -> set[Slot]:
    """Slots in which a teacher can give a subject to a class, whatever else stands there."""
    busy = {one.slot for one in problem.fixed if one.staff_id == staff_id}
    return (
        set(problem.open_slots(class_id))
        - busy
        - problem.closed
        - problem.off(staff_id)
        - problem.barred(subject)
    )


def _teachers(problem: Problem) -> Iterable[Limit]:
    for staff_id in problem.staff_ids:
        mine = [load for load in problem.loads if load.staff_id == staff_id]
        slots: set[Slot] = set()
        for load in mine:
            may = _may(problem, staff_id, load.class_id, load.subject)
            slots |= may
            if load.lessons > len(may):
                yield Limit("pair", load.lessons, len(may), load.class_id, staff_id, load.subject)
        once = problem.arrangement.once(mine, lambda one: one.staff_id)
        asked, there = sum(load.lessons for load in once), _within_days(problem, staff_id, slots)
        if asked > there:
            yield Limit("teacher", asked, there, staff_id=staff_id)


def _within_days(problem: Problem, staff_id: int, slots: set[Slot]) -> int:
    """How many of the slots a teacher can fill under his or her most a day and free days."""
    most = problem.most_of(staff_id)
    by_day: dict[int, int] = defaultdict(int)
    for slot in slots:
        by_day[slot.day] += 1
    held: dict[int, int] = defaultdict(int)
    for slot in {one.slot for one in problem.fixed if one.staff_id == staff_id}:
        held[slot.day] += 1
    days = len(problem.week.days)
    fill = {
        day: min(many, max(0, most - held[day])) if most is not None else many for day, many in by_day.items()
    }
    # Days on which a fixed lesson stands are come to in any case.
    order = sorted(fill, key=lambda day: (held[day] > 0, fill[day]), reverse=True)
    return sum(fill[day] for day in order[: max(0, days - problem.free_days(staff_id))])


def _rooms(problem: Problem) -> Iterable[Limit]:
    for pool in problem.rules.pools:
        if Group("rooms", pool.name) in problem.lifted:
            continue
        loads = [load for load in problem.loads if problem.pool_of(load) == pool]
        slots: set[Slot] = set()
        for load in loads:
            slots |= set(problem.open_slots(load.class_id)) - problem.closed - problem.barred(load.subject)
        held = len(
            problem.arrangement.once(
                [one for one in problem.fixed if problem.rules.pool_of(one.subject) == pool],
                lambda one: (one.subject, one.staff_id, one.slot),
            )
        )
        loads = problem.arrangement.once(loads, lambda one: (one.subject, one.staff_id))
        asked, there = sum(load.lessons for load in loads), len(slots) * pool.capacity - held
        if asked > there:
            yield Limit("rooms", asked, max(0, there), subject=pool.name)


def _subjects(problem: Problem) -> Iterable[Limit]:
    """More lessons of a subject than the most a day allows in the days of the class."""
    asked: dict[tuple[int, str], int] = defaultdict(int)
    for load in problem.arrangement.once(problem.loads, lambda one: (one.class_id, one.subject)):
        asked[load.class_id, load.subject] += load.lessons
    for (class_id, subject), many in sorted(asked.items()):
        most = problem.most_a_day(class_id, subject)
        slots = set(problem.open_slots(class_id)) - problem.closed - problem.barred(subject)
        by_day: dict[int, int] = defaultdict(int)
        for slot in slots:
            by_day[slot.day] += 1
        there = sum(min(most, number) for number in by_day.values())
        if many > there:
            yield Limit("subject", many, there, class_id=class_id, subject=subject)
