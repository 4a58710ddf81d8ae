"""Figures as they were kept at the end of the months that have passed, so that trends have something to show."""

from __future__ import annotations

from datetime import date, timedelta

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.actions import take_snapshots

MONTHS = 9


def build(context: DemoContext) -> None:
    """What is kept of a day stays: a second run adds nothing."""
    for day in _ends_of_months(context.today, 1 if context.is_tiny else MONTHS):
        take_snapshots(by=Actor.system(), as_of=day, today=context.today)


def _ends_of_months(today: date, months: int) -> list[date]:
    """The last days of so many months before, the earliest first."""
    days: list[date] = []
    first = today.replace(day=1)
    for _number in range(months):
        days.append(first - timedelta(days=1))
        first = days[-1].replace(day=1)
    return days[::-1]
