"""How many people of an age live in a commune: what enrolment is measured against."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone


@tracked()
class Population(models.Model):
    """People of one age and sex in a commune in a year; age as the registry counts it: year minus year of birth."""

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("xã, phường")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    age = models.PositiveSmallIntegerField(_("tuổi"))
    sex = models.CharField(_("giới tính"), max_length=6, choices=[("male", _("Nam")), ("female", _("Nữ"))])
    people = models.PositiveIntegerField(_("số người"))
    source = models.CharField(_("nguồn"), max_length=200, blank=True)

    isolation = Anyone("how many people live in a commune is published; no person can be told")

    class Meta:
        verbose_name = _("dân số theo tuổi")
        verbose_name_plural = _("dân số theo tuổi")
        ordering = ["unit", "-year", "age", "sex"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "age", "sex"], name="statistics_population_once"),
            models.CheckConstraint(
                condition=models.Q(age__lte=120, year__range=(1990, 2200)), name="statistics_population_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.age} {self.sex}"
