"""The whole registry of a province, in memory, with what is wrong in it: the same for the same world. Pure.

Rows are numbered from 1 in each table. `Generated.truth` names every row that is not as it should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from thongsuot.config.demo.defects import seed
from thongsuot.config.demo.registry.accounts import link
from thongsuot.config.demo.registry.classes import Seat
from thongsuot.config.demo.registry.cohorts import LATELY, Population, moment
from thongsuot.config.demo.registry.facilities import Estate
from thongsuot.config.demo.registry.families import Families
from thongsuot.config.demo.registry.persons import Persons
from thongsuot.config.demo.registry.rows import PersonRow, Rows
from thongsuot.config.demo.registry.staff import Faculty
from thongsuot.config.demo.registry.world import World
from thongsuot.config.demo.truth import Truth
from thongsuot.config.demo.workshop import Correction


@dataclass
class Generated:
    """seats: the pupils who sit in a class on the day of the demo. corrections: what becomes wrong of the schools, which
    were written before."""

    rows: Rows
    seats: list[Seat]
    truth: Truth
    corrections: tuple[Correction, ...] = ()


def generate(world: World) -> Generated:
    rows = Rows()
    persons = Persons(world.names, world.rng("persons"))
    population = Population(world, rows, persons)
    population.live()
    Families(world, rows, persons).fill(population)
    Faculty(world, rows, persons).employ()
    world.say(f"  {len(rows.students)} hồ sơ học sinh, {len(rows.staff)} cán bộ")
    Estate(world, rows, persons).build()
    _stamps(world, rows, persons)
    link(world, rows, population.seats, persons)
    truth, corrections = seed(world, rows, population.seats, persons)
    return Generated(rows, population.seats, truth, corrections)


def _stamps(world: World, rows: Rows, persons: Persons) -> None:
    """When a record was last touched, and what the population database answered about the person."""
    rng = world.rng("stamps")
    persons.rng = rng
    people: list[PersonRow] = [*rows.students, *rows.staff]
    days = [moment(world.today - timedelta(days=ago), hour) for ago in range(2, 80) for hour in (8, 14)]
    begun = moment(world.years[0].starts_on - timedelta(days=20), 8)
    for person in people:
        # Pupils bring the day of their dossier; those of the staff were made when the registry was.
        made = person.created_at = person.created_at or begun
        person.updated_at = max(days[int(rng.random() * len(days))], made)
        if made > moment(world.today - timedelta(days=LATELY), 0):
            continue
        if rng.random() < 0.97:
            person.identity_status, person.identity_checked_at = "matched", person.updated_at
        else:
            person.identity_status = "waiting"
