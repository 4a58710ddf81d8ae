"""Schools are merged: the books of the classes that go on at the successor become its books, and go back when it is undone.

What is written moves as it is, marks, locks and results with it: the year goes on, and is computed and closed by the
successor. Books of classes that have ended stay with the old school. Called by journeys.merge_schools.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as

from ..models import (
    Absence,
    CarriedYear,
    ClassSubject,
    MarkLock,
    PupilTraits,
    PupilYear,
    Reassessment,
    RollCall,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    UnlockRequest,
    YearJudgement,
)

REORGANIZE = "registry.reorganize"
OF_CLASS: tuple[Any, ...] = (
    ClassSubject,
    TermConduct,
    PupilTraits,
    YearJudgement,
    Absence,
    MarkLock,
    PupilYear,
    RollCall,
)
OF_SUBJECT: tuple[Any, ...] = (SubjectMarks, Reassessment, SubjectResult, UnlockRequest)
# Set elsewhere by `move_school_books` before a merger is taken back: they do not stand in its way.
FOLLOWING = tuple(model._meta.label_lower for model in OF_CLASS)
MOVE = """
    update {table} t set unit_id = %(unit)s, school_class_id = m.new
    from unnest(%(old)s::bigint[], %(new)s::bigint[]) as m(old, new) where t.school_class_id = m.old
"""
FOLLOW = """
    update {table} t set unit_id = s.unit_id from gradebook_classsubject s
    where s.id = t.class_subject_id and s.school_class_id = any (%(new)s) and t.unit_id <> s.unit_id
"""


@transaction.atomic
def move_school_books(
    *, by: Actor, from_unit_id: int, to_unit_id: int, classes: Iterable[tuple[int, int]]
) -> int:
    """Books of classes become those of the classes in which they go on ((old, new) pairs) at `to_unit_id`. How many rows.

    Called with the pairs turned round it takes itself back, with what was written meanwhile. Raises NotAllowed.
    """
    if not (by.can(REORGANIZE, from_unit_id) and by.can(REORGANIZE, to_unit_id)):
        raise NotAllowed(_("Anh/chị không có quyền sáp nhập, giải thể các trường này."))
    pairs = sorted(set(classes))
    asked: dict[str, Any] = {
        "unit": to_unit_id,
        "old": [old for old, _new in pairs],
        "new": [new for _old, new in pairs],
    }
    with act_as(Actor.system()), connection.cursor() as cursor:
        years = ClassSubject.objects.filter(school_class_id__in=asked["old"]).order_by()
        year_ids = set(years.values_list("school_year_id", flat=True).distinct())
        _make_room(from_unit_id, to_unit_id, asked["old"])
        moved = 0
        for model in OF_CLASS:
            cursor.execute(MOVE.format(table=model._meta.db_table), asked)
            moved += cursor.rowcount
        for model in OF_SUBJECT:
            cursor.execute(FOLLOW.format(table=model._meta.db_table), asked)
            moved += cursor.rowcount
        _move_locks(from_unit_id, to_unit_id, year_ids, asked["new"])
        _move_carried(from_unit_id, to_unit_id, year_ids, asked["new"])
        PupilYear.objects.filter(unit_id=to_unit_id, school_class_id__in=asked["new"]).update(is_stale=True)
    return moved


def _make_room(from_unit_id: int, to_unit_id: int, old: list[int]) -> None:
    """A pupil has one result a year at a school: one from earlier at the successor is computed again."""
    coming = PupilYear.objects.filter(unit_id=from_unit_id, school_class_id__in=old).order_by()
    for student_id, year_id in coming.values_list("student_id", "school_year_id"):
        PupilYear.objects.filter(unit_id=to_unit_id, student_id=student_id, school_year_id=year_id).exclude(
            school_class_id__in=old
        ).delete()


def _move_locks(from_unit_id: int, to_unit_id: int, year_ids: set[int], new: list[int]) -> None:
    """What the whole old school had locked stays locked, class by class; going back, the school's own lock covers it."""
    whole = Q(school_class__isnull=True, unlocked_at__isnull=True, school_year_id__in=year_ids)
    with_books = dict(
        ClassSubject.objects.filter(school_class_id__in=new).values_list("school_class_id", "school_year_id")
    )
    for lock in MarkLock.objects.filter(whole, unit_id=from_unit_id):
        for class_id, year_id in with_books.items():
            if year_id == lock.school_year_id:
                MarkLock.objects.get_or_create(
                    unit_id=to_unit_id,
                    school_year_id=year_id,
                    term=lock.term,
                    school_class_id=class_id,
                    unlocked_at=None,
                    defaults={"locked_at": lock.locked_at, "locked_by_id": lock.locked_by_id},
                )
    for lock in MarkLock.objects.filter(whole, unit_id=to_unit_id):
        # Made by a merger that is now taken back: of the same moment as the school's own.
        MarkLock.objects.filter(
            unit_id=to_unit_id, term=lock.term, school_class_id__in=new, locked_at=lock.locked_at
        ).delete()


def _move_carried(from_unit_id: int, to_unit_id: int, year_ids: set[int], new: list[int]) -> None:
    """What pupils had brought along to the old school stays closed at the successor."""
    pupils = SubjectMarks.objects.filter(class_subject__school_class_id__in=new).order_by()
    rows = CarriedYear.objects.filter(
        unit_id=from_unit_id, school_year_id__in=year_ids, student_id__in=pupils.values("student_id")
    ).exclude(from_unit_id=to_unit_id)
    there = CarriedYear.objects.filter(unit_id=to_unit_id, school_year_id__in=year_ids)
    known = set(there.values_list("student_id", "school_year_id", "from_unit_id"))
    free = [row.pk for row in rows if (row.student_id, row.school_year_id, row.from_unit_id) not in known]
    CarriedYear.objects.filter(pk__in=free).update(unit_id=to_unit_id)
