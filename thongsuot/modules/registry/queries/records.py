"""Pupils, classes, spells, staff, things: what the actor may see of them, as QuerySets."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.sealing.sealing import digest

from ..models import (
    Enrolment,
    Equipment,
    InternetLine,
    Land,
    Room,
    SchoolClass,
    Staff,
    Student,
    Transfer,
)
from ..permissions import (
    classes_visible,
    enrolments_visible,
    rows_visible,
    students_visible,
    things_visible,
    transfers_visible,
)


def as_of(day: date, *, begins: str = "valid_from", ends: str = "valid_to", prefix: str = "") -> Q:
    """Facts that hold on `day`, first and last day counted."""
    return Q(**{f"{prefix}{begins}__lte": day}) & (
        Q(**{f"{prefix}{ends}__isnull": True}) | Q(**{f"{prefix}{ends}__gte": day})
    )


def enrolled_on(day: date, prefix: str = "") -> Q:
    """Spells in which a pupil sits in a class on `day` (what the forms of 30/9 and 31/5 count)."""
    return as_of(day, begins="entered_on", ends="left_on", prefix=prefix)


def students(actor: Actor) -> QuerySet[Student]:
    """Dossiers within reach; those merged into another, or erased on request, are left out."""
    return Student.objects.filter(students_visible(actor), merged_into__isnull=True, erased_at__isnull=True)


def student(actor: Actor, public_id: UUID) -> Student | None:
    return students(actor).select_related("unit").filter(public_id=public_id).first()


def classes(
    actor: Actor, *, school_year_id: int | None = None, unit_id: int | None = None
) -> QuerySet[SchoolClass]:
    found = SchoolClass.objects.filter(classes_visible(actor)).select_related(
        "unit", "school_year", "homeroom_teacher"
    )
    if school_year_id is not None:
        found = found.filter(school_year_id=school_year_id)
    return found if unit_id is None else found.filter(unit_id=unit_id)


def enrolments(actor: Actor, *, on: date | None = None) -> QuerySet[Enrolment]:
    """Spells at units within reach; `on`: those running on that day."""
    found = Enrolment.objects.filter(enrolments_visible(actor)).exclude(exit_type="withdrawn")
    return found if on is None else found.filter(enrolled_on(on))


def staff(actor: Actor) -> QuerySet[Staff]:
    return Staff.objects.filter(rows_visible(actor))


def rooms(actor: Actor) -> QuerySet[Room]:
    return Room.objects.filter(things_visible(actor)).select_related("unit")


def equipment(actor: Actor) -> QuerySet[Equipment]:
    return Equipment.objects.filter(things_visible(actor)).select_related("unit")


def land(actor: Actor) -> QuerySet[Land]:
    return Land.objects.filter(things_visible(actor)).select_related("unit")


def internet_lines(actor: Actor) -> QuerySet[InternetLine]:
    return InternetLine.objects.filter(things_visible(actor)).select_related("unit")


def transfers(actor: Actor) -> QuerySet[Transfer]:
    return Transfer.objects.filter(transfers_visible(actor)).select_related("from_unit", "to_unit")


def find_by_personal_id(actor: Actor, model: Any, personal_id: str) -> QuerySet[Any]:
    """Records within reach that carry this personal id, found by its digest."""
    visible = students_visible(actor) if model is Student else rows_visible(actor)
    return model.objects.filter(visible, personal_id_digest=digest(personal_id))
