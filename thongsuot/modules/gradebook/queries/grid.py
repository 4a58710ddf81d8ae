"""The entry grid of a class and subject, and what a teacher finds on opening the gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import class_members, classes

from ..domain import secondary
from ..domain.cells import Line, read
from ..domain.marks import ABSENT, Given
from ..domain.rules import PrimaryRules
from ..domain.secondary import SubjectMarks as Marks
from ..domain.secondary import TermMarks
from ..models import ClassSubject, RemarkPhrase
from ..permissions import can_enter, can_see_subject, subjects_entered, subjects_visible
from ..types import Grid, GridRow
from .books import Book, book_of, line_of, lines_of, lock_state, titled
from .carried import carried_cells

WITH = ("school_class", "school_year", "unit__school")


def class_subjects(
    actor: Actor,
    *,
    school_year_id: int | None = None,
    unit_id: int | None = None,
    class_id: int | None = None,
) -> QuerySet[ClassSubject]:
    """Subjects of classes whose marks the actor may see, with class, year and school."""
    rows = ClassSubject.objects.filter(subjects_visible(actor)).select_related(*WITH)
    for name, value in (
        ("school_year_id", school_year_id),
        ("unit_id", unit_id),
        ("school_class_id", class_id),
    ):
        if value is not None:
            rows = rows.filter(**{name: value})
    return rows.order_by("school_class__grade", "school_class__name", "position", "pk")


def class_subject(actor: Actor, pk: int) -> ClassSubject | None:
    return class_subjects(actor).filter(pk=pk).first()


@dataclass(frozen=True)
class MyClasses:
    """subjects: which the actor writes; led: classes of which the actor is the homeroom teacher."""

    subjects: tuple[ClassSubject, ...]
    led: tuple[Any, ...]


def my_classes(actor: Actor, school_year: Any) -> MyClasses:
    """What is the actor's own to write in the year."""
    rows = ClassSubject.objects.filter(subjects_entered(actor), school_year_id=school_year.pk).select_related(
        *WITH
    )
    led = classes(actor, school_year_id=school_year.pk).filter(
        homeroom_teacher__account_id=actor.user_id or 0
    )
    return MyClasses(
        tuple(rows.order_by("school_class__grade", "school_class__name", "position", "pk")),
        tuple(led.order_by("grade", "name", "pk")),
    )


def class_grid(actor: Actor, subject: ClassSubject, term: int) -> Grid | None:
    """The grid of a term with what stands in every cell. None for whoever may not see it. Raises GradingFault."""
    fresh = ClassSubject.objects.select_related(*WITH).filter(pk=subject.pk).first()
    if fresh is None or not can_see_subject(actor, fresh):
        return None
    subject = fresh
    book = book_of(subject)
    lines = lines_of(subject, term)
    columns = book.columns(term)
    rows = []
    members = class_members(Actor.system(), [subject.school_class_id])
    carried = carried_cells(
        subject.unit_id,
        subject.school_year_id,
        [one.student_id for one in members],
        f"{subject.code}|{term}",
    )
    for member in members:
        row = lines.get(member.student_id)
        if member.has_left and row is None:
            continue
        line = line_of(row) if row else Line()
        rows.append(
            GridRow(
                student_id=member.student_id,
                public_id=member.public_id,
                name=member.name,
                birth_date=member.birth_date,
                cells={column.key: read(line, column) for column in columns},
                result=term_result(book, line, term),
                version=row.version if row else 0,
                has_left=member.has_left,
                carried=carried.get(member.student_id, {}),
            )
        )
    lock = lock_state(subject, term)
    return Grid(
        class_subject=subject,
        term=term,
        rules=book.rules.code,
        columns=tuple(titled(one, book, term) for one in columns),
        rows=tuple(rows),
        lock=lock,
        may_enter=can_enter(actor, subject) and lock.may_write,
    )


def term_result(book: Book, line: Line, term: int) -> str:
    """The result of the term as the line stands: "8.0", "Đ"; in primary school the level at its end; "" while open."""
    if line.exempt:
        return ""
    if isinstance(book.rules, PrimaryRules):
        return line.final_level
    marks = TermMarks(*_given(book, line))
    both = (marks, TermMarks()) if term == 1 else (TermMarks(), marks)
    one = Marks(book.subject.code, book.subject.form, book.subject.periods, both)
    found, _reasons = secondary.term_result(book.rules, one, term - 1)
    return "" if found is None else f"{found:.1f}" if isinstance(found, Decimal) else found


def _given(book: Book, line: Line) -> tuple[list[Given], Given | None, Given | None]:
    if book.subject.form == "comment":
        regular: list[Given] = [one for one in line.regular_levels if one]
        periodic: list[Given | None] = [line.midterm_level or None, line.final_level or None]
    else:
        regular = [one for one in line.regular if one is not None]
        periodic = [line.midterm, line.final]
    for place, gone in enumerate((line.midterm_absent, line.final_absent)):
        if gone:
            periodic[place] = ABSENT
    return regular, periodic[0], periodic[1]


def phrases(actor: Actor, subject: ClassSubject, *, level: str = "") -> QuerySet[RemarkPhrase]:
    """The bank of remarks for a subject: the school's and the actor's own; those for a level first, then those for all."""
    rows = RemarkPhrase.objects.filter(
        Q(owner__isnull=True) | Q(owner_id=actor.user_id or 0),
        subject__in=("", subject.code),
        unit_id=subject.unit_id,
    )
    if not can_see_subject(actor, subject):
        return rows.none()
    return (rows.filter(level__in=("", level)) if level else rows).order_by(
        "-level", "position", "text", "pk"
    )
