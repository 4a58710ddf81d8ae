"""Pupils and schools on the move: years that were ended, requests under the law, mergers of schools."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold

from ..models import (
    Completion,
    Enrolment,
    Graduation,
    PersonSplit,
    SchoolMerge,
    Student,
    SubjectRequest,
    Transfer,
    YearPromotion,
)
from ..permissions import (
    VIEW,
    can_see_merge,
    can_see_student,
    merges_visible,
    requests_visible,
    rows_visible,
    students_visible,
    within,
)
from .records import students


def dossier_of_transfer(actor: Actor, transfer: Transfer) -> Any:
    """The dossier of the pupil, for the school that holds it now; None for the other one."""
    found = students(actor).filter(pk=transfer.student_id).first()
    return found if found is not None and can_see_student(actor, found) else None


def year_promotions(actor: Actor, unit_id: int) -> QuerySet[YearPromotion]:
    """Endings of school years that were carried out, the newest first; drafts are left out."""
    rows = YearPromotion.objects.filter(
        within(actor, "registry.promote"), unit_id=unit_id, done_at__isnull=False
    )
    return rows.select_related("from_year", "to_year", "done_by", "undone_by")


def years_with_pupils(actor: Actor, unit_id: int) -> list[int]:
    """Ids of the school years in which somebody still sits in a class of the school, the oldest first."""
    running = Enrolment.objects.filter(within(actor, "registry.promote"), unit_id=unit_id, left_on=None)
    rows = running.order_by("school_year__starts_on").values_list("school_year_id", flat=True)
    return list(dict.fromkeys(rows))


def subject_requests(actor: Actor) -> QuerySet[SubjectRequest]:
    """Requests under the law on personal data; `still_enrolled`: the pupil sits in a class, so cannot be erased."""
    running = Enrolment.objects.filter(student_id=OuterRef("student_id"), left_on=None)
    rows = SubjectRequest.objects.filter(requests_visible(actor)).annotate(still_enrolled=Exists(running))
    return rows.select_related("student", "student__unit", "done_by")


def school_merges(actor: Actor) -> QuerySet[SchoolMerge]:
    return SchoolMerge.objects.filter(merges_visible(actor)).select_related("unit", "successor", "done_by")


def merge_codes(actor: Actor, merge: SchoolMerge, words: str = "") -> list[tuple[str, str, str]]:
    """(kind, old, new) of classes and numbers that a merger had to rename, those that hold `words`."""
    if not can_see_merge(actor, merge):
        return []
    wanted = fold(words)
    return [
        (kind, old, new)
        for kind, old, new in merge.made.get("codes", [])
        if wanted in fold(old) or wanted in fold(new)
    ]


def graduations(actor: Actor, unit_id: int) -> QuerySet[Graduation]:
    """Decisions on completing a level that were carried out, the newest first."""
    rows = Graduation.objects.filter(
        within(actor, "registry.promote"), unit_id=unit_id, done_at__isnull=False
    )
    return rows.select_related("school_year", "done_by", "undone_by")


def completions(actor: Actor) -> QuerySet[Completion]:
    """Pupils who have completed a level by a standing decision, for the school, its commune, the department.

    `birth_date`, `dossier` (its public id) and `now_at`: as far as the actor sees the dossier; a dossier that has gone to
    the school of the next level is not seen by the old one.
    """
    seen = Student.objects.filter(pk=OuterRef("enrolment__student_id")).filter(students_visible(actor))
    now = Enrolment.objects.filter(
        rows_visible(actor), student_id=OuterRef("enrolment__student_id"), left_on=None
    )
    rows = Completion.objects.filter(
        within(actor, VIEW, "graduation__unit_id"),
        completes=True,
        graduation__done_at__isnull=False,
        graduation__undone_at=None,
    )
    rows = rows.annotate(
        birth_date=Subquery(seen.values("birth_date")[:1]),
        dossier=Subquery(seen.values("public_id")[:1]),
        now_at=Subquery(now.values("unit__name")[:1]),
    )
    return rows.select_related(
        "graduation", "graduation__unit", "graduation__school_year", "enrolment", "enrolment__school_class"
    ).order_by("-graduation__decided_on", "graduation_id", "id")


def person_splits(actor: Actor, student: Student) -> QuerySet[PersonSplit]:
    """Times that this record was made two, or was itself split off, for whoever may undo it; the newest first."""
    rows = PersonSplit.objects.filter(Q(student=student) | Q(other=student), within(actor, "registry.match"))
    return rows.select_related("student", "other", "split_by", "undone_by")
