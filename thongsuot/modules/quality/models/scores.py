"""How rules are set, and the index day by day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone, ByUnit


@tracked()
class RuleSetting(models.Model):
    """What the department has changed of a rule of the program: switched off, weighed, dated, numbers corrected."""

    rule = models.CharField(_("quy tắc"), max_length=80)
    is_on = models.BooleanField(_("áp dụng"), default=True)
    weight = models.DecimalField(_("trọng số"), max_digits=6, decimal_places=2, null=True, blank=True)
    parameters = models.JSONField(_("tham số"), default=dict, blank=True)
    valid_from = models.DateField(_("áp dụng từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)

    isolation = Anyone(reason="which rules apply is known to all")

    class Meta:
        verbose_name = _("thiết lập quy tắc")
        verbose_name_plural = _("thiết lập quy tắc")
        ordering = ["rule", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "valid_from"], name="quality_setting_once"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0), name="quality_setting_weight"
            ),
        ]

    def __str__(self) -> str:
        return self.rule


class CheckRun(models.Model):
    """One run of the rules, over the province or some units."""

    started_at = models.DateTimeField(_("bắt đầu"))
    finished_at = models.DateTimeField(_("xong"), null=True, blank=True)
    # Null: the whole province.
    unit = models.ForeignKey("organization.Unit", models.CASCADE, null=True, blank=True, related_name="+")
    rows = models.PositiveIntegerField(_("số dòng"), default=0)
    found = models.PositiveIntegerField(_("lỗi mới"), default=0)
    mended = models.PositiveIntegerField(_("đã sửa"), default=0)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    isolation = Anyone(reason="when checks ran is known to all; no record of anybody")

    class Meta:
        verbose_name = _("lần kiểm tra")
        verbose_name_plural = _("lần kiểm tra")
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y %H:%M}"


class QualityScore(models.Model):
    """Rows assessed and passed by one rule at one unit on one day: the lowest of the four layers.

    Criterion, field and database are weighted means of these, computed when they are read: a changed weight changes
    the index of every day alike.
    """

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", verbose_name=_("đơn vị"))
    day = models.DateField(_("ngày"))
    rule = models.CharField(_("quy tắc"), max_length=80)
    assessed = models.PositiveIntegerField(_("đã đánh giá"))
    passed = models.PositiveIntegerField(_("đạt"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả quy tắc")
        verbose_name_plural = _("kết quả quy tắc")
        ordering = ["unit", "day", "rule"]
        indexes = [models.Index(fields=["day", "rule"], name="quality_score_day")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "rule"], name="quality_score_once"),
            models.CheckConstraint(
                condition=Q(passed__lte=models.F("assessed")), name="quality_score_passed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day:%d/%m/%Y}"


class ProvinceScore(models.Model):
    """The sums of a day over the whole province, so that a trend need not add up a million rows each time it is shown.

    Counts, not an index: a changed weight still changes every day alike.
    """

    day = models.DateField(_("ngày"))
    rule = models.CharField(_("quy tắc"), max_length=80)
    assessed = models.PositiveIntegerField(_("đã đánh giá"))
    passed = models.PositiveIntegerField(_("đạt"))

    isolation = Anyone(reason="sums of the whole province; names no unit and no person")

    class Meta:
        verbose_name = _("kết quả toàn tỉnh")
        verbose_name_plural = _("kết quả toàn tỉnh")
        ordering = ["day", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["day", "rule"], name="quality_province_once"),
            models.CheckConstraint(
                condition=Q(passed__lte=models.F("assessed")), name="quality_province_passed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day:%d/%m/%Y}"
