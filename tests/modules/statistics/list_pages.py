"""Rows for the house test of list pages."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from tests.factories.organization import make_school, make_unit
from tests.factories.statistics import make_period
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import SchoolYear

_days = itertools.count()


def make_periods(number, actor):
    if not SchoolYear.objects.exists():
        department = make_unit("department")
        make_school(parent=department)
    for _ in range(number):
        as_of = date(2026, 9, 10) + timedelta(days=next(_days))
        due = dict.fromkeys(("school", "commune", "department"), as_of)
        year = SchoolYear.objects.first()
        make_period(Actor.system(), year=year, as_of=as_of, due=due)


ROWS = {"statistics:period-list": make_periods, "statistics:return-list": make_periods}
