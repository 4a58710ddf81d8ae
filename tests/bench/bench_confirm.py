"""Confirming an order that fans out to every school against a COPY of the rows that it makes."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tests.bench.measure import Figure, compare
from tests.bench.province import World
from tests.bench.scale import Scale
from tests.factories.directives import make_directive, make_finding
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives import actions
from thongsuot.modules.directives.models import Assignment
from thongsuot.modules.organization.queries import actor_for

NOT_COPIED = ("id", "search")


def run(world: World, scale: Scale) -> Iterator[Figure]:
    leader = actor_for(world.leader)
    order = make_directive(world.department, state="reviewing")
    units = {"lead": world.school_ids, "coordinating": [], "unmatched": []}
    make_finding(
        order, state="accepted", units=units, data={"text": "Triển khai học bạ số ở tất cả các trường"}
    )
    columns = [f.column for f in Assignment._meta.concrete_fields if f.column not in NOT_COPIED]

    def confirm() -> float:
        start = perf_counter()
        with act_as(leader):
            actions.confirm_directive(by=leader, directive=order, now=timezone.localtime())
            _check()
            spent = (perf_counter() - start) * 1000
            transaction.set_rollback(True)
        return spent

    rows: list[tuple[Any, ...]] = []
    with act_as(leader):
        actions.confirm_directive(by=leader, directive=order, now=timezone.localtime())
        found = Assignment.objects.filter(directive=order)
        rows = [tuple(getattr(row, f.attname) for f in _fields(columns)) for row in found]
        transaction.set_rollback(True)

    def copy() -> float:
        start = perf_counter()
        with transaction.atomic():
            _copy(columns, rows)
            _check()
            spent = (perf_counter() - start) * 1000
            transaction.set_rollback(True)
        return spent

    note = "tasks, story, readers of the order and of its file, notices; the floor copies the tasks alone"
    yield compare(f"confirming for {len(rows)} schools", confirm, copy, scale=scale, note=note, heavy=True)
    order.findings.all().delete()
    order.delete()


def _fields(columns: list[str]) -> list[Any]:
    return [f for f in Assignment._meta.concrete_fields if f.column in columns]


def _copy(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy directives_assignment ({names}) from stdin") as out,
    ):
        for row in rows:
            out.write_row(row)


def _check() -> None:
    """Foreign keys are looked at when a transaction ends; here it is taken back instead."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
