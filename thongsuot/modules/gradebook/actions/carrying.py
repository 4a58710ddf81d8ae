"""Marks follow a pupil when two dossiers become one or one becomes two, and go back when that was a mistake.

Called by journeys.merge_people and journeys.split_person.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.tracking import event_model

from ..models import (
    Absence,
    CarriedYear,
    PupilTraits,
    PupilYear,
    Reassessment,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    YearJudgement,
)

# What is written of a pupil, and which row of the other dossier would be the same one.
WRITTEN: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (SubjectMarks, ("class_subject_id", "term")),
    (Reassessment, ("class_subject_id",)),
    (TermConduct, ("school_class_id", "term")),
    (PupilTraits, ("school_class_id", "moment")),
    (YearJudgement, ("school_class_id",)),
    # A missed lesson of a day that the other dossier has as missed altogether is the same absence.
    (Absence, ("on", "session")),
    (CarriedYear, ("unit_id", "school_year_id", "from_unit_id")),
)
MATCH = "registry.match"


def _require(by: Actor) -> None:
    if not by.can(MATCH):
        raise NotAllowed(_("Anh/chị không có quyền gộp, tách hồ sơ."))


@transaction.atomic
def carry_books(*, by: Actor, kept: Any, gone: Any) -> int:
    """Give what is written of `gone` to `kept`; a line that both have stays with each, and `kept`'s counts. Results are
    computed again. How many rows moved. Raises NotAllowed.
    """
    _require(by)
    moved = 0
    for model, same in WRITTEN:
        rows = model._default_manager.filter(student=gone)
        moved += rows.filter(~Exists(_twins(model, same, kept))).update(student=kept)
    _compute_anew(kept, gone)
    return moved


@transaction.atomic
def carry_books_back(*, by: Actor, kept: Any, gone: Any) -> int:
    """Give back to `gone` every row that was once written of it, as the history of the rows tells. Raises NotAllowed."""
    _require(by)
    moved = 0
    for model, same in WRITTEN:
        events: Any = event_model(model)
        own = events._base_manager.filter(student_id=gone.pk).order_by().values("pgh_obj_id")
        rows = model._default_manager.filter(student=kept, pk__in=own)
        moved += rows.filter(~Exists(_twins(model, same, gone))).update(student=gone)
    _compute_anew(kept, gone)
    return moved


@transaction.atomic
def part_books(*, by: Actor, student: Any, other: Any) -> int:
    """`other` was split off from `student` with some spells: what the classes of these spells wrote goes along. How many
    rows moved.

    A class in which both have a spell tells nothing apart: it stays with `student`. Results are computed again. Taken
    back by `carry_books(kept=student, gone=other)`. Raises NotAllowed.
    """
    _require(by)
    theirs, mine = _seats(other), _seats(student)
    classes = {class_id for _unit, _year, class_id in theirs - mine}
    years = {seat[:2] for seat in theirs} - {seat[:2] for seat in mine}
    moved = 0
    for model, same in WRITTEN:
        rows = model._default_manager.filter(student=student)
        if model is CarriedYear:
            here = [Q(unit_id=unit_id, school_year_id=year_id) for unit_id, year_id in years]
            rows = rows.filter(reduce(or_, here, Q(pk__in=[])))
        elif "class_subject_id" in same:
            rows = rows.filter(class_subject__school_class_id__in=classes)
        else:
            rows = rows.filter(school_class_id__in=classes)
        moved += model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
            student=other
        )
    SubjectResult.objects.filter(student=student, class_subject__school_class_id__in=classes).delete()
    PupilYear.objects.filter(student=student, school_class_id__in=classes).delete()
    PupilYear.objects.filter(student=student).update(is_stale=True)
    return moved


def _seats(student: Any) -> set[tuple[int, int, int]]:
    spells = student.enrolments.filter(school_class__isnull=False)
    return set(spells.order_by().values_list("unit_id", "school_year_id", "school_class_id"))


def _twins(model: type[Model], same: tuple[str, ...], student: Any) -> Any:
    found = Q(student=student)
    for name in same:
        found &= Q(**{name: OuterRef(name)})
    return model._default_manager.filter(found)


def _compute_anew(kept: Any, gone: Any) -> None:
    SubjectResult.objects.filter(student=gone).delete()
    PupilYear.objects.filter(student=gone).delete()
    PupilYear.objects.filter(student=kept).update(is_stale=True)
