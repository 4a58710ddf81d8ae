"""Words of the room. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class JobState(TextChoices):
    WAITING = "waiting", _("Đang chờ")
    RUNNING = "running", _("Đang chạy")
    DONE = "done", _("Xong")
    FAILED = "failed", _("Không thành công")
    CANCELLED = "cancelled", _("Đã dừng")


FINISHED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
TONES = {
    JobState.WAITING: "quiet",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "warn",
}


class JobRefused(Refused):
    code = "job_refused"


class Cancelled(Exception):
    """Raised inside a task by `progress` when somebody has asked to stop; the task's writes are rolled
    back.
    """


@dataclass(frozen=True)
class JobResult:
    """What a task may give back: where its product is, a sentence about it."""

    url: str = ""
    message: str = ""
