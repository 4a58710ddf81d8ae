"""What the system does by itself. Cron is read in UTC; the hours in the comments are those of Hà Nội."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task

from . import actions
from .actions.closing import close_signed
from .actions.freezing import freeze_due
from .actions.return_reminding import send_return_reminders


@periodic_task(cron="30 17 * * *", name="statistics.freeze")  # 00:30
def freeze(*, by: Actor, today: date) -> None:
    """Freeze the periods whose day is over, close those that are signed off."""
    freeze_due(by=by, today=today, now=timezone.localtime())
    close_signed(by=by, now=timezone.localtime())


@periodic_task(cron="20 23 * * *", name="statistics.remind")  # 06:20, before the digest goes out
def remind(*, by: Actor, today: date) -> None:
    """Remind units of returns that they have not confirmed."""
    send_return_reminders(by=by, now=timezone.localtime())


@periodic_task(cron="*/5 * * * *", name="statistics.refresh")
def refresh(*, by: Actor, today: date) -> None:
    actions.refresh(by=by, as_of=today)


# 00:10 in Hà Nội: proves the figures of the day that has ended, then counts those of the new one.
@periodic_task(cron="10 17 * * *", name="statistics.recompute")
def recompute(*, by: Actor, today: date) -> None:
    actions.note_sources(by=by, as_of=today)
    actions.prove(by=by, as_of=today)


@periodic_task(cron="20 23 * * *", name="statistics.remind_of_reports")  # 06:20, before the digest goes out
def remind_reports(*, by: Actor, today: date) -> None:
    """Reminders of the dates of periodic reports."""
    actions.remind_of_reports(by=by, today=today)
