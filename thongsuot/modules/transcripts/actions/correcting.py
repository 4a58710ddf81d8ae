"""The channel "error in my record": the family says what is wrong, the school answers in time (NĐ 88/2026 Điều 25.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..models import CorrectionReport, Transcript
from ..models import Deadline as DeadlineRow
from ..permissions import PREPARE, can_prepare, can_work_gateway
from ..queries.family import own_transcript
from ..queries.layouts import deadlines, written_deadlines
from ..types import CorrectionState, TranscriptFault
from .keeping import KIND, _tell_school


@transaction.atomic
def report_error(*, by: Actor, transcript: Transcript, words: str, now: datetime) -> CorrectionReport:
    """A parent or pupil says what is wrong in an own transcript. Raises NotAllowed, TranscriptFault (nothing said)."""
    if own_transcript(by, transcript.uuid) is None or by.user_id is None:
        raise NotAllowed(_("Không tìm thấy học bạ."))
    said = clean_text(words)
    if not said:
        raise TranscriptFault(_("Hãy ghi thông tin nào sai, đúng là gì."), field="words")
    days = deadlines().named("error_report").working_days or 10
    due = organization.work_calendar().add(timezone.localdate(now), days)
    with act_as(Actor.system()):
        report = CorrectionReport.objects.create(
            transcript=transcript,
            unit_id=transcript.unit_id,
            words=said,
            reported_by_id=by.user_id,
            reported_at=now,
            due_on=due,
        )
    title = _("Gia đình báo sai sót trong học bạ, cần trả lời trước %(day)s") % {"day": f"{due:%d/%m/%Y}"}
    _tell_school(by, transcript.unit_id, PREPARE, title, now, url=reverse("transcripts:report-list"))
    return report


@transaction.atomic
def answer_report(
    *, by: Actor, report: CorrectionReport, mended: bool, answer: str, now: datetime
) -> CorrectionReport:
    """The school's answer; the family is told. Raises NotAllowed, TranscriptFault (answered already, nothing said)."""
    if not can_prepare(by, report.unit_id):
        raise NotAllowed(_("Chỉ trường phát hành trả lời được."))
    row = CorrectionReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    said = clean_text(answer)
    if row.state != CorrectionState.OPEN:
        raise TranscriptFault(_("Báo sai sót này đã được trả lời."))
    if not said:
        raise TranscriptFault(_("Cần ghi câu trả lời."), field="answer")
    row.state = CorrectionState.MENDED if mended else CorrectionState.DISMISSED
    row.answer, row.answered_by_id, row.answered_at = said, by.user_id, now
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    notify(
        recipients=[row.reported_by_id],
        kind=KIND,
        title=_("Nhà trường đã trả lời về học bạ"),
        body=said,
        url=reverse("transcripts:own-list"),
        by=by,
    )
    return row


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
) -> DeadlineRow:
    """Put a deadline right by the text in force. Raises NotAllowed, TranscriptFault."""
    if not can_work_gateway(by):
        raise NotAllowed(_("Chỉ Sở sửa được hạn của học bạ."))
    known = {one.code: one for one in written_deadlines().deadlines}
    if code not in known:
        raise TranscriptFault(_("Không có hạn này."))
    if not clean_text(basis):
        raise TranscriptFault(_("Cần ghi căn cứ."), field="basis")
    by_days = known[code].working_days is not None
    if by_days and not working_days:
        raise TranscriptFault(_("Cần số ngày làm việc."), field="working_days")
    if not by_days:
        _is_a_day(month, day)
    row, _new = DeadlineRow.objects.update_or_create(
        code=code,
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


def _is_a_day(month: int | None, day: int | None) -> None:
    try:
        datetime(2027, month or 0, day or 0, tzinfo=timezone.get_default_timezone())
    except ValueError as error:
        raise TranscriptFault(_("Ngày, tháng không có thật."), field="day") from error
