"""Background entry points of the registry."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult

from .actions.matching import find_candidates as find

# Reading, comparing, writing: find_candidates says when each begins.
STEPS = 3


@job_task(name="registry.find_candidates")
def find_candidates(*, by: Actor, progress: Progress) -> JobResult:
    """Compare all dossiers that the actor sees with each other."""
    progress.set(0, total=STEPS)

    def say(text: str) -> None:
        progress.set(min(progress.done + 1, STEPS), message=text)

    number = find(by=by, now=timezone.now(), say=say)
    return JobResult(
        url=reverse("duplicate-list"), message=_("Có %(number)d cặp hồ sơ nghi trùng") % {"number": number}
    )
