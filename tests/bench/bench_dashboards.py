"""Dashboards from figures that are kept ready, against a page with nothing but the frame; and what a change at one
school costs against a count of the whole province."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from django.test import override_settings
from django.utils import timezone

from tests.bench import blank_urls
from tests.bench.bench_pages import opened, signed_in
from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure, compare, figure
from tests.bench.province import World, settle
from tests.bench.pupils import PER_SCHOOL, fill
from tests.bench.scale import Scale
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry.models import Enrolment, Student
from thongsuot.modules.statistics import actions

MOST_PAGE = 3.0
PARTS = ("tong-quan", "so-sanh", "hoc-sinh", "lop-va-truong")


def run(world: World, scale: Scale) -> Iterator[Figure]:
    if not Student.objects.exists():
        fill(scale.pupils, schools=max(1, scale.pupils // PER_SCHOOL))
        settle()
    system, today = Actor.system(), timezone.localdate()
    first = actions.prove(by=system, as_of=today)
    with override_settings(ROOT_URLCONF=blank_urls.__name__):
        yield from _pages(world, scale, first.rows_read)
    yield _one_school(system)
    empty_registry()


def _pages(world: World, scale: Scale, rows: int) -> Iterator[Figure]:
    client = signed_in(world.leader)
    unit_id = organization.department_id()
    for part in PARTS:
        address = f"/thong-ke/don-vi/{unit_id}/{part}/"
        yield compare(
            f"leader's dashboard: {part}",
            lambda address=address: opened(client, address),
            lambda: opened(client, blank_urls.ADDRESS),
            scale=scale,
            note=f"against the empty frame; figures of {rows} rows",
            most=MOST_PAGE,
        )


def _one_school(system: Actor) -> Figure:
    """A change to every pupil of one school: how long, and how many rows are read to count it again."""
    today = timezone.localdate()
    with act_as(system):
        unit_id = Enrolment.objects.order_by("pk").values_list("unit_id", flat=True)[0]
        changed = _touch(unit_id)
        # Who came from elsewhere within the year is counted there too.
        counted_at = (
            Enrolment.objects.filter(student__unit_id=unit_id).order_by().values("unit_id").distinct().count()
        )
    began = perf_counter()
    part = actions.refresh(by=system, as_of=today)
    spent = (perf_counter() - began) * 1000
    began = perf_counter()
    whole = actions.prove(by=system, as_of=today)
    all_of_it = (perf_counter() - began) * 1000
    if part.units > counted_at or whole.difference_count:
        raise RuntimeError(f"{part.units} units counted again, {whole.difference_count} differences")
    note = (
        f"{changed} pupils of one school changed: {part.rows_read} rows read at {part.units} unit(s), "
        f"of all {whole.rows_read}"
    )
    return figure("figures after a change at one school", [spent], [all_of_it], note=note, most=1.0)


def _touch(unit_id: int) -> int:
    """As an import does that brings another name for each pupil of a school."""
    rows = list(Student.objects.filter(unit_id=unit_id).only("pk", "full_name"))
    for row in rows:
        row.full_name = f"{row.full_name} A"
    Student.objects.bulk_update(rows, ["full_name"], batch_size=1000)
    return len(rows)
