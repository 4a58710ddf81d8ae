"""The book of a class and subject: its rules, its columns, its lock, its lines as the domain reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.modules.organization.types import EducationLevel

from ..domain.cells import Column, Line, columns_of, moments_of
from ..domain.rules import PrimaryRules, SecondaryRules
from ..models import ClassSubject, MarkLock, SubjectMarks, UnlockRequest
from ..types import ColumnKind, GridColumn, LockState, UnlockState
from .rules import rules_of

LAST_PRIMARY, LAST_LOWER, LAST = 5, 9, 12


class SubjectFacts(NamedTuple):
    """What is to be known of a subject of a class in order to write in its book: a few columns instead of five rows."""

    pk: int
    unit_id: int
    school_year_id: int
    school_class_id: int
    code: str
    form: str
    periods: int
    regular_count: int
    grade: int | None
    levels: list[str]
    starts_on: date


# Where each of them stands, for `values_list`.
SUBJECT_COLUMNS = (
    "pk",
    "unit_id",
    "school_year_id",
    "school_class_id",
    "code",
    "form",
    "periods",
    "regular_count",
    "school_class__grade",
    "unit__school__levels",
    "school_year__starts_on",
)


@dataclass(frozen=True)
class Book:
    """A class and subject with all that its columns depend on. level: of education, as in data/grading."""

    subject: ClassSubject | SubjectFacts
    level: str
    grade: int
    rules: SecondaryRules | PrimaryRules

    def columns(self, term: int) -> tuple[Column, ...]:
        row = self.subject
        return columns_of(self.rules, row.form, row.code, self.grade, term, row.regular_count)

    @property
    def decimals(self) -> int:
        return 0 if isinstance(self.rules, PrimaryRules) else self.rules.mark_decimals


def level_of(grade: int | None, levels: Iterable[str]) -> str | None:
    """The level of education of a grade at a school with these levels; None: no marks are given there (preschool)."""
    if grade is None or not 1 <= grade <= LAST:
        return None
    if grade <= LAST_PRIMARY:
        return EducationLevel.PRIMARY.value
    # A centre of continuing education has no other level of these grades.
    if EducationLevel.CONTINUING in levels and not (
        {EducationLevel.LOWER_SECONDARY.value, EducationLevel.UPPER_SECONDARY.value} & set(levels)
    ):
        return EducationLevel.CONTINUING.value
    return (
        EducationLevel.LOWER_SECONDARY.value if grade <= LAST_LOWER else EducationLevel.UPPER_SECONDARY.value
    )


def is_last_grade(level: str, grade: int) -> bool:
    """Does the level of education end with this grade? Continuing education ends two."""
    return (
        grade in (LAST_LOWER, LAST)
        if level == EducationLevel.CONTINUING
        else grade in (LAST_PRIMARY, LAST_LOWER, LAST)
    )


def book_of(subject: ClassSubject) -> Book:
    """subject: with school_class, school_year and unit__school. Raises GradingFault where no rules hold."""
    grade = subject.school_class.grade
    level = level_of(grade, subject.unit.school.levels) or ""
    return Book(subject, level, grade or 0, rules_of(level, grade or 0, subject.school_year.starts_on.year))


def book_of_facts(facts: SubjectFacts) -> Book:
    """The same of a subject that was read by its columns."""
    level = level_of(facts.grade, facts.levels) or ""
    return Book(facts, level, facts.grade or 0, rules_of(level, facts.grade or 0, facts.starts_on.year))


def line_of(row: Any) -> Line:
    """A row of SubjectMarks, or of its history, as the domain reads it."""
    return Line(
        tuple(row.regular or ()),
        row.midterm,
        row.final,
        tuple(row.regular_levels or ()),
        row.midterm_level,
        row.final_level,
        row.midterm_absent,
        row.final_absent,
        row.exempt,
        row.remark,
    )


def lines_of(subject: ClassSubject, term: int) -> dict[int, SubjectMarks]:
    """The rows of a term by pupil."""
    return {row.student_id: row for row in SubjectMarks.objects.filter(class_subject=subject, term=term)}


def titled(column: Column, book: Book, term: int) -> GridColumn:
    """A column with the words of its head."""
    title, short = _title(column, book, term)
    return GridColumn(column.key, title, short, column.kind, column.choices, column.may_be_absent)


def _title(column: Column, book: Book, term: int) -> tuple[str, str]:
    name = column.key.partition(".")[0]
    if name in ("regular", "regular_level"):
        said = {"number": column.place + 1}
        return _("Thường xuyên %(number)s") % said, _("TX%(number)s") % said
    if column.kind is ColumnKind.REMARK:
        return _("Nhận xét"), _("Nhận xét")
    if column.kind is ColumnKind.EXEMPT:
        return _("Miễn học"), _("Miễn")
    is_final = name.startswith("final")
    if isinstance(book.rules, PrimaryRules):
        moment = {"moment": moments_of(term)[is_final]}
        if column.kind is ColumnKind.TEST:
            return _("Điểm kiểm tra %(moment)s") % moment, _("Điểm %(moment)s") % moment
        return _("Mức đạt được %(moment)s") % moment, _("Mức %(moment)s") % moment
    return (_("Cuối kì"), _("CK")) if is_final else (_("Giữa kì"), _("GK"))


def lock_state(subject: ClassSubject | SubjectFacts, term: int, *, now: datetime | None = None) -> LockState:
    """Whether the term's marks of the subject are closed, and whether somebody has had them opened again."""
    now = now or timezone.now()
    locks = list(
        MarkLock.objects.filter(
            Q(school_class__isnull=True) | Q(school_class_id=subject.school_class_id),
            unit_id=subject.unit_id,
            school_year_id=subject.school_year_id,
            term=term,
            unlocked_at__isnull=True,
        ).select_related("locked_by")
    )
    if not locks:
        return LockState(is_locked=False)
    requests = UnlockRequest.objects.filter(
        Q(class_subject__isnull=True) | Q(class_subject_id=subject.pk), lock__in=locks
    )
    openings: dict[int, datetime] = {}
    asked = False
    for lock_id, state, until in requests.values_list("lock_id", "state", "open_until"):
        asked = asked or state == UnlockState.ASKED
        if state == UnlockState.GRANTED and until is not None and until > now:
            openings[lock_id] = max(until, openings.get(lock_id, until))
    # Closed twice (its class, the whole school): it has to be opened twice.
    closed = [one for one in locks if one.pk not in openings]
    first = (closed or locks)[0]
    return LockState(
        is_locked=True,
        locked_at=first.locked_at,
        locked_by=first.locked_by.full_name if first.locked_by else "",
        lock_id=first.pk,
        open_until=None if closed else min(openings.values()),
        is_asked=asked,
    )
