"""Background entry points: a run of many rows is checked, applied or undone by a worker."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing import actions
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.queries import is_busy, runs
from thongsuot.kit.importing.types import ImportRefused
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult

# More rows than this take longer than a page should.
INLINE_ROWS = 500
STEPS = {"check": actions.check_run, "apply": actions.apply_run, "undo": actions.undo_run}
TITLES = {
    "check": gettext_lazy("Kiểm tra tệp nhập"),
    "apply": gettext_lazy("Nhập dữ liệu"),
    "undo": gettext_lazy("Hoàn tác lần nhập"),
}


@job_task(name="importing.step")
def run_step(*, by: Actor, progress: Progress, run_id: int, step: str) -> JobResult:
    run = runs(by).get(pk=run_id)
    STEPS[step](by=by, run=run, progress=progress)
    return JobResult(url=reverse("importing:row-list", kwargs={"public_id": run.public_id}))


def do_step(*, by: Actor, run: ImportRun, step: str) -> bool:
    """Check, apply or undo: at once for a short file, by a worker for a long one (True: it is under way)."""
    if is_busy(run):
        raise ImportRefused(_("Tệp này đang được xử lý."))
    if size(run) <= INLINE_ROWS:
        STEPS[step](by=by, run=run)
        return False
    run.job = start_job(
        by=by, task=run_step, title=f"{TITLES[step]}: {run.file_name}", run_id=run.pk, step=step
    )
    run.save(update_fields=["job"])
    return True


def size(run: ImportRun) -> int:
    """Rows of the run, as far as known."""
    known: dict[str, Any] = run.counts
    return known.get("rows", 0) or sum(
        known.get(name, 0) for name in ("new", "changed", "unchanged", "rejected")
    )


# 02:45 in Hà Nội.
@periodic_task(cron="45 19 * * *", name="importing.purge")
def purge(*, by: Actor, today: date) -> None:
    actions.purge_files(by=by, today=today)
