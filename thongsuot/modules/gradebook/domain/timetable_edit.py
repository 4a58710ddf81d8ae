"""Moving lessons by hand: where a lesson may go, what stands in the way, what would change places with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .timetable import Placed, Slot
from .timetable_clash import Member, member, shared
from .timetable_problem import Problem


class Hindrance(NamedTuple):
    """kind: class, teacher, room, rooms (all of the subject's rooms are in use), outside (the class has no such slot),
    travel (the teacher cannot come from another site in time): these forbid; closed, fixed, barred, teacher_off, per_day, teacher_per_day: these only warn. other: the lesson it meets.
    """

    kind: str
    other: Placed | None = None
    most: int = 0
    # Which of the two lessons that change places it speaks of.
    of: Placed | None = None


FORBID = frozenset({"class", "teacher", "room", "rooms", "outside", "travel"})


@dataclass(frozen=True)
class Option:
    """A slot for a lesson. swap: the lesson of the class that would go to where this one stands now; moved, back: the
    lesson and those held together with it as they would stand, and those that change places with them.
    """

    slot: Slot
    swap: Placed | None
    forbids: tuple[Hindrance, ...]
    warns: tuple[Hindrance, ...]
    moved: tuple[Placed, ...] = ()
    back: tuple[Placed, ...] = ()


def hindrances(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> list[Hindrance]:
    """What speaks against `lesson` standing where it says, beside `placed` (without itself)."""
    found = []
    if lesson.slot not in problem.class_slots(lesson.class_id):
        found.append(Hindrance("outside"))
    for other in placed:
        if other.slot == lesson.slot:
            found += [Hindrance(kind, other) for kind in shared(other, lesson, problem.arrangement)]
        elif problem.arrangement.too_near(other, lesson):
            found.append(Hindrance("travel", other))
    pool = problem.rules.pool_of(lesson.subject)
    if pool is not None:
        rooms = set(problem.rooms_of(pool, lesson.class_id))
        there = [
            o
            for o in _in_pool(problem, placed, lesson)
            if not pool.rooms or o.room_id is None or o.room_id in rooms
        ]
        capacity = problem.capacity(pool, lesson.class_id)
        if len(there) >= capacity:
            found.append(Hindrance("rooms", there[0] if there else None, capacity))
    return [one._replace(of=lesson) for one in found + _warnings(problem, placed, lesson)]


def _in_pool(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> list[Placed]:
    """Lessons of the slot in the rooms of the subject, classes that sit together once, with `lesson` not at all."""
    pool = problem.rules.pool_of(lesson.subject)
    there = [
        o
        for o in placed
        if o.slot == lesson.slot
        and problem.rules.pool_of(o.subject) == pool
        and not problem.arrangement.sit_together(o, lesson)
    ]
    return problem.arrangement.once(there, lambda one: (one.subject, one.staff_id))


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
        if o.class_id == lesson.class_id
        and o.subject == lesson.subject
        and o.slot.day == lesson.slot.day
        and not problem.arrangement.are_groups(o, lesson)
    ]
    if len(same) >= most:
        found.append(Hindrance("per_day", same[0], most))
    if lesson.staff_id is not None:
        if lesson.slot in problem.off(lesson.staff_id):
            found.append(Hindrance("teacher_off"))
        limit = problem.most_of(lesson.staff_id)
        theirs = {o.slot for o in placed if o.staff_id == lesson.staff_id and o.slot.day == lesson.slot.day}
        if limit is not None and len(theirs - {lesson.slot}) >= limit:
            found.append(Hindrance("teacher_per_day", most=limit))
    return found


def with_room(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> Placed:
    """The lesson in a room that is free: where the class that it sits together with is, the bond's, one of the subject's,
    or the class's own; None for a second group of a class that no room is named for.
    """
    together = [o for o in placed if o.slot == lesson.slot and problem.arrangement.sit_together(o, lesson)]
    if together:
        return replace(lesson, room_id=together[0].room_id)
    bond = problem.arrangement.bond_of(lesson)
    if bond is not None and member(lesson) in bond.rooms:
        return replace(lesson, room_id=bond.rooms[member(lesson)])
    pool = problem.rules.pool_of(lesson.subject)
    if pool is None:
        is_first = bond is None or bond.strand(member(lesson)) == 0
        return replace(lesson, room_id=problem.classes[lesson.class_id].room_id if is_first else None)
    held = {o.room_id for o in placed if o.slot == lesson.slot}
    rooms = problem.rooms_of(pool, lesson.class_id)
    # Rooms of this site before those that every site may use.
    order = sorted(rooms, key=lambda room: room not in problem.arrangement.room_sites)
    return replace(lesson, room_id=next((room for room in order if room not in held), None))


def all_with_rooms(
    problem: Problem, placed: Sequence[Placed], lessons: Sequence[Placed]
) -> tuple[Placed, ...]:
    """Several lessons in rooms, each beside those before it."""
    found: list[Placed] = []
    for one in lessons:
        found.append(with_room(problem, [*placed, *found], one))
    return tuple(found)


def block(problem: Problem, placed: Sequence[Placed], lesson: Placed) -> tuple[Placed, ...]:
    """The lesson and all that stand with it because they are held together."""
    mates = set(problem.arrangement.mates(lesson))
    return tuple(o for o in placed if o.slot == lesson.slot and member(o) in mates) or (lesson,)


def options(problem: Problem, placed: Sequence[Placed], lesson: Placed, *, stands: bool) -> list[Option]:
    """Every slot of the class for a lesson; stands: it has a slot now (`lesson.slot`) and may change places."""
    found = []
    for slot in problem.class_slots(lesson.class_id):
        if stands and slot == lesson.slot:
            continue
        found.append(option(problem, placed, lesson, slot, stands=stands))
    return found


def option(problem: Problem, placed: Sequence[Placed], lesson: Placed, slot: Slot, *, stands: bool) -> Option:
    """One slot for a lesson among `placed` (itself among them when it stands). What is held together moves together."""
    going = block(problem, placed, lesson) if stands else _new_block(problem, lesson)
    others = [o for o in placed if o not in going] if stands else list(placed)
    coming: list[Placed] = []
    if stands:
        classes = {one.class_id for one in going}
        for holder in [o for o in others if o.slot == slot and o.class_id in classes]:
            coming += [o for o in block(problem, others, holder) if o not in coming]
    rest = [o for o in others if o not in coming]
    moved = all_with_rooms(problem, rest, [replace(one, slot=slot) for one in going])
    back = all_with_rooms(problem, [*rest, *moved], [replace(one, slot=lesson.slot) for one in coming])
    against: list[Hindrance] = []
    for some in (moved, back):
        for one in some:
            beside = [o for o in (*rest, *moved, *back) if o is not one]
            against += hindrances(problem, beside, one)
    own = [o for o in coming if o.class_id == lesson.class_id]
    return Option(
        slot,
        own[0] if own else coming[0] if coming else None,
        tuple(dict.fromkeys(h for h in against if h.kind in FORBID)),
        tuple(dict.fromkeys(h for h in against if h.kind not in FORBID)),
        moved,
        back,
    )


def _new_block(problem: Problem, lesson: Placed) -> tuple[Placed, ...]:
    mates: tuple[Member, ...] = problem.arrangement.mates(lesson)
    return tuple(Placed(*one, lesson.slot) for one in mates)
