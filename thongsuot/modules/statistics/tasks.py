"""What the system does by itself. Cron is read in UTC; the hour in the comment is that of Hà Nội."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task

from .actions import remind_of_reports


@periodic_task(cron="20 23 * * *", name="statistics.remind_of_reports")  # 06:20, before the digest goes out
def remind_reports(*, by: Actor, today: date) -> None:
    """Reminders of the dates of periodic reports."""
    remind_of_reports(by=by, today=today)
