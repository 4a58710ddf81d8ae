"""Forms of large units as they were computed once: half a million records are not counted again for each reader."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUnit


class KeptForm(models.Model):
    """What a form of a unit came to at one moment. Computed again it is replaced; old ones are thrown away.

    values: {cell: "123"}; a cell without a value is not there.
    """

    form_code = models.CharField(_("biểu"), max_length=30)
    form_version = models.PositiveSmallIntegerField(_("phiên bản biểu"))
    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", verbose_name=_("đơn vị"))
    as_of = models.DateField(_("số liệu tính đến"))
    values = models.JSONField()
    computed_at = models.DateTimeField(_("tính lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("biểu đã tính")
        verbose_name_plural = _("các biểu đã tính")
        ordering = ["-computed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "form_code", "form_version", "as_of"], name="statistics_kept_form_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_code} {self.as_of:%d/%m/%Y}"
