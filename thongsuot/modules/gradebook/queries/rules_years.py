"""Which rules hold in which school year, and whose results other rules would touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.queries import school_kinds

from ..domain.rules import rules_for
from ..models import PupilYear
from ..permissions import VIEW, within
from .books import level_of
from .rules import Rules

GRADES = {
    "primary": range(1, 6),
    "lower_secondary": range(6, 10),
    "upper_secondary": range(10, 13),
    "continuing": range(6, 13),
}
PLACES = tuple((level, grade) for level, grades in GRADES.items() for grade in grades)


@dataclass(frozen=True)
class Holding:
    """Grades of a level that follow the same rules in all of the years; rules: one for each year, None where none hold."""

    level: str
    grades: tuple[int, ...]
    rules: tuple[Rules | None, ...]


def holdings(known: Sequence[Rules], years: Sequence[int]) -> list[Holding]:
    """years: in which the school years begin."""
    found: list[Holding] = []
    for level, grade in PLACES:
        rules = tuple(rules_for(known, level, grade, year) for year in years)
        last = found[-1] if found else None
        if last is not None and last.level == level and last.rules == rules:
            found[-1] = Holding(level, (*last.grades, grade), rules)
        else:
            found.append(Holding(level, (grade,), rules))
    return found


@dataclass(frozen=True)
class Replaced:
    """Grades whose rules become others. rules: those that hold for them until now, None where none do."""

    level: str
    grades: tuple[int, ...]
    from_year: int
    rules: Rules | None


def replaced_by(new: Rules, known: Sequence[Rules]) -> list[Replaced]:
    """What the rules take the place of, in the first year of each grade. known: in force, without the new."""
    found: dict[tuple[str, int, str], tuple[Rules | None, list[int]]] = {}
    for one in sorted(new.applies, key=lambda one: (one.level, one.grade)):
        before = rules_for(known, one.level, one.grade, one.from_year)
        key = (one.level, one.from_year, before.code if before else "")
        found.setdefault(key, (before, []))[1].append(one.grade)
    return [
        Replaced(level, tuple(grades), year, rules) for (level, year, _code), (rules, grades) in found.items()
    ]


@dataclass(frozen=True)
class Touched:
    """Of a school year: results that would be computed again, and how many of them stand in the dossiers already."""

    year: Any
    pupils: int
    published: int


def touched_by(actor: Actor, new: Rules, known: Sequence[Rules], years: Iterable[Any]) -> list[Touched]:
    """Of the years that the new rules change, the oldest first; one statement."""
    units = _units_by_level()
    wanted = Q(pk__in=[])
    by_pk = {}
    for year in years:
        first = year.starts_on.year
        by_pk[year.pk] = year
        for level, grade in PLACES:
            if rules_for((*known, new), level, grade, first) is new and units[level]:
                wanted |= Q(school_year_id=year.pk, school_class__grade=grade, unit_id__in=units[level])
    rows = PupilYear.objects.filter(wanted, within(actor, VIEW)).order_by().values_list("school_year_id")
    counted = rows.annotate(Count("pk"), Count("published_at"))
    found = [Touched(by_pk[pk], pupils, published) for pk, pupils, published in counted]
    return sorted(found, key=lambda one: one.year.starts_on)


def _units_by_level() -> dict[str, list[int]]:
    """Schools by the level that a grade of GRADES has there."""
    found: dict[str, list[int]] = defaultdict(list)
    for unit_id, kind in school_kinds().items():
        for level, grades in GRADES.items():
            if level in kind.levels and level_of(grades[0], kind.levels) == level:
                found[level].append(unit_id)
    return found
