"""Taking back: before the year is locked the school does it freely, after it the Sở decides; where the Bộ has the transcript
already, the Bộ agrees too, whatever the day (CV 2088; QĐ 1789 Điều 21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.vietnamese import clean_text, fold

from ..domain.deadlines import after_lock
from ..domain.messages import RecallItem
from ..domain.steps import Verb, next_state
from ..models import Dispatch, Original, Recall, Transcript
from ..permissions import PREPARE, can_decide_recall, can_prepare
from ..queries.layouts import deadlines
from ..types import (
    OriginalState,
    RecallReason,
    RecallRefused,
    RecallState,
    Transaction,
    TranscriptState,
)
from .keeping import _locked, _move, _refusal, _tell_school
from .replacing import _replace_after_recall

WAITING, AGREED, REFUSED = 1, 2, 3
OPEN = (RecallState.WAITING, RecallState.AT_MINISTRY)


@transaction.atomic
def ask_recall(
    *, by: Actor, transcript: Transcript, reason: str, words: str, now: datetime, file_id: int | None = None
) -> Recall | None:
    """The school asks to take a transcript back, saying what is wrong in it. One that has not reached the Sở yet is taken
    back at once (None is returned: there is nothing to be agreed to).

    Raises NotAllowed, RecallRefused (no words; a change of civil status without its paper), TranscriptStep.
    """
    if not can_prepare(by, transcript.unit_id):
        raise NotAllowed(_("Chỉ trường phát hành mới điều chỉnh được học bạ của mình."))
    said = clean_text(words)
    if not said:
        raise RecallRefused(_("Cần ghi nội dung sai."), field="words")
    if reason == RecallReason.CIVIL_STATUS and file_id is None:
        raise RecallRefused(_("Thay đổi hộ tịch cần kèm quyết định."), field="file")
    (row,) = _locked([transcript.pk])
    if row.state in (TranscriptState.ISSUED, TranscriptState.REFUSED):
        _move([row], Verb.RECALL, by=by, now=now, detail=said)
        return None
    _move([row], Verb.ASK_RECALL, by=by, now=now, detail=said)
    original = Original.objects.select_for_update(of=("self",)).filter(uuid=row.uuid).first()
    recall = _open(original, reason=reason, words=said, by=by, now=now, transcript=row, file_id=file_id)
    if original is None:
        _send_on(recall, row, by=by, now=now)
    elif not recall.is_after_lock:
        _take_up(recall, original, by=by, now=now)
    return recall


def _take_up(recall: Recall, of: Original, *, by: Actor, now: datetime, answer: str = "") -> None:
    """Nobody of the province is against it: agreed, or on to the Bộ, whose store has the transcript too. The original is
    looked at under its lock: it may have gone up since the recall was asked for."""
    original = Original.objects.select_for_update(of=("self",)).get(pk=of.pk)
    recall.needs_ministry = original.reported_at is not None
    if not recall.needs_ministry:
        _agree(recall, by=by, now=now, answer=answer)
        return
    recall.state, recall.answer = RecallState.AT_MINISTRY, answer[:500]
    recall.save(update_fields=["state", "answer", "needs_ministry"])


def _send_on(recall: Recall, row: Transcript, *, by: Actor, now: datetime) -> None:
    """The original lies at another gateway: asked for by transaction 5, whatever the day."""
    Dispatch.objects.create(
        unit_id=row.unit_id,
        school_year_id=row.school_year_id,
        type=Transaction.RECALL,
        recall=recall,
        next_try_at=now,
        made_by_id=by.user_id,
        made_at=now,
    )


def _settled_elsewhere(recall: Recall, *, by: Actor, agree: bool, answer: str, now: datetime) -> None:
    """What the other gateway decided. Decided once, it stands."""
    row = _locked_recall(recall)
    if row.state in OPEN:
        if agree:
            _agree(row, by=by, now=now, answer=answer)
        else:
            _refuse(row, by=by, now=now, answer=answer or _("Sở không đồng ý."))
        title = _("Yêu cầu thu hồi học bạ: %(state)s") % {"state": row.get_state_display()}
        _tell_school(by, row.unit_id, PREPARE, title, now, url=reverse("transcripts:recall-list"))


def _open(
    original: Original | None,
    *,
    reason: str,
    words: str,
    by: Actor,
    now: datetime,
    transcript: Transcript | None,
    file_id: int | None = None,
) -> Recall:
    unit_id, first_year = _whose(original, transcript)
    is_late = after_lock(
        today=timezone.localdate(now),
        first_year=first_year,
        deadlines=deadlines(),
        level=transcript.level if transcript is not None else original.level if original is not None else "",
        is_supplementary=transcript is not None and transcript.is_supplementary,
    )
    return Recall.objects.create(
        unit_id=unit_id,
        original=original,
        transcript=transcript,
        reason=reason,
        words=words[:500],
        file_id=file_id,
        is_after_lock=is_late,
        needs_ministry=original is not None and original.reported_at is not None,
        asked_by_id=by.user_id,
        asked_at=now,
    )


def _whose(original: Original | None, transcript: Transcript | None) -> tuple[int, int]:
    """(issuing school, first year) of what is to be taken back."""
    if original is not None:
        return original.unit_id, original.first_year
    if transcript is None:
        raise RecallRefused(_("Không có học bạ này của đơn vị."))
    return transcript.unit_id, transcript.school_year.starts_on.year


def _agree(recall: Recall, *, by: Actor, now: datetime, answer: str = "") -> None:
    """Taken back in the store and, where the transcript was made here, in the school's list."""
    recall.state, recall.answer = RecallState.AGREED, answer[:500]
    recall.decided_by_id, recall.decided_at = by.user_id, now
    recall.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    if recall.original_id is not None:
        Original.objects.filter(pk=recall.original_id).update(state=OriginalState.RECALLED)
    if recall.transcript_id is not None:
        _move(_locked([recall.transcript_id]), Verb.RECALL, by=by, now=now, detail=recall.words)
        _replace_after_recall(recall, by=by, now=now)


@transaction.atomic
def decide_recall(*, by: Actor, recall: Recall, agree: bool, answer: str, now: datetime) -> Recall:
    """The Sở's decision. Agreed where the Bộ has the transcript, it goes on to the Bộ. Raises NotAllowed, RecallRefused."""
    if not can_decide_recall(by):
        raise NotAllowed(_("Chỉ Sở quyết định việc thu hồi sau khi khóa năm học."))
    row = _locked_recall(recall)
    if row.state != RecallState.WAITING:
        raise RecallRefused(_("Yêu cầu này đã được xử lý."))
    if row.original is None:
        raise RecallRefused(_("Bản gốc nằm ở cổng khác: cổng đó trả lời yêu cầu này."))
    said = clean_text(answer)
    if not agree:
        if not said:
            raise RecallRefused(_("Cần ghi lý do từ chối."), field="answer")
        _refuse(row, by=by, now=now, answer=said)
    else:
        _take_up(row, row.original, by=by, now=now, answer=said)
    title = _("Yêu cầu thu hồi học bạ: %(state)s") % {"state": row.get_state_display()}
    _tell_school(by, row.unit_id, PREPARE, title, now)
    return row


@transaction.atomic
def settle_at_ministry(*, by: Actor, recall: Recall, agree: bool, answer: str, now: datetime) -> Recall:
    """What the Bộ answered: through the connector (the system), or written down by the Sở. Raises NotAllowed,
    RecallRefused."""
    if not (by.is_system or can_decide_recall(by)):
        raise NotAllowed(_("Chỉ Sở ghi nhận trả lời của Bộ."))
    row = _locked_recall(recall)
    if row.state != RecallState.AT_MINISTRY:
        raise RecallRefused(_("Yêu cầu này không chờ Bộ trả lời."))
    if agree:
        _agree(row, by=by, now=now, answer=answer)
    else:
        _refuse(row, by=by, now=now, answer=clean_text(answer) or _("Bộ không đồng ý."))
    return row


def _locked_recall(recall: Recall) -> Recall:
    return Recall.objects.select_for_update(of=("self",)).select_related("original").get(pk=recall.pk)


def _refuse(row: Recall, *, by: Actor, now: datetime, answer: str) -> None:
    row.state, row.answer = RecallState.REFUSED, answer[:500]
    row.decided_by_id, row.decided_at = by.user_id, now
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    if row.transcript_id is None:
        return
    kept = _locked([row.transcript_id])
    _move(kept, Verb.KEEP, by=by, now=now, detail=answer)
    if row.original is not None and row.original.reported_at is not None:
        _move(kept, Verb.REPORT, by=by, now=now)


def _ask_from_outside(*, unit: Any, item: RecallItem, now: datetime) -> dict[str, Any]:
    """A recall by transaction 5: what its item of the answer says. The pupil's facts must be those of the transcript: a
    UUID alone takes nothing back. Asked again, it is the same request."""
    original = Original.objects.select_for_update(of=("self",)).filter(uuid=item.uuid, unit=unit).first()
    if original is None or bytes(original.personal_id_digest) != digest(item.personal_id):
        return _answer(REFUSED, "KHONG_CO", "MA_TRA_CUU_UUID", _("Không có học bạ này của đơn vị."))
    if fold(original.student_name) != fold(item.full_name):
        return _answer(REFUSED, "HO_TEN", "HO_VA_TEN", _("Họ tên khác với học bạ."))
    if original.state != OriginalState.IN_FORCE:
        return _answer(AGREED, "", "", _("Học bạ đã được thu hồi."))
    recall = original.recalls.filter(state__in=OPEN).first()
    if recall is None:
        # Made by the school's own software: there is no transcript of ours to be moved.
        ours = next(
            iter(_locked(Transcript.objects.filter(uuid=item.uuid).values_list("pk", flat=True))), None
        )
        system = Actor.system()
        if ours is not None:
            if next_state(ours.state, Verb.ASK_RECALL) is None:
                return _answer(REFUSED, "TRANG_THAI", "MA_TRA_CUU_UUID", _refusal(ours).message)
            _move([ours], Verb.ASK_RECALL, by=system, now=now, detail=item.reason)
        recall = _open(
            original,
            reason=RecallReason.OTHER,
            words=item.reason or _("Không ghi lý do"),
            by=system,
            now=now,
            transcript=ours,
        )
        if not recall.is_after_lock:
            _take_up(recall, original, by=system, now=now)
    return _answer(AGREED if recall.state == RecallState.AGREED else WAITING, "", "", "")


def _answer(status: int, error: str, field: str, said: str) -> dict[str, Any]:
    return {"status": status, "error": error, "error_field": field, "error_description": said}
