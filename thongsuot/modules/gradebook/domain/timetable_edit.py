"""Moving lessons by hand: where a lesson may go, what stands in the way, what would change places with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .timetable import Placed, Slot, shared
from .timetable_problem import Problem


class Hindrance(NamedTuple):
    """kind: class, teacher, room, rooms (all of the subject's rooms are in use), outside (the class has no such slot):
    these forbid; closed, fixed, barred, teacher_off, per_day, teacher_per_day: these only warn. other: the lesson it meets.
    """

    kind: str
    other: Placed | None = None
    most: int = 0
    # Which of the two lessons that change places it speaks of.
    of: Placed | None = None


FORBID = frozenset({"class", "teacher", "room", "rooms", "outside"})


@dataclass(frozen=True)
class Option:
    """A slot for a lesson. swap: the lesson of the class that would go to where this one stands now."""

    slot: Slot
    swap: Placed | None
    forbids: tuple[Hindrance, ...]
    warns: tuple[Hindrance, ...]


def hindrances(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> list[Hindrance]:
    """What speaks against `lesson` standing where it says, beside `placed` (without itself)."""
    found = []
    if lesson.slot not in problem.class_slots(lesson.class_id):
        found.append(Hindrance("outside"))
    for other in placed:
        if other.slot == lesson.slot:
            found += [Hindrance(kind, other) for kind in shared(other, lesson)]
    pool = problem.rules.pool_of(lesson.subject)
    if pool is not None:
        there = [o for o in placed if o.slot == lesson.slot and problem.rules.pool_of(o.subject) == pool]
        if len(there) >= pool.capacity:
            found.append(Hindrance("rooms", there[0], pool.capacity))
    return [one._replace(of=lesson) for one in found + _warnings(problem, placed, lesson)]


def _warnings(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> list[Hindrance]:
    found = []
    if lesson.slot in problem.closed:
        found.append(Hindrance("closed"))
    for activity in problem.rules.fixed:
        meant = activity.slot(problem.week, problem.classes[lesson.class_id])
        if activity.name == lesson.subject and meant not in (None, lesson.slot):
            found.append(Hindrance("fixed"))
    if lesson.slot in problem.barred(lesson.subject):
        found.append(Hindrance("barred"))
    most = problem.most_a_day(lesson.class_id, lesson.subject)
    same = [
        o
        for o in placed
        if o.class_id == lesson.class_id and o.subject == lesson.subject and o.slot.day == lesson.slot.day
    ]
    if len(same) >= most:
        found.append(Hindrance("per_day", same[0], most))
    if lesson.staff_id is not None:
        if lesson.slot in problem.off(lesson.staff_id):
            found.append(Hindrance("teacher_off"))
        limit = problem.rules.teacher(lesson.staff_id).per_day or problem.rules.teacher_per_day
        theirs = sum(1 for o in placed if o.staff_id == lesson.staff_id and o.slot.day == lesson.slot.day)
        if limit is not None and theirs >= limit:
            found.append(Hindrance("teacher_per_day", most=limit))
    return found


def with_room(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> Placed:
    """The lesson in a room that is free: one of the subject's, or the class's own."""
    pool = problem.rules.pool_of(lesson.subject)
    if pool is None:
        return replace(lesson, room_id=problem.classes[lesson.class_id].room_id)
    held = {o.room_id for o in placed if o.slot == lesson.slot}
    return replace(lesson, room_id=next((room for room in pool.rooms if room not in held), None))


def options(problem: Problem, placed: Sequence[Placed], lesson: Placed, *, stands: bool) -> list[Option]:
    """Every slot of the class for a lesson; stands: it has a slot now (`lesson.slot`) and may change places."""
    others = [o for o in placed if not (stands and o.class_id == lesson.class_id and o.slot == lesson.slot)]
    found = []
    for slot in problem.class_slots(lesson.class_id):
        if stands and slot == lesson.slot:
            continue
        found.append(option(problem, others, lesson, slot, stands=stands))
    return found


def option(problem: Problem, others: Sequence[Placed], lesson: Placed, slot: Slot, *, stands: bool) -> Option:
    """One slot for a lesson among `others` (without itself)."""
    holder = next((o for o in others if o.class_id == lesson.class_id and o.slot == slot), None)
    swap = holder if holder is not None and stands else None
    rest = [o for o in others if o is not swap]
    moved = with_room(problem, rest, replace(lesson, slot=slot))
    against = hindrances(problem, rest, moved)
    if swap is not None:
        back = with_room(problem, rest, replace(swap, slot=lesson.slot))
        against += hindrances(problem, [*rest, moved], back)
    forbids = tuple(h for h in against if h.kind in FORBID)
    return Option(slot, swap, forbids, tuple(h for h in against if h.kind not in FORBID))
