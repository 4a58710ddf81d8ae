"""Writes of the room: who read what, who signed in."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import models
from django.utils import timezone
from django.utils.timezone import make_aware

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.context import acting
from thongsuot.kit.audit.models import ReadingLog, SignInLog
from thongsuot.kit.audit.types import SignInEvent
from thongsuot.kit.postgres.isolation import act_as

__all__ = ["acting", "purge", "record_reading", "record_sign_in"]


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
