"""A class as its homeroom teacher keeps it: conduct and remarks, qualities and competences, who was not there."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import class_members
from thongsuot.modules.registry.queries import classes as registry_classes

from ..domain.rules import PrimaryRules
from ..models import Absence, ClassSubject, MarkLock, PupilTraits, TermConduct
from ..permissions import can_keep_class, can_see_class, can_write_absences
from ..types import GradingFault
from .books import level_of
from .carried import carried_cells
from .rules import rules_of

LAST_PRIMARY = 5


@dataclass(frozen=True)
class PupilMonth:
    """Absences of a pupil in a month: sessions with and without leave, single lessons, the days in words."""

    name: str
    excused: int
    unexcused: int
    lessons: int
    days: str


def class_of(actor: Actor, pk: int) -> Any | None:
    """A class whose pupils the actor may mark absent or whose results he or she reads."""
    rows = (
        registry_classes(actor)
        .select_related("unit__school", "unit__parent")
        .prefetch_related("school_year__terms")
    )
    found = rows.filter(pk=pk).first()
    if found is None or not (can_see_class(actor, found) or can_write_absences(actor, found)):
        return None
    return found


def classes_with_books(actor: Actor, school_year_id: int) -> list[Any]:
    """Classes of the year in the actor's sight that have books, in the order of a register."""
    with_books = (
        ClassSubject.objects.filter(school_year_id=school_year_id).order_by().values("school_class_id")
    )
    rows = registry_classes(actor, school_year_id=school_year_id).filter(pk__in=with_books)
    rows = rows.select_related("unit__school").prefetch_related("school_year__terms")
    return list(rows.order_by("grade", "name", "id")[:500])


def may_see(actor: Actor, school_class: Any) -> bool:
    return can_see_class(actor, school_class)


def may_keep(actor: Actor, school_class: Any) -> bool:
    return can_keep_class(actor, school_class)


def may_mark_absent(actor: Actor, school_class: Any) -> bool:
    return can_write_absences(actor, school_class)


def members(actor: Actor, school_class: Any) -> list[Any]:
    return [one for one in class_members(actor, [school_class.pk]) if not one.has_left]


def carried(school_class: Any, members: Sequence[Any], key: str) -> dict[int, dict[str, str]]:
    """What came along from other schools and is not written over here: pupil -> cell -> whose it is."""
    pupils = [one.student_id for one in members]
    return carried_cells(school_class.unit_id, school_class.school_year_id, pupils, key)


def is_locked(school_class: Any, term: int) -> bool:
    """Whether the term is closed, for the class or for its school."""
    return MarkLock.objects.filter(
        Q(school_class__isnull=True) | Q(school_class_id=school_class.pk),
        unit_id=school_class.unit_id,
        school_year_id=school_class.school_year_id,
        term=term,
        unlocked_at__isnull=True,
    ).exists()


def primary_rules(school_class: Any) -> PrimaryRules | None:
    """The rules of a primary class; None for other classes, and where no circular holds."""
    level = level_of(school_class.grade, school_class.unit.school.levels) or ""
    try:
        rules = rules_of(level, school_class.grade or 0, school_class.school_year.starts_on.year)
    except GradingFault:
        return None
    return rules if isinstance(rules, PrimaryRules) else None


def conducts(school_class: Any, term: int) -> dict[int, TermConduct]:
    return {row.student_id: row for row in TermConduct.objects.filter(school_class=school_class, term=term)}


def traits(school_class: Any, moment: str) -> dict[int, Mapping[str, str]]:
    rows = PupilTraits.objects.filter(school_class=school_class, moment=moment)
    return dict(rows.values_list("student_id", "levels"))


def absences(school_class: Any, on: date, session: str, lesson: int | None) -> dict[int, Absence]:
    rows = Absence.objects.filter(school_class=school_class, on=on, session=session, lesson=lesson)
    return {row.student_id: row for row in rows.select_related("written_by")}


def absent_elsewhere(school_class: Any, on: date, session: str) -> dict[int, list[str]]:
    """Pupil -> what else is written of that session: "" for the whole of it, or the numbers of lessons."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Absence.objects.filter(school_class=school_class, on=on, session=session).order_by("lesson")
    for student_id, lesson in rows.values_list("student_id", "lesson"):
        found[student_id].append("" if lesson is None else str(lesson))
    return found


def month_of_absences(actor: Actor, school_class: Any, day: date) -> list[PupilMonth]:
    """Who was absent in the month of `day`, in the order of a register; whoever was always there is left out."""
    last = calendar.monthrange(day.year, day.month)[1]
    rows = Absence.objects.filter(
        school_class=school_class, on__range=(day.replace(day=1), day.replace(day=last))
    ).order_by("on", "session", "lesson")
    by_pupil: dict[int, list[Absence]] = defaultdict(list)
    for row in rows:
        by_pupil[row.student_id].append(row)
    found = []
    for one in members(actor, school_class):
        mine = by_pupil.get(one.student_id)
        if not mine:
            continue
        whole = [row for row in mine if row.lesson is None]
        days = dict.fromkeys(f"{row.on:%d/%m}" for row in mine)
        found.append(
            PupilMonth(
                one.name,
                sum(row.is_excused for row in whole),
                sum(not row.is_excused for row in whole),
                len(mine) - len(whole),
                ", ".join(days),
            )
        )
    return found
