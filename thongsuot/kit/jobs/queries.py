"""Reads of the room."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.models import Job

# None would find the jobs of the system.
NOBODY = 0
# A worker tells that it is alive every 10 seconds.
ALIVE_WITHIN = timedelta(seconds=60)


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """Jobs that the actor asked for, the newest first; all of them for whoever looks after the system."""
    rows = Job.objects.select_related("requested_by")
    return rows if actor.can("jobs.view_all") else rows.filter(requested_by_id=actor.user_id or NOBODY)


def is_anyone_working() -> bool:
    """Is some worker alive? If not, waiting jobs wait for one to be started."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=timezone.now() - ALIVE_WITHIN).exists()
