"""Rows of the lists: with what their tables show, so that no row asks the database again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import person_sort_key

from ..models import Employment, Enrolment, ErrorReport, SchoolClass, Staff, Student, StudentCharacteristic
from ..permissions import enrolments_visible, rows_visible, within
from ..types import CharacteristicKind, ExitType
from .records import as_of, classes, enrolled_on, staff, students
from .search import with_class_now


def listed_students(actor: Actor) -> QuerySet[Any]:
    return with_class_now(students(actor)).select_related("unit")


def listed_classes(actor: Actor, *, on: date) -> QuerySet[SchoolClass]:
    """With `size`: how many pupils sit in the class on `on`."""
    sitting = (
        Enrolment.objects.filter(enrolled_on(on), school_class_id=OuterRef("pk"))
        .exclude(exit_type=ExitType.WITHDRAWN)
        .order_by()
        .values("school_class_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return classes(actor).annotate(size=Coalesce(Subquery(sitting, output_field=IntegerField()), 0))


def roster(actor: Actor, school_class: SchoolClass, *, on: date) -> QuerySet[Enrolment]:
    """Who sits in the class on `on` and whose dossier the actor may see, in the order of a register."""
    return _sitting(actor, school_class, on).select_related("student").order_by("student__sort_key", "id")


@dataclass(frozen=True)
class Seat:
    """A line of a class list. student: the dossier; None where it has moved on to a school that the actor does not see."""

    spell: Enrolment
    student: Student | None


def class_list(actor: Actor, school_class: SchoolClass, *, on: date) -> list[Seat]:
    """Everybody who sits in the class on `on`, in the order of a register, whoever keeps the dossier today: the name is that
    of the school's own books. Two queries.
    """
    spells = list(_sitting(actor, school_class, on).order_by())
    dossiers = students(actor).in_bulk([spell.student_id for spell in spells])
    seats = [Seat(spell, dossiers.get(spell.student_id)) for spell in spells]
    return sorted(seats, key=lambda seat: (person_sort_key(seat.spell.student_name), seat.spell.pk))


def _sitting(actor: Actor, school_class: SchoolClass, on: date) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(enrolments_visible(actor), enrolled_on(on), school_class=school_class)
    return rows.exclude(exit_type=ExitType.WITHDRAWN)


def listed_staff(actor: Actor) -> QuerySet[Staff]:
    """With the running post at the school that keeps the dossier: post_group, post_status, post_position."""
    running = Q(employments__valid_to__isnull=True, employments__unit_id=F("unit_id"))
    return (
        staff(actor)
        .annotate(post=FilteredRelation("employments", condition=running))
        .annotate(
            post_group=F("post__group"),
            post_status=F("post__status"),
            post_position=F("post__position"),
            post_subjects=F("post__subjects"),
        )
        .select_related("unit")
    )


def employed_on(actor: Actor, *, on: date) -> QuerySet[Employment]:
    return Employment.objects.filter(rows_visible(actor), as_of(on))


def homeroom_choices(actor: Actor, unit_id: int) -> list[tuple[str, str]]:
    """Teachers who work at the school now, for a select."""
    working = Staff.objects.filter(
        rows_visible(actor), employments__unit_id=unit_id, employments__valid_to__isnull=True
    )
    people = working.order_by("sort_key", "id").values_list("pk", "full_name")
    return [(str(pk), name) for pk, name in people]


def error_reports(actor: Actor) -> QuerySet[ErrorReport]:
    """What families have reported to the schools that the actor keeps."""
    return ErrorReport.objects.filter(within(actor, "registry.edit")).select_related("student", "unit")


def totals(rows: QuerySet[Any], **sums: str) -> dict[str, Any]:
    """Sums over all rows of a list, whatever page is open: {name: sum of the column}; `rows` counts them."""
    zero = {
        name: Coalesce(Sum(column), Decimal(0), output_field=DecimalField()) for name, column in sums.items()
    }
    return rows.order_by().aggregate(rows=Count("pk"), **zero)


def boarding_now(actor: Actor, student_ids: Iterable[int]) -> frozenset[int]:
    """Those of the pupils who board (bán trú, nội trú) at a unit within reach."""
    running = StudentCharacteristic.objects.filter(
        rows_visible(actor),
        student_id__in=list(student_ids),
        kind=CharacteristicKind.BOARDING,
        valid_to__isnull=True,
    )
    return frozenset(running.order_by().values_list("student_id", flat=True))
