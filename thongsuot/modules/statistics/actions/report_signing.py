"""The leader's part: sign a report off, take it up again with a reason; the level above sends it back with one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_lines
from thongsuot.modules.organization import queries as organization

from ..models import Report
from ..permissions import REPORT, SIGN_REPORT, acts_for, can_return_report
from ..types import PaperState, ReportStep
from .report import _version_of

SIGNED, RETURNED = "statistics.report_signed", "statistics.report_returned"
REMINDER = "statistics.report_reminder"


def _locked(report: Report) -> Report:
    rows = Report.objects.select_for_update(of=("self",)).select_related("unit", "school_year")
    return rows.get(pk=report.pk)


def _signable(by: Actor, report: Report, *, signed: bool, said: str) -> Report:
    row = _locked(report)
    if not acts_for(by, SIGN_REPORT, row.unit):
        raise NotAllowed(_("Anh/chị không được ký duyệt báo cáo của đơn vị này."))
    if (row.state == PaperState.SIGNED) != signed:
        raise ReportStep(said)
    return row


@transaction.atomic
def sign_report(
    *, by: Actor, report: Report, now: datetime, number: int | None = None, by_deputy: bool = False
) -> Report:
    """Sign off: texts, figures and the moment are frozen as a version. number: of the outgoing register, may come later
    on paper. The level above is told. Raises NotAllowed, ReportStep (signed already, another report has the number).
    """
    row = _signable(by, report, signed=False, said=_("Báo cáo đã được ký duyệt."))
    day = timezone.localdate(now)
    if number is not None and (
        Report.objects.filter(unit=row.unit, number=number, issued_on__year=day.year)
        .exclude(pk=row.pk)
        .exists()
    ):
        raise ReportStep(_("Số %(n)d đã dùng cho báo cáo khác trong năm.") % {"n": number})
    row.state, row.signed_by_id, row.signed_at = PaperState.SIGNED, by.user_id, now
    row.signer_name, row.by_deputy, row.number, row.issued_on = by.name, by_deputy, number, day
    row.note = ""
    row.save()
    _version_of(by, row, "", now, is_signed=True)
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
    row = _signable(by, report, signed=True, said=_("Báo cáo chưa ký duyệt."))
    said = clean_lines(reason)
    if not said:
        raise ReportStep(_("Hãy nêu lý do mở lại báo cáo."))
    return _unsigned(by, row, PaperState.DRAFT, said, _("Mở lại: %(reason)s"), now)


@transaction.atomic
def return_report(*, by: Actor, report: Report, reason: str, now: datetime) -> Report:
    """Send a signed report back to its unit, which writes on and signs again; the signed version stays among its versions.

    Raises NotAllowed (the actor does not act for the unit above), ReportStep (not signed, no reason).
    """
    row = _locked(report)
    if not can_return_report(by, row):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới trả lại được."))
    if row.state != PaperState.SIGNED:
        raise ReportStep(_("Báo cáo chưa ký duyệt."))
    said = clean_lines(reason)
    if not said:
        raise ReportStep(_("Hãy nêu lý do trả lại báo cáo."))
    _unsigned(by, row, PaperState.RETURNED, said, _("Trả lại: %(reason)s"), now)
    with act_as(Actor.system()):
        desk = organization.desk_users(REPORT, [row.unit_id], today=timezone.localdate(now))
    notify(
        recipients=desk.get(row.unit_id, []),
        kind=RETURNED,
        title=_("%(report)s của %(unit)s bị trả lại") % {"unit": row.unit.name, "report": row},
        body=said[:500],
        url=reverse("statistics:report-detail", args=[row.public_id]),
        by=by,
    )
    return row


def _unsigned(by: Actor, row: Report, state: PaperState, said: str, label: str, now: datetime) -> Report:
    """The number stays with the signed version: what is signed again gets its own."""
    _version_of(by, row, (label % {"reason": said})[:200], now)
    row.state, row.note, row.signed_by_id, row.signed_at = state, said, None, None
    row.signer_name, row.by_deputy, row.number, row.issued_on = "", False, None, None
    row.save()
    return row
