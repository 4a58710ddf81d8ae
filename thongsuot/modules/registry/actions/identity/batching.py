"""Lists of people for the population database. Whoever is on a list is waiting, so that nobody is on two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.sealing.sealing import unseal_many

from ...domain.identity import TO_SEND
from ...models import IdentityBatch
from ...queries.identity_content import CONTENT, PRESENT, TABLES
from ...types import BatchState, Channel, NothingToVerify
from .rights import require_verify

# People in one list; the contract allows 1,000.
MOST = 500
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")

PEOPLE = """
    select p.id, p.identity_status, p.nationality, p.personal_id_sealed, p.birth_date is null, p.gender = ''
    from {table} p where p.unit_id = %(unit)s and {present} and (%(only)s::bigint[] is null or p.id = any(%(only)s))
    order by p.sort_key, p.id
"""
# The state is asked for again: of two who send at the same time each person goes with one.
CLAIM = """
    update {table} set identity_status = 'waiting'
    where id = any(%(ids)s) and identity_status = any(%(states)s) returning id
"""
ADD = """
    insert into registry_identitycheck
        (batch_id, unit_id, person_id, reference, status, differing, content_digest)
    select %(batch)s, %(unit)s, p.id, gen_random_uuid(), 'waiting', '', {content}
    from {table} p where p.id = any(%(ids)s)
"""


@dataclass(frozen=True)
class Preview:
    """Who of a school or class would be sent; the others by why not (numbers of people)."""

    ready: tuple[int, ...]
    matched: int = 0
    waiting: int = 0
    disagreed: int = 0
    foreign: int = 0
    no_id: int = 0
    bad_id: int = 0
    no_birth_date: int = 0
    no_gender: int = 0

    @property
    def total(self) -> int:
        return len(self.ready) + self.matched + self.waiting + self.disagreed + self.incomplete + self.foreign

    @property
    def incomplete(self) -> int:
        return self.no_id + self.bad_id + self.no_birth_date + self.no_gender


def preview(
    *, by: Actor, unit_id: int, kind: str, class_id: int | None = None, only: Collection[int] | None = None
) -> Preview:
    """What `make_batches` would do; writes nothing. Raises NotAllowed."""
    require_verify(unit_id, by=by)
    asked = {"unit": unit_id, "class": class_id, "only": None if only is None else list(only)}
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE.format(table=TABLES[kind], present=PRESENT[kind]), asked)
        rows = cursor.fetchall()
    opened = unseal_many(row[3] for row in rows)
    found = [(row[0], _place_of(row, number)) for row, number in zip(rows, opened, strict=True)]
    counts = Counter(place for _pk, place in found if place != "ready")
    return Preview(ready=tuple(pk for pk, place in found if place == "ready"), **counts)


def _place_of(row: Any, number: str) -> str:
    """The field of Preview that a person counts in."""
    status, nationality, no_birth_date, no_gender = row[1], row[2], row[4], row[5]
    if status not in TO_SEND:
        return status if status in ("matched", "waiting") else "disagreed"
    if not number:
        # A foreign pupil has no number in the population database.
        return "no_id" if nationality == "VN" else "foreign"
    if not _TWELVE_DIGITS.fullmatch(number):
        return "bad_id"
    if no_birth_date:
        return "no_birth_date"
    return "no_gender" if no_gender else "ready"


@transaction.atomic
def make_batches(
    *,
    by: Actor,
    unit_id: int,
    kind: str,
    now: datetime,
    class_id: int | None = None,
    channel: Channel = Channel.HTTP,
    only: Collection[int] | None = None,
) -> list[IdentityBatch]:
    """Put everybody of a school (of a class; of `only`) who needs it on lists of at most MOST people, ready to go.

    kind: "student" or "staff". Those already waiting or verified are left out, so that nothing is sent twice.
    Raises NotAllowed, NothingToVerify.
    """
    ready = preview(by=by, unit_id=unit_id, kind=kind, class_id=class_id, only=only).ready
    table = TABLES[kind]
    with connection.cursor() as cursor:
        states = sorted(state.value for state in TO_SEND)
        cursor.execute(CLAIM.format(table=table), {"ids": list(ready), "states": states})
        claimed = {row[0] for row in cursor.fetchall()}
    people = [pk for pk in ready if pk in claimed]
    if not people:
        raise NothingToVerify(
            _("Không có ai cần gửi: tất cả đã xác thực, đang chờ, hoặc còn thiếu thông tin.")
        )
    groups = [people[start : start + MOST] for start in range(0, len(people), MOST)]
    return [_batch(by, unit_id, kind, channel, now, group) for group in groups]


def _batch(
    by: Actor, unit_id: int, kind: str, channel: Channel, now: datetime, ids: list[int]
) -> IdentityBatch:
    batch = IdentityBatch.objects.create(
        unit_id=unit_id,
        kind=kind,
        channel=channel,
        state=BatchState.QUEUED,
        size=len(ids),
        created_by_id=by.user_id,
        created_at=now,
        next_try_at=now if channel == Channel.HTTP else None,
    )
    with connection.cursor() as cursor:
        sql = ADD.format(table=TABLES[kind], content=CONTENT)
        cursor.execute(sql, {"batch": batch.pk, "unit": unit_id, "ids": ids})
    return batch
