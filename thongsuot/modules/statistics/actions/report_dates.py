"""Dates of periodic reports: set by the department in the stead of the template's, and reminded of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..domain.return_dates import reminder_step
from ..models import Report, ReportDue, ReportReminder
from ..permissions import MANAGE, REPORT
from ..queries.reports import due_dates, units_behind
from ..types import PaperState, ReportKind, ReportStep

REMINDER = "statistics.report_reminder"
# A month after its day nobody is reminded any more; what is missing is seen in the list.
LAST_STEP = -29


@transaction.atomic
def set_report_dates(
    *, by: Actor, school_year: Any, dates: Mapping[tuple[str, str], date], now: datetime
) -> int:
    """Set last days, {(kind, level): day}; reports that are not signed yet take theirs over. How many days changed.

    Raises NotAllowed, ReportStep (no such report or level, a day before the school year begins).
    """
    if not by.can(MANAGE):
        raise NotAllowed(_("Anh/chị không được đặt hạn báo cáo."))
    held, changed = due_dates(school_year), 0
    for (kind, level), day in dates.items():
        if (kind, level) not in held or day < school_year.starts_on:
            raise ReportStep(_("Hạn %(day)s không nằm trong năm học.") % {"day": f"{day:%d/%m/%Y}"})
        if held[kind, level] == day:
            continue
        ReportDue.objects.update_or_create(
            school_year=school_year,
            kind=kind,
            level=level,
            defaults={"due_on": day, "changed_by_id": by.user_id, "changed_at": now},
        )
        waiting = Report.objects.filter(school_year=school_year, kind=kind, unit__kind=level)
        waiting.exclude(state=PaperState.SIGNED).update(due_on=day)
        changed += 1
    return changed


@transaction.atomic
def remind_of_reports(*, by: Actor, today: date) -> int:
    """Remind units that have not signed a report: 7, 3 and 1 days ahead, on the day, the day after, then each week for
    a month; none twice. Returns the number of people told. Raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))
    year = organization.current_school_year(today)
    if year is None:
        return 0
    told = 0
    for (kind, level), due_on in due_dates(year).items():
        step = reminder_step(due_on, today)
        if step is None or step < LAST_STEP:
            continue
        _mark, new = ReportReminder.objects.get_or_create(
            school_year=year, kind=kind, level=level, due_on=due_on, step=step, defaults={"sent_on": today}
        )
        if new:
            told += _remind(by, ReportKind(kind), year, level, due_on, today)
    return told


def _remind(by: Actor, kind: ReportKind, year: Any, level: str, due_on: date, today: date) -> int:
    behind = units_behind(kind, year, level, today=today)
    desks = organization.desk_users(REPORT, behind, today=today)
    said = _("%(report)s: hạn gửi %(day)s") if due_on >= today else _("%(report)s: quá hạn từ %(day)s")
    return notify(
        recipients={user for people in desks.values() for user in people},
        kind=REMINDER,
        title=said % {"report": kind.label, "day": f"{due_on:%d/%m/%Y}"},
        url=reverse("statistics:report-list"),
        by=by,
    )
