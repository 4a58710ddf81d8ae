"""What defects are made with: the rows, those that nothing has been done to yet, and the truth that is written down."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.truth import Truth

if TYPE_CHECKING:
    from thongsuot.config.demo.registry.classes import Seat
    from thongsuot.config.demo.registry.persons import Persons
    from thongsuot.config.demo.registry.rows import (
        ClassRow,
        ContactRow,
        EmploymentRow,
        EnrolmentRow,
        Rows,
        TeachingRow,
        TransferRow,
    )
    from thongsuot.config.demo.registry.world import DemoSchool, World

# Pool -> (whose row it is, name of the key): a row whose owner has a defect already is left alone.
OWNERS = {
    "seats": ("student", lambda seat: seat.student.id),
    "contacts": ("student", lambda row: row.student_id),
    "characteristics": ("student", lambda row: row.student_id),
    "ended": ("student", lambda row: row.student_id),
    "classes": ("class", lambda row: row.id),
    "teachers": ("staff", lambda row: row.id),
    "employees": ("staff", lambda row: row.id),
    "rooms": ("room", lambda row: row.id),
    "equipment": ("equipment", lambda row: row.id),
    "lines": ("line", lambda row: row.id),
}


@dataclass(frozen=True)
class Correction:
    """A column of a row that was written before the registry was made. model: unit, school, site."""

    model: str
    id: int
    field: str
    value: Any


@dataclass
class Workshop:
    world: World
    rows: Rows
    seats: list[Seat]
    persons: Persons
    truth: Truth
    rng: random.Random
    # Rows that are left out in the end: (table, key).
    dropped: set[tuple[str, int]] = field(default_factory=set)
    corrections: list[Correction] = field(default_factory=list)
    touched: set[tuple[str, int]] = field(default_factory=set)
    # Pupils in each class of the year.
    counts: dict[int, int] = field(default_factory=dict)
    # School -> the parts of it that have a defect already.
    aspects: dict[int, set[str]] = field(default_factory=dict)
    _pools: dict[str, list[Any]] = field(default_factory=dict)
    _contacts: dict[int, list[ContactRow]] = field(default_factory=dict)
    _by_class: dict[int, list[Seat]] = field(default_factory=dict)
    _by_grade: dict[int, list[ClassRow]] = field(default_factory=dict)
    _jobs: dict[int, list[EmploymentRow]] = field(default_factory=dict)
    _at: dict[tuple[str, int], list[Any]] = field(default_factory=dict)
    classes: dict[int, ClassRow] = field(default_factory=dict)
    _spells: dict[int, list[EnrolmentRow]] = field(default_factory=dict)
    _before: dict[int, EnrolmentRow] = field(default_factory=dict)
    _old_classes: dict[tuple[int, int | None], ClassRow] = field(default_factory=dict)
    _transfers: dict[int, list[TransferRow]] = field(default_factory=dict)
    _levels: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _taught: dict[int, list[TeachingRow]] = field(default_factory=dict)
    _teaching: dict[int, list[TeachingRow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._levels = {one.unit_id: one.levels for one in self.world.schools}
        for seat in self.seats:
            if seat.spell is not None and seat.spell.school_class_id is not None:
                self._by_class.setdefault(seat.spell.school_class_id, []).append(seat)
        for row in self.rows.classes:
            self.classes[row.id] = row
            if row.school_year_id == self.world.year.id and row.grade is not None:
                self.counts[row.id] = len(self._by_class.get(row.id, []))
                self._by_grade.setdefault(row.grade, []).append(row)
                self._at.setdefault(("classes", row.unit_id), []).append(row)
        for job in self.rows.employments:
            self._jobs.setdefault(job.staff_id, []).append(job)
            if job.valid_to is None:
                self._at.setdefault(("jobs", job.unit_id), []).append(job)
        for name in ("rooms", "land", "lines", "equipment"):
            for row in getattr(self.rows, name):
                if row.valid_to is None:
                    self._at.setdefault((name, row.unit_id), []).append(row)
        self._index_spells()
        for one in self.rows.contacts:
            self._contacts.setdefault(one.student_id, []).append(one)

    def _index_spells(self) -> None:
        years = self.world.years
        last = years[-2] if len(years) > 1 else None
        for spell in self.rows.enrolments:
            if spell.school_year_id == self.world.year.id:
                self._spells.setdefault(spell.student_id, []).append(spell)
            elif last is not None and spell.school_year_id == last.id and spell.exit_type == "year_end":
                self._before[spell.student_id] = spell
        for row in self.rows.classes:
            if last is not None and row.school_year_id == last.id:
                self._old_classes.setdefault((row.unit_id, row.grade), row)
        for one in self.rows.transfers:
            self._transfers.setdefault(one.student_id, []).append(one)
        for lesson in self.rows.teaching:
            self._taught.setdefault(lesson.school_class_id, []).append(lesson)
            self._teaching.setdefault(lesson.staff_id, []).append(lesson)

    # -- what is where -----------------------------------------------------------------------------

    def contacts_of(self, student_id: int) -> list[ContactRow]:
        return [one for one in self._contacts.get(student_id, []) if ("contacts", one.id) not in self.dropped]

    def at(self, name: str, unit_id: int) -> list[Any]:
        """Rows of a school that hold today: classes (of the year), jobs, rooms, land, lines, equipment."""
        return self._at.get((name, unit_id), [])

    def sitting_in(self, class_id: int) -> list[Any]:
        """Those who sat there before anything was spoiled and still do."""
        return [
            s for s in self._by_class.get(class_id, []) if s.spell and s.spell.school_class_id == class_id
        ]

    def rooms_of(self, grade: int) -> list[ClassRow]:
        """Classes of a grade, in an order of its own for each call."""
        rooms = self._by_grade.get(grade, [])
        start = self.rng.randrange(len(rooms)) if rooms else 0
        return rooms[start:] + rooms[:start]

    def jobs_of(self, staff_id: int) -> list[EmploymentRow]:
        return [one for one in self._jobs.get(staff_id, []) if one.valid_to is None]

    def spells_of(self, student_id: int) -> list[EnrolmentRow]:
        """Of the running year."""
        return self._spells.get(student_id, [])

    def spell_before(self, seat: Seat) -> EnrolmentRow | None:
        """The one that ended with the last school year."""
        return self._before.get(seat.student.id)

    def class_before(self, seat: Seat) -> ClassRow | None:
        """A class of the same school and grade, of the last school year."""
        return self._old_classes.get((seat.school.unit_id, seat.grade))

    def transfers_of(self, student_id: int) -> list[TransferRow]:
        return self._transfers.get(student_id, [])

    def lessons_in(self, class_id: int) -> list[TeachingRow]:
        return [one for one in self._taught.get(class_id, []) if ("teaching", one.id) not in self.dropped]

    def lessons_of(self, staff_id: int) -> list[TeachingRow]:
        return [one for one in self._teaching.get(staff_id, []) if ("teaching", one.id) not in self.dropped]

    def all_jobs_of(self, staff_id: int) -> list[EmploymentRow]:
        return self._jobs.get(staff_id, [])

    def levels_of(self, unit_id: int) -> tuple[str, ...]:
        return self._levels[unit_id]

    def is_shown(self, unit_id: int) -> bool:
        """Do accounts of the demo work at this school?"""
        return self.world.is_shown(unit_id)

    def drop(self, table: str, row: Any) -> None:
        self.dropped.add((table, row.id))

    def correct(self, model: str, pk: int, column: str, value: Any) -> None:
        self.corrections.append(Correction(model, pk, column, value))

    # -- rows that nothing has been done to --------------------------------------------------------

    def is_free(self, kind: str, pk: int) -> bool:
        return (kind, pk) not in self.touched

    def touch(self, kind: str, pk: int) -> None:
        self.touched.add((kind, pk))

    def pool(self, name: str, rows: Iterable[Any]) -> None:
        shuffled = list(rows)
        self.rng.shuffle(shuffled)
        self._pools[name] = shuffled

    def pool_rows(self, name: str) -> list[Any]:
        kind, key = OWNERS[name]
        return [one for one in self._pools[name] if (kind, key(one)) not in self.touched]

    def take(self, name: str, fits: Callable[[Any], bool] = lambda row: True) -> Any:
        """A row that fits, and whose owner is as it should be; from now on it is not. None when there is none."""
        pool, (kind, key) = self._pools[name], OWNERS[name]
        for index in range(len(pool) - 1, -1, -1):
            row = pool[index]
            owner = (kind, key(row))
            if owner in self.touched:
                continue
            if fits(row):
                self.touched.add(owner)
                pool.pop(index)
                return row
        return None

    def take_school(self, aspect: str, fits: Callable[[DemoSchool], bool] = lambda school: True) -> Any:
        """A school with nothing wrong in this part, of those with the fewest defects."""
        fitting = [
            one
            for one in self._pools["schools"]
            if aspect not in self.aspects.setdefault(one.unit_id, set()) and fits(one)
        ]
        if not fitting:
            return None
        school = min(fitting, key=lambda one: len(self.aspects[one.unit_id]))
        self.aspects[school.unit_id].add(aspect)
        return school

    def pool_of_schools(self) -> list[Any]:
        return self._pools["schools"]

    def many(self, name: str, share: float) -> int:
        """How many rows a defect of this share spoils: at least one."""
        return max(ceil(share * len(self._pools[name])), 1)
