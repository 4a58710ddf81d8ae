"""Writes of the room: keep what the figures are today."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.measures import counts_on
from thongsuot.kit.indicators.models import IndicatorSnapshot
from thongsuot.kit.indicators.queries import figures_of, unit_nodes
from thongsuot.kit.postgres.isolation import act_as

BATCH = 2000


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
    version_of = {one.code: one.version for one in asked}
    written = 0
    with act_as(by):
        now = timezone.now()
        for code, found in figures_of(asked, nodes, as_of).items():
            rows = [
                IndicatorSnapshot(
                    code=code,
                    version=version_of[code],
                    unit_id=unit_id,
                    as_of=as_of,
                    numerator=figure.numerator,
                    denominator=figure.denominator,
                    computed_at=now,
                )
                for unit_id, figure in found.items()
                if figure.value is not None
            ]
            IndicatorSnapshot.objects.bulk_create(rows, batch_size=BATCH, **how)
            written += len(rows)
    return written
