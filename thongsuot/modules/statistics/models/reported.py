"""Figures that units report where no record gives them yet, each with its evidence and who approved it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone, ByUnit

from ..types import ReportState


@tracked()
class ReportedFigure(models.Model):
    """What a unit says of itself (without what lies below it) on a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("chỉ số"), max_length=80)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    as_of = models.DateField(_("tính đến ngày"))
    numerator = models.DecimalField(_("tử số"), max_digits=16, decimal_places=2)
    denominator = models.DecimalField(_("mẫu số"), max_digits=16, decimal_places=2)
    note = models.CharField(_("giải trình"), max_length=500, blank=True)
    link = models.URLField(_("liên kết minh chứng"), max_length=500, blank=True)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp minh chứng"),
    )
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=ReportState.choices, default=ReportState.SUBMITTED
    )
    submitted_at = models.DateTimeField(_("báo cáo lúc"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người báo cáo")
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người duyệt"),
    )
    reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("số liệu đơn vị báo cáo")
        verbose_name_plural = _("số liệu đơn vị báo cáo")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "unit", "as_of"],
                condition=Q(state="submitted"),
                name="statistics_reported_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=0, denominator__gte=0),
                name="statistics_reported_part",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["approved", "returned"], decided_at__isnull=False, decided_by__isnull=False),
                name="statistics_reported_decided",
            ),
            models.CheckConstraint(
                condition=~Q(link="") | Q(file__isnull=False), name="statistics_reported_evidence"
            ),
        ]
        indexes = [models.Index(fields=["code", "unit", "as_of"], name="statistics_reported_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.as_of}"


class IndicatorSource(models.Model):
    """Since when an indicator has been computed, or reported: where its series changes its source."""

    code = models.CharField(_("chỉ số"), max_length=80)
    kind = models.CharField(_("nguồn"), max_length=10)
    since = models.DateField(_("từ ngày"))

    isolation = Anyone("where figures come from; no figure, no person")

    class Meta:
        verbose_name = _("nguồn của chỉ số")
        verbose_name_plural = _("nguồn của các chỉ số")
        ordering = ["code", "since"]
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="statistics_source_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.kind} {self.since}"
