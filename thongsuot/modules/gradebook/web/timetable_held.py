"""Fields of the page of rules about lessons held together and about the sites of a school: shown and read."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..domain.timetable_bond_words import BondFault, read_members, write_members
from ..domain.timetable_rules import TimetableRules
from ..queries.timetable_rules import subject_words
from ..types import BadValue

BLANK_BONDS = 2


def bond_values(
    rules: TimetableRules, lists: dict[str, Any], sent: QueryDict | None = None
) -> list[dict[str, Any]]:
    rows: list[Any] = [*rules.bonds, *([None] * BLANK_BONDS)]
    found = []
    for n, rule in enumerate(rows):
        kept = write_members(rule.members, lists["classes"], lists["staff"], lists["rooms"]) if rule else ""
        found.append(
            {
                "name": (rule.name if rule else "") if sent is None else sent.get(f"bond-{n}-name", ""),
                "members": kept if sent is None else sent.get(f"bond-{n}-members", ""),
            }
        )
    return found


def read_bonds(rules: TimetableRules, lists: dict[str, Any], sent: QueryDict) -> list[dict[str, Any]]:
    """Raises BadValue saying which words could not be read."""
    found = []
    for n in range(len(rules.bonds) + BLANK_BONDS):
        text = sent.get(f"bond-{n}-members", "")
        if not text.strip():
            continue
        try:
            members = read_members(
                text,
                class_names=lists["classes"],
                taught=lists["taught"],
                room_names=lists["rooms"],
                short=subject_words().short,
            )
        except BondFault as fault:
            raise BadValue(_fault_words(fault), field=f"bond-{n}-members") from fault
        _check(members, lists)
        found.append({"name": sent.get(f"bond-{n}-name", "").strip()[:60], "members": members})
    return found


def _fault_words(fault: BondFault) -> str:
    said = {
        "line": _("Học cùng giờ: không hiểu “%(said)s”. Ghi như: 6A: Tiếng Anh - Nguyễn Thị Hoa."),
        "class": _("Học cùng giờ: không có lớp “%(said)s”."),
        "subject": _("Học cùng giờ: môn không có trong phân công của lớp (%(said)s)."),
        "teacher": _("Học cùng giờ: giáo viên không được phân công hoặc trùng tên (%(said)s)."),
        "room": _("Học cùng giờ: không có phòng “%(said)s”."),
    }[fault.kind]
    return said % {"said": fault.said[:60]}


def _check(members: list[dict[str, Any]], lists: dict[str, Any]) -> None:
    """What the shape of the rules refuses, in words."""
    if len(members) < 2:
        raise BadValue(_("Học cùng giờ: mỗi nhóm cần ít nhất hai dòng hoặc hai lớp."))
    seen: dict[int, dict[str, Any]] = {}
    for one in members:
        other = seen.setdefault(one["staff_id"], one)
        if other is not one and (other["subject"] != one["subject"] or other["class_id"] == one["class_id"]):
            said = _("Học cùng giờ: %(teacher)s không thể dạy hai nhóm hoặc hai môn một lúc.")
            raise BadValue(said % {"teacher": lists["staff"].get(one["staff_id"], "")})
    lessons = {lists["lessons"].get((m["class_id"], m["subject"], m["staff_id"])) for m in members}
    if len(lessons) > 1:
        raise BadValue(_("Học cùng giờ: các dòng phải có số tiết một tuần bằng nhau trong phân công."))


def way_values(
    rules: TimetableRules, lists: dict[str, Any], sent: QueryDict | None = None
) -> list[dict[str, Any]]:
    """Every pair of sites, with what is said of it; empty for a school on one site."""
    kept = {frozenset(way.sites): way.free for way in rules.ways}
    found = []
    for (a, name), (b, other) in combinations(lists["sites"].items(), 2):
        key = f"way-{a}-{b}"
        value = kept.get(frozenset((a, b)), "") if sent is None else sent.get(key, "")
        found.append({"key": key, "name": f"{name} – {other}", "value": value})
    return found


def read_ways(lists: dict[str, Any], sent: QueryDict) -> dict[str, Any]:
    if len(lists["sites"]) < 2:
        return {}
    ways = []
    for a, b in combinations(lists["sites"], 2):
        free = _free(sent.get(f"way-{a}-{b}", ""))
        if free is not None:
            ways.append({"sites": [a, b], "free": free})
    usual = _free(sent.get("usual_way", ""))
    return {"ways": ways, "usual_way": 1 if usual is None else usual}


def _free(said: str) -> int | None:
    if not said.strip():
        return None
    if said.strip() not in set("012345"):
        raise BadValue(_("Điểm trường: số tiết nghỉ để di chuyển phải từ 0 đến 5."))
    return int(said)
