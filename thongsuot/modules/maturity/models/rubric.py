"""By what, and when, schools are assessed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone

from ..types import Origin, Subject


@tracked()
class RubricVersion(models.Model):
    """A rubric as it stood: never changed once written, an assessment keeps the one it began with."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("mã"), max_length=20)
    number = models.PositiveSmallIntegerField(_("phiên bản"))
    decision = models.CharField(_("quyết định ban hành"), max_length=60)
    title = models.CharField(_("tên bộ chỉ số"), max_length=300)
    issued_on = models.DateField(_("ngày ban hành"))
    subject = models.CharField(_("áp dụng cho"), max_length=12, choices=Subject)
    body = models.JSONField(_("nội dung"))
    is_enabled = models.BooleanField(_("đang áp dụng"))
    # Of several versions the one by which new assessments begin.
    is_current = models.BooleanField(_("bản hiện hành"))
    origin = models.CharField(_("nguồn"), max_length=12, choices=Origin)
    # Of the file it came from, so that the same file is not brought in twice.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    made_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người sửa")
    )
    made_at = models.DateTimeField(_("lúc"))

    isolation = Anyone(reason="a regulation, the same for all")

    class Meta:
        verbose_name = _("bộ chỉ số")
        verbose_name_plural = _("bộ chỉ số")
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="maturity_rubric_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="maturity_rubric_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} ({self.number})"


@tracked()
class MaturityRound(models.Model):
    """đợt đánh giá: one a school year, with its dates."""

    school_year = models.OneToOneField(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    as_of = models.DateField(_("số liệu tính đến ngày"))
    self_due_on = models.DateField(_("trường nộp tự đánh giá trước"))
    forward_due_on = models.DateField(_("xã gửi Sở trước"))
    external_due_on = models.DateField(_("đánh giá ngoài, công bố trước"))
    appeal_days = models.PositiveSmallIntegerField(_("số ngày được kiến nghị sau công bố"))
    opened_at = models.DateTimeField(_("mở lúc"))

    isolation = Anyone(reason="a calendar of the province")

    class Meta:
        verbose_name = _("đợt đánh giá")
        verbose_name_plural = _("đợt đánh giá")
        ordering = ["-school_year__starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forward_due_on__gte=F("self_due_on"), external_due_on__gte=F("forward_due_on")),
                name="maturity_round_dates",
            ),
        ]

    def __str__(self) -> str:
        return str(self.school_year)


class ReminderMark(models.Model):
    """A reminder that has gone out, so that none goes twice."""

    round = models.ForeignKey(MaturityRound, models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)
    step = models.SmallIntegerField()
    sent_on = models.DateField()

    isolation = Anyone(reason="dates on which all were reminded")

    class Meta:
        verbose_name = _("lần nhắc")
        verbose_name_plural = _("lần nhắc")
        constraints = [
            models.UniqueConstraint(fields=["round", "what", "step"], name="maturity_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.step}"
