"""Taking back what is in force, and what families say is wrong."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import CorrectionState, RecallReason, RecallState
from .exchange import Original
from .transcript import Transcript


@tracked()
class Recall(models.Model):
    """yêu cầu thu hồi, điều chỉnh: before the lock agreed by itself, after it by the Sở, and by the Bộ where the Bộ has the
    transcript already (CV 2088; QĐ 1789 Điều 21)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    # None: the original lies at another gateway.
    original = models.ForeignKey(
        Original,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recalls",
        verbose_name=_("bản gốc"),
    )
    transcript = models.ForeignKey(
        Transcript,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recalls",
        verbose_name=_("học bạ"),
    )
    reason = models.CharField(_("lý do"), max_length=14, choices=RecallReason)
    words = models.CharField(_("nội dung sai, căn cứ"), max_length=500)
    # The decision on a change of civil status.
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("văn bản kèm theo"),
    )
    is_after_lock = models.BooleanField(_("sau khi khóa năm học"))
    needs_ministry = models.BooleanField(_("cần Bộ đồng ý"))
    state = models.CharField(_("trạng thái"), max_length=12, choices=RecallState, default=RecallState.WAITING)
    answer = models.CharField(_("trả lời"), max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người đề nghị")
    )
    asked_at = models.DateTimeField(_("đề nghị lúc"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("yêu cầu thu hồi học bạ")
        verbose_name_plural = _("yêu cầu thu hồi học bạ")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["original"],
                condition=Q(state__in=["waiting", "at_ministry"]),
                name="transcripts_recall_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "at_ministry"], decided_at__isnull=True)
                | (Q(state__in=["agreed", "refused"]) & Q(decided_at__isnull=False)),
                name="transcripts_recall_decided",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=False) | Q(transcript__isnull=False),
                name="transcripts_recall_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original or self.transcript} {self.asked_at:%d/%m/%Y}"

    @property
    def student_name(self) -> str:
        """As the transcript that is taken back says it."""
        one = self.original or self.transcript
        return one.student_name if one is not None else ""

    @property
    def first_year(self) -> int:
        if self.original is not None:
            return int(self.original.first_year)
        return int(self.transcript.school_year.starts_on.year) if self.transcript is not None else 0


@tracked()
class CorrectionReport(models.Model):
    """báo sai sót: by the family, about one transcript; answered by the issuing school within the days of the deadline."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transcript = models.ForeignKey(
        Transcript, models.PROTECT, related_name="reports", verbose_name=_("học bạ")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    words = models.TextField(_("nội dung cho là sai"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=CorrectionState, default=CorrectionState.OPEN
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người báo")
    )
    reported_at = models.DateTimeField(_("báo lúc"))
    due_on = models.DateField(_("trả lời trước ngày"))
    answer = models.TextField(_("trả lời"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người trả lời"),
    )
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    # Told once before the day, once when it has passed.
    reminded_on = models.DateField(_("đã nhắc trường ngày"), null=True, blank=True)
    escalated_on = models.DateField(_("đã báo cấp trên ngày"), null=True, blank=True)
    # The family does not agree and asks the Sở.
    appeal = models.TextField(_("gia đình chưa đồng ý vì"), blank=True)
    appealed_at = models.DateTimeField(_("đề nghị Sở xem lại lúc"), null=True, blank=True)
    review = models.TextField(_("kết luận của Sở"), blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người kết luận"),
    )
    reviewed_at = models.DateTimeField(_("kết luận lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("báo sai sót trong học bạ")
        verbose_name_plural = _("báo sai sót trong học bạ")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["unit", "due_on"], condition=Q(state="open"), name="transcripts_report_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="transcripts_report_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="appealed") | (Q(appealed_at__isnull=False) & ~Q(appeal="")),
                name="transcripts_report_appealed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "ordered"]) | Q(reviewed_at__isnull=False),
                name="transcripts_report_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transcript} {self.reported_at:%d/%m/%Y}"
