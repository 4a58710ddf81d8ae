"""The principal's board: the progress of each class with what the homeroom teacher keeps, locks, requests, whom to remind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.registry.queries import assigned_teachers, class_members

from ..models import MarkLock, PupilTraits, TermConduct, UnlockRequest
from ..types import Moment, UnlockState
from .classes import LAST_PRIMARY
from .progress import ProgressLine, locks, progress, unlock_requests
from .roll_calls import SessionRoll, rolls_of_school

# Decisions that the board itself shows; the rest has a list.
LAST_DECIDED = 5


@dataclass(frozen=True)
class ClassBoard:
    """kept, kept_wanted: rows of conduct (secondary), or of qualities at the two moments of the term (primary). rolls: of the
    sessions of the day, None on a day without school.
    """

    school_class: Any
    lines: tuple[ProgressLine, ...]
    kept: int
    kept_wanted: int
    lock: MarkLock | None
    rolls: tuple[SessionRoll, ...] | None = None

    @property
    def filled(self) -> int:
        return sum(min(one.filled, one.wanted) for one in self.lines)

    @property
    def wanted(self) -> int:
        return sum(one.wanted for one in self.lines)

    @property
    def lacking(self) -> list[ProgressLine]:
        return [one for one in self.lines if one.filled < one.wanted]


@dataclass(frozen=True)
class Board:
    """lock: of the whole school. requests: to unlock, waiting, of the term; decided: the last of the others."""

    classes: tuple[ClassBoard, ...]
    lock: MarkLock | None
    requests: tuple[UnlockRequest, ...]
    decided: tuple[UnlockRequest, ...]


def board(actor: Actor, unit: Any, school_year: Any, term: int, *, on: date) -> Board:
    """Of a school that the actor oversees; empty for others. on: the day whose roll calls are told. A handful of statements whatever the number of classes."""
    by_class: dict[int, list[ProgressLine]] = defaultdict(list)
    for line in progress(actor, unit, school_year, term):
        by_class[line.class_subject.school_class_id].append(line)
    held = {one.school_class_id: one for one in locks(actor, unit, school_year) if one.term == term}
    kept = _kept(by_class, term)
    rolls = rolls_of_school(unit.pk, [one[0].class_subject.school_class for one in by_class.values()], on)
    classes = []
    for class_id, lines in by_class.items():
        school_class = lines[0].class_subject.school_class
        is_primary = (school_class.grade or 0) <= LAST_PRIMARY
        pupils = max(one.pupils for one in lines)
        classes.append(
            ClassBoard(
                school_class,
                tuple(one for one in lines if one.wanted and not one.class_subject.is_optional),
                kept[is_primary].get(class_id, 0),
                pupils * (2 if is_primary else 1),
                held.get(class_id),
                tuple(rolls[class_id]) if class_id in rolls else None,
            )
        )
    asked = [
        one
        for one in unlock_requests(actor, unit, school_year=school_year)
        if one.lock.term == term and not (one.state == UnlockState.ASKED and one.lock.unlocked_at)
    ]
    waiting = tuple(one for one in asked if one.state == UnlockState.ASKED)
    decided = tuple(one for one in asked if one.state != UnlockState.ASKED)[:LAST_DECIDED]
    return Board(tuple(classes), held.get(None), waiting, decided)


def _kept(class_ids: Collection[int], term: int) -> dict[bool, dict[int, int]]:
    """{is it of primary school: {class: rows}}, of pupils who sit there now."""
    moments = [Moment.MID_1, Moment.END_1] if term == 1 else [Moment.MID_2, Moment.YEAR]
    here = {one.student_id for one in class_members(Actor.system(), list(class_ids)) if not one.has_left}
    own = Q(school_class_id__in=class_ids, student_id__in=here)
    conduct = TermConduct.objects.filter(own, term=term).exclude(conduct="")
    traits = PupilTraits.objects.filter(own, moment__in=moments).exclude(levels={})
    return {
        is_primary: dict(rows.order_by().values_list("school_class_id").annotate(number=Count("pk")))
        for is_primary, rows in ((False, conduct), (True, traits))
    }


def accounts_of(actor: Actor, lines: Sequence[ProgressLine]) -> dict[int, tuple[int, ...]]:
    """Subject of a class -> accounts of those who teach it; where nobody is assigned, of the homeroom teacher."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    class_ids = {one.class_subject.school_class_id for one in lines}
    for class_id, subject, _name, account in assigned_teachers(actor, list(class_ids)):
        if account:
            found[class_id, fold(subject)].append(account)
    answer = {}
    for one in lines:
        row = one.class_subject
        mine = [
            account for name in row.taught_as for account in found.get((row.school_class_id, fold(name)), ())
        ]
        head = row.school_class.homeroom_teacher
        if not one.teachers and head is not None and head.account_id:
            mine = [head.account_id]
        answer[row.pk] = tuple(dict.fromkeys(mine))
    return answer
