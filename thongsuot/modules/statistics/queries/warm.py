"""Reads of the figures that are kept ready: sums of what units count themselves, never a scan of records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.measures import Measure
from thongsuot.kit.indicators.totals import rolled_up
from thongsuot.kit.indicators.types import Figure, Indicator, UnitNode, figure_of_sums
from thongsuot.kit.postgres.isolation import act_as

from ..models import WarmRun, WarmTotal
from ..permissions import MANAGE
from .cells import cells, key_of

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Stamp:
    """Which count of the figures it is: pages made of it are the same until the next one."""

    run_id: int
    as_of: date
    at: datetime


def stamp() -> Stamp | None:
    """The last count; None: nothing has been counted yet."""
    with act_as(Actor.system()):
        run = WarmRun.objects.only("pk", "as_of", "at").first()
    return Stamp(run.pk, run.as_of, run.at) if run else None


def runs(actor: Actor) -> QuerySet[WarmRun]:
    """How figures were counted lately, the newest first. Raises NotAllowed for who does not manage statistics."""
    if not actor.can(MANAGE):
        raise NotAllowed(_("Không có số liệu này trong phạm vi của anh/chị."))
    return WarmRun.objects.all()


def warm_figures(
    indicators: Iterable[Indicator], nodes: Mapping[int, UnitNode]
) -> dict[str, dict[int, Figure]]:
    """{code: {unit id: figure}}, the same for whoever asks. Indicators with a formula of their own are left out."""
    asked = [one for one in indicators if one.formula is None]
    covers = {node.id: node.covers for node in nodes.values()}
    own = _own([m for one in asked for m in one.measures], covers)
    sums = {one: rolled_up(numbers, covers) for one, numbers in own.items()}
    return {one.code: {key: _figure(one, node, sums) for key, node in nodes.items()} for one in asked}


def ready_figures(
    indicators: Iterable[Indicator], nodes: Mapping[int, UnitNode], as_of: date
) -> tuple[dict[str, dict[int, Figure]], datetime] | None:
    """Figures of `as_of` and the moment of the last count (settings.READY_FIGURES); None: the last count was of another
    day. Indicators of which a measure has not been counted anywhere are left out: it may be new since."""
    last = stamp()
    if last is None or last.as_of != as_of:
        return None
    keys = {one.code: {key_of(measure) for measure in one.measures} for one in indicators}
    held = _held({key for of_one in keys.values() for key in of_one})
    return warm_figures([one for one in indicators if keys[one.code] <= held], nodes), last.at


def _held(keys: Collection[str]) -> set[str]:
    """Those of which something is kept: one look into the index for each."""
    sql = "select k from unnest(%s::text[]) k where exists (select 1 from statistics_warmtotal where key = k)"
    with act_as(Actor.system()), connection.cursor() as cursor:
        cursor.execute(sql, [sorted(keys)])
        return {key for (key,) in cursor.fetchall()}


def _figure(
    indicator: Indicator, node: UnitNode, sums: Mapping[Measure, Mapping[tuple[Any, ...], Decimal]]
) -> Figure:
    if indicator.is_area_only and not node.children:
        return Figure(NOTHING, None, None)
    return figure_of_sums(indicator, {m: sums[m].get((node.id,), NOTHING) for m in indicator.measures})


def _own(
    measures: Sequence[Measure], covers: Mapping[int, Collection[int]]
) -> dict[Measure, dict[tuple[Any, ...], Decimal]]:
    """Numbers of each unit itself. Where one unit is asked for, the database adds up for it."""
    by_key = {key_of(one): one for one in measures}
    found: dict[Measure, dict[tuple[Any, ...], Decimal]] = {one: {} for one in measures}
    unit_ids = sorted({unit_id for covered in covers.values() for unit_id in covered})
    rows = WarmTotal.objects.filter(key__in=by_key, unit_id__in=unit_ids, at=[]).order_by()
    with act_as(Actor.system()):
        if len(covers) == 1:
            # Already added up: it is put down as if the first of the units had counted all of it.
            first = next(iter(next(iter(covers.values()))), None)
            for key, number in rows.values_list("key").annotate(total=Sum("number")):
                found[by_key[key]][(first,)] = plain(number)
        else:
            for key, unit_id, number in rows.values_list("key", "unit_id", "number"):
                found[by_key[key]][(unit_id,)] = plain(number)
    return found


def warm_cells(
    codes: Collection[str], unit_ids: Collection[int]
) -> dict[str, dict[tuple[Any, ...], Decimal]]:
    """{code of a cell: {values of its dimensions: number}} of these units together; what is zero is left out."""
    known = cells()
    found: dict[str, dict[tuple[Any, ...], Decimal]] = {code: {} for code in codes if code in known}
    with act_as(Actor.system()):
        rows = (
            WarmTotal.objects.filter(key__in=list(found), unit_id__in=list(unit_ids))
            .order_by()
            .values_list("key", "at")
            .annotate(total=Sum("number"))
        )
        for key, at, number in rows:
            found[key][tuple(at)] = plain(number)
    return found


def plain(number: Decimal) -> Decimal:
    """Without the zeros behind the comma that a column of the database gives."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
