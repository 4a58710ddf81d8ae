"""What is wrong in the generated registry, and the truth about it.

Each defect has a code by object, field and kind ("student.personal_id.length"). `seed` spoils a few rows of every kind
and writes down which. All other rows are clean: `Truth.clean` tells, and a test checks it by other means.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo import defects_of_pupils, defects_of_schools, defects_twice

if TYPE_CHECKING:
    from thongsuot.config.demo.registry.classes import Seat
    from thongsuot.config.demo.registry.persons import Persons
    from thongsuot.config.demo.registry.rows import ClassRow, ContactRow, EmploymentRow, Rows
    from thongsuot.config.demo.registry.world import World


@dataclass(frozen=True, order=True)
class Flaw:
    """kind: student, contact, enrolment, characteristic, class, staff, school, room, land, line (school: id of the unit)."""

    kind: str
    id: int
    code: str


@dataclass(frozen=True)
class Pair:
    """Two dossiers of one person. variant: in what they differ."""

    first: int
    second: int
    variant: str


@dataclass
class Truth:
    """flaws: what is wrong. pairs: double dossiers. natural: what is unusual and right (pupils who repeated a year are
    older than their class)."""

    flaws: list[Flaw] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    natural: list[Flaw] = field(default_factory=list)

    def add(self, kind: str, pk: int, code: str) -> None:
        self.flaws.append(Flaw(kind, pk, code))

    def ids(self, code: str) -> set[int]:
        """Of the objects with this defect."""
        return {flaw.id for flaw in self.flaws if flaw.code == code}

    def spoiled(self, kind: str) -> set[int]:
        """Of the objects with any defect, or with something unusual."""
        return {flaw.id for flaw in (*self.flaws, *self.natural) if flaw.kind == kind}

    def codes(self) -> set[str]:
        return {flaw.code for flaw in self.flaws}

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


@dataclass
class Workshop:
    """What a defect is made with. `take` gives rows that nothing has been done to."""

    world: World
    rows: Rows
    seats: list[Seat]
    persons: Persons
    truth: Truth
    rng: random.Random
    # Keys of contacts that are left out in the end.
    dropped: set[int] = field(default_factory=set)
    _pools: dict[str, list[object]] = field(default_factory=dict)
    _contacts: dict[int, list[ContactRow]] = field(default_factory=dict)

    def contacts_of(self, student_id: int) -> list[ContactRow]:
        if not self._contacts:
            for one in self.rows.contacts:
                self._contacts.setdefault(one.student_id, []).append(one)
        return self._contacts.get(student_id, [])

    # Pupils in each class of the year.
    counts: dict[int, int] = field(default_factory=dict)
    _by_class: dict[int, list[Seat]] = field(default_factory=dict)
    _by_grade: dict[int, list[ClassRow]] = field(default_factory=dict)
    _jobs: dict[int, list[EmploymentRow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for seat in self.seats:
            if seat.spell is not None and seat.spell.school_class_id is not None:
                self._by_class.setdefault(seat.spell.school_class_id, []).append(seat)
        for row in self.rows.classes:
            if row.school_year_id == self.world.year.id and row.grade is not None:
                self.counts[row.id] = len(self._by_class.get(row.id, []))
                self._by_grade.setdefault(row.grade, []).append(row)
        for job in self.rows.employments:
            self._jobs.setdefault(job.staff_id, []).append(job)

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
        return self._jobs.get(staff_id, [])

    def pool_rows(self, name: str) -> list[Any]:
        return self._pools[name]

    def remove(self, name: str, row: object) -> None:
        self._pools[name] = [one for one in self._pools[name] if one is not row]

    def pool(self, name: str, rows: Iterable[object]) -> None:
        shuffled = list(rows)
        self.rng.shuffle(shuffled)
        self._pools[name] = shuffled

    def take(self, name: str, fits: Callable[[Any], bool] = lambda row: True) -> Any:
        pool = self._pools[name]
        for index in range(len(pool) - 1, -1, -1):
            if fits(pool[index]):
                return pool.pop(index)
        return None

    def many(self, name: str, share: float) -> int:
        """How many rows a defect of this share spoils: at least one."""
        return max(ceil(share * len(self._pools[name])), 1)


Defect = tuple[str, float, Callable[[Workshop, str], bool]]
# (code, share of the rows, what spoils one row and says whether it found one)
DEFECTS: tuple[Defect, ...] = (
    *defects_of_pupils.DEFECTS,
    *defects_twice.DEFECTS,
    *defects_of_schools.DEFECTS,
)
CODES = tuple(code for code, _, _ in DEFECTS)
POOL_OF = {"student": "seats", "enrolment": "seats", "characteristic": "characteristics", "contact": "contacts",
           "class": "classes", "staff": "teachers", "school": "schools", "room": "rooms", "land": "land",
           "line": "lines", "equipment": "equipment"}  # fmt: skip


def seed(world: World, rows: Rows, seats: list[Seat], persons: Persons) -> Truth:
    """Spoils rows in place, adds double ones, and gives the truth."""
    persons.rng = rng = world.rng("defects")
    shop = Workshop(world, rows, seats, persons, Truth(), rng)
    _over_age(shop)
    _fill_pools(shop)
    for code, share, spoil in DEFECTS:
        for _ in range(shop.many(POOL_OF[code.split(".", 1)[0]], share)):
            if not spoil(shop, code):
                break
    rows.contacts[:] = [one for one in rows.contacts if one.id not in shop.dropped]
    return shop.truth


def _over_age(shop: Workshop) -> None:
    from thongsuot.config.demo.registry.world import AGE

    year = shop.world.year.year
    for seat in shop.seats:
        birth_date = seat.student.birth_date
        if birth_date is not None and year - birth_date.year != AGE[seat.grade]:
            shop.truth.natural.append(Flaw("student", seat.student.id, "student.grade.over_age"))


def _fill_pools(shop: Workshop) -> None:
    rows, year = shop.rows, shop.world.year
    kept = {flaw.id for flaw in shop.truth.natural} | {
        one.student_id for one in rows.contacts if one.account_id
    }
    seats = [s for s in shop.seats if s.student.account_id is None and s.student.id not in kept]
    shop.pool("seats", seats)
    now = {seat.student.id for seat in seats}
    shop.pool("contacts", (one for one in rows.contacts if one.account_id is None and one.student_id in now))
    shop.pool("characteristics", (one for one in rows.characteristics if one.student_id in now))
    shown = {holder.user_id for holder in shop.world.demo_people.values()}
    demo = {one.id for one in rows.staff if one.account_id in shown}
    shop.pool(
        "classes",
        (c for c in rows.classes if c.school_year_id == year.id and c.homeroom_teacher_id not in demo),
    )
    works = {
        job.staff_id
        for job in rows.employments
        if job.group == "teacher" and job.valid_to is None and job.status == "working"
    }
    shop.pool("teachers", (one for one in rows.staff if one.id in works - demo))
    shop.pool(
        "schools",
        (s for s in shop.world.schools if not any(h.username in shop.world.demo_people for h in s.holders)),
    )
    for name in ("rooms", "land", "lines", "equipment"):
        shop.pool(name, (one for one in getattr(rows, name) if one.valid_to is None))
