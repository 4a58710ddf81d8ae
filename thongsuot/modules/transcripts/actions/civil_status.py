"""Name, birth date, sex or personal id changed by a decision: the dossier first, then every transcript that says otherwise,
taken back and replaced by the school that issued it (QĐ 1789 Điều 4.3, 21.7; Luật Hộ tịch 60/2014/QH13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from json import dumps
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import seal, unseal
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.registry import actions as registry_actions

from ..domain.steps import LIVE, STEPS, Verb
from ..models import CivilChange, CivilChangeItem, Transcript
from ..permissions import PREPARE, can_prepare
from ..types import RecallReason, RecallState, TranscriptFault, TranscriptState
from .keeping import _locked, _move, _tell_school
from .recalling import ask_recall
from .replacing import _decision, _replace

CHANGED = ("full_name", "birth_date", "gender", "personal_id")


@transaction.atomic
def change_civil_status(
    *,
    by: Actor,
    student: Any,
    changes: Mapping[str, Any],
    decision_number: str,
    decided_on: date,
    decided_by: str,
    file_id: int,
    now: datetime,
) -> CivilChange:
    """Write the decision down, change the dossier, take back and replace the transcripts of this school; other schools that
    issued one are told and do theirs. Before the lock a replacement is made at once; after it when the Sở, and where it
    has the transcript the Bộ, agrees.

    changes: what the decision says of CHANGED, only what differs. Raises NotAllowed, TranscriptFault (nothing changed, no
    decision, a day to come), and what the dossier refuses (BadValue, DuplicateCode).
    """
    if not can_prepare(by, student.unit_id):
        raise NotAllowed(_("Chỉ trường đang giữ hồ sơ ghi được thay đổi hộ tịch."))
    number, office = clean_text(decision_number), clean_text(decided_by)
    if not number:
        raise TranscriptFault(_("Cần ghi số quyết định."), field="decision_number")
    if not office:
        raise TranscriptFault(_("Cần ghi cơ quan ra quyết định."), field="decided_by")
    if decided_on > timezone.localdate(now):
        raise TranscriptFault(_("Ngày này chưa tới."), field="decided_on")
    before = _known(student)
    given = {name: changes[name] for name in CHANGED if changes.get(name)}
    after = {name: value for name, value in given.items() if _text(value) != before.get(name, "")}
    if not after:
        raise TranscriptFault(_("Không có thông tin nào khác với hồ sơ hiện nay."))
    facts = {
        "student": student, "decision_number": number[:60], "decided_on": decided_on, "decided_by": office[:200],
        "file_id": file_id, "made_by_id": by.user_id, "made_at": now,
        "before_sealed": seal(dumps({name: before.get(name, "") for name in after}, ensure_ascii=False)),
        "after_sealed": seal(dumps({name: _text(value) for name, value in after.items()}, ensure_ascii=False)),
    }  # fmt: skip
    reason = _("Thay đổi hộ tịch, quyết định số %(number)s") % {"number": number}
    registry_actions.update_student(by=by, student=student, changes=after, reason=reason)
    own = CivilChange.objects.create(unit_id=student.unit_id, **facts)
    with act_as(Actor.system()):
        rows = list(Transcript.objects.filter(student_id=student.pk, state__in=sorted(LIVE)).order_by("pk"))
        for unit_id in sorted({row.unit_id for row in rows} - {student.unit_id}):
            theirs = CivilChange.objects.create(unit_id=unit_id, **facts)
            _add_items(theirs, rows)
            title = _("Thay đổi hộ tịch của học sinh cũ: cần thay học bạ do trường phát hành")
            url = reverse("transcripts:civil-change", args=[theirs.public_id])
            _tell_school(by, unit_id, PREPARE, title, now, url=url)
    _add_items(own, rows)
    return carry_out_change(by=by, change=own, now=now)


def _add_items(change: CivilChange, rows: list[Transcript]) -> None:
    CivilChangeItem.objects.bulk_create(
        [CivilChangeItem(change=change, transcript=row) for row in rows if row.unit_id == change.unit_id]
    )


def _known(student: Any) -> dict[str, str]:
    return {
        "full_name": student.full_name,
        "birth_date": _text(student.birth_date),
        "gender": student.gender,
        "personal_id": unseal(student.personal_id_sealed),
    }


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


@transaction.atomic
def carry_out_change(*, by: Actor, change: CivilChange, now: datetime) -> CivilChange:
    """Take back and replace what the change concerns, as far as it can be done now; done again, it goes on with the rest.
    Raises NotAllowed: only the school that issued them, or the system on its behalf."""
    if not (by.is_system or can_prepare(by, change.unit_id)):
        raise NotAllowed(_("Chỉ trường phát hành mới điều chỉnh được học bạ của mình."))
    items = CivilChangeItem.objects.select_for_update(of=("self",)).filter(
        change=change, replacement__isnull=True
    )
    found = list(items.select_related("change").order_by("pk"))
    # All of them before the first is moved, which holds the school's standing.
    _locked(item.transcript_id for item in found)
    for item in found:
        try:
            with transaction.atomic():
                _carry_out(item, by=by, now=now)
        except TranscriptFault as fault:
            CivilChangeItem.objects.filter(pk=item.pk).update(fault=fault.message[:300])
    return change


def _carry_out(item: CivilChangeItem, *, by: Actor, now: datetime) -> None:
    (row,) = _locked([item.transcript_id])
    said = _decision(item.change)
    if row.state in STEPS[Verb.DISCARD]:
        _move([row], Verb.DISCARD, by=by, now=now, detail=said)
    elif row.state in (TranscriptState.SENT, TranscriptState.RECALL_ASKED):
        raise TranscriptFault(
            _("Học bạ đang “%(state)s”: làm tiếp khi có trả lời.") % {"state": row.get_state_display()}
        )
    elif row.state != TranscriptState.RECALLED:
        recall = ask_recall(
            by=by,
            transcript=row,
            reason=RecallReason.CIVIL_STATUS,
            words=said,
            now=now,
            file_id=item.change.file_id,
        )
        item.recall, item.fault = recall, ""
        item.save(update_fields=["recall", "fault"])
        if recall is not None and recall.state != RecallState.AGREED:
            return
    _replace(item, by=by, now=now)
