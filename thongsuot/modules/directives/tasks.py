"""What the system does by itself. Cron is read in UTC; the hours in the comments are those of Hà Nội."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task

from .actions.reminding import ask_for_confirmations, send_reminders
from .actions.reporting import open_obligations
from .actions.tally import compact


@periodic_task(cron="10 18 * * *", name="directives.open_reports")  # 01:10
def open_reports(*, by: Actor, today: date) -> None:
    """Put the recurring reports of the next two months on the calendar."""
    open_obligations(by=by, today=today)


@periodic_task(cron="15 23 * * *", name="directives.remind")  # 06:15, before the digest goes out
def remind(*, by: Actor, today: date) -> None:
    """Reminders of tasks and reports, and of ongoing tasks whose period has ended."""
    send_reminders(by=by, today=today)
    ask_for_confirmations(by=by, today=today)


@periodic_task(cron="*/30 * * * *", name="directives.compact_tally")
def compact_tally(*, by: Actor, today: date) -> None:
    """Keep the tally that dashboards add up small."""
    compact(by=by, today=today)
