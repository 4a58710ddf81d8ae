"""What stands between a transcript and its signatures: objections; how far each school has come; reminders that went out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit, ByUser

from ..types import SignerRole
from .transcript import Transcript


@tracked()
class Objection(models.Model):
    """từ chối ký: what a signer says is wrong, handed back to whoever entered it; until it is settled nobody signs.

    part: the key of a section of the layout, with a colon the row ("subjects:mathematics").
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transcript = models.ForeignKey(
        Transcript, models.PROTECT, related_name="objections", verbose_name=_("học bạ")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    role = models.CharField(_("vai trò"), max_length=10, choices=SignerRole)
    part = models.CharField(_("phần"), max_length=80)
    part_name = models.CharField(_("phần bị từ chối"), max_length=200)
    reason = models.TextField(_("lý do"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người từ chối ký")
    )
    made_at = models.DateTimeField(_("lúc"))
    # Whoever entered the part; null: the school's office.
    returned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("trả lại cho"),
    )
    answer = models.TextField(_("trả lời"), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("người giải quyết"),
    )
    settled_at = models.DateTimeField(_("giải quyết lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("từ chối ký học bạ")
        verbose_name_plural = _("từ chối ký học bạ")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(
                fields=["unit"], condition=Q(settled_at__isnull=True), name="transcripts_objection_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["transcript", "role", "part"],
                condition=Q(settled_at__isnull=True),
                name="transcripts_objection_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="transcripts_objection_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.part_name} {self.made_at:%d/%m/%Y}"


class SchoolStanding(models.Model):
    """How far the transcripts of a school's year have come: versions in force by the step they wait for.

    The steps are kept by trigger, whoever writes (migrations/*_standing.py); `pupils` is counted from the registry and
    says when: a board of a thousand schools reads a thousand rows, not half a million.
    """

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.CASCADE, related_name="+", verbose_name=_("năm học")
    )
    pupils = models.IntegerField(_("học sinh"), default=0)
    counted_at = models.DateTimeField(_("đếm học sinh lúc"), null=True)
    at_subject = models.IntegerField(_("chờ giáo viên bộ môn"), default=0)
    at_homeroom = models.IntegerField(_("chờ chủ nhiệm"), default=0)
    at_leader = models.IntegerField(_("chờ hiệu trưởng"), default=0)
    at_seal = models.IntegerField(_("chờ phát hành"), default=0)
    at_mending = models.IntegerField(_("Sở từ chối"), default=0)
    at_sending = models.IntegerField(_("chờ gửi Sở"), default=0)
    at_department = models.IntegerField(_("chờ Sở"), default=0)
    received = models.IntegerField(_("Sở đã tiếp nhận"), default=0)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("tiến độ học bạ của trường")
        verbose_name_plural = _("tiến độ học bạ của trường")
        ordering = ["unit_id", "school_year_id"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "unit"], name="transcripts_standing_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.school_year}"

    @property
    def levels(self) -> list[str]:
        """Of the school; read with `select_related("unit__school")`."""
        school = getattr(self.unit, "school", None)
        return list(school.levels) if school else []


class TranscriptReminder(models.Model):
    """A reminder that went out to a person: none goes twice, whatever happened to the machine between."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    due_on = models.DateField(_("hạn"))
    # Days ahead of the due day; below zero after it.
    step = models.SmallIntegerField(_("mốc nhắc"))
    sent_at = models.DateTimeField(_("nhắc lúc"))

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("lần nhắc học bạ")
        verbose_name_plural = _("lần nhắc học bạ")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "due_on", "step"], name="transcripts_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on} {self.step}"
