"""What sign-in remembers about an account, so that it survives a restart."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUser


class SignInGuard(models.Model):
    """Wrong sign-ins of one account and the lock that follows from them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guard", verbose_name=_("tài khoản")
    )
    failures = models.PositiveSmallIntegerField(_("số lần sai"), default=0)
    since = models.DateTimeField(_("tính từ"), null=True, blank=True)
    locked_until = models.DateTimeField(_("khoá đến"), null=True, blank=True)

    isolation = ByUser("user")
    web_direct = "write"

    class Meta:
        verbose_name = _("khoá đăng nhập")
        verbose_name_plural = _("khoá đăng nhập")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.failures}"


class FormerPassword(models.Model):
    """Hash of a password that was in use, so that it is not taken again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("tài khoản")
    )
    password = models.CharField(_("mật khẩu đã băm"), max_length=200)
    set_at = models.DateTimeField(_("đặt lúc"), auto_now_add=True)

    isolation = ByUser("user")
    web_direct = "write"

    class Meta:
        verbose_name = _("mật khẩu cũ")
        verbose_name_plural = _("mật khẩu cũ")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.set_at:%Y-%m-%d}"
