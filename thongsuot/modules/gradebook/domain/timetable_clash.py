"""Which lessons cannot stand as they do: one rule for what is solved, moved by hand, read from a file, published. Pure.

Lessons that are held together (a class in groups, several classes in one lesson) are bonds; where classes and rooms are,
and how far it is from one site of the school to another, is data. All of it is an Arrangement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import NamedTuple, Protocol, TypeVar

from .timetable import Placed, Slot


class Taught(Protocol):
    """A lesson, or a load of lessons."""

    @property
    def class_id(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def staff_id(self) -> int | None: ...


AnyTaught = TypeVar("AnyTaught", bound=Taught)


class Member(NamedTuple):
    """What a bond holds together: all lessons of a class, subject and teacher."""

    class_id: int
    subject: str
    staff_id: int | None


@dataclass(frozen=True)
class Bond:
    """Lessons that always stand in the same slot. Members of one class are its groups, each with a teacher and a room;
    members with the same subject and teacher are classes that sit together, in one room.

    rooms: member -> its room, where it is not the class's own or one of the subject's.
    """

    name: str
    members: tuple[Member, ...]
    rooms: Mapping[Member, int] = field(default_factory=dict)

    def strand(self, one: Member) -> int:
        """Which of the groups of its class a member is, from 0."""
        return [m for m in self.members if m.class_id == one.class_id].index(one)

    def joint(self, one: Member) -> int:
        """Which of the classes that a teacher has in one lesson a member is, from 0."""
        same = [m for m in self.members if (m.subject, m.staff_id) == (one.subject, one.staff_id)]
        return same.index(one) if one.staff_id is not None else 0


def member(one: Taught) -> Member:
    return Member(one.class_id, one.subject, one.staff_id)


@dataclass(frozen=True)
class Arrangement:
    """What decides whether two lessons can be where they are.

    class_sites, room_sites: the site of the school, missing where it is not known. ways: two sites -> lessons that must
    be free between them; usual_way: of all other pairs.
    """

    bonds: tuple[Bond, ...] = ()
    class_sites: Mapping[int, int] = field(default_factory=dict)
    room_sites: Mapping[int, int] = field(default_factory=dict)
    ways: Mapping[frozenset[int], int] = field(default_factory=dict)
    usual_way: int = 1

    @cached_property
    def _bond_of(self) -> Mapping[Member, Bond]:
        return {one: bond for bond in self.bonds for one in bond.members}

    def bond_of(self, one: Taught) -> Bond | None:
        return self._bond_of.get(member(one))

    def mates(self, one: Taught) -> tuple[Member, ...]:
        """All that stand where `one` stands, itself among them."""
        bond = self.bond_of(one)
        return bond.members if bond else (member(one),)

    def once(self, lessons: Iterable[AnyTaught], what: Callable[[AnyTaught], Hashable]) -> list[AnyTaught]:
        """Of loads that are held together and are one and the same to `what`, the first."""
        found: list[AnyTaught] = []
        seen: set[Hashable] = set()
        for one in lessons:
            bond = self.bond_of(one)
            if bond is not None:
                key = (bond.members, what(one))
                if key in seen:
                    continue
                seen.add(key)
            found.append(one)
        return found

    def are_groups(self, one: Taught, other: Taught) -> bool:
        """Two groups of one class that are taught at the same time?"""
        bond = self.bond_of(one)
        return (
            bond is not None
            and bond is self.bond_of(other)
            and one.class_id == other.class_id
            and member(one) != member(other)
        )

    def sit_together(self, one: Taught, other: Taught) -> bool:
        """Two classes in one lesson of one teacher?"""
        bond = self.bond_of(one)
        return (
            bond is not None
            and bond is self.bond_of(other)
            and one.class_id != other.class_id
            and (one.subject, one.staff_id) == (other.subject, other.staff_id)
        )

    def site_of(self, one: Placed) -> int:
        """0: not known."""
        at_class = self.class_sites.get(one.class_id, 0)
        return self.room_sites.get(one.room_id or 0, at_class)

    def way(self, site: int, other: int) -> int:
        """Lessons that must be free between two sites; 0 on the same one or where one is not known."""
        if not site or not other or site == other:
            return 0
        return self.ways.get(frozenset((site, other)), self.usual_way)

    def too_near(self, one: Placed, other: Placed) -> bool:
        """Cannot the teacher of two lessons of one half-day be at both sites in time?"""
        if one.staff_id is None or one.staff_id != other.staff_id or one.slot[:2] != other.slot[:2]:
            return False
        way = self.way(self.site_of(one), self.site_of(other))
        return way > 0 and abs(one.slot.lesson - other.slot.lesson) <= way


AS_IT_IS = Arrangement()


class Clash(NamedTuple):
    """Two lessons that cannot stand as they do, `first` before `second` in the given order.

    kind: class, teacher, room (both need it at once); travel (the teacher cannot be at both sites in time); apart (`second`
    is the member of a bond that does not stand where `first` does: an example of where it might).
    """

    kind: str
    first: Placed
    second: Placed


def clashes(lessons: Sequence[Placed], arrangement: Arrangement = AS_IT_IS) -> list[Clash]:
    """Every pair that cannot stand as it does. Whatever solves, moves, reads or publishes lessons is held to this."""
    found = []
    by_slot: dict[Slot, list[Placed]] = defaultdict(list)
    for lesson in lessons:
        for other in by_slot[lesson.slot]:
            found += [Clash(kind, other, lesson) for kind in shared(other, lesson, arrangement)]
        by_slot[lesson.slot].append(lesson)
    if arrangement.class_sites or arrangement.room_sites:
        found += _journeys(lessons, arrangement)
    if arrangement.bonds:
        found += _apart(by_slot, arrangement)
    return found


def shared(one: Placed, other: Placed, arrangement: Arrangement = AS_IT_IS) -> list[str]:
    """What two lessons of the same slot both need."""
    kinds = []
    groups, together = arrangement.are_groups(one, other), arrangement.sit_together(one, other)
    if one.class_id == other.class_id and not groups:
        kinds.append("class")
    if one.staff_id is not None and one.staff_id == other.staff_id and not together:
        kinds.append("teacher")
    # A class that stays in its own room shares it with itself only; that is the clash of the class.
    apart = groups or one.class_id != other.class_id
    if one.room_id is not None and one.room_id == other.room_id and apart and not together:
        kinds.append("room")
    return kinds


def _journeys(lessons: Sequence[Placed], arrangement: Arrangement) -> Iterable[Clash]:
    halves: dict[tuple[int, int, int], list[Placed]] = defaultdict(list)
    for one in lessons:
        if one.staff_id is not None:
            halves[one.staff_id, one.slot.day, one.slot.part].append(one)
    for some in halves.values():
        for one, other in combinations(some, 2):
            if one.slot != other.slot and arrangement.too_near(one, other):
                yield Clash("travel", one, other)


def _apart(by_slot: Mapping[Slot, Sequence[Placed]], arrangement: Arrangement) -> Iterable[Clash]:
    for slot, here in by_slot.items():
        standing = {member(one) for one in here}
        for one in here:
            for mate in arrangement.mates(one):
                if mate not in standing:
                    yield Clash("apart", one, Placed(*mate, slot))
