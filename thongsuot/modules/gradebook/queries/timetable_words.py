"""Timetables in words: slots, clashes, limits, rules that would have to give way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..domain.timetable import MORNING, Placed, Slot, slot_of
from ..domain.timetable_edit import Hindrance
from .timetables import Board


def day_name(day: int) -> str:
    return _("Chủ nhật") if day == 8 else _("Thứ %(day)d") % {"day": day}


def part_name(part: int) -> str:
    return _("sáng") if part == MORNING else _("chiều")


def slot_name(slot: Slot) -> str:
    """ "Thứ 2 sáng tiết 1" """
    return _("%(day)s %(part)s tiết %(lesson)d") % {
        "day": day_name(slot.day),
        "part": part_name(slot.part),
        "lesson": slot.lesson,
    }


def pattern_names() -> dict[str, str]:
    """What write_slots needs to say patterns of slots."""
    return {"day": _("T%d"), "sunday": _("CN"), "S": _("sáng"), "C": _("chiều"), "lesson": _("tiết")}


def short_name(full_name: str) -> str:
    """ "Nguyễn Thị Hoa" -> "N.T.Hoa": what fits a cell of a grid and still tells two Hoa apart."""
    words = full_name.split()
    return ".".join([word[0] for word in words[:-1]] + words[-1:])


def lesson_words(board: Board, one: Placed) -> str:
    """ "Toán, lớp 6A, Nguyễn Thị Hoa" """
    said = _("%(subject)s, lớp %(name)s") % {
        "subject": one.subject,
        "name": board.class_names.get(one.class_id, ""),
    }
    teacher = board.staff_names.get(one.staff_id or 0, "")
    return f"{said}, {teacher}" if teacher else said


def hindrance_words(board: Board, lesson: Placed, found: Hindrance) -> str:
    """Why a lesson cannot, or had better not, stand in a slot."""
    other, lesson = found.other, found.of or lesson
    named = {
        "subject": lesson.subject,
        "class": board.class_names.get(lesson.class_id, ""),
        "teacher": board.staff_names.get(lesson.staff_id or 0, ""),
        "other": other.subject if other else "",
        "other_class": board.class_names.get(other.class_id, "") if other else "",
        "room": board.room_names.get((other.room_id if other else None) or 0, ""),
        "most": found.most,
    }
    if found.kind == "teacher" and other is not None:
        named["teacher"] = board.staff_names.get(other.staff_id or 0, "")
    return _HINDRANCES[found.kind]() % named


_HINDRANCES: dict[str, Callable[[], str]] = {
    "class": lambda: _("Lớp %(class)s đang học %(other)s"),
    "teacher": lambda: _("%(teacher)s đang dạy %(other)s lớp %(other_class)s"),
    "room": lambda: _("Phòng %(room)s đang có lớp %(other_class)s"),
    "travel": lambda: _("%(teacher)s không kịp sang điểm trường khác (%(other)s lớp %(other_class)s)"),
    "rooms": lambda: _("Phòng của môn đã dùng hết (%(most)d), trong đó có lớp %(other_class)s"),
    "outside": lambda: _("Lớp không học vào giờ này"),
    "closed": lambda: _("Trường không xếp tiết vào giờ này"),
    "fixed": lambda: _("%(subject)s có giờ cố định khác"),
    "barred": lambda: _("Môn %(subject)s tránh giờ này"),
    "teacher_off": lambda: _("%(teacher)s bận vào giờ này"),
    "per_day": lambda: _("Quá %(most)d tiết %(subject)s một ngày"),
    "teacher_per_day": lambda: _("%(teacher)s đã đủ %(most)d tiết trong ngày"),
}


# -- why there is no timetable ----------------------------------------------------------------------


def limit_words(board: Board, found: Mapping[str, Any]) -> str:
    """Who is asked for more slots than there are. found: a limit of domain/timetable_limits.py as kept in JSON."""
    named = {
        **found,
        "class": board.class_names.get(found["class_id"], ""),
        "teacher": board.staff_names.get(found["staff_id"], ""),
        "slot_name": slot_name(slot_of(found["slot"])) if found["slot"] else "",
        "excess": found["asked"] - found["there"],
    }
    kind = found["kind"]
    if kind == "fixed" and found["staff_id"]:
        kind = "fixed_teacher"
    return _LIMITS[kind]() % named


_LIMITS: dict[str, Callable[[], str]] = {
    "class": lambda: _(
        "Lớp %(class)s phải học %(asked)d tiết nhưng chỉ còn %(there)d giờ: thừa %(excess)d tiết."
    ),
    "teacher": lambda: _(
        "%(teacher)s phải dạy %(asked)d tiết nhưng chỉ có %(there)d giờ dạy được: thừa %(excess)d tiết."
    ),
    "rooms": lambda: _(
        "%(subject)s phải nhận %(asked)d tiết nhưng chỉ đủ cho %(there)d: thừa %(excess)d tiết."
    ),
    "subject": lambda: _(
        "Lớp %(class)s có %(asked)d tiết %(subject)s, nhưng số tiết tối đa mỗi ngày chỉ cho xếp %(there)d."
    ),
    "pair": lambda: _(
        "%(teacher)s dạy %(asked)d tiết %(subject)s ở lớp %(class)s, nhưng chỉ có %(there)d giờ cả hai cùng rảnh."
    ),
    "bond": lambda: _(
        "%(subject)s lớp %(class)s có %(asked)d tiết, nhưng nhóm học cùng giờ chỉ có %(there)d: phân công phải bằng nhau."
    ),
    "fixed": lambda: _("Lớp %(class)s có hai tiết cố định cùng vào %(slot_name)s."),
    "fixed_teacher": lambda: _("%(teacher)s có hai tiết cố định cùng vào %(slot_name)s."),
}


def lift_words(board: Board, rule: str, subject: str, class_id: int, staff_id: int) -> str:
    """A rule that would have to give way."""
    named = {
        "subject": subject,
        "class": board.class_names.get(class_id, ""),
        "teacher": board.staff_names.get(staff_id, ""),
    }
    return _LIFTS[rule]() % named


_LIFTS: dict[str, Callable[[], str]] = {
    "closed": lambda: _("giờ trường không xếp tiết"),
    "barred": lambda: _("giờ phải tránh của môn %(subject)s"),
    "teacher_off": lambda: _("giờ bận của %(teacher)s"),
    "rooms": lambda: _("số chỗ của %(subject)s"),
    "per_day": lambda: _("số tiết %(subject)s tối đa một ngày của lớp %(class)s"),
    "together": lambda: _("các tiết %(subject)s trong một buổi phải liền nhau"),
    "doubles": lambda: _("tiết đôi của môn %(subject)s"),
    "no_gaps": lambda: _("lớp %(class)s không được trống tiết giữa buổi"),
    "teacher_per_day": lambda: _("số tiết tối đa một ngày của %(teacher)s"),
    "travel": lambda: _("thời gian sang điểm trường khác của %(teacher)s"),
    "free_days": lambda: _("ngày nghỉ trong tuần của %(teacher)s"),
}


def solving_words(board: Board) -> dict[str, Any]:
    """How the last solving ended, in words: state, limits, lift, missing; {} when nothing was solved yet."""
    kept = board.timetable.solving
    if not kept:
        return {}
    return {
        "state": kept["state"],
        "seconds": round(kept.get("seconds", 0)),
        "gaps": kept.get("gaps", 0),
        "limits": [limit_words(board, one) for one in kept.get("limits", ())],
        "is_sure": kept.get("is_sure", True),
        "missing_total": sum(one[3] for one in kept.get("missing", ())),
        "lift": [lift_words(board, *one) for one in kept.get("lift", ())],
        "missing": [
            _("%(many)d tiết %(subject)s lớp %(class)s (%(teacher)s)")
            % {
                "many": many,
                "subject": subject,
                "class": board.class_names.get(class_id, ""),
                "teacher": board.staff_names.get(staff_id or 0, "–"),
            }
            for class_id, subject, staff_id, many in kept.get("missing", ())
        ],
    }
