"""How many columns of regular assessments the books have, and how many the rules ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor

from ..domain.rules import SecondaryRules
from ..models import ClassSubject
from ..permissions import KEEP, within
from ..types import GradingFault
from .books import book_of
from .rules import rules_held

USED = """
    select class_subject_id, max(greatest(cardinality(regular), cardinality(regular_levels)))
    from gradebook_subjectmarks where class_subject_id = any (%s) group by 1
"""


def columns_used(class_subject_ids: Collection[int]) -> dict[int, int]:
    """Subject of a class -> the last column of regular assessments that has a mark, of both terms."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [list(class_subject_ids)])
        return dict(cursor.fetchall())


def regular_wanted(subject: ClassSubject) -> int:
    """How many the rules ask for a term; 0 where they ask for none (primary school, no rules). subject: with class, year
    and school."""
    try:
        rules = book_of(subject).rules
    except GradingFault:
        return 0
    return rules.regular_number(subject.form, subject.periods) if isinstance(rules, SecondaryRules) else 0


@dataclass(frozen=True)
class ColumnCell:
    """least: that may be set; used: the last column with a mark."""

    row: ClassSubject
    wanted: int
    used: int

    @property
    def least(self) -> int:
        return max(self.used, min(self.wanted, self.row.regular_count))

    @property
    def is_short(self) -> bool:
        return self.row.regular_count < self.wanted


@dataclass(frozen=True)
class ColumnLine:
    """A subject of a grade; cells: of each class of the grade, None where it does not have the subject."""

    name: str
    wanted: int
    cells: tuple[ColumnCell | None, ...]


@rules_held()
def column_board(
    actor: Actor, unit_id: int, school_year_id: int
) -> dict[int, tuple[list[Any], list[ColumnLine]]]:
    """Grade -> (its classes, its subjects), of secondary school; empty for whoever does not keep the school's books."""
    rows = list(
        ClassSubject.objects.filter(
            within(actor, KEEP), unit_id=unit_id, school_year_id=school_year_id, school_class__grade__gt=5
        )
        .select_related("school_class", "school_year", "unit__school")
        .order_by("school_class__grade", "position", "pk")
    )
    used = columns_used([row.pk for row in rows])
    found: dict[int, tuple[list[Any], list[ColumnLine]]] = {}
    for grade in sorted({row.school_class.grade for row in rows if row.school_class.grade}):
        mine = [row for row in rows if row.school_class.grade == grade]
        classes = sorted({row.school_class for row in mine}, key=lambda one: (one.name, one.pk))
        by_place = {(row.code, row.school_class_id): row for row in mine}
        lines = []
        for code in dict.fromkeys(row.code for row in mine):
            cells = tuple(
                ColumnCell(row, regular_wanted(row), used.get(row.pk, 0)) if row else None
                for row in (by_place.get((code, one.pk)) for one in classes)
            )
            there = [one for one in cells if one]
            lines.append(ColumnLine(there[0].row.name, there[0].wanted, cells))
        found[grade] = (classes, lines)
    return found
