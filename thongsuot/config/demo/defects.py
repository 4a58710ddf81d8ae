"""What is wrong in the generated registry, and the truth about it.

Each defect has a code by object, field and kind ("student.personal_id.length"); findings.py says which rules must find it.
`seed` spoils a few rows of every kind and writes down which, with what follows from each. All other rows are clean:
`Truth.spoiled` tells, and tests check it by other means and by the rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from thongsuot.config.demo import (
    aftermath,
    defects_of_classes,
    defects_of_pupils,
    defects_of_schools,
    defects_of_spells,
    defects_of_staff,
    defects_of_things,
    defects_twice,
)
from thongsuot.config.demo.truth import Flaw, Truth
from thongsuot.config.demo.workshop import Correction, Workshop

if TYPE_CHECKING:
    from thongsuot.config.demo.registry.classes import Seat
    from thongsuot.config.demo.registry.persons import Persons
    from thongsuot.config.demo.registry.rows import Rows
    from thongsuot.config.demo.registry.world import World

Defect = tuple[str, float, Callable[[Workshop, str], bool]]
# (code, share of the rows, what spoils one row and says whether it found one)
DEFECTS: tuple[Defect, ...] = (
    *defects_of_schools.DEFECTS,
    *defects_of_spells.DEFECTS,
    *defects_of_pupils.DEFECTS,
    *defects_twice.DEFECTS,
    *defects_of_classes.DEFECTS,
    *defects_of_staff.DEFECTS,
    *defects_of_things.DEFECTS,
    *defects_of_schools.LAST,
)
FEW = 5
NEW_SCHOOL = "school.classes.new_school"
CODES = (*(code for code, _, _ in DEFECTS), NEW_SCHOOL)
POOL_OF = {"student": "seats", "enrolment": "seats", "characteristic": "seats", "contact": "seats",
           "class": "classes", "staff": "teachers", "school": "schools", "room": "rooms", "line": "lines",
           "equipment": "equipment"}  # fmt: skip


def seed(
    world: World, rows: Rows, seats: list[Seat], persons: Persons
) -> tuple[Truth, tuple[Correction, ...]]:
    """Spoils rows in place, adds double ones, leaves some out; gives the truth, and what is to be changed in the rows of
    schools that are there already."""
    persons.rng = rng = world.rng("defects")
    shop = Workshop(world, rows, seats, persons, Truth(), rng)
    _over_age(shop)
    _fill_pools(shop)
    for code, share, spoil in DEFECTS:
        for _ in range(shop.many(POOL_OF[code.split(".", 1)[0]], share)):
            if not spoil(shop, code):
                break
    _new_schools(shop)
    _leave_out(shop)
    aftermath.settle(shop)
    _once(shop.truth)
    return shop.truth, tuple(shop.corrections)


def _over_age(shop: Workshop) -> None:
    from thongsuot.config.demo.registry.world import AGE

    year = shop.world.year.year
    for seat in shop.seats:
        birth_date = seat.student.birth_date
        if birth_date is not None and year - birth_date.year != AGE[seat.grade]:
            shop.truth.natural.append(Flaw("student", seat.student.id, "student.grade.over_age"))


def _new_schools(shop: Workshop) -> None:
    """Schools that were founded and have no class yet."""
    for school in shop.world.schools:
        if not school.weight:
            shop.truth.add("school", school.unit_id, NEW_SCHOOL)
            shop.truth.follow("school.rooms.none", school.unit_id, NEW_SCHOOL)


def _fill_pools(shop: Workshop) -> None:
    rows, year = shop.rows, shop.world.year
    kept = {flaw.id for flaw in shop.truth.natural} | {
        one.student_id for one in rows.contacts if one.account_id
    }
    # Of the smallest groups nobody is taken: they would be left empty.
    seats = [
        s
        for s in shop.seats
        if s.student.account_id is None
        and s.student.id not in kept
        and s.spell is not None
        and shop.counts.get(s.spell.school_class_id or 0, 0) > FEW
    ]
    shop.pool("seats", seats)
    now = {seat.student.id for seat in seats}
    shop.pool("contacts", (one for one in rows.contacts if one.account_id is None and one.student_id in now))
    shop.pool("characteristics", (one for one in rows.characteristics if one.student_id in now))
    shop.pool(
        "ended", (one for one in rows.enrolments if one.school_year_id == year.id and one.left_on is not None)
    )
    shown = {holder.user_id for holder in shop.world.demo_people.values()}
    demo = {one.id for one in rows.staff if one.account_id in shown}
    shop.pool(
        "classes",
        (c for c in rows.classes if c.school_year_id == year.id and c.homeroom_teacher_id not in demo),
    )
    for name, group in (("teachers", "teacher"), ("employees", "employee")):
        works = {
            job.staff_id
            for job in rows.employments
            if job.group == group and job.valid_to is None and job.status == "working"
        }
        shop.pool(name, (one for one in rows.staff if one.id in works - demo))
    shop.pool(
        "schools",
        (s for s in shop.world.schools if s.weight and not shop.is_shown(s.unit_id)),
    )
    for name in ("rooms", "lines", "equipment"):
        shop.pool(name, (one for one in getattr(rows, name) if one.valid_to is None))


def _leave_out(shop: Workshop) -> None:
    for table in {name for name, _ in shop.dropped}:
        rows = getattr(shop.rows, table)
        rows[:] = [one for one in rows if (table, one.id) not in shop.dropped]


def _once(truth: Truth) -> None:
    truth.flaws = list(dict.fromkeys(truth.flaws))
    truth.natural = list(dict.fromkeys(truth.natural))
    truth.follows = list(dict.fromkeys(truth.follows))
