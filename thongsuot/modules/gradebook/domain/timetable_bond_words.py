"""Lessons held together as people write them, a line each: "6A, 6B: Giáo dục thể chất - Nam - Sân tập". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thongsuot.kit.text.vietnamese import fold

from .timetable_rules import BondMember
from .timetable_sheet import match_subject, match_teacher


class BondFault(ValueError):
    """kind: line (no "class: subject - teacher"), class, subject, teacher, room; said: what could not be read."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.kind, self.said = kind, said


def read_members(
    text: str,
    *,
    class_names: Mapping[int, str],
    taught: Mapping[int, Mapping[str, Mapping[int, str]]],
    room_names: Mapping[int, str],
    short: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """Members in the shape of BondRule. taught: class -> subject -> teacher -> name. Raises BondFault."""
    classes, rooms = _plain(class_names), _plain(room_names)
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        head, colon, rest = line.partition(":")
        parts = [part.strip() for part in rest.split(" - ")]
        if not colon or not 2 <= len(parts) <= 3:
            raise BondFault("line", line)
        room = None
        if len(parts) == 3:
            room = rooms.get(_key(parts[2]))
            if room is None:
                raise BondFault("room", parts[2])
        for name in (part.strip() for part in head.split(",")):
            class_id = classes.get(_key(name))
            if class_id is None:
                raise BondFault("class", name)
            by_subject = taught.get(class_id, {})
            subject = match_subject(parts[0], by_subject, short)
            if subject is None:
                raise BondFault("subject", f"{name}: {parts[0]}")
            staff_id = match_teacher(parts[1], by_subject[subject])
            if staff_id is None:
                raise BondFault("teacher", f"{name}: {parts[1]}")
            found.append({"class_id": class_id, "subject": subject, "staff_id": staff_id, "room": room})
    return found


def write_members(
    members: Iterable[BondMember],
    class_names: Mapping[int, str],
    staff_names: Mapping[int, str],
    room_names: Mapping[int, str],
) -> str:
    """What `read_members` reads again; classes that sit together on one line."""
    lines: dict[tuple[str, int | None, int | None], list[str]] = {}
    for one in members:
        name = class_names.get(one.class_id)
        if name is not None:
            lines.setdefault((one.subject, one.staff_id, one.room), []).append(name)
    said = []
    for (subject, staff_id, room), names in lines.items():
        parts = [subject, staff_names.get(staff_id or 0, ""), room_names.get(room or 0, "")]
        said.append(f"{', '.join(names)}: {' - '.join(part for part in parts if part)}")
    return "\n".join(said)


def _plain(names: Mapping[int, str]) -> dict[str, int]:
    return {_key(name): pk for pk, name in names.items()}


def _key(name: str) -> str:
    return fold(name).replace(" ", "").removeprefix("lop")
