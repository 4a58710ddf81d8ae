"""What the system does by itself. Cron is read in UTC; the hour in the comment is that of Hà Nội."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task

from .actions import send_reminders


@periodic_task(cron="25 23 * * *", name="maturity.remind")  # 06:25, before the digest goes out
def remind(*, by: Actor, today: date) -> None:
    """Reminders of the dates of the round."""
    send_reminders(by=by, today=today)
