"""Background entry points."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files import actions
from thongsuot.kit.jobs.periodic import periodic_task


# 03:00 in Hà Nội, after the purges that leave bytes behind.
@periodic_task(cron="0 20 * * *", name="files.clear_unused")
def clear_unused(*, by: Actor, today: date) -> None:
    actions.clear_unused(by=by, now=timezone.now())
