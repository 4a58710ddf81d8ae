"""Background work of the registry: lists on their way to the population database; dossiers compared with each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult

from .actions import identity
from .actions.matching import find_candidates as find
from .queries.population import is_connected

# Reading, comparing, writing: find_candidates says when each begins.
STEPS = 3


@job_task(name="registry.identity_step", in_steps=True)
def identity_step(*, by: Actor, progress: Progress, batch_id: int) -> JobResult:
    """Send a list, or fetch its answers."""
    batch = identity.advance(by=by, batch_id=batch_id, now=timezone.now())
    progress.set(batch.answered, total=batch.size)
    said = _("%(answered)d/%(size)d người đã có trả lời, %(matched)d khớp")
    words = said % {"answered": batch.answered, "size": batch.size, "matched": batch.matched}
    return JobResult(url=reverse("registry:identity-batch", args=[batch.public_id]), message=words)


def start_step(*, by: Actor, batch: Any) -> None:
    """Ask for the next step of a list now, rather than at its time."""
    title = _("Xác thực với CSDL dân cư: %(size)d người") % {"size": batch.size}
    start_job(by=by, task=identity_step, title=title, unit_id=batch.unit_id, batch_id=batch.pk)


@periodic_task(cron="* * * * *", name="registry.identity_due")
def identity_due(*, by: Actor, today: date) -> None:
    """Each list whose time has come gets a job of its own: one that hangs holds up no other."""
    if not is_connected():
        return
    for batch in identity.due_batches(by=by, now=timezone.now()):
        start_step(by=by, batch=batch)


@periodic_task(
    cron="0 18 * * *", name="registry.identity_mended"
)  # 01:00, before the nightly check of quality
def identity_mended(*, by: Actor, today: date) -> None:
    """Records that were changed after they were answered are to be sent again."""
    for kind in ("student", "staff"):
        identity.notice_mended(by=by, kind=kind)


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
