"""A unit reports a figure with its evidence; who manages it approves or returns it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import PERCENT, Source

from ..models import IndicatorSource, ReportedFigure
from ..queries.reported import may_decide, may_report, reportable
from ..types import AlreadyDecided, BadFigure, ReportState


@transaction.atomic
def report_figure(
    *,
    by: Actor,
    unit_id: int,
    code: str,
    as_of: date,
    numerator: Decimal,
    denominator: Decimal,
    note: str = "",
    link: str = "",
    file: Any = None,
) -> ReportedFigure:
    """Report a figure of a unit itself. One that still waits for the same day is replaced.

    Raises NotAllowed; BadFigure when the part of a share is larger than its whole, the day is to come, nothing proves it, or the
    indicator is none that units report (any more).
    """
    if not may_report(by, unit_id) or by.user_id is None:
        raise NotAllowed(_("Anh/chị không báo số liệu của đơn vị này."))
    indicator = next((one for one in reportable() if one.code == code), None)
    if indicator is None:
        raise BadFigure(_("Chỉ số này không do đơn vị báo cáo."), field="code")
    if numerator < 0 or (indicator.unit == PERCENT and numerator > denominator):
        raise BadFigure(_("Tử số phải từ 0 đến mẫu số."), field="numerator")
    if denominator <= 0:
        raise BadFigure(_("Mẫu số phải lớn hơn 0."), field="denominator")
    if as_of > timezone.localdate():
        raise BadFigure(_("Ngày tính số liệu chưa đến."), field="as_of")
    if not link and file is None:
        raise BadFigure(_("Cần minh chứng: một tệp hoặc một liên kết."), field="link")
    ReportedFigure.objects.filter(
        code=code, unit_id=unit_id, as_of=as_of, state=ReportState.SUBMITTED
    ).delete()
    return ReportedFigure.objects.create(
        code=code,
        unit_id=unit_id,
        as_of=as_of,
        numerator=numerator,
        denominator=denominator,
        note=note,
        link=link,
        file=file,
        submitted_at=timezone.now(),
        submitted_by_id=by.user_id,
    )


def approve_figure(*, by: Actor, figure: ReportedFigure) -> ReportedFigure:
    """From now on it counts. Raises NotAllowed, AlreadyDecided."""
    return _decide(by, figure, ReportState.APPROVED, "")


def return_figure(*, by: Actor, figure: ReportedFigure, reason: str) -> ReportedFigure:
    """Back to the unit, with a reason. Raises NotAllowed, AlreadyDecided, BadFigure without a reason."""
    if not reason.strip():
        raise BadFigure(_("Cần nêu lý do trả lại."), field="reason")
    return _decide(by, figure, ReportState.RETURNED, reason.strip())


@transaction.atomic
def _decide(by: Actor, figure: ReportedFigure, state: ReportState, reason: str) -> ReportedFigure:
    row = ReportedFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
    if row.state != ReportState.SUBMITTED:
        raise AlreadyDecided(_("Số liệu này đã được xử lý."))
    if not may_decide(by, row):
        raise NotAllowed(_("Anh/chị không duyệt số liệu này."))
    row.state, row.reason, row.decided_at, row.decided_by_id = state, reason, timezone.now(), by.user_id
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    return row


def note_sources(*, by: Actor, as_of: date) -> int:
    """Write down which indicators are computed from now on that were reported before, or the other way round.

    Only the system does this. Returns how many changed (the first time: all of them).
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    last = dict(IndicatorSource.objects.order_by("since").values_list("code", "kind"))
    rows = [
        IndicatorSource(code=one.code, kind=Source(one.kind).value, since=as_of)
        for one in registry.all_indicators()
        if last.get(one.code) != Source(one.kind).value
    ]
    IndicatorSource.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code", "since"], update_fields=["kind"]
    )
    return len(rows)
