"""Pupils of the years before the registry, made up backwards from its first year, and two forecasts from all of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.organization import YEARS
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import Unit
from thongsuot.modules.statistics.actions.forecast import keep_past_pupils, make_forecast
from thongsuot.modules.statistics.models import PastPupils
from thongsuot.modules.statistics.queries.forecast import past, registry_pupils

BEFORE = 4
SOURCE = "Biểu đầu năm học của các xã (số liệu minh họa)"
# Groups whose number does not come from a group below it in the same commune: last year's number, a little changed.
LOOSE = frozenset({13, 14, 15, 9, 12})
Counts = Mapping[tuple[int, int], int]


def build(context: DemoContext) -> None:
    if PastPupils.objects.exists():
        return
    counts, rows = registry_pupils(YEARS[0]), []
    codes = dict(
        Unit.objects.filter(pk__in={commune for commune, _grade in counts}).values_list("pk", "code")
    )
    draw = context.random("forecast")
    for year in range(YEARS[0] - 1, YEARS[0] - 1 - BEFORE, -1):
        counts = _year_before(counts, draw)
        rows += [
            {"year": year, "commune": codes[commune], "grade": grade, "pupils": pupils}
            for (commune, grade), pupils in counts.items()
        ]
    keep_past_pupils(by=Actor.system(), rows=rows, source=SOURCE)
    known = past(context.today)
    if known is None or len(known.history.years) < BEFORE:
        return
    now = datetime.combine(context.today, time(8), tzinfo=timezone.get_current_timezone())
    make_forecast(by=Actor.system(), name="Giữ nguyên xu hướng", now=now)
    make_forecast(
        by=Actor.system(),
        name="Công nhân đến nhiều, sinh ít đi",
        now=now,
        migration=Decimal(1),
        births=Decimal(-2),
    )


def _year_before(counts: Counts, draw: random.Random) -> dict[tuple[int, int], int]:
    """Who sits in a grade sat in the one below a year earlier, and one in a hundred has gone since."""
    found = {}
    for (commune, grade), pupils in sorted(counts.items()):
        above = 1 if grade == 18 else grade + 1
        loose = grade in LOOSE or (commune, above) not in counts
        number = (
            pupils * draw.gauss(1.01, 0.02) if loose else counts[commune, above] / draw.gauss(0.992, 0.01)
        )
        found[commune, grade] = max(round(number), 0)
    return found
