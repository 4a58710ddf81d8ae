"""Forms at a province's size: one form against SQL by hand that gives the same table, all forms against one scan, and
what freezing a period's rows costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from time import perf_counter

from django.db import connection
from django.utils import timezone

from tests.bench.census import vary
from tests.bench.emptying import empty_registry
from tests.bench.form_by_hand import CODE, by_hand, one_scan
from tests.bench.measure import Figure, compare, figure
from tests.bench.province import World, settle
from tests.bench.pupils import DAY, PER_SCHOOL, fill
from tests.bench.scale import Scale
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.organization.queries import department_id
from thongsuot.modules.registry.models import Enrolment, Student
from thongsuot.modules.statistics.actions.freezing import freeze_period
from thongsuot.modules.statistics.actions.periods import open_period
from thongsuot.modules.statistics.models import FrozenBatch
from thongsuot.modules.statistics.queries.computing import compute, compute_all
from thongsuot.modules.statistics.queries.forms import file_forms, form, forms

FORM_MOST, ALL_MOST = 1.5, 10
DESKS = ("school", "commune", "department")


def run(world: World, scale: Scale) -> Iterator[Figure]:
    if not Student.objects.exists():
        fill(scale.pupils, schools=max(1, scale.pupils // PER_SCHOOL))
        vary()
        settle()
    one, everything = form(CODE, DAY), file_forms()
    department = department_id() or 0
    _same(compute(one, [department], DAY)[department])
    sitting = Enrolment.objects.count()
    yield compare(
        "one statutory form of the province",
        lambda: compute(one, [department], DAY),
        lambda: by_hand(DAY),
        scale=scale,
        note=f"{sitting} spells, {len(one.cells)} cells; the floor is SQL by hand for this table, without isolation",
        heavy=True,
        most=FORM_MOST,
    )
    cells = sum(len(each.cells) for each in everything)
    yield compare(
        "all statutory forms of the province",
        lambda: compute_all(everything, [department], DAY),
        lambda: one_scan(DAY),
        scale=scale,
        note=f"{len(everything)} forms, {cells} cells; the floor is one scan of the pupils who sit on the day",
        heavy=True,
        most=ALL_MOST,
    )
    yield _freezing()
    empty_registry()


def _freezing() -> Figure:
    """The return of the whole province: the rows that its forms count are kept, and what they come to for every unit.
    The floor is writing as many rows once more, out of the table in which they lie then."""
    now, system = timezone.make_aware(datetime.combine(DAY + timedelta(days=1), time(0, 30))), Actor.system()
    year = SchoolYear.objects.get(name="2026-2027")
    period = open_period(
        by=system,
        kind="start_of_year",
        name="Kỳ đo",
        school_year=year,
        as_of=DAY,
        forms=[one for one in forms(DAY) if one.period == "start_of_year"],
        due={desk: DAY + timedelta(days=7 * number) for number, desk in enumerate(DESKS, 1)},
        now=now,
    )
    steps: list[float] = []
    began = perf_counter()
    freeze_period(by=system, period=period, now=now, tell=lambda *_told: steps.append(perf_counter()))
    spent = (perf_counter() - began) * 1000
    batch = FrozenBatch.objects.get(period=period)
    with connection.cursor() as cursor:
        began = perf_counter()
        cursor.execute(
            "create temporary table bench_frozen as select * from statistics_frozenrow where batch_id = %s",
            [batch.pk],
        )
        floor = (perf_counter() - began) * 1000
        cursor.execute("drop table bench_frozen")
    note = (
        f"{batch.row_count} rows by INSERT ... SELECT in {steps[-1] - steps[0]:.1f} s, then the values of "
        f"{period.returns.count()} returns; the floor writes the same rows once more"
    )
    return figure("freezing a period of the province", [spent], [floor], note=note)


def _same(ours: dict[str, Decimal]) -> None:
    """Every cell of the paper, and no other."""
    found = by_hand(DAY)
    wrong = {
        code: (found.get(code), ours.get(code))
        for code in {*found, *ours}
        if found.get(code) != ours.get(code)
    }
    if wrong or not found["C01.1"]:
        raise AssertionError(wrong)
