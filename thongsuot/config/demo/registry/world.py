"""What the registry is generated from: schools, school years, the people who have accounts. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from thongsuot.config.demo.names import Names

PRESCHOOL = (13, 14, 15, 16, 17, 18)
PRIMARY = (1, 2, 3, 4, 5)
LOWER = (6, 7, 8, 9)
UPPER = (10, 11, 12)
GRADES = {
    "preschool": PRESCHOOL,
    "primary": PRIMARY,
    "lower_secondary": LOWER,
    "upper_secondary": UPPER,
    "continuing": UPPER,
}
# Year of the start of the school year minus year of birth.
AGE = {13: 0, 14: 1, 15: 2, 16: 3, 17: 4, 18: 5, **{grade: grade + 5 for grade in range(1, 13)}}
# From grade to grade; a last grade leads to another level.
NEXT = {
    13: 14,
    14: 15,
    15: 16,
    16: 17,
    17: 18,
    **{grade: grade + 1 for grade in (1, 2, 3, 4, 6, 7, 8, 10, 11)},
}


@dataclass(frozen=True)
class YearSpan:
    id: int
    starts_on: date
    ends_on: date
    second_term_on: date

    @property
    def year(self) -> int:
        return self.starts_on.year


@dataclass(frozen=True)
class AccountHolder:
    """Somebody who signs in: role and title of the appointment at the school."""

    user_id: int
    username: str
    full_name: str
    email: str
    role: str
    title: str
    since: date


@dataclass(frozen=True)
class DemoSchool:
    """weight: how many pupils it takes of those who could come, compared with its neighbours."""

    unit_id: int
    code: str
    name: str
    commune: str
    commune_name: str
    levels: tuple[str, ...]
    sites: tuple[int, ...]
    weight: float
    is_boarding: bool = False
    is_private: bool = False
    is_highland: bool = False
    holders: tuple[AccountHolder, ...] = ()

    @property
    def grades(self) -> tuple[int, ...]:
        return tuple(grade for level in self.levels for grade in GRADES[level])


@dataclass(frozen=True)
class World:
    """years: those that have begun, the running one last. per_school: births a year for each primary school.
    teacher_norms: teachers for a class, by line of the list dinh_muc_giao_vien_lop.
    """

    schools: tuple[DemoSchool, ...]
    years: tuple[YearSpan, ...]
    today: date
    per_school: float
    names: Names
    rng: Callable[..., random.Random]
    demo_people: dict[str, AccountHolder] = field(default_factory=dict)
    teacher_norms: dict[str, float] = field(default_factory=dict)
    say: Callable[[str], None] = print

    @property
    def year(self) -> YearSpan:
        return self.years[-1]

    def is_shown(self, unit_id: int) -> bool:
        """Do accounts of the sign-in page work at this school?"""
        return unit_id in self.shown

    @cached_property
    def shown(self) -> frozenset[int]:
        return frozenset(
            one.unit_id
            for one in self.schools
            if any(holder.username in self.demo_people for holder in one.holders)
        )

    @property
    def last_day(self) -> date:
        """The last day on which something can have happened in the running year."""
        return min(self.year.ends_on, self.today)

    def by_commune(self) -> dict[str, list[DemoSchool]]:
        found: dict[str, list[DemoSchool]] = {}
        for school in self.schools:
            found.setdefault(school.commune, []).append(school)
        return found


def having(schools: Iterable[DemoSchool], grade: int, *, continuing: bool = False) -> list[DemoSchool]:
    """Schools that teach the grade; centres of continuing education only when asked for."""
    return [one for one in schools if grade in one.grades and (("continuing" in one.levels) == continuing)]


def day_between(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange(max((last - first).days, 0) + 1))
