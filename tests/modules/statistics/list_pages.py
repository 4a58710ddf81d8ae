"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from datetime import date

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.statistics.models import Report
from thongsuot.modules.statistics.queries import report_template


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


ROWS = {"statistics:report-list": make_reports}
