"""Certified paper copies for where there is no digital transcript: numbered, kept, printed with the confirmation (QĐ 1789
Điều 3, 22; NĐ 30/2020/NĐ-CP Điều 25-27 on copies)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.steps import LIVE
from ..models import PaperCopy, Transcript
from ..permissions import can_prepare
from ..types import TranscriptFault

TRIES = 5


@transaction.atomic
def issue_paper_copy(
    *, by: Actor, transcript: Transcript, recipient: str, purpose: str, now: datetime
) -> PaperCopy:
    """A paper copy of an issued transcript by the school that holds the record, under the school's next number of the
    year. Raises NotAllowed, TranscriptFault (not issued, taken back, no recipient, no purpose)."""
    if not can_prepare(by, transcript.holder_id):
        raise NotAllowed(_("Chỉ trường đang giữ hồ sơ cấp được bản giấy."))
    to, why = clean_text(recipient), clean_text(purpose)
    if not to:
        raise TranscriptFault(_("Cần ghi nơi nhận."), field="recipient")
    if not why:
        raise TranscriptFault(_("Cần ghi mục đích."), field="purpose")
    if transcript.issued_at is None or transcript.state not in LIVE:
        raise TranscriptFault(_("Chỉ cấp bản giấy của học bạ đã phát hành và còn hiệu lực."))
    year = timezone.localdate(now).year
    given = PaperCopy.objects.filter(unit_id=transcript.holder_id, year=year)
    for _try in range(TRIES):
        last = given.aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                return PaperCopy.objects.create(
                    transcript=transcript,
                    unit_id=transcript.holder_id,
                    year=year,
                    number=last + 1,
                    recipient=to[:200],
                    purpose=why[:200],
                    issued_by_id=by.user_id,
                    issued_at=now,
                )
        except IntegrityError:
            # Somebody else has just taken the number.
            continue
    raise TranscriptFault(_("Đang có nhiều người cùng cấp: hãy thử lại."))
