"""Periods of a small form for tests."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from tests.factories.organization import Province, make_school_year
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.statistics.actions.freezing import freeze_period
from thongsuot.modules.statistics.actions.periods import open_period
from thongsuot.modules.statistics.models import ReportingPeriod, Return
from thongsuot.modules.statistics.queries.forms import read_form

AS_OF = date(2026, 9, 30)
NOW = timezone.make_aware(datetime(2026, 10, 1, 0, 30))
DUE = {"school": date(2026, 10, 5), "commune": date(2026, 10, 15), "department": date(2026, 10, 30)}
SMALL = {
    "code": "99.TH",
    "slug": "99-th",
    "name": "Học sinh tiểu học (biểu thử)",
    "period": "start_of_year",
    "as_of": {"month": 9, "day": 30},
    "levels": ["primary"],
    "where": {"registry.students": {"level": "primary"}},
    "least_change": 2,
    "sections": [
        {
            "code": "I",
            "name": "Học sinh",
            "columns": [
                {"code": "1", "name": "Tổng số"},
                {"code": "2", "name": "Lớp 1", "part_of": "1", "where": {"grade": 1}},
            ],
            "rows": [
                {
                    "code": "A01",
                    "name": "Học sinh",
                    "compared": True,
                    "measure": {"fact": "registry.students"},
                },
                {
                    "code": "A02",
                    "name": "Nữ",
                    "part_of": "A01",
                    "measure": {"fact": "registry.students", "where": {"sex": "female"}},
                },
                {
                    "code": "A03",
                    "name": "Dân tộc thiểu số",
                    "part_of": "A01",
                    "measure": {"fact": "registry.students", "where": {"ethnic_minority": True}},
                },
            ],
        }
    ],
}


def small_form():
    return read_form(SMALL, "biểu thử")


def make_period(
    by: Actor, *, year=None, as_of: date = AS_OF, frozen: bool = False, **fields
) -> ReportingPeriod:
    due = fields.pop("due", {desk: day.replace(year=as_of.year) for desk, day in DUE.items()})
    period = open_period(
        by=by,
        kind=fields.pop("kind", "start_of_year"),
        name=fields.pop("name", f"Đầu năm học {as_of.year}"),
        school_year=year or make_school_year(as_of.year),
        as_of=as_of,
        forms=fields.pop("forms", None) or [small_form()],
        due=due,
        now=NOW,
    )
    return freeze_period(by=by, period=period, now=NOW) if frozen else period


def return_of(period: ReportingPeriod, unit, code: str = "99.TH") -> Return:
    return Return.objects.select_related("unit", "to_unit", "period").get(
        period=period, unit=unit, form_code=code
    )


def officer(province: Province) -> Actor:
    return province.actor("department_officer", "office")
