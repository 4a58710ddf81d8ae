"""Reminders of all tasks against a SELECT of those that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from django.db import connection, transaction

from tests.bench.measure import Figure, compare
from tests.bench.province import World
from tests.bench.scale import Scale
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives.actions.reminding import send_reminders

DUE = """
    select id, unit_id, person_id, leader_id, due_on, assigned_on from directives_assignment
    where state in ('assigned', 'in_progress', 'returned') and due_on <= %s order by id
"""


def run(world: World, scale: Scale) -> Iterator[Figure]:
    system = Actor.system()

    def remind() -> float:
        start = perf_counter()
        with act_as(system):
            send_reminders(by=system, today=world.today)
            spent = (perf_counter() - start) * 1000
            transaction.set_rollback(True)
        return spent

    def again() -> float:
        start = perf_counter()
        with act_as(system):
            send_reminders(by=system, today=world.today)
            return (perf_counter() - start) * 1000

    def due() -> None:
        with connection.cursor() as cursor:
            cursor.execute(DUE, [world.today + timedelta(days=7)])
            cursor.fetchall()

    note = "every task that is late or nearly so, none told of before; the floor fetches the rows due"
    yield compare("reminders, first day", remind, due, scale=scale, note=note, heavy=True)
    again()
    note = "everything has been sent: what a second run on the same day costs"
    yield compare("reminders, already sent", again, due, scale=scale, note=note, heavy=True)
