"""An error is a case: with an owner, a deadline and a history."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import OPEN_STATES, CaseState, Severity


class QualityCase(models.Model):
    """One rule broken by one object. The wrong value itself is never copied here: it is read where it stands."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    rule = models.CharField(_("quy tắc"), max_length=80)
    dataset = models.CharField(_("dữ liệu"), max_length=30)
    field = models.CharField(_("trường dữ liệu"), max_length=60)
    object_id = models.BigIntegerField()
    severity = models.CharField(_("mức"), max_length=8, choices=Severity)
    state = models.CharField(_("trạng thái"), max_length=14, choices=CaseState, default=CaseState.OPEN)
    owner = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người xử lý"),
    )
    opened_on = models.DateField(_("phát hiện ngày"))
    due_on = models.DateField(_("hạn xử lý"))
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)
    explanation = models.CharField(_("giải trình"), max_length=500, blank=True)
    # Times it came back after having been mended.
    reopened = models.PositiveSmallIntegerField(_("số lần tái diễn"), default=0)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lỗi dữ liệu")
        verbose_name_plural = _("lỗi dữ liệu")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="quality_case_unit"),
            models.Index(fields=["dataset", "object_id"], name="quality_case_object"),
            # The list of a whole province, the most urgent first.
            models.Index(
                fields=["due_on", "id"], condition=Q(closed_at__isnull=True), name="quality_case_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "object_id"], name="quality_case_once"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_STATES), closed_at__isnull=True)
                | (~Q(state__in=sorted(OPEN_STATES)) & Q(closed_at__isnull=False)),
                name="quality_case_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.object_id}"


class CaseEvent(models.Model):
    """What happened to a case: found, taken, claimed mended, mended, explained, found again."""

    case = models.ForeignKey(QualityCase, models.CASCADE, related_name="events")
    verb = models.CharField(_("việc"), max_length=20)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("lúc"))

    isolation = ByParent("case")
    append_only = True

    class Meta:
        verbose_name = _("diễn biến của lỗi")
        verbose_name_plural = _("diễn biến của lỗi")
        ordering = ["case", "at", "id"]

    def __str__(self) -> str:
        return self.verb
