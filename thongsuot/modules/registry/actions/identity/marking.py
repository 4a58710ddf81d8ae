"""What people and other steps say of the verification: given up, passed to the police, mended, to be sent again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ...domain.identity import DISAGREED
from ...models import IdentityBatch, IdentityCheck
from ...permissions import can_export
from ...queries.identity_content import CONTENT, MODELS, NEWEST, TABLES, people_of
from ...types import BatchState, Channel, IdentityStatus, StateConflict
from .batching import make_batches
from .rights import require_verify

RETURN = """
    update {table} p set identity_status = 'not_sent'
    from registry_identitycheck c
    where c.batch_id = %(batch)s and c.status = 'waiting' and p.id = c.person_id
      and p.identity_status = 'waiting' and {newest}
"""
# Records whose words are no longer those that were sent. One index look-up for each person who was answered.
NOTICE = """
    update {table} p set identity_status = 'mended'
    from registry_identitycheck c join registry_identitybatch b on b.id = c.batch_id
    where c.person_id = p.id and b.kind = %(kind)s and c.content_digest is not null
      and c.status = any(%(answered)s)
      and p.identity_status = any(%(answered)s) and c.content_digest <> {content} and {newest}
      and (%(units)s::bigint[] is null or p.unit_id = any(%(units)s))
"""
ANSWERED = sorted(state.value for state in DISAGREED | {IdentityStatus.MATCHED})


@transaction.atomic
def give_up(*, by: Actor, batch: IdentityBatch, now: datetime) -> None:
    """Stop a list: answers that have come stay, whoever still waits may be put on another one. Late answers to this
    one are passed over. Raises NotAllowed, StateConflict.
    """
    require_verify(batch.unit_id, by=by)
    batch = IdentityBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state not in (BatchState.QUEUED, BatchState.SENT):
        raise StateConflict(_("Lần xác thực này đã kết thúc."))
    with connection.cursor() as cursor:
        sql = RETURN.format(table=TABLES[batch.kind], newest=NEWEST)
        cursor.execute(sql, {"batch": batch.pk, "kind": batch.kind})
    IdentityCheck.objects.filter(batch=batch, status=IdentityStatus.WAITING).update(
        status=IdentityStatus.NOT_SENT
    )
    batch.state, batch.finished_at, batch.next_try_at = BatchState.GIVEN_UP, now, None
    batch.save(update_fields=["state", "finished_at", "next_try_at"])


@transaction.atomic
def pass_to_police(*, by: Actor, unit_id: int, kind: str, ids: Collection[int]) -> int:
    """The commune police looks into these people's data; returns how many. Only of those who disagree. NotAllowed."""
    require_verify(unit_id, by=by)
    states = DISAGREED - {IdentityStatus.WITH_POLICE}
    found = MODELS[kind].objects.filter(pk__in=ids, unit_id=unit_id, identity_status__in=states)
    return int(found.update(identity_status=IdentityStatus.WITH_POLICE))


@transaction.atomic
def mark_mended(*, by: Actor, unit_id: int, kind: str, ids: Collection[int]) -> int:
    """Somebody has mended what differed, here or in the population database; returns how many. NotAllowed."""
    require_verify(unit_id, by=by)
    found = MODELS[kind].objects.filter(pk__in=ids, unit_id=unit_id, identity_status__in=DISAGREED)
    return int(found.update(identity_status=IdentityStatus.MENDED))


@transaction.atomic
def send_again(
    *, by: Actor, unit_id: int, kind: str, ids: Collection[int], now: datetime
) -> list[IdentityBatch]:
    """`mark_mended`, and put these people on a new list. Raises NotAllowed, NothingToVerify."""
    mark_mended(by=by, unit_id=unit_id, kind=kind, ids=ids)
    return make_batches(by=by, unit_id=unit_id, kind=kind, now=now, channel=Channel.HTTP, only=ids)


@transaction.atomic
def hand_out(*, by: Actor, batch: IdentityBatch, now: datetime) -> list[dict[str, Any]]:
    """The people of a list that goes as a file, in the words of the contract; the list counts as sent from the first
    time on. Holds personal ids: needs registry.export too. Raises NotAllowed, StateConflict.
    """
    require_verify(batch.unit_id, by=by)
    if not can_export(by, batch.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xuất danh sách có thông tin cá nhân."))
    batch = IdentityBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.channel != Channel.FILE or batch.state not in (BatchState.QUEUED, BatchState.SENT):
        raise StateConflict(_("Danh sách này không trao đổi bằng tệp, hoặc đã kết thúc."))
    if batch.state == BatchState.QUEUED:
        batch.state, batch.sent_at = BatchState.SENT, now
        batch.save(update_fields=["state", "sent_at"])
    return people_of(batch)


@transaction.atomic
def notice_mended(*, by: Actor, kind: str, unit_ids: Collection[int] | None = None) -> int:
    """Find records that were changed since they were answered (by form, by import, by whatever way): they are
    "mended, to be sent again". unit_ids None: the whole province. Returns how many. Raises NotAllowed.
    """
    for unit_id in unit_ids or ():
        require_verify(unit_id, by=by)
    if unit_ids is None:
        by.require("registry.verify")
    asked = {"kind": kind, "answered": ANSWERED, "units": None if unit_ids is None else list(unit_ids)}
    with connection.cursor() as cursor:
        cursor.execute(NOTICE.format(table=TABLES[kind], content=CONTENT, newest=NEWEST), asked)
        return cursor.rowcount
