"""What the system does by itself. Cron is read in UTC; the hour in the comment is that of Hà Nội."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task

from .actions import end_desk_signings, expire_certificates, send_expiry_reminders


@periodic_task(cron="15 23 * * *", name="documents.certificates")  # 06:15, before the digest goes out
def keep_certificates(*, by: Actor, today: date) -> None:
    """Ended certificates marked, holders reminded."""
    now = timezone.now()
    expire_certificates(by=by, now=now)
    send_expiry_reminders(by=by, now=now)


@periodic_task(cron="*/5 * * * *", name="documents.desk")
def end_desk(*, by: Actor, today: date) -> None:
    """Batches that nobody signed at the desk in time."""
    end_desk_signings(by=by, now=timezone.now())
