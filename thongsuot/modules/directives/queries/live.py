"""Targets that are bound to an indicator: figures come from the records, and nobody types them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry

from ..models import Target

TREND_DAYS = 400


def is_live(row: Target) -> bool:
    """False also where the module that declared the indicator is gone: reported figures then answer."""
    return bool(row.indicator_code) and registry.get(row.indicator_code) is not None


def live_standings(row: Target, found: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """The standings of units with the figures of today; one run of the formula for all of them."""
    figures = indicators.values(row.indicator_code, [f["unit"].pk for f in found], today)
    standings = []
    for one in found:
        figure = figures.get(one["unit"].pk)
        value = figure.value if figure else None
        top, below = (figure.numerator, figure.denominator) if figure else (None, None)
        live = {"value": value, "as_of": today if value is not None else None, "top": top, "below": below}
        standings.append({**one, **live, "pending": False})
    return standings


def live_trend(row: Target, today: date) -> list[tuple[date, Decimal]]:
    """What the indicator was for the unit that set the target, as kept day by day, and what it is today."""
    since = today - timedelta(days=TREND_DAYS)
    kept = indicators.trend(
        row.indicator_code, row.owner_unit_id, since=since, until=today - timedelta(days=1)
    )
    points = [(day, figure.value) for day, figure in kept if figure.value is not None]
    now = indicators.value(row.indicator_code, row.owner_unit_id, today)
    return [*points, (today, now.value)] if now is not None and now.value is not None else points


def live_words(row: Target) -> str:
    indicator = registry.get(row.indicator_code)
    return _("lấy từ dữ liệu: %(name)s") % {"name": indicator.name if indicator else row.indicator_code}
