"""Rows for the house test of list pages."""

from datetime import date

from django.utils import timezone

from tests.factories.organization import make_unit, make_user
from thongsuot.modules.statistics.models import Population, ReportedFigure, WarmRun


def make_runs(number, actor):
    for _number in range(number):
        WarmRun.objects.create(kind="full", as_of=date(2026, 11, 23), at=timezone.now(), units=1, rows_read=1)


def make_reported(number, actor):
    for _number in range(number):
        ReportedFigure.objects.create(
            code="digital.transcripts",
            unit=make_unit("commune"),
            as_of=date(2026, 11, 23),
            numerator=1,
            denominator=2,
            link="https://vi.du",
            submitted_at=timezone.now(),
            submitted_by=make_user(),
        )


def make_population(number, actor):
    for _number in range(number):
        Population.objects.create(unit=make_unit("commune"), year=2026, age=5, sex="male", people=9)


ROWS = {
    "statistics:run-list": make_runs,
    "statistics:reported-list": make_reported,
    "statistics:population-list": make_population,
}
