"""Work that nobody asks for by hand: keep the figures ready, and prove them by night."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task

from . import actions


@periodic_task(cron="*/5 * * * *", name="statistics.refresh")
def refresh(*, by: Actor, today: date) -> None:
    actions.refresh(by=by, as_of=today)


# 00:10 in Hà Nội: proves the figures of the day that has ended, then counts those of the new one.
@periodic_task(cron="10 17 * * *", name="statistics.recompute")
def recompute(*, by: Actor, today: date) -> None:
    actions.note_sources(by=by, as_of=today)
    actions.prove(by=by, as_of=today)
