from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.triggers import append_only
from thongsuot.kit.audit.types import SignInEvent
from thongsuot.kit.postgres.isolation import ByUser


class ReadingLog(models.Model):
    """Somebody opened a record. It says which record, never what stood in it."""

    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người xem")
    )
    subject_table = models.CharField(_("loại dữ liệu"), max_length=63)
    subject_pk = models.CharField(_("mã dòng"), max_length=40)
    purpose = models.CharField(_("mục đích"), max_length=120)
    ip = models.GenericIPAddressField(_("địa chỉ IP"), null=True)

    # Those who look after the whole province read all of it; others see what they themselves opened.
    isolation = ByUser("user")
    append_only = True

    class Meta:
        verbose_name = _("lượt xem dữ liệu")
        verbose_name_plural = _("lượt xem dữ liệu")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_table", "subject_pk"], name="audit_reading_subject"),
            models.Index(fields=["user", "-id"], name="audit_reading_user"),
            BrinIndex(fields=["at"], name="audit_reading_at"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.subject_table} {self.subject_pk}"


class SignInLog(models.Model):
    """Who came in from where: kept for 12 months (Nghị định 333/2026, Đ16), then purged."""

    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    event = models.CharField(_("sự kiện"), max_length=12, choices=SignInEvent)
    # Null when no account has the name that was typed; the name itself is not kept (people type passwords
    # there).
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("tài khoản")
    )
    ip = models.GenericIPAddressField(_("địa chỉ IP"), null=True)
    source_port = models.PositiveIntegerField(_("cổng nguồn"), null=True)
    user_agent = models.CharField(_("thiết bị, trình duyệt"), max_length=300, blank=True)

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("lượt đăng nhập")
        verbose_name_plural = _("lượt đăng nhập")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="audit_signin_user"),
            BrinIndex(fields=["at"], name="audit_signin_at"),
        ]
        triggers = append_only(deletable_when="OLD.at < now() - interval '12 months'")

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.at:%d/%m/%Y %H:%M}"
