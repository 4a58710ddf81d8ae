"""Background entry points."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.exports import actions
from thongsuot.kit.exports.queries import exports_of
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult
from thongsuot.kit.pages.giving import Wanted


@job_task(name="exports.write")
def write(*, by: Actor, progress: Progress, export_id: int) -> JobResult:
    export = exports_of(by).select_related("user").get(pk=export_id)
    return JobResult(url=actions.write_file(by=by, export=export, progress=progress))


def give_later(by: Actor, wanted: Wanted) -> str:
    """The page of the job that makes the file."""
    made = actions.ask_for_file(by=by, wanted=wanted, task=write)
    return reverse("jobs:detail", args=[made.job.public_id])  # type: ignore[union-attr]


# 02:30 in Hà Nội.
@periodic_task(cron="30 19 * * *", name="exports.purge")
def purge(*, by: Actor, today: date) -> None:
    actions.purge(by=by, today=today)
