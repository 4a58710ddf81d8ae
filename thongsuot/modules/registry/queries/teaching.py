"""Who teaches what, who leads which class, who sits in it: what the books of a class are made of. For the modules above."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import person_sort_key

from ..models import Employment, Enrolment, SchoolClass, Student, TeachingAssignment
from ..permissions import classes_visible, enrolments_visible, rows_visible, students_visible
from ..types import ExitType

# A spell that ended in one of these ways was sat through to the end of the year.
STAYED = (ExitType.YEAR_END.value, ExitType.GRADUATED.value)


@dataclass(frozen=True)
class Member:
    """A pupil of a class. public_id, birth_date: None where the dossier has moved to a school that the actor does not
    see. has_left: sits in the class no longer, and did not when the year ended.
    """

    student_id: int
    class_id: int
    name: str
    public_id: UUID | None
    birth_date: date | None
    has_left: bool


def own_assignments(actor: Actor) -> list[tuple[int, str]]:
    """(class, subject as the assignment names it) of the actor's own assignments that have not ended."""
    if actor.user_id is None:
        return []
    rows = TeachingAssignment.objects.filter(
        staff__account_id=actor.user_id, valid_to__isnull=True, unit_id__in=actor.own_unit_ids
    )
    return list(rows.order_by().values_list("school_class_id", "subject").distinct())


def led_class_ids(actor: Actor) -> list[int]:
    """Classes of which the actor is the homeroom teacher."""
    if actor.user_id is None:
        return []
    rows = SchoolClass.objects.filter(
        homeroom_teacher__account_id=actor.user_id, unit_id__in=actor.own_unit_ids
    )
    return list(rows.order_by().values_list("pk", flat=True))


def assigned_subjects(actor: Actor, *, unit_id: int, school_year_id: int) -> dict[int, set[str]]:
    """Subjects, as the assignments name them, that are taught in each class of a school's year."""
    classes = SchoolClass.objects.filter(
        classes_visible(actor), unit_id=unit_id, school_year_id=school_year_id
    )
    rows = TeachingAssignment.objects.filter(school_class__in=classes).order_by()
    found: dict[int, set[str]] = {}
    for class_id, subject in rows.values_list("school_class_id", "subject").distinct():
        found.setdefault(class_id, set()).add(subject)
    return found


def assigned_teachers(actor: Actor, class_ids: Collection[int]) -> list[tuple[int, str, str, int | None]]:
    """(class, subject, teacher's name, account) of assignments that have not ended."""
    visible = SchoolClass.objects.filter(classes_visible(actor), pk__in=class_ids)
    rows = TeachingAssignment.objects.filter(school_class__in=visible, valid_to__isnull=True)
    return list(
        rows.order_by("staff__sort_key", "pk").values_list(
            "school_class_id", "subject", "staff__full_name", "staff__account_id"
        )
    )


@dataclass(frozen=True)
class Closing:
    """Who had a subject of a class when its year ended, or had it last. is_here: works at the school now."""

    class_id: int
    subject: str
    staff_id: int
    account_id: int | None
    name: str
    lessons: Decimal
    is_here: bool


def closing_teachers(
    actor: Actor, class_ids: Collection[int], *, ends_on: date, today: date
) -> list[Closing]:
    """Teachers of the classes' subjects on the last day of the year; of a subject that nobody had then, whoever had it
    last. Those with the most lessons first.
    """
    visible = SchoolClass.objects.filter(classes_visible(actor), pk__in=class_ids)
    here = Employment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        staff=OuterRef("staff"),
        unit=OuterRef("unit"),
        valid_from__lte=today,
    )
    rows = TeachingAssignment.objects.filter(school_class__in=visible, valid_from__lte=ends_on).annotate(
        is_here=Exists(here), until=Coalesce("valid_to", ends_on, output_field=DateField())
    )
    ordered = rows.order_by("-until", "-lessons_per_week", "staff__sort_key", "pk").values_list(
        "school_class_id", "subject", "staff_id", "staff__account_id", "staff__full_name", "lessons_per_week",
        "is_here", "until",
    )  # fmt: skip
    last: dict[tuple[int, str], date] = {}
    found = []
    for class_id, subject, staff_id, account_id, name, lessons, is_here, until in ordered:
        # To the end of the year and beyond it is all one.
        if min(until, ends_on) >= last.setdefault((class_id, subject), min(until, ends_on)):
            found.append(Closing(class_id, subject, staff_id, account_id, name, lessons, is_here))
    return sorted(found, key=lambda one: -one.lessons)


def class_members(actor: Actor, class_ids: Collection[int]) -> list[Member]:
    """Everybody who sits or sat in the classes, each once a class, in the order of a register."""
    student = Student.objects.filter(pk=OuterRef("student_id"))
    rows: QuerySet[Any] = (
        Enrolment.objects.filter(enrolments_visible(actor), school_class_id__in=class_ids)
        .exclude(exit_type=ExitType.WITHDRAWN)
        .annotate(
            # The dossier may be out of sight: a join would lose the row.
            key=Subquery(student.values("public_id")),
            born=Subquery(student.values("birth_date")),
        )
        .order_by("entered_on", "pk")
        .values_list("student_id", "school_class_id", "student_name", "key", "born", "left_on", "exit_type")
    )
    found = {
        (row[1], row[0]): Member(
            row[0], row[1], row[2], row[3], row[4], row[5] is not None and row[6] not in STAYED
        )
        for row in rows
    }
    return sorted(found.values(), key=lambda one: (one.class_id, person_sort_key(one.name), one.student_id))


def coded_pupils(
    actor: Actor, *, unit_ids: Collection[int], codes: Collection[str]
) -> dict[tuple[int, str], int]:
    """(school, code) -> pupil, for whichever code is given: the school's own, the ministry's, the provisional one."""
    found: dict[tuple[int, str], int] = {}
    visible = Student.objects.filter(students_visible(actor), unit_id__in=unit_ids, merged_into__isnull=True)
    # The school's own code counts last, and so comes first here: it may be anything.
    for name in ("local_code", "provisional_code", "ministry_code"):
        rows = visible.filter(**{f"{name}__in": codes}).order_by().values_list("unit_id", name, "pk")
        found |= {(unit_id, code): pk for unit_id, code, pk in rows}
    return found


def taught_by(actor: Actor) -> QuerySet[TeachingAssignment]:
    """The actor's own assignments that have not ended, to be asked inside another statement."""
    return TeachingAssignment.objects.filter(
        staff__account_id=actor.user_id or 0, valid_to__isnull=True, unit_id__in=actor.own_unit_ids
    ).order_by()


def sitting(actor: Actor, class_id: int) -> QuerySet[Any]:
    """(pupil, sits there): the pupils of the class, and whether each (still) sits there, as Member.has_left says; a row for
    each spell. Values, for another statement.
    """
    rows = Enrolment.objects.filter(enrolments_visible(actor), school_class_id=class_id).exclude(
        exit_type=ExitType.WITHDRAWN
    )
    rows = rows.annotate(is_here=Q(left_on__isnull=True) | Q(exit_type__in=STAYED))
    return rows.order_by().values_list("student_id", "is_here")


def last_spells(
    actor: Actor, *, school_year_id: int, unit_ids: Collection[int] | None = None
) -> QuerySet[Any]:
    """(unit, pupil, class, grade) of where each pupil of a school's year sits, or sat when the year ended; those who left
    during the year are not among them. Values, for COPY.
    """
    rows = Enrolment.objects.filter(
        enrolments_visible(actor), school_year_id=school_year_id, school_class__isnull=False
    ).filter(Q(left_on__isnull=True) | Q(exit_type__in=STAYED))
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    return rows.order_by("unit_id", "student_id", "-entered_on", "-pk").values_list(
        "unit_id", "student_id", "school_class_id", "grade"
    )


def moved_pupils(
    actor: Actor, *, school_year_id: int, unit_ids: Collection[int]
) -> list[tuple[int, int, int]]:
    """(unit, pupil, class) of those who have sat in several classes of the school in the year: where they sit now, or sat
    when it ended.
    """
    rows = Enrolment.objects.filter(
        enrolments_visible(actor), school_year_id=school_year_id, unit_id__in=unit_ids
    )
    several = rows.order_by().values("unit_id", "student_id")
    several = several.annotate(classes=Count("school_class", distinct=True)).filter(classes__gt=1)
    pupils = {(row["unit_id"], row["student_id"]) for row in several}
    if not pupils:
        return []
    last = last_spells(actor, school_year_id=school_year_id, unit_ids=unit_ids)
    found: dict[tuple[int, int], int] = {}
    for unit_id, student_id, class_id, _grade in last.filter(student_id__in={one for _unit, one in pupils}):
        if (unit_id, student_id) in pupils:
            found.setdefault((unit_id, student_id), class_id)
    return [(unit_id, student_id, class_id) for (unit_id, student_id), class_id in found.items()]


def unit_teaching(
    actor: Actor, *, unit_id: int, school_year_id: int, on: date
) -> list[tuple[int, str, int, str, Decimal]]:
    """(class, subject, staff, name of the teacher, lessons a week) of the assignments of a school's year that run on a
    day, or begin after it. In the order of classes and subjects.
    """
    rows = TeachingAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        rows_visible(actor),
        unit_id=unit_id,
        school_class__school_year_id=school_year_id,
    )
    return list(
        rows.order_by("school_class__grade", "school_class__name", "school_class_id", "subject", "staff_id")
        .values_list("school_class_id", "subject", "staff_id", "staff__full_name")
        .annotate(lessons=Max("lessons_per_week"))
    )
