"""What became of a unit: following the old-to-new map over the days on which it changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter


@dataclass(frozen=True, order=True)
class Step:
    """One line of the map: `old` became `new`, or a part of it did, on `on`."""

    on: date
    old: str
    new: str
    is_partial: bool = False


@dataclass(frozen=True, order=True)
class Successor:
    """A unit that took in the old one; `is_partial`: on the way to it, only a part of a unit went along."""

    code: str
    is_partial: bool = False


def successors(
    steps: Iterable[Step], codes: Sequence[str], *, on: date, known_on: date | None = None
) -> dict[str, tuple[Successor, ...]]:
    """Each of `codes` as written before `known_on`'s end (None: before every change), with its units on `on`.

    The national list gives old codes to new units (before 1 July 2025 21025 was the ward Nguyễn Nghiêm,
    since then the ward Cẩm Thành), so a code means something only together with a day, and each day of the
    map is applied once. A code without a line keeps itself. Where several ways lead to one unit, it is whole
    if one of them is.
    """
    reached = {code: {code: False} for code in codes}
    wanted = sorted(step for step in steps if step.on <= on and (known_on is None or step.on > known_on))
    for _day, lines in groupby(wanted, key=attrgetter("on")):
        onward: dict[str, list[Step]] = {}
        for line in lines:
            onward.setdefault(line.old, []).append(line)
        reached = {code: _further(places, onward) for code, places in reached.items()}
    return {
        code: tuple(sorted(Successor(place, partial) for place, partial in places.items()))
        for code, places in reached.items()
    }


def _further(places: dict[str, bool], onward: dict[str, list[Step]]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for place, partial in places.items():
        for step in onward.get(place, [Step(date.min, place, place)]):
            part = partial or step.is_partial
            found[step.new] = found.get(step.new, True) and part
    return found
