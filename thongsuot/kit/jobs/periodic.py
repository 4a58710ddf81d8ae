"""Work that nobody asks for by hand: done by the system at set times.

    @periodic_task(cron="0 0 * * *", name="notify.digest")      # 07:00 in Hà Nội: cron is read in UTC
    def send(*, by: Actor, today: date) -> None: ...

After a night without a worker a tick may come late and once more than meant: the function must be able to run
twice on one day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as


def periodic_task(*, cron: str, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run the function by `cron` as the system, in one transaction, with the date of that moment in Hà
    Nội.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, lock=name, queue="periodic")
        def run(timestamp: int) -> None:
            close_old_connections()
            system = Actor.system()
            with act_as(system), acting(system, reason=name):
                function(by=system, today=_day(timestamp))

        return function

    return declare


def _day(timestamp: int) -> date:
    return timezone.localtime(datetime.fromtimestamp(timestamp, tz=timezone.get_default_timezone())).date()
