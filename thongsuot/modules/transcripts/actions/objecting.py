"""Refusing to sign, with the reason, back to whoever entered the part; until it is settled nobody signs the transcript."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.steps import SIGNABLE
from ..models import Objection, Transcript
from ..permissions import PREPARE, can_settle, can_sign, signable_by
from ..queries.objections import entered_by, parts_of_objection
from ..types import SigningRefused, TranscriptStep
from .keeping import KIND, _locked, _refusal, _tell_school, _write_log

REFUSED, SETTLED = "refuse_to_sign", "settle"


@transaction.atomic
def refuse_to_sign(
    *, by: Actor, transcript: Transcript, role: str, part: str, reason: str, now: datetime
) -> Objection:
    """Say that a part ("summary", "subjects:mathematics") is wrong instead of signing it.

    It goes to whoever entered the part, to the school's office when that is the signer. Raises NotAllowed (not the
    actor's to sign, a part that is not shown), TranscriptStep (issued already), SigningRefused (no reason, refused already).
    """
    named = Transcript.objects.filter(signable_by(by, role), pk=transcript.pk).exists()
    if by.user_id is None or not named or not can_sign(by, role, transcript.unit_id):
        raise NotAllowed(_("Học bạ này không chờ anh/chị ký."))
    (row,) = _locked([transcript.pk])
    if row.state not in SIGNABLE:
        raise _refusal(row)
    parts = parts_of_objection(by, row, role)
    if part not in parts:
        raise NotAllowed(_("Hãy chọn phần của học bạ mà anh/chị xem được."))
    said = clean_text(reason)
    if not said:
        raise SigningRefused(_("Hãy ghi lý do từ chối ký: sai chỗ nào, đúng là gì."))
    if Objection.objects.filter(transcript=row, part=part, role=role, settled_at__isnull=True).exists():
        raise SigningRefused(_("Phần này đã bị từ chối và đang chờ giải quyết."))
    back_to = entered_by(row, part)
    if back_to == by.user_id:
        back_to = None
    made = Objection.objects.create(
        transcript=row, unit_id=row.unit_id, role=role, part=part, part_name=parts[part][:200], reason=said,
        made_by_id=by.user_id, made_at=now, returned_to_id=back_to,
    )  # fmt: skip
    _write_log([row], REFUSED, by=by, now=now, detail=f"{made.part_name}: {said}")
    title = _("Từ chối ký học bạ lớp %(name)s: %(part)s") % {"name": row.class_name, "part": made.part_name}
    url = reverse("transcripts:objection", args=[made.public_id])
    if back_to is not None:
        notify(recipients=[back_to], kind=KIND, title=title, url=url, by=by)
    _tell_school(by, row.unit_id, PREPARE, title, now, url=url)
    return made


@transaction.atomic
def settle_objection(*, by: Actor, objection: Objection, answer: str, now: datetime) -> Objection:
    """Answer that the part is right as it stands: signing goes on. What is wrong is mended by throwing the version away and
    making it anew. Raises NotAllowed, TranscriptStep (settled already), SigningRefused (no answer)."""
    row = Objection.objects.select_for_update(of=("self",)).select_related("transcript").get(pk=objection.pk)
    if not can_settle(by, row):
        raise NotAllowed(_("Chỉ người nhập và văn phòng trường trả lời được."))
    if row.settled_at is not None:
        raise TranscriptStep(_("Việc này đã được giải quyết."))
    if not clean_text(answer):
        raise SigningRefused(_("Hãy ghi câu trả lời cho người từ chối ký."))
    _settle([row], by, clean_text(answer), now)
    return row


def _settle(rows: list[Objection], by: Actor, answer: str, now: datetime) -> None:
    for row in rows:
        row.answer, row.settled_at, row.settled_by_id = answer, now, by.user_id
    Objection.objects.bulk_update(rows, ["answer", "settled_at", "settled_by"])
    _write_log([row.transcript for row in rows], SETTLED, by=by, now=now, detail=answer)
    for row in rows:
        title = _("Đã trả lời việc từ chối ký: %(part)s") % {"part": row.part_name}
        url = reverse("transcripts:objection", args=[row.public_id])
        notify(recipients=[row.made_by_id], kind=KIND, title=title, url=url, by=by)


def _settle_thrown_away(by: Actor, transcript: Transcript, reason: str, now: datetime) -> None:
    """The version is gone; what was wrong in it is mended in the next."""
    rows = Objection.objects.select_for_update(of=("self",)).filter(
        transcript=transcript, settled_at__isnull=True
    )
    found = list(rows.select_related("transcript").order_by("pk"))
    if found:
        _settle(found, by, _("Đã bỏ bản này để lập lại: %(reason)s") % {"reason": reason}, now)
