"""Forms at a province's size: one form against SQL by hand that gives the same table, all forms against one scan, and
what freezing a period's rows costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.bench.census import vary
from tests.bench.emptying import empty_registry
from tests.bench.form_by_hand import CODE, by_hand, one_scan
from tests.bench.measure import Figure, compare
from tests.bench.province import World, settle
from tests.bench.pupils import DAY, PER_SCHOOL, fill
from tests.bench.scale import Scale
from thongsuot.modules.organization.queries import department_id
from thongsuot.modules.registry.models import Enrolment, Student
from thongsuot.modules.statistics.queries.computing import compute, compute_all
from thongsuot.modules.statistics.queries.forms import file_forms, form

FORM_MOST, ALL_MOST = 1.5, 10


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
    empty_registry()


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
