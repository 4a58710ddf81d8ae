"""Marks follow a pupil when two dossiers become one, and go back when that was a mistake. Called by journeys.merge_people."""

from __future__ import annotations

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


def _twins(model: type[Model], same: tuple[str, ...], student: Any) -> Any:
    found = Q(student=student)
    for name in same:
        found &= Q(**{name: OuterRef(name)})
    return model._default_manager.filter(found)


def _compute_anew(kept: Any, gone: Any) -> None:
    SubjectResult.objects.filter(student=gone).delete()
    PupilYear.objects.filter(student=gone).delete()
    PupilYear.objects.filter(student=kept).update(is_stale=True)
