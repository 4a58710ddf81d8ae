from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.actions import take_snapshots
from thongsuot.kit.jobs.periodic import periodic_task


# 23:30 in Hà Nội: the day as it ended.
@periodic_task(cron="30 16 * * *", name="indicators.snapshots")
def snapshots(*, by: Actor, today: date) -> None:
    take_snapshots(by=by, as_of=today, today=today)
