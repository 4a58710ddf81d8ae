"""Two periods of statistics: last year's signed off, this year's with returns in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.statistics.actions.freezing import freeze_period
from thongsuot.modules.statistics.actions.periods import open_period
from thongsuot.modules.statistics.actions.reported import approve_figure, report_figure, return_figure
from thongsuot.modules.statistics.actions.return_corrections import correct_return
from thongsuot.modules.statistics.actions.returns import accept_return, confirm_return, send_back, sign_off
from thongsuot.modules.statistics.domain.form import Desk, Form
from thongsuot.modules.statistics.domain.return_dates import due_day
from thongsuot.modules.statistics.models import ReportedFigure, ReportingPeriod, Return, ReturnVersion
from thongsuot.modules.statistics.permissions import CONFIRM, REVIEW
from thongsuot.modules.statistics.queries.forms import forms
from thongsuot.modules.statistics.types import ReturnState

BACK = "Số học sinh lớp 1 ít hơn danh sách trúng tuyển, đề nghị trường kiểm tra lại."
WHY = "Tuyển sinh thay đổi theo số trẻ trên địa bàn."
LATE = "Bổ sung hồ sơ chuyển trường đến muộn."


def build(context: DemoContext) -> None:
    """Start of this school year and of the last one; nothing when they are there already."""
    this_year = organization.current_school_year(context.today)
    if this_year is None or ReportingPeriod.objects.exists():
        return
    years = [
        year
        for year in organization.school_years()
        if this_year.starts_on.year - 1 <= year.starts_on.year <= this_year.starts_on.year
    ]
    for year in sorted(years, key=lambda one: one.starts_on):
        wanted = [one for one in forms(context.today) if one.period == "start_of_year"]
        as_of = max(one.day(year.starts_on.year) for one in wanted)
        if as_of < context.today:
            period = _period(context, year, wanted, as_of)
            # A whole province of steps one by one would take the demo too long.
            if not context.is_province:
                (_closed if year.pk != this_year.pk else _under_way)(context, period)


REPORTED = (
    ("digital.cashless_schools", 1, 1.0), ("digital.materials", 1, 35.0),
    ("digital.teachers_using_tools", 24, 0.55),
)  # fmt: skip
PROOF = "https://truong.example.vn/minh-chung/danh-sach"


def reported(context: DemoContext) -> None:
    """Figures that some schools report of themselves: most approved, some waiting, one sent back."""
    if ReportedFigure.objects.exists() or context.is_province:
        return
    day = context.today - timedelta(days=12)
    schools = organization.schools(Actor.system(), today=context.today).filter(unit__parent__kind="commune")
    pairs = schools.order_by("unit__code").values_list("unit_id", "unit__parent_id")
    for number, (unit_id, above_id) in enumerate(pairs[:24]):
        try:
            by, above = _somebody(context, CONFIRM, unit_id), _somebody(context, REVIEW, above_id)
        except Refused:
            continue
        for code, whole, part in REPORTED:
            row = report_figure(
                by=by, unit_id=unit_id, code=code, as_of=day, numerator=Decimal(int(whole * part) + number % 2 * (whole > 1)),
                denominator=Decimal(whole), link=PROOF,
            )  # fmt: skip
            if number % 6 == 4:
                return_figure(by=above, figure=row, reason="Danh sách chưa có chữ ký của hiệu trưởng.")
            elif number % 6 != 5:
                approve_figure(by=above, figure=row)


def _period(context: DemoContext, year: Any, wanted: list[Form], as_of: date) -> ReportingPeriod:
    working = organization.work_calendar().is_working_day
    start = year.starts_on.year
    due = {desk.value: max(due_day(one.last_day(desk, start), working) for one in wanted) for desk in Desk}
    officer = context.actor("chuyenvien.so")
    night = _at(as_of + timedelta(days=1), 0)
    period = open_period(
        by=officer,
        kind="start_of_year",
        name=f"Đầu năm học {year.name}",
        school_year=year,
        as_of=as_of,
        forms=wanted,
        due=due,
        now=_at(as_of - timedelta(days=20), 9),
    )
    return freeze_period(by=officer, period=period, now=night)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 30)))


def _rows(period: ReportingPeriod, kind: str) -> list[Return]:
    rows = Return.objects.filter(period=period, unit__kind=kind).select_related("unit", "to_unit", "period")
    return list(rows.order_by("to_unit_id", "unit__sort_key", "form_code"))


def _closed(context: DemoContext, period: ReportingPeriod) -> None:
    """Everybody has confirmed and the department has signed; what does not add up stays where it is."""
    for one in _rows(period, "school"):
        _school(context, one, period.school_due_on)
    for one in _rows(period, "commune"):
        _try(_confirm, context, one, period.commune_due_on)
        _try(_sign, context, one, period.department_due_on)
    for one in _rows(period, "school"):
        if one.to_unit is not None and one.to_unit.kind == "department":
            _try(_sign, context, one, period.department_due_on)


def _under_way(context: DemoContext, period: ReportingPeriod) -> None:
    """Of the schools most are done, some are late, one was sent back, one corrected; some communes have sent on."""
    schools = _rows(period, "school")
    for number, one in enumerate(schools):
        if number % 7 == 3:
            continue
        if not _try(_confirm, context, one, period.school_due_on):
            continue
        if number % 7 == 5:
            _try(_back, context, one, period.school_due_on)
        elif number % 7 != 6:
            _try(_accept, context, one, period.school_due_on)
    corrected = next((one for one in schools if one.to_unit and one.to_unit.kind == "commune"), None)
    for number, one in enumerate(_rows(period, "commune")):
        if _try(_confirm, context, one, period.commune_due_on) and number % 2 == 0:
            _try(_sign, context, one, period.department_due_on)
    if corrected is not None:
        _try(_correct, context, corrected, period.department_due_on)


def _school(context: DemoContext, one: Return, day: date) -> None:
    if _try(_confirm, context, one, day) and one.to_unit is not None and one.to_unit.kind == "commune":
        _try(_accept, context, one, day)


def _try(
    step: Callable[[DemoContext, Return, date], object], context: DemoContext, one: Return, day: date
) -> bool:
    """Defects are in the demo's registry on purpose: a return that does not add up is not confirmed."""
    try:
        step(context, one, day)
    except Refused:
        return False
    return True


def _confirm(context: DemoContext, one: Return, day: date) -> None:
    version = ReturnVersion.objects.get(owner=one, number=Return.objects.get(pk=one.pk).version)
    reasons = {found["key"]: WHY for found in version.findings if found["kind"] == "reason"}
    confirm_return(by=_somebody(context, CONFIRM, one.unit_id), one=one, reasons=reasons, now=_at(day, 8))


def _accept(context: DemoContext, one: Return, day: date) -> None:
    accept_return(by=_somebody(context, REVIEW, one.to_unit_id), one=one, now=_at(day, 14))


def _back(context: DemoContext, one: Return, day: date) -> None:
    send_back(by=_somebody(context, REVIEW, one.to_unit_id), one=one, reason=BACK, now=_at(day, 15))


def _sign(context: DemoContext, one: Return, day: date) -> None:
    sign_off(by=context.actor("chuyenvien.so"), one=one, now=_at(day, 16))


def _correct(context: DemoContext, one: Return, day: date) -> None:
    if Return.objects.get(pk=one.pk).state in (
        ReturnState.SIGNED_OFF,
        ReturnState.DRAFT,
        ReturnState.RETURNED,
    ):
        correct_return(by=_somebody(context, CONFIRM, one.unit_id), one=one, reason=LATE, now=_at(day, 17))


def _somebody(context: DemoContext, right: str, unit_id: int | None) -> Actor:
    """Whoever is at the desk of the unit; the department's officer at the department."""
    if unit_id is None or unit_id == organization.department_id():
        return context.actor("chuyenvien.so")
    people = organization.desk_users(right, [unit_id], today=context.today).get(unit_id, [])
    if not people:
        raise Refused("")
    return actor_for(get_user_model().objects.get(pk=people[0]), today=context.today)
