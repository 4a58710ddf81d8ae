"""Writes of the room: ask for work, stop it, ask again."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.jobs import queueing
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.queries import jobs_of
from thongsuot.kit.jobs.registry import DEFAULT_QUEUE, JobTask, task_named
from thongsuot.kit.jobs.types import FINISHED, JobRefused, JobState


def start_job(*, by: Actor, task: JobTask, title: str, unit_id: int | None = None, **ids: Any) -> Job:
    """Ask for `task` to be run with `ids` (JSON values; ids, never personal data) in the background, as `by`.

    Belongs to the transaction of the caller: rolled back with it, and no worker sees it before the commit.
    `title` is what people read on the page of jobs.
    """
    if not by.is_authenticated:
        raise NotAllowed(_("Hãy đăng nhập."))
    with acting(by):
        job = Job.objects.create(
            title=title[:200],
            task=task.name,
            arguments=ids,
            requested_by_id=by.user_id,
            acting_index=by.acting_index,
            unit_id=unit_id,
        )
        job.queue_id = queueing.put(job.pk, queue=task.queue)
        job.save(update_fields=["queue_id"])
    return job


def cancel_job(*, by: Actor, job: Job) -> None:
    """Stop a job: at once when it still waits, at its next step when it runs. JobRefused when it has
    ended.
    """
    with acting(by):
        job = _locked(by, job)
        if job.state in FINISHED:
            raise JobRefused(_("Việc này đã kết thúc."))
        job.cancel_requested = True
        if job.state == JobState.WAITING:
            job.state, job.finished_at = JobState.CANCELLED, timezone.now()
            queueing.take_back(job.queue_id)
        job.save(update_fields=["cancel_requested", "state", "finished_at"])


def retry_job(*, by: Actor, job: Job) -> None:
    """Queue a job that failed or was stopped once more, from its beginning. JobRefused in any other state."""
    with acting(by):
        job = _locked(by, job)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise JobRefused(_("Chỉ chạy lại được việc không thành công hoặc đã dừng."))
        task = task_named(job.task)
        job.state, job.cancel_requested, job.attempts = JobState.WAITING, False, 0
        job.done, job.total, job.furthest, job.message, job.result_url = 0, 0, 0, "", ""
        job.started_at = job.finished_at = None
        job.queue_id = queueing.put(job.pk, queue=task.queue if task else DEFAULT_QUEUE)
        job.save()


def _locked(by: Actor, job: Job) -> Job:
    found = jobs_of(by).select_for_update(of=("self",)).filter(pk=job.pk).first()
    if found is None:
        raise Http404
    return found
