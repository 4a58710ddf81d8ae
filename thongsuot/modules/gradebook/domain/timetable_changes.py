"""What differs between two timetables, for a class and for a teacher. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .timetable import Placed, Slot


class SlotChange(NamedTuple):
    """What stood in a slot, and what stands there now; () where there was, or is, nothing. Never the same twice."""

    slot: Slot
    before: tuple[Placed, ...]
    after: tuple[Placed, ...]


def changes_by_class(before: Iterable[Placed], after: Iterable[Placed]) -> dict[int, tuple[SlotChange, ...]]:
    """class -> slots of the week in which its subject, teacher or room differs, as the week runs."""
    return _changes(before, after, lambda one: one.class_id)


def changes_by_teacher(
    before: Iterable[Placed], after: Iterable[Placed]
) -> dict[int, tuple[SlotChange, ...]]:
    """teacher -> slots in which his or her class, subject or room differs."""
    return _changes(before, after, lambda one: one.staff_id)


def _changes(
    before: Iterable[Placed], after: Iterable[Placed], whose: Callable[[Placed], int | None]
) -> dict[int, tuple[SlotChange, ...]]:
    old, new = _by_place(before, whose), _by_place(after, whose)
    found: dict[int, list[SlotChange]] = defaultdict(list)
    for key in sorted({*old, *new}):
        owner, slot = key
        gone, come = old.get(key, frozenset()), new.get(key, frozenset())
        if gone != come:
            found[owner].append(SlotChange(slot, _in_order(gone), _in_order(come)))
    return {owner: tuple(changes) for owner, changes in found.items()}


def _by_place(
    lessons: Iterable[Placed], whose: Callable[[Placed], int | None]
) -> Mapping[tuple[int, Slot], frozenset[Placed]]:
    found: dict[tuple[int, Slot], set[Placed]] = defaultdict(set)
    for one in lessons:
        owner = whose(one)
        if owner is not None:
            # Whether a lesson keeps its place when solved is the maker's business alone.
            found[owner, one.slot].add(replace(one, pinned=False))
    return {key: frozenset(some) for key, some in found.items()}


def _in_order(lessons: Iterable[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(lessons, key=lambda one: (one.class_id, one.subject, one.staff_id or 0)))
