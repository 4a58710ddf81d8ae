import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.jobs.types import FINISHED, JobState
from thongsuot.kit.postgres.isolation import ByUser


class Job(models.Model):
    """Long work that somebody asked for, and how far it is. The queue itself is Procrastinate's."""

    public_id = models.UUIDField(_("mã công khai"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("việc"), max_length=200)
    task = models.CharField(max_length=200, editable=False)
    # Ids only: personal data has no business in a queue.
    arguments = models.JSONField(default=dict, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người yêu cầu")
    )
    # Which of the person's appointments asked.
    acting_index = models.PositiveSmallIntegerField(default=0, editable=False)
    unit_id = models.BigIntegerField(_("đơn vị"), null=True)
    state = models.CharField(_("trạng thái"), max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveBigIntegerField(_("đã xong"), default=0)
    total = models.PositiveBigIntegerField(_("tổng số"), default=0)
    message = models.CharField(_("ghi chú"), max_length=500, blank=True)
    result_url = models.CharField(_("kết quả"), max_length=300, blank=True)
    cancel_requested = models.BooleanField(_("đã yêu cầu dừng"), default=False)
    # Attempts in a row that came no further than an earlier one; how far a task in steps has ever come.
    attempts = models.PositiveSmallIntegerField(_("số lần chạy"), default=0)
    furthest = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    queue_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("yêu cầu lúc"), auto_now_add=True)
    started_at = models.DateTimeField(_("bắt đầu"), null=True)
    finished_at = models.DateTimeField(_("kết thúc"), null=True)

    isolation = ByUser("requested_by")

    class Meta:
        verbose_name = _("việc nền")
        verbose_name_plural = _("việc nền")
        ordering = ["-id"]
        indexes = [models.Index(fields=["requested_by", "-id"], name="jobs_job_requested_by")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(FINISHED), finished_at__isnull=False)
                | Q(state__in=[JobState.WAITING, JobState.RUNNING], finished_at__isnull=True),
                name="jobs_job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="jobs_job_done_in_total"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED
