"""Signed transcripts of another province, brought as files: the ministry's hub between provinces has no published contract
yet, so the files themselves are checked and kept (CV 2088/BGDĐT-GDTH leaves the exchange to later versions)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest, seal
from thongsuot.kit.signing.types import Verdict
from thongsuot.kit.text.vietnamese import fold

from ..domain.rechecking import next_look
from ..models import ForeignTranscript, Original
from ..permissions import can_prepare
from ..queries.layouts import profile_named
from ..queries.verification import check_transcript, reasons_of
from ..types import TranscriptFault
from .rechecking import note_check


@transaction.atomic
def take_in_foreign(*, by: Actor, student: Any, data: bytes, now: datetime) -> ForeignTranscript:
    """Keep one signed XML of this pupil, byte for byte, with what its check says. Brought again, it is the same row.

    What is not whole, or another pupil's, is refused with the reason; where the authority or its list of revoked ones is
    not known here, it is kept as undecided, says so, and is looked at again (`rechecking.py`). Raises NotAllowed, TranscriptFault.
    """
    if not can_prepare(by, student.unit_id):
        raise NotAllowed(_("Chỉ trường đang giữ hồ sơ nhận được học bạ của học sinh."))
    check = check_transcript(data, at=now, with_store=False)
    if check.verdict == Verdict.INVALID:
        said = " ".join(reasons_of(check))
        raise TranscriptFault(_("Tệp không hợp lệ: %(said)s") % {"said": said[:300]}, field="file")
    common = check.content["common"]
    is_same = digest(common["personal_id"]) == bytes(student.personal_id_digest or b"")
    if not is_same or fold(common["full_name"]) != fold(student.full_name):
        raise TranscriptFault(
            _("Học bạ trong tệp không phải của học sinh này (họ tên hoặc số định danh khác)."), field="file"
        )
    with act_as(Actor.system()):
        if Original.objects.filter(uuid=check.uuid).exists():
            raise TranscriptFault(_("Học bạ này đã có trong kho của tỉnh: không cần nhận bằng tệp."))
        known = ForeignTranscript.objects.filter(uuid=check.uuid).first()
        if known is not None:
            if bytes(known.file_digest) != check.digest or known.student_id != student.pk:
                raise TranscriptFault(_("Mã tra cứu này đã thuộc về một tệp khác."), field="file")
            return known
    row = ForeignTranscript.objects.create(
        uuid=check.uuid,
        student=student,
        unit_id=student.unit_id,
        kind=profile_named(check.profile).kind,
        profile=check.profile,
        school_name=common["school_name"][:200],
        school_year_name=common["school_year_name"][:20],
        class_name=common.get("class_name", "")[:60],
        student_name=common["full_name"][:120],
        file_sealed=seal(data.decode()),
        file_digest=check.digest,
        verdict=check.verdict.value,
        reasons=reasons_of(check),
        checked_at=now,
        next_check_at=next_look(now, now) if check.verdict == Verdict.INDETERMINATE else None,
        taken_in_by_id=by.user_id,
        taken_in_at=now,
    )
    note_check(row, by=by, now=now)
    return row
