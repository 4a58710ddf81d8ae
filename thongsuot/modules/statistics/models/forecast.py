"""Numbers of past years, norms set right by people, forecasts that were made."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone


@tracked()
class PastPupils(models.Model):
    """Pupils of a commune and grade as of 30 September of a year from which the registry has no records."""

    year = models.PositiveSmallIntegerField(_("năm học bắt đầu"))
    commune = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("xã, phường")
    )
    grade = models.PositiveSmallIntegerField(_("khối, nhóm tuổi"))
    pupils = models.PositiveIntegerField(_("số học sinh"))
    source = models.CharField(_("nguồn"), max_length=300)

    isolation = Anyone(reason="sums by commune and grade; names no person")

    class Meta:
        verbose_name = _("số học sinh năm trước")
        verbose_name_plural = _("số học sinh các năm trước")
        ordering = ["year", "commune", "grade"]
        constraints = [
            models.UniqueConstraint(fields=["year", "commune", "grade"], name="statistics_past_once"),
            models.CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=18, year__gte=1990), name="statistics_past_range"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="statistics_past_sourced"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.grade}: {self.pupils}"


@tracked()
class ForecastNorm(models.Model):
    """Classes of a group that share a room, as somebody has set it; without a row data/statistics/forecast_norms.json
    holds. Class sizes and teachers are in the code lists.
    """

    group = models.CharField(_("nhóm"), max_length=20, unique=True)
    classes_per_room = models.PositiveSmallIntegerField(_("số lớp dùng chung một phòng"))
    source = models.CharField(_("căn cứ"), max_length=300)

    isolation = Anyone(reason="norms are public")

    class Meta:
        verbose_name = _("định mức")
        verbose_name_plural = _("định mức")
        ordering = ["group"]
        constraints = [
            models.CheckConstraint(condition=Q(classes_per_room__gt=0), name="statistics_norm_above_zero"),
        ]

    def __str__(self) -> str:
        return self.group


@tracked()
class Forecast(models.Model):
    """A forecast of the whole province under some assumptions. Never changed: another assumption is another forecast.

    assumptions  {"migration": percent a year, "births": percent a year}
    norms        {group: {"class_size", "teachers", "classes_per_room"}}
    trial        lines of domain.forecast_trial
    """

    name = models.CharField(_("tên phương án"), max_length=120)
    years = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("các năm đã biết"))
    horizon = models.PositiveSmallIntegerField(_("số năm dự báo"))
    coverage = models.DecimalField(_("độ tin cậy"), max_digits=3, decimal_places=2)
    assumptions = models.JSONField(_("giả định"))
    norms = models.JSONField(_("định mức"))
    trial = models.JSONField(_("thử trên các năm trước"))
    sources = models.JSONField(_("nguồn số liệu từng năm"))
    made_at = models.DateTimeField(_("lập lúc"))
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người lập")
    )

    isolation = Anyone(
        reason="sums by commune and grade; names no person; pages show a commune only to whom it is in reach"
    )

    class Meta:
        verbose_name = _("dự báo")
        verbose_name_plural = _("dự báo")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class ForecastLine(models.Model):
    """Pupils of a commune (none: the province) in one group: a grade's number, a level's code, or "all".

    seen has one number for each of forecast.years; expected, low, high one for each year that follows.
    """

    forecast = models.ForeignKey(Forecast, models.CASCADE, related_name="lines")
    commune = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    group = models.CharField(max_length=20)
    seen = ArrayField(models.PositiveIntegerField())
    expected = ArrayField(models.FloatField())
    low = ArrayField(models.FloatField())
    high = ArrayField(models.FloatField())

    isolation = Anyone(
        reason="sums by commune and grade; names no person; pages show a commune only to whom it is in reach"
    )

    class Meta:
        ordering = ["forecast", "commune", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["forecast", "commune", "group"],
                name="statistics_forecast_line_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.group
