"""Rows for the house test of list pages."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit, make_user
from tests.factories.registry import make_class, make_student
from tests.factories.statistics import make_period
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry.models import SchoolClass
from thongsuot.modules.statistics.models import Population, Report, ReportedFigure, WarmRun
from thongsuot.modules.statistics.queries import report_template

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


def make_counted(number, actor):
    """Pupils of grade 1 behind a number of the form of 30 September."""
    room = SchoolClass.objects.first()
    if room is None:
        today = timezone.localdate()
        start = today.year - ((today.month, today.day) < (9, 30))
        room = make_class(make_school(parent=make_unit("commune")), make_school_year(start), grade=1)
    for _ in range(number):
        make_student(room.unit, "Em Được Đếm", school_class=room)
    return {"code": "02-dn-th", "unit_id": room.unit_id, "cell": "C01.1"}


def make_reports(number, actor):
    year = SchoolYear.objects.first() or make_school_year(2026)
    commune = Unit.objects.filter(kind="commune").first() or make_unit("commune", "UBND xã Báo Cáo")
    now = timezone.now()
    for _i in range(number):
        unit = make_school(f"Trường Báo Cáo {Unit.objects.count()}", parent=commune)
        Report.objects.create(
            unit=unit, school_year=year, kind="year", template=report_template("year").body,
            as_of=date(2027, 5, 31), computed_at=now, created_at=now, state="signed", signed_at=now,
            issued_on=date(2027, 6, 1),
        )  # fmt: skip


def make_behind(number, actor):
    """Pupils behind a figure of a signed report."""
    given = make_counted(number, actor)
    figure = {
        "name": "Số học sinh", "unit": "học sinh", "decimals": 0, "version": 1, "value": "1", "numerator": "1",
        "denominator": None, "previous": None,
    }  # fmt: skip
    now = timezone.now()
    report, _made = Report.objects.get_or_create(
        unit_id=given["unit_id"],
        kind="first_term",
        school_year=SchoolYear.objects.first(),
        defaults={
            "template": report_template("first_term").body, "content": {"figures": {"registry.pupils": figure}},
            "as_of": timezone.localdate(), "computed_at": now, "created_at": now, "state": "signed", "signed_at": now,
            "issued_on": timezone.localdate(),
        },
    )  # fmt: skip
    return {"public_id": report.public_id, "code": "registry.pupils", "part": "numerator"}


ROWS = {
    "statistics:report-rows": make_behind,
    "statistics:report-list": make_reports,
    "statistics:form-rows": make_counted,
    **{"statistics:period-list": make_periods, "statistics:return-list": make_periods},
    **{
        "statistics:run-list": make_runs,
        "statistics:reported-list": make_reported,
        "statistics:population-list": make_population,
    },
}
