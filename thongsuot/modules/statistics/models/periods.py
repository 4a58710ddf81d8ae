"""Periods of the statistics, and what was frozen for them: the rows that were counted."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.audit.triggers import append_only
from thongsuot.kit.postgres.isolation import Anyone, ByUnit

from ..types import PeriodKind, PeriodState


@tracked(exclude=["definitions"])
class ReportingPeriod(models.Model):
    """kỳ báo cáo thống kê: which forms, counted as of which day, due when at each level."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("loại kỳ"), max_length=16, choices=PeriodKind)
    name = models.CharField(_("tên kỳ"), max_length=160)
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    as_of = models.DateField(_("số liệu tính đến"))
    forms = ArrayField(models.CharField(max_length=30), verbose_name=_("biểu"))
    # {code: the form's JSON on the day the period was opened}: a form corrected later leaves this period alone.
    definitions = models.JSONField(editable=False)
    school_due_on = models.DateField(_("hạn của trường"))
    commune_due_on = models.DateField(_("hạn của xã"))
    department_due_on = models.DateField(_("hạn của Sở"))
    state = models.CharField(_("trạng thái"), max_length=8, choices=PeriodState, default=PeriodState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người mở")
    )
    opened_at = models.DateTimeField(_("mở lúc"))
    frozen_at = models.DateTimeField(_("chốt lúc"), null=True, blank=True)
    closed_at = models.DateTimeField(_("khóa lúc"), null=True, blank=True)
    # None with closed_at: closed by itself, when the last return was signed off.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người khóa"),
    )
    # Why it was closed with returns that are not signed off, or opened again.
    state_reason = models.CharField(_("lý do khóa, mở lại"), max_length=500, blank=True)

    isolation = Anyone(reason="what is due on which day is the same for every unit, and no secret")

    class Meta:
        verbose_name = _("kỳ báo cáo thống kê")
        verbose_name_plural = _("kỳ báo cáo thống kê")
        ordering = ["-as_of", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "as_of"], name="statistics_period_once"),
            models.CheckConstraint(condition=~Q(forms=[]), name="statistics_period_has_forms"),
            models.CheckConstraint(
                condition=Q(as_of__lte=F("school_due_on"))
                & Q(school_due_on__lte=F("commune_due_on"))
                & Q(commune_due_on__lte=F("department_due_on")),
                name="statistics_period_dates",
            ),
            models.CheckConstraint(
                condition=Q(state="open", frozen_at__isnull=True)
                | (~Q(state="open") & Q(frozen_at__isnull=False)),
                name="statistics_period_frozen_at",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="statistics_period_closed_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.state == PeriodState.CLOSED


class FrozenBatch(models.Model):
    """One freezing: of the whole province when the period's day has come, of one unit (`unit`) when it corrects.

    columns: {fact table: names of the columns kept of each row}.
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="batches")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    columns = models.JSONField()
    row_count = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    isolation = Anyone(reason="when a period was frozen and how many rows; the rows themselves are by unit")
    append_only = True

    class Meta:
        triggers = append_only()
        verbose_name = _("lần chốt số liệu")
        verbose_name_plural = _("lần chốt số liệu")
        ordering = ["period", "id"]

    def __str__(self) -> str:
        return f"{self.period_id} {self.taken_at:%d/%m/%Y}"


class FrozenRow(models.Model):
    """A record as it was counted: which one, by which unit, and the columns that the forms look at.

    Its foreign keys are not checked by the database: half a million rows are written in one statement from rows whose
    units are there, and neither batches nor units are ever deleted. The record itself may be: the row stays.
    """

    batch = models.ForeignKey(
        FrozenBatch, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    fact = models.CharField(max_length=60)
    unit = models.ForeignKey(
        "organization.Unit", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    record_id = models.BigIntegerField()
    columns = models.JSONField()

    isolation = ByUnit("unit")
    append_only = True

    class Meta:
        triggers = append_only()
        verbose_name = _("dòng đã chốt")
        verbose_name_plural = _("dòng đã chốt")
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "fact", "unit"], name="statistics_frozenrow_of_unit")]

    def __str__(self) -> str:
        return f"{self.fact} {self.record_id}"
