"""Rows of the lists of books."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import ClassSubject, MarkLock, UnlockRequest
from ..permissions import VIEW, classes_visible, subjects_entered, subjects_visible, within


def listed_subjects(actor: Actor) -> QuerySet[ClassSubject]:
    """Books that the actor may open, with `is_mine` (may write) and `locked1`, `locked2` (the term is locked)."""
    rows = ClassSubject.objects.filter(subjects_visible(actor)).annotate(
        is_mine=Exists(ClassSubject.objects.filter(subjects_entered(actor), pk=OuterRef("pk"))),
        locked1=Exists(_locks(1)),
        locked2=Exists(_locks(2)),
    )
    return rows.select_related("unit", "school_year", "school_class").order_by(
        "school_class__grade", "school_class__name", "position", "id"
    )


def _locks(term: int) -> QuerySet[MarkLock]:
    of_class = Q(school_class__isnull=True) | Q(school_class_id=OuterRef("school_class_id"))
    return MarkLock.objects.filter(
        of_class,
        unit_id=OuterRef("unit_id"),
        school_year_id=OuterRef("school_year_id"),
        term=term,
        unlocked_at__isnull=True,
    )


def listed_requests(actor: Actor) -> QuerySet[UnlockRequest]:
    """Requests to open closed books, the newest first: of schools that the actor oversees, and the own."""
    overseen = within(actor, VIEW)
    seen = overseen | Q(asked_by_id=actor.user_id or 0) if overseen else overseen
    rows = UnlockRequest.objects.filter(seen).select_related(
        "unit", "lock__school_year", "class_subject__school_class", "asked_by", "decided_by"
    )
    return rows.order_by("-asked_at", "-pk")


def book_of(actor: Actor, pk: int) -> ClassSubject | None:
    """A subject of a class that the actor may open."""
    rows = ClassSubject.objects.filter(subjects_visible(actor), pk=pk)
    return rows.select_related(
        "unit", "school_year", "school_class", "school_class__homeroom_teacher"
    ).first()


def schools_with_books(school_year_id: int) -> QuerySet[ClassSubject, Any]:
    """Ids of the schools that keep books in the year, as a subquery: kindergartens have none."""
    return ClassSubject.objects.filter(school_year_id=school_year_id).order_by().values("unit_id")


def books_written(actor: Actor, school_year_id: int) -> QuerySet[ClassSubject]:
    """Books in which the actor writes, in the order of a register."""
    rows = ClassSubject.objects.filter(subjects_entered(actor), school_year_id=school_year_id)
    return rows.order_by("school_class__grade", "school_class__name", "position", "id")


def books_with_classes(actor: Actor, school_year_id: int) -> QuerySet[ClassSubject]:
    """For choosing another book: those that the actor writes, or, where there are none, those that he sees."""
    rows = ClassSubject.objects.filter(school_year_id=school_year_id).select_related("school_class")
    mine = rows.filter(subjects_entered(actor))
    found = mine if mine.exists() else rows.filter(subjects_visible(actor))
    return found.order_by("school_class__grade", "school_class__name", "position", "id")


def class_ids_of_books(actor: Actor, school_year_id: int) -> list[int]:
    """Classes of the year whose results, conduct and absences the actor reads."""
    rows = ClassSubject.objects.filter(classes_visible(actor), school_year_id=school_year_id)
    return list(rows.order_by().values_list("school_class_id", flat=True).distinct())


def term_of(day: date, second_begins: date | None) -> int:
    """The term that `day` lies in; before the second term begins it is the first."""
    return 2 if second_begins is not None and day >= second_begins else 1
