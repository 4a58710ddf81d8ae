from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUser


@tracked(exclude=["digest"])
class ApiToken(models.Model):
    """A key with which a program acts for the person who made it, within the scopes chosen for it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens", verbose_name=_("chủ khoá")
    )
    name = models.CharField(_("tên khoá"), max_length=120)
    # First characters of the key, to tell keys apart; the key itself is shown once and never kept.
    prefix = models.CharField(_("đầu khoá"), max_length=12, unique=True)
    digest = models.CharField(max_length=64, editable=False)
    # Rights, each of which counts only as long as the owner holds it too.
    scopes = ArrayField(models.CharField(max_length=80), verbose_name=_("phạm vi"), default=list)
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    expires_at = models.DateTimeField(_("hết hạn"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("khoá API")
        verbose_name_plural = _("khoá API")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user"], name="api_apitoken_user")]

    def __str__(self) -> str:
        return self.name


class ApiUsage(models.Model):
    """How often a key was used in the current minute. Apart from the key: it changes with every request."""

    token = models.OneToOneField(ApiToken, models.CASCADE, primary_key=True, related_name="usage")
    minute = models.DateTimeField(_("phút"))
    count = models.PositiveIntegerField(_("số lần gọi trong phút"))
    last_used_at = models.DateTimeField(_("dùng gần nhất"))

    isolation = ByParent("token")

    class Meta:
        verbose_name = _("lượt dùng khoá API")
        verbose_name_plural = _("lượt dùng khoá API")
        ordering = ["token"]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.count}"
