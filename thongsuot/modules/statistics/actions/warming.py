"""Keep figures ready: count again only what has changed; by night all of it, and say where that gives something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.totals import totals
from thongsuot.kit.postgres.isolation import act_as

from ..models import WarmChange, WarmLook, WarmRun, WarmStale, WarmTotal
from ..queries.cells import Plan, key_of, plans
from ..queries.changes import changes
from ..types import WarmKind

LOCK = 0x77_61_72_6D
SHOWN_DIFFERENCES = 100
BATCH = 5000
# How long it is told how figures were counted.
KEPT = timedelta(days=90)
# (key, unit id, values of the dimensions) -> number
Numbers = dict[tuple[str, int, tuple[Any, ...]], Decimal]


def refresh(*, by: Actor, as_of: date) -> WarmRun:
    """Count again what has changed since the last time, and nothing else; on a new day everything.

    Only the system does this; raises NotAllowed.
    """
    with _alone(by):
        last = WarmRun.objects.first()
        if last is None or last.as_of != as_of:
            return _count_all(as_of, compare=False)
        return _count_changed(as_of)


def prove(*, by: Actor, as_of: date) -> WarmRun:
    """Prove the figures that are kept: count the changed ones for the day they are of, then all of them anew, report
    each difference, and keep what was counted for `as_of`.

    Only the system does this; raises NotAllowed.
    """
    with _alone(by):
        last = WarmRun.objects.first()
        if last is None:
            return _count_all(as_of, compare=False)
        _count_changed(last.as_of)
        proved = _count_all(last.as_of, compare=True)
        return proved if last.as_of == as_of else _count_all(as_of, compare=False)


class _alone:
    """One at a time, as the system, in one transaction."""

    def __init__(self, by: Actor) -> None:
        if not by.is_system:
            raise NotAllowed(_("Việc này do hệ thống thực hiện."))
        self._contexts: list[Any] = [transaction.atomic(), act_as(by)]

    def __enter__(self) -> None:
        for one in self._contexts:
            one.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])

    def __exit__(self, *error: Any) -> None:
        for one in reversed(self._contexts):
            one.__exit__(*error)


def _count_changed(as_of: date) -> WarmRun:
    _look()
    stale: dict[str, set[int] | None] = defaultdict(set)
    for fact, unit_id in WarmStale.objects.values_list("fact", "unit_id"):
        held = stale[fact]
        if unit_id is None or held is None:
            stale[fact] = None
        else:
            held.add(unit_id)
    units: set[int] = set()
    rows_read = 0
    all_plans = plans()
    for fact, asked in stale.items():
        if fact not in all_plans:
            continue
        numbers = _counted(all_plans[fact], as_of, asked)
        rows_read += _rows(all_plans[fact], numbers)
        units |= asked if asked is not None else {unit_id for _key, unit_id, _at in numbers}
        _keep(fact, asked, numbers)
    WarmStale.objects.all().delete()
    if not stale:
        # Nothing to tell: pages made of the last count stay what they are.
        return WarmRun(kind=WarmKind.CHANGED, as_of=as_of, at=timezone.now(), units=0, rows_read=0)
    return _run(WarmKind.CHANGED, as_of, len(units), rows_read, [])


def _count_all(as_of: date, *, compare: bool) -> WarmRun:
    _look()
    differences: list[dict[str, Any]] = []
    units: set[int] = set()
    rows_read = 0
    all_plans = plans()
    for fact, plan in all_plans.items():
        numbers = _counted(plan, as_of, None)
        rows_read += _rows(plan, numbers)
        units |= {unit_id for _key, unit_id, _at in numbers}
        if compare:
            differences += _differences(fact, numbers)
        _keep(fact, None, numbers)
    WarmTotal.objects.exclude(fact__in=all_plans).delete()
    WarmRun.objects.filter(at__lt=timezone.now() - KEPT).delete()
    WarmStale.objects.all().delete()
    return _run(WarmKind.FULL, as_of, len(units), rows_read, differences)


def _run(
    kind: WarmKind, as_of: date, units: int, rows_read: int, differences: list[dict[str, Any]]
) -> WarmRun:
    return WarmRun.objects.create(
        kind=kind,
        as_of=as_of,
        at=timezone.now(),
        units=units,
        rows_read=rows_read,
        difference_count=len(differences),
        differences=differences[:SHOWN_DIFFERENCES],
    )


def look(*, by: Actor, now: datetime) -> None:
    """Write down what has changed up to now, and count nothing. What is counted next knows of all of it.

    Only the system does this; raises NotAllowed.
    """
    with _alone(by):
        _look(now)


def _look(now: datetime | None = None) -> None:
    """Read the change log; what it makes stale is written down before anything is counted, and when it was noticed."""
    found = changes()
    WarmChange.objects.bulk_create(
        [
            WarmChange(fact=fact, unit_id=unit_id, at=now or timezone.now())
            for fact, unit_id in sorted(found.stale, key=str)
        ],
        update_conflicts=True,
        unique_fields=["fact", "unit_id"],
        update_fields=["at"],
    )
    WarmStale.objects.bulk_create(
        [WarmStale(fact=fact, unit_id=unit_id) for fact, unit_id in sorted(found.stale, key=str)],
        ignore_conflicts=True,
    )
    WarmLook.objects.bulk_create(
        found.seen,
        update_conflicts=True,
        unique_fields=["table"],
        update_fields=["last_id", "horizon", "own"],
    )


def _counted(plan: Plan, as_of: date, unit_ids: Collection[int] | None) -> Numbers:
    found: Numbers = {}
    for one, numbers in totals(plan.measures, as_of, unit_ids).items():
        key = key_of(one)
        found.update({(key, unit_id, ()): number for (unit_id,), number in numbers.items()})
    by_dimensions: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for cell in plan.cells:
        by_dimensions[cell.by].append(cell)
    for by, cells in by_dimensions.items():
        numbers_of = totals((cell.measure for cell in cells), as_of, unit_ids, by)
        for cell in cells:
            for (unit_id, *at), number in numbers_of[cell.measure].items():
                found[(cell.code, unit_id, tuple(at))] = number
    return found


def _rows(plan: Plan, numbers: Numbers) -> int:
    key = key_of(plan.rows)
    return int(sum(number for (held, _unit, _at), number in numbers.items() if held == key))


def _differences(fact: str, numbers: Numbers) -> list[dict[str, Any]]:
    kept = {
        (key, unit_id, tuple(at)): number
        for key, unit_id, at, number in WarmTotal.objects.filter(fact=fact).values_list(
            "key", "unit_id", "at", "number"
        )
    }
    return [
        {
            "fact": fact,
            "key": place[0],
            "unit_id": place[1],
            "at": list(place[2]),
            "kept": str(kept.get(place, 0)),
            "counted": str(numbers.get(place, 0)),
        }
        for place in sorted({*kept, *numbers}, key=str)
        if kept.get(place, Decimal(0)) != numbers.get(place, Decimal(0))
    ]


def _keep(fact: str, unit_ids: Collection[int] | None, numbers: Numbers) -> None:
    """In place of what was kept of these units."""
    gone = WarmTotal.objects.filter(fact=fact)
    if unit_ids is not None:
        gone = gone.filter(unit_id__in=unit_ids)
    gone.delete()
    rows = _models(fact, numbers.items())
    WarmTotal.objects.bulk_create(rows, batch_size=BATCH)


def _models(fact: str, numbers: Iterable[Any]) -> Iterator[WarmTotal]:
    for (key, unit_id, at), number in numbers:
        yield WarmTotal(fact=fact, key=key, unit_id=unit_id, at=list(at), number=number)
