"""What people have set right of the days on which offices work (data/organization/holidays.json holds the rest)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone


@tracked()
class WorkDay(models.Model):
    """A day that is free, or worked, other than the file and the weekend say."""

    day = models.DateField(_("ngày"), unique=True)
    is_working = models.BooleanField(_("ngày làm việc"))
    name = models.CharField(_("lý do, văn bản"), max_length=200)

    isolation = Anyone(reason="public calendar")
    web_direct = "select"

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
