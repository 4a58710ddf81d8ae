"""Checks in the background: every night, and when somebody asks. Cron is read in UTC."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult

from . import actions


@job_task(name="quality.check")
def check_unit(*, by: Actor, progress: Progress, checked_unit_id: int | None = None) -> JobResult:
    """Check a unit and all below it; None: the province."""
    run = actions.run_checks(by=by, today=timezone.localdate(), unit_id=checked_unit_id, tell=progress.set)
    said = _("%(rows)d dòng đã kiểm tra, %(found)d lỗi mới, %(mended)d lỗi đã sửa")
    message = said % {"rows": run.rows, "found": run.found, "mended": run.mended}
    return JobResult(url=reverse("quality:overview"), message=message)


def start_check(*, by: Actor, unit_id: int | None, title: str) -> Job:
    """Ask for a check in the background. NotAllowed without quality.run over the unit."""
    actions.units_to_check(unit_id, by=by)
    return start_job(by=by, task=check_unit, title=title, unit_id=unit_id, checked_unit_id=unit_id)


def claim_and_check(*, by: Actor, rows: QuerySet[Any]) -> int:
    """Say of several cases that they are mended, and check their units in the background; returns how many."""
    claimed = actions.claim_many(by=by, rows=rows)
    for unit_id, number in sorted(claimed.items()):
        start_check(by=by, unit_id=unit_id, title=_("Kiểm tra lại %(n)d lỗi báo đã sửa") % {"n": number})
    return sum(claimed.values())


@periodic_task(cron="30 18 * * *", name="quality.nightly")  # 01:30
def check_everything(*, by: Actor, today: date) -> None:
    """All rules over the whole province."""
    actions.run_checks(by=by, today=today)


@periodic_task(cron="30 23 * * 0", name="quality.weekly")  # Monday 06:30, before the digest goes out
def tell_schools(*, by: Actor, today: date) -> None:
    """Each school its list of what waits."""
    actions.send_weekly_lists(by=by, today=today)
