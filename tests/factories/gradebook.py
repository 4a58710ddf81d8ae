"""Classes with open books and marks for tests."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.factories import registry
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook.actions import open_class_subjects
from thongsuot.modules.gradebook.models import ClassSubject, SubjectMarks, TermConduct
from thongsuot.modules.gradebook.queries import rules_of
from thongsuot.modules.gradebook.queries.books import level_of

SYSTEM = Actor.system()


@dataclass
class MadeClass:
    """subjects: by code."""

    school_class: Any
    students: list[Any]
    subjects: dict[str, ClassSubject]

    @property
    def unit(self):
        return self.school_class.unit

    @property
    def school_year(self):
        return self.school_class.school_year


def make_open_class(unit, school_year, *, grade: int = 8, pupils: int = 2, taught=(), **fields) -> MadeClass:
    """A class with pupils whose books are open. taught: (staff, subject) pairs of teaching assignments."""
    school_class = registry.make_class(unit, school_year, grade=grade, **fields)
    for member, subject in taught:
        registry.make_teaching(member, school_class, subject)
    students = [registry.make_student(unit, school_class=school_class) for _ in range(pupils)]
    open_class_subjects(by=SYSTEM, unit=unit, school_year=school_year)
    rows = ClassSubject.objects.filter(school_class=school_class).select_related(
        "school_class", "school_year", "unit__school"
    )
    return MadeClass(school_class, students, {row.code: row for row in rows})


def make_line(subject: ClassSubject, student, term: int = 1, **fields) -> SubjectMarks:
    return SubjectMarks.objects.create(
        unit_id=subject.unit_id, class_subject=subject, student=student, term=term, **fields
    )


def fill_year(
    made: MadeClass, student, mark: str = "8.0", *, level: str = "Đ", conduct: str = "good"
) -> None:
    """Everything that a year in secondary school needs, the same everywhere."""
    unit = made.unit
    rules = rules_of(
        level_of(made.school_class.grade, unit.school.levels),
        made.school_class.grade,
        made.school_year.starts_on.year,
    )
    rows = []
    for subject in made.subjects.values():
        number = rules.regular_number(subject.form, subject.periods)
        for term in (1, 2):
            if subject.form == "score":
                said = {"regular": [Decimal(mark)] * number, "midterm": Decimal(mark), "final": Decimal(mark)}
            else:
                said = {"regular_levels": [level] * number, "midterm_level": level, "final_level": level}
            rows.append(
                SubjectMarks(unit_id=unit.pk, class_subject=subject, student=student, term=term, **said)
            )
    SubjectMarks.objects.bulk_create(rows)
    TermConduct.objects.bulk_create(
        TermConduct(unit=unit, school_class=made.school_class, student=student, term=term, conduct=conduct)
        for term in (1, 2)
    )
