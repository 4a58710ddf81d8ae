"""Figures kept ready: what each unit itself counts today, what has gone stale since, and how it was worked out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import Anyone, ByUnit

from ..types import WarmKind


class WarmTotal(models.Model):
    """A number of one unit itself, without what lies below it: of a measure, or of one line of a breakdown."""

    fact = models.CharField(_("bảng dữ liệu"), max_length=80)
    key = models.CharField(_("số đo"), max_length=80)
    unit_id = models.BigIntegerField(_("đơn vị"))
    # Values of the dimensions by which it is broken down, in their order; [] for the whole.
    at = models.JSONField(_("chia theo"), default=list)
    number = models.DecimalField(_("số"), max_digits=20, decimal_places=4)

    isolation = ByUnit("unit_id")

    class Meta:
        verbose_name = _("số liệu tính sẵn")
        verbose_name_plural = _("số liệu tính sẵn")
        ordering = ["key", "unit_id", "at"]
        constraints = [
            models.UniqueConstraint(fields=["key", "unit_id", "at"], name="statistics_warm_once"),
        ]
        indexes = [models.Index(fields=["fact", "unit_id"], name="statistics_warm_fact")]

    def __str__(self) -> str:
        return f"{self.key} {self.unit_id}"


class WarmStale(models.Model):
    """What has to be counted again: a fact table at a unit; unit None: at all of them."""

    fact = models.CharField(_("bảng dữ liệu"), max_length=80)
    unit_id = models.BigIntegerField(_("đơn vị"), null=True)

    isolation = Anyone("which figures are out of date; no figure, no person")

    class Meta:
        verbose_name = _("số liệu phải tính lại")
        verbose_name_plural = _("số liệu phải tính lại")
        ordering = ["fact", "unit_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "unit_id"], nulls_distinct=False, name="statistics_stale_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.unit_id or '*'}"


class WarmChange(models.Model):
    """When a change to what a fact table reads was last noticed, at a unit; unit None: at all of them."""

    fact = models.CharField(_("bảng dữ liệu"), max_length=80)
    unit_id = models.BigIntegerField(_("đơn vị"), null=True)
    at = models.DateTimeField(_("nhận thấy lúc"))

    isolation = Anyone("when records changed; no figure, no person")

    class Meta:
        verbose_name = _("thay đổi của dữ liệu")
        verbose_name_plural = _("thay đổi của dữ liệu")
        ordering = ["fact", "unit_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "unit_id"], nulls_distinct=False, name="statistics_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.unit_id or '*'}"


class WarmLook(models.Model):
    """How far the change log of a table has been read.

    horizon: the oldest transaction that was still open then (what it wrote comes later, under a lower number).
    own: the transaction that looked, where it had written itself; what it wrote it saw.
    """

    table = models.CharField(_("bảng"), max_length=80, unique=True)
    last_id = models.BigIntegerField(_("đã đọc đến"))
    horizon = models.CharField(_("giao dịch cũ nhất còn mở"), max_length=20)
    own = models.CharField(_("giao dịch đã đọc"), max_length=20, blank=True)

    isolation = Anyone("a place in the change log; no figure, no person")

    class Meta:
        verbose_name = _("mốc đọc nhật ký thay đổi")
        verbose_name_plural = _("mốc đọc nhật ký thay đổi")
        ordering = ["table"]

    def __str__(self) -> str:
        return self.table


class WarmRun(models.Model):
    """One time that figures were counted: what was read, and for a full one where it differed from what was kept."""

    kind = models.CharField(_("cách tính"), max_length=10, choices=WarmKind.choices)
    as_of = models.DateField(_("tính đến ngày"))
    at = models.DateTimeField(_("tính lúc"))
    units = models.PositiveIntegerField(_("số đơn vị"))
    rows_read = models.BigIntegerField(_("số dòng đã đọc"))
    difference_count = models.PositiveIntegerField(_("số chênh lệch"), default=0)
    # [{"fact", "key", "unit_id", "at", "kept", "counted"}], the first hundred.
    differences = models.JSONField(_("chênh lệch"), default=list, blank=True)

    isolation = Anyone("how many rows were counted when; shown only to who manages statistics")

    class Meta:
        verbose_name = _("lần tính số liệu")
        verbose_name_plural = _("các lần tính số liệu")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"
