"""What the system does by itself. Cron is read in UTC; the hour in the comment is that of Hà Nội."""

from __future__ import annotations

from datetime import date
from typing import Any

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

from .actions import end_desk_signings, expire_certificates, send_expiry_reminders, sign_open_document
from .types import DocumentState


@periodic_task(cron="15 23 * * *", name="documents.certificates")  # 06:15, before the digest goes out
def keep_certificates(*, by: Actor, today: date) -> None:
    """Ended certificates marked, holders reminded."""
    now = timezone.now()
    expire_certificates(by=by, now=now)
    send_expiry_reminders(by=by, now=now)


@periodic_task(cron="*/5 * * * *", name="documents.desk")
def end_desk(*, by: Actor, today: date) -> None:
    """Batches that nobody signed at the desk in time."""
    end_desk_signings(by=by, now=timezone.now())


@job_task(name="documents.sign", in_steps=True)
def sign(*, by: Actor, progress: Progress, signing_id: int) -> JobResult:
    """A document to which its signer has said yes. Keys and authorities are asked between two transactions."""
    progress.set(0, total=1)
    state = sign_open_document(by=by, signing_id=signing_id, now=timezone.now())
    url = reverse("documents:signing-list")
    if state == DocumentState.OPEN:
        return JobResult(url=reverse("documents:desk"), message=_("Chờ ký tại bàn bằng USB token"))
    progress.set(1)
    return JobResult(url=url, message=_("Đã ký văn bản"))


def start_document(*, by: Actor, signing: Any) -> Job:
    """The job that signs it; the one that is at it already where there is one."""
    job = document_job(signing)
    if job is not None and not job.is_finished:
        return job
    title = _("Ký văn bản: %(title)s") % {"title": signing.title}
    return start_job(by=by, task=sign, title=title, unit_id=signing.unit_id, signing_id=signing.pk)


def document_job(signing: Any) -> Job | None:
    """The newest job that signs it, for who asked; None when there is none."""
    asked = Job.objects.filter(task=sign.name, requested_by_id=signing.asked_by_id)
    return asked.filter(arguments__signing_id=signing.pk).order_by("-pk").first()
