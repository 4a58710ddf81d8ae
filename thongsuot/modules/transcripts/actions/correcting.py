"""The channel "error in my record": the family says what is wrong, the school answers in time (NĐ 88/2026 Điều 25.4)."""

from __future__ import annotations

from collections.abc import Collection
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

from ..models import CorrectionReport, Transcript
from ..permissions import (
    APPROVE_RECALL,
    PREPARE,
    SIGN_LEADER,
    can_decide_recall,
    can_prepare,
)
from ..queries.family import own_transcript
from ..queries.layouts import deadlines
from ..queries.mended import what_was_mended
from ..types import CorrectionState, TranscriptFault, TranscriptState
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
    *, by: Actor, report: CorrectionReport, mended: bool, answer: str, now: datetime, unchanged: str = ""
) -> CorrectionReport:
    """The school's answer; the family is told. unchanged: why it counts as mended though the replacement says what the
    transcript said; it goes into the answer. Raises NotAllowed, TranscriptFault (answered already, nothing said, nothing
    mended).
    """
    if not can_prepare(by, report.unit_id):
        raise NotAllowed(_("Chỉ trường phát hành trả lời được."))
    row = CorrectionReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    said = clean_text(answer)
    if row.state not in (CorrectionState.OPEN, CorrectionState.ORDERED):
        raise TranscriptFault(_("Báo sai sót này đã được trả lời."))
    if row.state == CorrectionState.ORDERED and not mended:
        raise TranscriptFault(_("Sở đã kết luận là sai: chỉ trả lời được khi đã sửa."), field="mended")
    if not said:
        raise TranscriptFault(_("Cần ghi câu trả lời."), field="answer")
    if mended and not _is_being_mended(row):
        raise TranscriptFault(
            _("Học bạ vẫn như cũ: thu hồi, điều chỉnh bản này trước rồi mới trả lời là đã sửa."),
            field="mended",
        )
    if mended:
        said = _with_reason(row, said, clean_text(unchanged))
    row.state = CorrectionState.MENDED if mended else CorrectionState.DISMISSED
    row.answer, row.answered_by_id, row.answered_at = said, by.user_id, now
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _tell_family(row, _("Nhà trường đã trả lời về học bạ"), by)
    return row


def _with_reason(row: CorrectionReport, said: str, why: str) -> str:
    """The answer, with the reason where the replacement is there and repeats everything. Raises TranscriptFault without it."""
    if what_was_mended(row) != []:
        return said
    if row.state == CorrectionState.ORDERED:
        raise TranscriptFault(
            _("Bản thay thế không khác bản cũ, mà Sở đã kết luận là sai: sửa hồ sơ, sổ điểm rồi lập lại."),
            field="mended",
        )
    if not why:
        raise TranscriptFault(
            _(
                "Bản thay thế không khác bản cũ: sửa hồ sơ, sổ điểm rồi lập lại, hoặc ghi lý do vẫn coi là đã sửa."
            ),
            field="unchanged",
        )
    return _("%(answer)s\nBản thay thế không khác bản cũ vì: %(why)s") % {"answer": said, "why": why}


@transaction.atomic
def reopen_unmended(*, by: Actor, transcript_ids: Collection[int], now: datetime) -> int:
    """Replacements have been made: what was answered as mended while they were on their way, and is not, waits for the
    school again, which is told. transcript_ids: those that were replaced. How many.
    """
    rows = CorrectionReport.objects.select_for_update(of=("self",)).filter(
        transcript__in=list(transcript_ids), state=CorrectionState.MENDED
    )
    found = [row for row in rows.select_related("transcript") if what_was_mended(row) == []]
    days = deadlines().named("error_report").working_days or 10
    due = organization.work_calendar().add(timezone.localdate(now), days)
    for row in found:
        # What the Sở has ordered stays ordered.
        row.state = CorrectionState.ORDERED if row.reviewed_at else CorrectionState.OPEN
        if row.state == CorrectionState.OPEN:
            row.answered_at = None
        row.due_on, row.reminded_on, row.escalated_on = due, None, None
        row.save(update_fields=["state", "answered_at", "due_on", "reminded_on", "escalated_on"])
        title = _("Bản học bạ thay thế không khác bản cũ, trong khi gia đình đã được trả lời là đã sửa")
        url = reverse("transcripts:report-answer", args=[row.public_id])
        _tell_school(by, row.unit_id, PREPARE, title, now, url=url)
    return len(found)


def _tell_family(row: CorrectionReport, title: str, by: Actor) -> None:
    """Without the words of the answer: a notice may go out by mail."""
    notify(recipients=[row.reported_by_id], kind=KIND, title=title, url=_own_url(row), by=by)


def _own_url(row: CorrectionReport) -> str:
    return reverse("transcripts:own-answer", args=[row.public_id])


@transaction.atomic
def appeal_report(*, by: Actor, report: CorrectionReport, words: str, now: datetime) -> CorrectionReport:
    """The family does not agree with the school's answer and asks the Sở, once. Raises NotAllowed, TranscriptFault."""
    if by.user_id is None or report.reported_by_id != by.user_id:
        raise NotAllowed(_("Không tìm thấy báo sai sót này."))
    said = clean_text(words)
    if not said:
        raise TranscriptFault(_("Hãy ghi vì sao anh/chị chưa đồng ý."), field="words")
    with act_as(Actor.system()):
        row = CorrectionReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if row.state != CorrectionState.DISMISSED:
            raise TranscriptFault(_("Chỉ đề nghị xem lại được khi trường trả lời là không sai, một lần."))
        days = deadlines().named("error_review").working_days or 10
        row.state, row.appeal, row.appealed_at = CorrectionState.APPEALED, said, now
        row.due_on = organization.work_calendar().add(timezone.localdate(now), days)
        row.reminded_on = row.escalated_on = None
        row.save(update_fields=["state", "appeal", "appealed_at", "due_on", "reminded_on", "escalated_on"])
    _tell_department(by, row, _("Gia đình đề nghị Sở xem lại một báo sai sót trong học bạ"), now)
    return row


@transaction.atomic
def review_report(
    *, by: Actor, report: CorrectionReport, is_wrong: bool, review: str, now: datetime
) -> CorrectionReport:
    """The Sở's conclusion: the school is to mend it, or it stands. Family and school are told. Raises NotAllowed,
    TranscriptFault (nothing to be reviewed, no words)."""
    if not can_decide_recall(by):
        raise NotAllowed(_("Chỉ Sở xem lại trả lời của trường."))
    row = CorrectionReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    said = clean_text(review)
    if row.state != CorrectionState.APPEALED:
        raise TranscriptFault(_("Báo sai sót này không chờ Sở xem lại."))
    if not said:
        raise TranscriptFault(_("Cần ghi kết luận."), field="answer")
    row.state = CorrectionState.ORDERED if is_wrong else CorrectionState.UPHELD
    row.review, row.reviewed_by_id, row.reviewed_at = said, by.user_id, now
    row.save(update_fields=["state", "review", "reviewed_by", "reviewed_at"])
    _tell_family(row, _("Sở đã kết luận về báo sai sót trong học bạ"), by)
    title = _("Sở đã kết luận về một báo sai sót trong học bạ")
    url = reverse("transcripts:report-answer", args=[row.public_id])
    _tell_school(by, row.unit_id, PREPARE, title, now, url=url)
    return row


@transaction.atomic
def remind_of_reports(*, by: Actor, today: date, now: datetime) -> int:
    """The school is reminded of what is due within two working days; what has passed its day goes to the head of the school
    and to the Sở, once. Returns how many were told of. The system only. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Chỉ hệ thống mới nhắc được toàn tỉnh."))
    open_states = [CorrectionState.OPEN, CorrectionState.APPEALED]
    waiting = CorrectionReport.objects.select_for_update(of=("self",)).filter(state__in=open_states)
    late = list(waiting.filter(due_on__lt=today, escalated_on__isnull=True).order_by("pk"))
    soon_day = organization.work_calendar().add(today, 2)
    soon = list(
        waiting.filter(due_on__gte=today, due_on__lte=soon_day, reminded_on__isnull=True).order_by("pk")
    )
    for row in soon:
        title = _("Sắp đến hạn trả lời báo sai sót trong học bạ: %(day)s") % {"day": f"{row.due_on:%d/%m/%Y}"}
        _tell_whose_turn(by, row, title, now)
    for row in late:
        title = _("Quá hạn trả lời báo sai sót trong học bạ: %(day)s") % {"day": f"{row.due_on:%d/%m/%Y}"}
        if row.state == CorrectionState.OPEN:
            url = reverse("transcripts:report-answer", args=[row.public_id])
            _tell_school(by, row.unit_id, SIGN_LEADER, title, now, url=url)
        _tell_department(by, row, title, now)
    CorrectionReport.objects.filter(pk__in=[row.pk for row in soon]).update(reminded_on=today)
    CorrectionReport.objects.filter(pk__in=[row.pk for row in late]).update(escalated_on=today)
    return len(soon) + len(late)


def _tell_whose_turn(by: Actor, row: CorrectionReport, title: str, now: datetime) -> None:
    if row.state == CorrectionState.APPEALED:
        _tell_department(by, row, title, now)
        return
    url = reverse("transcripts:report-answer", args=[row.public_id])
    _tell_school(by, row.unit_id, PREPARE, title, now, url=url)


def _tell_department(by: Actor, row: CorrectionReport, title: str, now: datetime) -> None:
    department = organization.department_id()
    if department is not None:
        url = reverse("transcripts:report-answer", args=[row.public_id])
        _tell_school(by, department, APPROVE_RECALL, title, now, url=url)


def _is_being_mended(row: CorrectionReport) -> bool:
    """Has the transcript been taken back, or is it asked to be?"""
    state = Transcript.objects.values_list("state", flat=True).get(pk=row.transcript_id)
    return state in (TranscriptState.RECALL_ASKED, TranscriptState.RECALLED, TranscriptState.REPLACED)
