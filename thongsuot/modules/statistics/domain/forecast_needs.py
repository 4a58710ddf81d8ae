"""Classes, teachers and rooms that pupils need by the norms. Pure; the norms are data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Norm:
    """Of one grade or group: most pupils in a class, teachers for a class, classes that share a room (2: two shifts)."""

    class_size: int
    teachers: Decimal
    classes_per_room: int = 1

    def __post_init__(self) -> None:
        if self.class_size < 1 or self.teachers <= 0 or self.classes_per_room < 1:
            raise ValueError("a norm is above zero")

    def as_json(self) -> dict[str, int | str]:
        return {
            "class_size": self.class_size,
            "teachers": str(self.teachers),
            "classes_per_room": self.classes_per_room,
        }


@dataclass(frozen=True)
class Needs:
    pupils: int = 0
    classes: int = 0
    teachers: int = 0
    rooms: int = 0


def needs(groups: Iterable[tuple[Decimal, Norm]]) -> Needs:
    """What groups of pupils (one commune, one grade each) need together.

    Classes are full but for the last of each group: the least that is possible; several schools in a commune need more.
    Teachers and rooms are rounded up once for all: a teacher may serve two grades.
    """
    pupils, classes, teachers, rooms = Decimal(0), 0, Decimal(0), Decimal(0)
    for number, norm in groups:
        whole = number.quantize(Decimal(1), ROUND_HALF_UP)
        opened = -(-int(whole) // norm.class_size)
        pupils += whole
        classes += opened
        teachers += opened * norm.teachers
        rooms += Decimal(opened) / norm.classes_per_room
    return Needs(int(pupils), classes, _up(teachers), _up(rooms))


def _up(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_CEILING))
