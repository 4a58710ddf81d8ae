"""How somebody likes to type."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUser


class EntryPreference(models.Model):
    """is_quick: 75 is typed for 7,5. Nobody has it who has not asked for it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người dùng")
    )
    is_quick = models.BooleanField(_("gõ nhanh 75 thay 7,5"), default=False)

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("cách nhập điểm")
        verbose_name_plural = _("cách nhập điểm")

    def __str__(self) -> str:
        return str(self.user)
