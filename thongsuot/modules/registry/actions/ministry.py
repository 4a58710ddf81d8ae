"""Objects on their way to the ministry's database: handed out as a file, accepted or refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused

from ..models import MinistrySubmission
from ..permissions import can_export
from ..queries.ministry import OutRows, out_rows, standing_of
from ..types import SubmissionStatus

# What was accepted and has not changed stays accepted when a whole file is sent once more.
SEND = """
    insert into registry_ministrysubmission as m
        (unit_id, school_year_id, kind, object_id, status, reason, content_digest, sent_at)
    select %(unit)s, %(year)s, %(kind)s, o.id, 'sent', '', o.digest, %(now)s
    from unnest(%(ids)s::bigint[], %(digests)s::bytea[]) as o(id, digest)
    on conflict (school_year_id, kind, object_id) do update
        set status = 'sent', reason = '', content_digest = excluded.content_digest, sent_at = excluded.sent_at,
            answered_at = null, unit_id = excluded.unit_id
        where m.status <> 'accepted' or m.content_digest is distinct from excluded.content_digest
"""


class NothingToSend(Refused):
    code = "nothing_to_send"


@transaction.atomic
def hand_out(
    *,
    by: Actor,
    unit_id: int,
    school_year_id: int,
    kind: str,
    day: date,
    now: datetime,
    everything: bool,
    mark: bool,
) -> OutRows:
    """The rows of a layout to upload: all of them, or only what is new, refused or changed since it was sent.

    mark: they count as sent from now on. Raises NotAllowed, NothingToSend.
    """
    rows = out_rows(by, unit_id=unit_id, school_year_id=school_year_id, kind=kind, day=day)
    if not everything:
        rows = rows.only(standing_of(rows, kind=kind, school_year_id=school_year_id).to_send)
    if not rows.ids:
        raise NothingToSend(_("Không có dòng nào cần gửi."))
    if mark:
        with connection.cursor() as cursor:
            cursor.execute(
                SEND,
                {
                    "unit": unit_id,
                    "year": school_year_id,
                    "kind": kind,
                    "now": now,
                    "ids": rows.ids,
                    "digests": rows.digests,
                },
            )
    return rows


@transaction.atomic
def take_answers(*, by: Actor, answers: Mapping[int, tuple[SubmissionStatus, str]], now: datetime) -> int:
    """{id of a submission: (accepted or refused, why)}; returns how many were kept. A refusal says why.

    Only what was sent can be answered. Raises NotAllowed, Refused.
    """
    rows = list(MinistrySubmission.objects.select_for_update(of=("self",)).filter(pk__in=answers))
    for row in rows:
        if not can_export(by, row.unit_id):
            raise NotAllowed(_("Anh/chị không có quyền ghi trả lời của Bộ cho trường này."))
        if row.status == SubmissionStatus.NOT_SENT:
            raise Refused(_("Dòng này chưa được gửi."))
        row.status, reason = answers[row.pk]
        if row.status not in (SubmissionStatus.ACCEPTED, SubmissionStatus.REFUSED):
            raise Refused(_("Trả lời phải là đã tiếp nhận hoặc bị từ chối."))
        if row.status == SubmissionStatus.REFUSED and not reason.strip():
            raise Refused(_("Bị từ chối phải có lý do."))
        row.reason = reason.strip()[:500] if row.status == SubmissionStatus.REFUSED else ""
        row.answered_at = now
    MinistrySubmission.objects.bulk_update(rows, ["status", "reason", "answered_at"], batch_size=500)
    return len(rows)
