from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUnit


class IndicatorSnapshot(models.Model):
    """What an indicator was for a unit and all below it on a day: kept as it was, whatever moves later."""

    code = models.CharField(_("chỉ số"), max_length=80)
    version = models.PositiveSmallIntegerField(_("phiên bản"))
    unit_id = models.BigIntegerField(_("đơn vị"))
    as_of = models.DateField(_("ngày"))
    numerator = models.DecimalField(_("tử số"), max_digits=20, decimal_places=4)
    denominator = models.DecimalField(_("mẫu số"), max_digits=20, decimal_places=4, null=True)
    computed_at = models.DateTimeField(_("tính lúc"))

    isolation = ByUnit("unit_id")

    class Meta:
        verbose_name = _("số liệu chỉ số")
        verbose_name_plural = _("số liệu chỉ số")
        ordering = ["code", "unit_id", "as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version", "unit_id", "as_of"], name="indicators_snapshot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.unit_id} {self.as_of}"
