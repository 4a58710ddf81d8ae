"""The leader's part: sign a report off, take it up again with a reason. And reminders of the dates."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..domain.report_template import day_in_year
from ..domain.report_words import remind_step
from ..models import Report, ReportReminder
from ..permissions import REPORT, SIGN_REPORT, acts_for
from ..queries.report_templates import report_template
from ..queries.reports import units_behind
from ..types import PaperState, ReportKind, ReportStep
from .report import version_of

SIGNED, REMINDER = "statistics.report_signed", "statistics.report_reminder"


def _signable(by: Actor, report: Report, state: str, said: str) -> Report:
    row = (
        Report.objects.select_for_update(of=("self",)).select_related("unit", "school_year").get(pk=report.pk)
    )
    if not acts_for(by, SIGN_REPORT, row.unit):
        raise NotAllowed(_("Anh/chị không được ký duyệt báo cáo của đơn vị này."))
    if row.state != state:
        raise ReportStep(said)
    return row


@transaction.atomic
def sign_report(
    *, by: Actor, report: Report, now: datetime, number: int | None = None, by_deputy: bool = False
) -> Report:
    """Sign off: texts, figures and the moment are frozen as a version. number: of the outgoing register, may come later
    on paper. The level above is told. Raises NotAllowed, ReportStep (signed already, another report has the number).
    """
    row = _signable(by, report, PaperState.DRAFT, _("Báo cáo đã được ký duyệt."))
    day = timezone.localdate(now)
    if number is not None and (
        Report.objects.filter(unit=row.unit, number=number, issued_on__year=day.year)
        .exclude(pk=row.pk)
        .exists()
    ):
        raise ReportStep(_("Số %(n)d đã dùng cho báo cáo khác trong năm.") % {"n": number})
    row.state, row.signed_by_id, row.signed_at = PaperState.SIGNED, by.user_id, now
    row.signer_name, row.by_deputy, row.number, row.issued_on = by.name, by_deputy, number, day
    row.save()
    version_of(by, row, "", now, is_signed=True)
    above = organization.body_above(row.unit_id)
    if above is not None:
        with act_as(Actor.system()):
            desk = organization.desk_users(REPORT, [above], today=day).get(above, [])
        notify(
            recipients=desk,
            kind=SIGNED,
            title=_("%(unit)s đã ký duyệt %(report)s") % {"unit": row.unit.name, "report": row},
            url=reverse("statistics:report-detail", args=[row.public_id]),
            by=by,
        )
    return row


@transaction.atomic
def reopen_report(*, by: Actor, report: Report, reason: str, now: datetime) -> Report:
    """Take a signed report up again; the signed version stays among its versions. Raises NotAllowed, ReportStep."""
    row = _signable(by, report, PaperState.SIGNED, _("Báo cáo chưa ký duyệt."))
    said = clean_text(reason)
    if not said:
        raise ReportStep(_("Hãy nêu lý do mở lại báo cáo."))
    version_of(by, row, (_("Mở lại: %(reason)s") % {"reason": said})[:200], now)
    row.state, row.signed_by_id, row.signed_at = PaperState.DRAFT, None, None
    row.signer_name, row.by_deputy, row.number, row.issued_on = "", False, None, None
    row.save()
    return row


@transaction.atomic
def remind_of_reports(*, by: Actor, today: date) -> int:
    """Remind units that have not signed a report: 7, 3 and 1 days ahead, on the day, the day after; none twice.

    Returns the number of people told. Raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))
    year = organization.current_school_year(today)
    if year is None:
        return 0
    told = 0
    for kind in ReportKind:
        for level, due in report_template(kind).body["due"].items():
            due_on = day_in_year(due, year.starts_on.year)
            step = remind_step(due_on, today)
            if step is None:
                continue
            _mark, new = ReportReminder.objects.get_or_create(
                school_year=year, kind=kind, level=level, step=step, defaults={"sent_on": today}
            )
            if not new:
                continue
            behind = units_behind(kind, year, level, today=today)
            desks = organization.desk_users(REPORT, behind, today=today)
            told += notify(
                recipients={user for people in desks.values() for user in people},
                kind=REMINDER,
                title=_("%(report)s: hạn gửi %(day)s") % {"report": kind.label, "day": f"{due_on:%d/%m/%Y}"},
                url=reverse("statistics:report-list"),
                by=by,
            )
    return told
