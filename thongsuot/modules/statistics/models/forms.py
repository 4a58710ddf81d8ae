"""Statutory forms as users have corrected them; those of the files under data/forms/ are not kept twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone


@tracked()
class FormVersion(models.Model):
    """A correction: never changed once written, a return keeps the version with which it was made."""

    code = models.CharField(_("ký hiệu biểu"), max_length=30)
    number = models.PositiveIntegerField(_("phiên bản"))
    data = models.JSONField(_("nội dung"))
    reason = models.CharField(_("lý do sửa"), max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người sửa")
    )
    made_at = models.DateTimeField(_("lúc"))

    isolation = Anyone(reason="a regulation, the same for all")

    class Meta:
        verbose_name = _("phiên bản biểu")
        verbose_name_plural = _("phiên bản biểu")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="statistics_form_version")]

    def __str__(self) -> str:
        return f"{self.code} ({self.number})"
