"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit
from thongsuot.modules.gradebook.models import Timetable
from thongsuot.modules.organization.models import SchoolYear


def make_timetables(number, actor):
    year = SchoolYear.objects.first() or make_school_year(2026)
    for _n in range(number):
        Timetable.objects.create(
            unit=make_school(parent=make_unit("commune")), school_year=year, term=1, version=1,
            valid_from=date(2026, 9, 7), state="published", made_at=timezone.now(), published_at=timezone.now(),
        )  # fmt: skip


ROWS = {"timetable:list": make_timetables}
