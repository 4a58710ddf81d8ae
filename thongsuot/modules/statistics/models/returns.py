"""Returns: a form of a period filled for one unit, its versions, and its way up the chain."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import OWED, ReturnState, VersionCause
from .periods import FrozenBatch, ReportingPeriod


@tracked()
class Return(models.Model):
    """báo cáo thống kê of one unit. `to_unit` looks through it; None for the department, which closes the chain."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="returns", verbose_name=_("kỳ báo cáo")
    )
    form_code = models.CharField(_("biểu"), max_length=30)
    form_version = models.PositiveSmallIntegerField(_("phiên bản biểu"))
    form_name = models.CharField(_("tên biểu"), max_length=300)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    to_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("nơi duyệt")
    )
    due_on = models.DateField(_("hạn"))
    state = models.CharField(_("trạng thái"), max_length=12, choices=ReturnState, default=ReturnState.WAITING)
    # The last version; 0 before the period is frozen.
    version = models.PositiveSmallIntegerField(_("bản"), default=0)
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True, blank=True)
    note = models.TextField(_("lý do trả lại"), blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("báo cáo thống kê")
        verbose_name_plural = _("báo cáo thống kê")
        ordering = ["-period__as_of", "form_code", "unit__sort_key", "id"]
        indexes = [
            models.Index(fields=["to_unit", "state", "due_on"], name="statistics_return_to_unit"),
            models.Index(fields=["unit", "state", "due_on"], name="statistics_return_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["period", "form_code", "unit"], name="statistics_return_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", version=0) | (~Q(state="waiting") & Q(version__gt=0)),
                name="statistics_return_frozen_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_code} {self.unit}"

    def is_late_on(self, today: date) -> bool:
        """Not confirmed after its day; of a closed period nobody waits any more."""
        return self.state in OWED and self.due_on < today and not self.period.is_closed


class ReturnVersion(models.Model):
    """The values of a return as frozen or corrected. Once signed off, the database lets nobody change it.

    values: {cell: "123"}; findings: what the checks said; reasons: {check: what the unit says of it}.
    batch: where a unit's own rows lie; an area has `parts` instead.
    """

    owner = models.ForeignKey(Return, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("bản"))
    batch = models.ForeignKey(FrozenBatch, models.PROTECT, null=True, related_name="versions")
    values = models.JSONField()
    findings = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    cause = models.CharField(_("vì sao"), max_length=12, choices=VersionCause)
    reason = models.TextField(_("lý do"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("tính lúc"))
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_off_at = models.DateTimeField(_("duyệt lúc"), null=True)

    isolation = ByParent("owner")

    class Meta:
        verbose_name = _("bản của báo cáo")
        verbose_name_plural = _("bản của báo cáo")
        ordering = ["owner", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="statistics_version_once"),
            models.CheckConstraint(
                condition=~Q(cause="correction") | ~Q(reason=""), name="statistics_correction_has_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_off_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.signed_off_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} v{self.number}"


class VersionPart(models.Model):
    """Which version of a unit's own rows was added up in a version of an area."""

    whole = models.ForeignKey(ReturnVersion, models.CASCADE, related_name="parts")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    batch = models.ForeignKey(FrozenBatch, models.PROTECT, related_name="+")

    isolation = ByParent("whole")

    class Meta:
        verbose_name = _("phần của báo cáo tổng hợp")
        verbose_name_plural = _("phần của báo cáo tổng hợp")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["whole", "unit"], name="statistics_part_once")]

    def __str__(self) -> str:
        return f"{self.whole_id} {self.unit_id}"


class ReturnLog(models.Model):
    """The story of a return: frozen, confirmed, returned, signed off, corrected."""

    owner = models.ForeignKey(Return, models.PROTECT, related_name="log")
    verb = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    detail = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    isolation = ByParent("owner")
    append_only = True

    class Meta:
        verbose_name = _("diễn biến báo cáo thống kê")
        verbose_name_plural = _("diễn biến báo cáo thống kê")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.verb


class ReturnReminder(models.Model):
    """A reminder that went out by itself: the same one never twice."""

    owner = models.ForeignKey(Return, models.CASCADE, related_name="+")
    due_on = models.DateField()
    step = models.SmallIntegerField()
    sent_at = models.DateTimeField()

    isolation = ByParent("owner")

    class Meta:
        verbose_name = _("lần nhắc báo cáo thống kê")
        verbose_name_plural = _("lần nhắc báo cáo thống kê")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "due_on", "step"], name="statistics_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.step}"
