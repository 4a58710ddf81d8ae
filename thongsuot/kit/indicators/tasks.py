from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.actions import VIEW, keep_day, take_snapshots
from thongsuot.kit.indicators.types import UnitNode
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.queries import jobs_of
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import FINISHED, JobResult


# 23:30 in Hà Nội: the day as it ended.
@periodic_task(cron="30 16 * * *", name="indicators.snapshots")
def snapshots(*, by: Actor, today: date) -> None:
    take_snapshots(by=by, as_of=today, today=today)


@job_task(name="indicators.day")
def count_day(*, by: Actor, progress: Progress, of_unit: int, day: str) -> JobResult:
    """The figures of a large unit on a day that is over."""
    as_of = date.fromisoformat(day)
    keep_day(by=by, unit_id=of_unit, as_of=as_of, now=timezone.localtime(), tell=progress.set)
    return JobResult(url=f"{reverse('indicators:list-unit', args=[of_unit])}?ngay={day}")


def start_day(*, by: Actor, unit: UnitNode, as_of: date) -> Job:
    """Ask for it; asked twice while it is under way it is one job. Raises NotAllowed without the right to the unit."""
    by.require(VIEW, unit.id)
    asked: dict[str, Any] = {"of_unit": unit.id, "day": as_of.isoformat()}
    under_way = jobs_of(by).filter(task=count_day.name, arguments=asked).exclude(state__in=FINISHED).first()
    title = _("Tính chỉ số: %(unit)s, ngày %(day)s") % {"unit": unit.name, "day": f"{as_of:%d/%m/%Y}"}
    return under_way or start_job(by=by, task=count_day, title=title, **asked)
