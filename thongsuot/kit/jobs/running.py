"""What a worker does with one job: run its task as the one who asked, and keep how it ended."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import Channel, OwnConnection, Progress
from thongsuot.kit.jobs.registry import JobTask, task_named
from thongsuot.kit.jobs.types import FINISHED, Cancelled, JobResult, JobState
from thongsuot.kit.postgres.isolation import act_as

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
# The server ended the session, is not there, or comes up again; a deadlock is one of these too.
DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class Interrupted(Exception):
    """The worker shuts down, the database was away for a moment, or another worker is still at it: the job goes back
    into the queue.
    """


def run(
    job_id: int,
    *,
    channel: Channel | None = None,
    interrupted: Callable[[], Exception | None] = lambda: None,
) -> None:
    """Run a job to its end. Raises Interrupted when it should be tried again; every other end is kept in the
    row.

    The task's writes and the job's "done" are one transaction: after kill -9 at any moment the job is either
    done with all that it wrote, or will be run again from its beginning. A task in steps keeps each step by itself.
    """
    channel = channel or OwnConnection()
    try:
        # A worker that was believed dead may still be at it: tried again until it has ended, one way or the other.
        if not channel.claim(job_id):
            raise Interrupted
        job = _begin(job_id)
        if job is None:
            return
        task = task_named(job.task)
        if task is None:
            _end(job_id, JobState.FAILED, _("Chương trình không còn việc này."))
            return
        _work(job, task, Progress(job_id, channel, interrupted=interrupted, in_steps=task.in_steps))
    except DATABASE_AWAY as error:
        raise Interrupted from error
    finally:
        with contextlib.suppress(*DATABASE_AWAY):
            channel.close()


def _begin(job_id: int) -> Job | None:
    """The job, now running; None when it has ended meanwhile or has failed too often."""
    with act_as(Actor.system()):
        job = (
            Job.objects.select_for_update(of=("self",))
            .select_related("requested_by")
            .filter(pk=job_id)
            .first()
        )
        if job is None or job.state in FINISHED:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _end(job_id, JobState.FAILED, _("Máy xử lý đã dừng giữa chừng nhiều lần."))
            return None
        job.state, job.started_at, job.attempts = JobState.RUNNING, timezone.now(), job.attempts + 1
        task = task_named(job.task)
        # What a task in steps had done stays: its bar does not fall back.
        job.done, job.message = job.done if task is not None and task.in_steps else 0, ""
        job.save(update_fields=["state", "started_at", "attempts", "done", "message"])
    return job


def _work(job: Job, task: JobTask, progress: Progress) -> None:
    try:
        actor = _actor_of(job)
        if task.in_steps:
            _succeed(job.pk, task.function(by=actor, progress=progress, **job.arguments), progress)
            return
        with act_as(actor), acting(actor, reason=job.title):
            result = task.function(by=actor, progress=progress, **job.arguments)
            _succeed(job.pk, result, progress)
    except Cancelled:
        kept = _("Đã dừng theo yêu cầu; những gì đã xong được giữ lại.")
        nothing = _("Đã dừng theo yêu cầu; chưa có gì được ghi.")
        _end(job.pk, JobState.CANCELLED, kept if task.in_steps else nothing)
    except Refused as refusal:
        _end(job.pk, JobState.FAILED, refusal.message)
    except Interrupted:
        _back_to_queue(job.pk, counted=job.attempts - 1)
        raise
    except DATABASE_AWAY as error:
        _log(job, error)
        # The next attempt counts this one, and gives up after too many.
        with contextlib.suppress(*DATABASE_AWAY):
            _back_to_queue(job.pk)
        raise Interrupted from error
    except Exception as error:
        _log(job, error)
        _end(job.pk, JobState.FAILED, _("Có lỗi khi thực hiện. Mã tra cứu: %(id)s.") % {"id": job.public_id})


def _actor_of(job: Job) -> Actor:
    """Who asked, with the rights they have now; the system where nobody did."""
    if job.requested_by is None:
        return Actor.system()
    if not job.requested_by.is_active:
        raise Refused(_("Tài khoản yêu cầu việc này đã bị khoá."))
    with act_as(Actor.system()):
        return import_string(settings.ACTOR_RESOLVER)(job.requested_by, acting_index=job.acting_index)


def _succeed(job_id: int, result: Any, progress: Progress) -> None:
    made = result if isinstance(result, JobResult) else JobResult(url=result or "")
    with act_as(Actor.system()):
        Job.objects.filter(pk=job_id).update(
            state=JobState.DONE,
            finished_at=timezone.now(),
            done=progress.total or progress.done,
            total=progress.total,
            message=made.message[:500],
            result_url=made.url,
        )


def _end(job_id: int, state: JobState, message: str) -> None:
    with act_as(Actor.system()):
        Job.objects.filter(pk=job_id).exclude(state__in=FINISHED).update(
            state=state, finished_at=timezone.now(), message=message[:500]
        )


def _back_to_queue(job_id: int, *, counted: int | None = None) -> None:
    """counted: how many attempts stand against the job; a worker that shuts down is no fault of it."""
    with act_as(Actor.system()):
        fields: dict[str, Any] = {} if counted is None else {"attempts": counted}
        Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
            state=JobState.WAITING, message=_("Bị gián đoạn, sẽ chạy tiếp."), **fields
        )


def _log(job: Job, error: Exception) -> None:
    # Without the error's message: names and numbers of people stand there.
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("job %s (%s): %s\n%s", job.public_id, job.task, type(error).__name__, where)
