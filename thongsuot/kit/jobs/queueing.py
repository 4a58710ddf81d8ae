"""The one place that speaks to Procrastinate from inside Django's transaction."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

RUN = "jobs.run"


def _manager() -> JobManager:
    # Not the app's own: inside a worker that one has a connection of its own, and a job put there would be
    # picked up before the transaction that asks for it commits.
    return JobManager(DjangoConnector(alias="default"))


def put(job_id: int, *, queue: str, at: datetime | None = None) -> int:
    """Queue the running of a job, visible to workers when the transaction commits; returns the queue's id."""
    return defer(RUN, queue=queue, lock=f"{RUN}:{job_id}", at=at, job_id=job_id)


def defer(
    name: str, *, queue: str, lock: str | None = None, at: datetime | None = None, **arguments: Any
) -> int:
    """Queue one of Procrastinate's own tasks, for work that nobody waits for (mail) and that needs no job
    row.
    """
    return configure_task(
        name=name, job_manager=_manager(), queue=queue, lock=lock, task_kwargs=arguments, schedule_at=at
    ).defer()


def again(queue_id: int) -> None:
    """Put a job that a worker has begun back into the queue: the worker is gone."""
    _manager().retry_job_by_id(queue_id, retry_at=timezone.now())


def take_back(queue_id: int | None) -> None:
    """Remove a job that no worker has begun; nothing happens when one has."""
    if queue_id is not None:
        with contextlib.suppress(ConnectorException):
            _manager().cancel_job_by_id(queue_id)
