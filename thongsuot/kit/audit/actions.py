"""Writes of the room: who is acting, who read what, who signed in."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.timezone import make_aware

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.models import ReadingLog, SignInLog
from thongsuot.kit.audit.types import SignInEvent
from thongsuot.kit.postgres.isolation import act_as

CONTEXT = "pghistory.context_metadata"


@contextlib.contextmanager
def acting(by: Actor, *, reason: str = "") -> Iterator[None]:
    """Run the block in a transaction whose changes are recorded as made by `by`, for `reason` (free text).

    Requests and background tasks are inside one already; an action adds its own only to give a reason, or
    because it acts for somebody else. The setting belongs to the transaction, so COPY and INSERT..SELECT
    carry it too, and it costs one statement per block rather than a part of each.
    """
    said = {
        "user": by.user_id,
        "name": by.name,
        "role": by.acting.role_name if by.acting else "",
        "reason": reason,
    }
    with transaction.atomic():
        outer = _set_context(json.dumps(said, ensure_ascii=False))
        yield
        # After an error the rollback gives the setting back.
        if not connection.needs_rollback:
            _set_context(outer)


def _set_context(value: str) -> str:
    """Set the context of this transaction; returns what it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with before as materialized (select current_setting(%s, true) as said) "
            "select coalesce(said, ''), set_config(%s, %s, true) from before",
            [CONTEXT, CONTEXT, value],
        )
        row = cursor.fetchone()
    return row[0]


def record_reading(*, by: Actor, subject: models.Model, purpose: str, ip: str | None = None) -> None:
    """Keep that `by` opened `subject` (one row of any model) for `purpose`, a few words of Vietnamese.

    Only the table and the key are kept, never what stood in the row. Cannot be changed or removed afterwards.
    """
    ReadingLog.objects.create(
        user_id=by.user_id,
        subject_table=subject._meta.db_table,
        subject_pk=str(subject.pk),
        purpose=purpose,
        ip=ip,
    )


def record_sign_in(
    *, by: Actor, event: SignInEvent, ip: str | None, source_port: int | None, user_agent: str
) -> None:
    """Keep that an account (`by.user_id`, None when no account has that name) came in, failed to, or left.

    Legal source: Nghị định 333/2026 Đ16 (time, address, source port; at least 12 months).
    """
    # Nobody is signed in yet: the web role by itself has no right to any table.
    with act_as(Actor.system()):
        SignInLog.objects.create(
            user_id=by.user_id, event=event, ip=ip, source_port=source_port, user_agent=user_agent[:300]
        )


def purge(*, by: Actor, today: date) -> int:
    """Remove sign-ins older than 12 months; returns how many rows went. Younger rows cannot be removed at
    all.
    """
    by.require("audit.purge")
    try:
        limit = today.replace(year=today.year - 1)
    except ValueError:  # 29 February
        limit = today.replace(year=today.year - 1, day=28)
    before = make_aware(datetime.combine(limit, time.min), timezone.get_default_timezone())
    return SignInLog.objects.filter(at__lt=before)._raw_delete("default")
