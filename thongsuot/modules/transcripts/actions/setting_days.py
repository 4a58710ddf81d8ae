"""Days by which transcripts are due, put right by the Sở."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..models import Deadline as DeadlineRow
from ..permissions import can_work_gateway
from ..queries.layouts import LEVELS, own_deadlines, written_deadlines
from ..types import TranscriptFault


@transaction.atomic
def set_deadline(
    *,
    by: Actor,
    code: str,
    basis: str,
    now: datetime,
    month: int | None = None,
    day: int | None = None,
    working_days: int | None = None,
    school_year: Any = None,
    level: str = "",
) -> DeadlineRow:
    """Put a deadline right by the text in force: for all, or a calendar day for one school year, one level or both.
    Raises NotAllowed, TranscriptFault."""
    if not can_work_gateway(by):
        raise NotAllowed(_("Chỉ Sở sửa được hạn của học bạ."))
    known = {one.code: one for one in written_deadlines().deadlines}
    if code not in known:
        raise TranscriptFault(_("Không có hạn này."))
    if not clean_text(basis):
        raise TranscriptFault(_("Cần ghi căn cứ."), field="basis")
    by_days = known[code].working_days is not None
    if level not in ("", *LEVELS) or (by_days and (level or school_year is not None)):
        raise TranscriptFault(_("Hạn này không đặt riêng được cho năm học hay cấp học đó."))
    if by_days and not working_days:
        raise TranscriptFault(_("Cần số ngày làm việc."), field="working_days")
    if not by_days:
        _is_a_day(month, day)
    row, _new = DeadlineRow.objects.update_or_create(
        code=code,
        school_year=school_year,
        level=level,
        defaults={
            "month": None if by_days else month,
            "day": None if by_days else day,
            "working_days": working_days if by_days else None,
            "basis": clean_text(basis)[:300],
            "set_by_id": by.user_id,
            "set_at": now,
        },
    )
    return row


@transaction.atomic
def drop_own_deadline(*, by: Actor, deadline: DeadlineRow) -> None:
    """The day of a single year or level holds no longer: that of all does. Raises NotAllowed, TranscriptFault."""
    if not can_work_gateway(by):
        raise NotAllowed(_("Chỉ Sở sửa được hạn của học bạ."))
    row = own_deadlines(deadline.code).filter(pk=deadline.pk).first()
    if row is None:
        raise TranscriptFault(_("Hạn riêng này không còn."))
    row.delete()


def _is_a_day(month: int | None, day: int | None) -> None:
    try:
        datetime(2027, month or 0, day or 0, tzinfo=timezone.get_default_timezone())
    except ValueError as error:
        raise TranscriptFault(_("Ngày, tháng không có thật."), field="day") from error
