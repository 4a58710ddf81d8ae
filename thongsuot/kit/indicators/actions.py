"""Writes of the room: keep what the figures are today."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.facts import FactTable
from thongsuot.kit.indicators.measures import counts_on
from thongsuot.kit.indicators.models import IndicatorSnapshot
from thongsuot.kit.indicators.queries import NO_FIGURE, figures_of, unit_nodes, unkept
from thongsuot.kit.indicators.types import Figure, Indicator
from thongsuot.kit.postgres.isolation import act_as

BATCH = 2000
VIEW = "indicators.view"


def keep_day(
    *, by: Actor, unit_id: int, as_of: date, now: datetime, tell: Callable[[int, int, str | None], None]
) -> int:
    """Count the indicators of one unit for a day that is over and of which they were not kept; returns how many.

    Where there is nothing to count, that is kept, so that it is not counted again. Raises
    NotAllowed for whoever may not read the unit's figures, and for a day that is not over. tell: how many fact tables have
    been begun.
    """
    by.require(VIEW, unit_id)
    if as_of >= timezone.localdate(now):
        raise NotAllowed(_("Ngày này chưa qua: số liệu đang được tính hằng ngày."))
    nodes = unit_nodes([unit_id], as_of)
    asked = unkept(registry.all_indicators(), unit_id, as_of)
    counted = [one for one in asked if counts_on(one.measures, as_of)]
    total = len({fact for one in counted for fact in one.facts}) + 1
    begun = 0

    def told(fact: FactTable) -> None:
        nonlocal begun
        tell(begun, total, _("Đang đếm: %(name)s") % {"name": fact.name})
        begun += 1

    found = figures_of(counted, nodes, as_of, told)
    rows = [
        _snapshot(one, key, as_of, found.get(one.code, {}).get(key, NO_FIGURE), now)
        for one in asked
        for key in nodes
    ]
    with act_as(Actor.system()):
        IndicatorSnapshot.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    tell(total, total, None)
    return len(rows)


def _snapshot(
    indicator: Indicator, unit_id: int, as_of: date, figure: Figure, now: datetime
) -> IndicatorSnapshot:
    """A figure without a value is one of a denominator of nought."""
    return IndicatorSnapshot(
        code=indicator.code,
        version=indicator.version,
        unit_id=unit_id,
        as_of=as_of,
        numerator=figure.numerator,
        denominator=figure.denominator if figure.value is not None else 0,
        computed_at=now,
    )


def take_snapshots(*, by: Actor, as_of: date, today: date, codes: Collection[str] | None = None) -> int:
    """Keep the figures of every unit on `as_of`; returns how many rows were written.

    Today's may be taken again and then replaces itself; a day that is over keeps what was first kept of it.
    Units for which nothing could be counted get no row, and no unit gets one of an indicator that has nothing to count on
    that day (`FactTable.counts_on`): trends go from the last day that had to the next. Only the system does this.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    nodes = unit_nodes(as_of=as_of)
    again: dict[str, Any] = {
        "update_conflicts": True,
        "unique_fields": ["code", "version", "unit_id", "as_of"],
        "update_fields": ["numerator", "denominator", "computed_at"],
    }
    how = again if as_of == today else {"ignore_conflicts": True}
    asked = [
        one
        for one in registry.all_indicators()
        if (codes is None or one.code in codes) and counts_on(one.measures, as_of)
    ]
    known = {one.code: one for one in asked}
    written = 0
    with act_as(by):
        now = timezone.now()
        for code, found in figures_of(asked, nodes, as_of).items():
            rows = [
                _snapshot(known[code], unit_id, as_of, figure, now)
                for unit_id, figure in found.items()
                if figure.value is not None
            ]
            IndicatorSnapshot.objects.bulk_create(rows, batch_size=BATCH, **how)
            written += len(rows)
    return written
