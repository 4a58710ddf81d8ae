"""Lessons of a draft: placed, moved, swapped, taken away, pinned, solved, brought in; each step can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..domain import timetable_edit as edit
from ..domain.timetable import Placed, Slot, slot_of
from ..domain.timetable_clash import Member, clashes, member
from ..domain.timetable_solver import SOLVED, Outcome
from ..models import Timetable, TimetableChange, TimetableEntry
from ..queries import timetables as queries
from ..queries.timetable_words import hindrance_words, slot_name
from ..types import StateConflict, TimetableClash
from .timetables import locked_draft

# Steps that can be taken back; older ones are forgotten.
KEPT_CHANGES = 50


def _begin(by: Actor, timetable: Timetable, edition: int | None) -> tuple[Timetable, queries.Board]:
    """The draft held, and its board. edition: what the editor saw; None where it does not matter."""
    row = locked_draft(by=by, timetable=timetable)
    if edition is not None and row.edition != edition:
        raise StateConflict(
            _("Người khác vừa sửa thời khoá biểu này. Trang đã mở lại, hãy xem rồi sửa tiếp.")
        )
    return row, queries.board(by, row)


@transaction.atomic
def place_lesson(
    *,
    by: Actor,
    timetable: Timetable,
    class_id: int,
    subject: str,
    staff_id: int | None,
    slot: Slot,
    edition: int | None,
    now: datetime,
) -> TimetableChange:
    """Put a lesson that has no slot yet into an empty slot of its class, in a room that is free.

    Raises NotAllowed, StateConflict (changed meanwhile, no such lesson is left), TimetableClash saying what is in the way.
    """
    row, board = _begin(by, timetable, edition)
    left = [
        load for load in board.left.get(class_id, ()) if (load.subject, load.staff_id) == (subject, staff_id)
    ]
    if not left:
        raise StateConflict(_("Môn này không còn tiết nào chưa xếp."))
    lesson = Placed(class_id, subject, staff_id, slot)
    found = edit.option(board.problem, board.placed, lesson, slot, stands=False)
    _refuse(board, lesson, found)
    words = _("Xếp %(subject)s lớp %(name)s vào %(slot)s") % _named(board, lesson)
    return _write(by, row, board, [], found.moved, words, now)


@transaction.atomic
def move_lesson(
    *,
    by: Actor,
    timetable: Timetable,
    class_id: int,
    start: Slot,
    to: Slot,
    edition: int | None,
    now: datetime,
) -> TimetableChange:
    """Move a lesson to another slot of its class; the lesson that stands there comes to where this one was.

    Raises NotAllowed, StateConflict (changed meanwhile, nothing stands at `start`), TimetableClash.
    """
    row, board = _begin(by, timetable, edition)
    lesson = _standing(board, class_id, start)
    if start == to:
        raise StateConflict(_("Tiết này đã ở đúng giờ đó."))
    found = edit.option(board.problem, board.placed, lesson, to, stands=True)
    _refuse(board, lesson, found)
    gone = list(edit.block(board.problem, board.placed, lesson))
    for one in found.back:
        gone += [o for o in board.all_at(one.class_id, to) if member(o) == member(one)]
    if found.swap is not None:
        said = _("Đổi %(subject)s và %(other)s của lớp %(name)s (%(start)s và %(slot)s)")
    else:
        said = _("Chuyển %(subject)s lớp %(name)s từ %(start)s sang %(slot)s")
    named = _named(board, found.moved[0]) | {
        "start": slot_name(start),
        "other": found.swap.subject if found.swap else "",
    }
    return _write(by, row, board, gone, [*found.moved, *found.back], said % named, now)


@transaction.atomic
def remove_lesson(
    *, by: Actor, timetable: Timetable, class_id: int, slot: Slot, edition: int | None, now: datetime
) -> TimetableChange:
    """Take a lesson out of its slot; it waits among those that have none. Raises NotAllowed, StateConflict."""
    row, board = _begin(by, timetable, edition)
    lesson = _standing(board, class_id, slot)
    words = _("Bỏ %(subject)s lớp %(name)s khỏi %(slot)s") % _named(board, lesson)
    return _write(by, row, board, edit.block(board.problem, board.placed, lesson), [], words, now)


@transaction.atomic
def pin_lesson(
    *,
    by: Actor,
    timetable: Timetable,
    class_id: int,
    slot: Slot,
    pinned: bool,
    edition: int | None,
    now: datetime,
) -> TimetableChange:
    """Keep a lesson where it is when the rest is solved, or let it go again. Raises NotAllowed, StateConflict."""
    row, board = _begin(by, timetable, edition)
    lesson = _standing(board, class_id, slot)
    said = (
        _("Giữ chỗ %(subject)s lớp %(name)s, %(slot)s")
        if pinned
        else _("Thôi giữ chỗ %(subject)s lớp %(name)s, %(slot)s")
    )
    words = said % _named(board, lesson)
    some = edit.block(board.problem, board.placed, lesson)
    return _write(by, row, board, some, [replace(one, pinned=pinned) for one in some], words, now)


@transaction.atomic
def clear_lessons(*, by: Actor, timetable: Timetable, edition: int | None, now: datetime) -> TimetableChange:
    """Take out all lessons that are not pinned. Raises NotAllowed, StateConflict."""
    row, board = _begin(by, timetable, edition)
    gone = [one for one in board.placed if not one.pinned]
    if not gone:
        raise StateConflict(_("Không có tiết nào để bỏ."))
    return _write(by, row, board, gone, [], _("Bỏ %(many)d tiết không giữ chỗ") % {"many": len(gone)}, now)


@transaction.atomic
def undo_change(*, by: Actor, timetable: Timetable, edition: int | None, now: datetime) -> TimetableChange:
    """Take the last step back. Raises NotAllowed, StateConflict when there is none."""
    row, board = _begin(by, timetable, edition)
    change = queries.last_change(row)
    if change is None:
        raise StateConflict(_("Không còn thay đổi nào để hoàn tác."))
    # Classes that are gone since then stay gone.
    back = [one for one in map(_unpacked, change.before) if one.class_id in board.class_names]
    _put(row, board, [_unpacked(item) for item in change.after], back)
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    return change


@transaction.atomic
def keep_solution(
    *, by: Actor, timetable: Timetable, outcome: Outcome, edition: int, now: datetime
) -> TimetableChange | None:
    """Keep how a solving ended; when it found a timetable, its lessons stand in place of all that were not pinned.

    Raises NotAllowed, StateConflict when the draft was changed while it ran.
    """
    row, board = _begin(by, timetable, edition)
    row.solving = _kept(outcome, now)
    row.save(update_fields=["solving"])
    if outcome.state != SOLVED:
        return None
    stands = {(one.class_id, one.slot) for one in board.to_solve.fixed if one in board.placed}
    gone = [one for one in board.placed if (one.class_id, one.slot) not in stands]
    new = [one for one in outcome.placed if (one.class_id, one.slot) not in stands]
    words = _("Xếp tự động %(many)d tiết") % {"many": len(new)}
    return _write(by, row, board, gone, new, words, now)


def _kept(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "state": outcome.state,
        "at": now.isoformat(),
        "seconds": round(outcome.seconds, 1),
        "gaps": outcome.quality.gaps if outcome.quality else 0,
        "limits": [one._asdict() for one in outcome.limits],
        "lift": [list(group) for group in outcome.lift],
        "missing": [
            [load.class_id, load.subject, load.staff_id, many] for load, many in outcome.missing.items()
        ],
        "is_sure": outcome.is_sure,
    }


@transaction.atomic
def take_lessons_in(
    *, by: Actor, timetable: Timetable, lessons: Sequence[Placed], edition: int, now: datetime
) -> TimetableChange | None:
    """Lessons of a file, checked before by queries.timetable_file: each takes its slot, what stood there goes; slots that
    the file does not speak of stay. None when the file changes nothing. Raises NotAllowed, StateConflict.
    """
    row, board = _begin(by, timetable, edition)
    come = {(one.class_id, one.slot, member(one)) for one in lessons}
    stand = {(one.class_id, one.slot, member(one)) for one in board.placed}
    new = [one for one in lessons if (one.class_id, one.slot, member(one)) not in stand]
    if not new:
        return None
    gone: list[Placed] = []
    for class_id, slot in dict.fromkeys((one.class_id, one.slot) for one in lessons):
        gone += [one for one in board.all_at(class_id, slot) if (class_id, slot, member(one)) not in come]
    words = _("Nhập từ tệp: %(many)d tiết") % {"many": len(new)}
    return _write(by, row, board, gone, new, words, now)


# -- how a step is written --------------------------------------------------------------------------


def _standing(board: queries.Board, class_id: int, slot: Slot) -> Placed:
    lesson = board.at(class_id, slot)
    if lesson is None:
        raise StateConflict(_("Giờ này không có tiết nào."))
    return lesson


def _refuse(board: queries.Board, lesson: Placed, found: edit.Option) -> None:
    if found.forbids:
        words = [hindrance_words(board, lesson, one) for one in found.forbids]
        raise TimetableClash("; ".join(dict.fromkeys(words)) + ".")


def _named(board: queries.Board, lesson: Placed) -> dict[str, Any]:
    return {
        "subject": lesson.subject,
        "name": board.class_names.get(lesson.class_id, ""),
        "slot": slot_name(lesson.slot),
    }


def _write(
    by: Actor,
    row: Timetable,
    board: queries.Board,
    gone: Sequence[Placed],
    new: Sequence[Placed],
    words: str,
    now: datetime,
) -> TimetableChange:
    _put(row, board, gone, new)
    change = TimetableChange.objects.create(
        timetable=row,
        unit_id=row.unit_id,
        words=words[:200],
        before=[_packed(one) for one in gone],
        after=[_packed(one) for one in new],
        by_id=by.user_id,
        at=now,
    )
    old = row.changes.order_by("-id").values_list("pk", flat=True)[KEPT_CHANGES:]
    TimetableChange.objects.filter(pk__in=list(old)).delete()
    return change


def _put(row: Timetable, board: queries.Board, gone: Iterable[Placed], new: Iterable[Placed]) -> None:
    """One statement for what goes, one for what comes. Raises TimetableClash where the rules changed meanwhile and two
    lessons that come would stand on one another.
    """
    new = list(new)
    places = {(one.slot, member(one)) for one in gone}
    stays = [one for one in board.placed if (one.slot, member(one)) not in places]
    for kind, first, second in clashes([*stays, *new], board.arrangement):
        if kind in ("class", "teacher") and (first in new or second in new):
            hindrance = edit.Hindrance(kind, first, of=second)
            raise TimetableClash(hindrance_words(board, second, hindrance) + ".")
    if places:
        fields = ("pk", "school_class_id", "subject", "staff_id", "day", "session", "lesson")
        pks = [
            pk
            for pk, class_id, subject, staff_id, day, session, lesson in row.entries.values_list(*fields)
            if (
                Slot(day, queries.SESSIONS.index(session), lesson),
                Member(class_id, subject, staff_id),
            )
            in places
        ]
        row.entries.filter(pk__in=pks).delete()
    TimetableEntry.objects.bulk_create(
        TimetableEntry(
            timetable=row,
            unit_id=row.unit_id,
            school_class_id=one.class_id,
            subject=one.subject,
            staff_id=one.staff_id,
            room_id=one.room_id,
            day=one.slot.day,
            session=queries.session_of(one.slot),
            lesson=one.slot.lesson,
            is_pinned=one.pinned,
            **_ranks(board, one),
        )
        for one in new
    )
    row.edition += 1
    row.save(update_fields=["edition"])


def _ranks(board: queries.Board, one: Placed) -> dict[str, int]:
    """Lessons held together may share a slot: each under its own number, all others under 0."""
    bond = board.arrangement.bond_of(one)
    if bond is None:
        return {}
    return {"strand": bond.strand(member(one)), "joint": bond.joint(member(one))}


def _packed(one: Placed) -> list[Any]:
    return [one.class_id, one.subject, one.staff_id, one.room_id, one.slot.code, one.pinned]


def _unpacked(item: Sequence[Any]) -> Placed:
    class_id, subject, staff_id, room_id, code, pinned = item
    return Placed(class_id, subject, staff_id, slot_of(code), room_id, pinned)
