from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.notify.types import Way
from thongsuot.kit.postgres.isolation import ByUser


class Notification(models.Model):
    """One thing told to one person."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người nhận")
    )
    kind = models.CharField(_("loại"), max_length=60)
    title = models.CharField(_("thông báo"), max_length=200)
    body = models.CharField(_("nội dung"), max_length=500, blank=True)
    url = models.CharField(_("địa chỉ"), max_length=300)
    # What the person had chosen for this kind when it was told.
    way = models.CharField(_("cách báo"), max_length=8, choices=Way)
    created_at = models.DateTimeField(_("lúc"))
    read_at = models.DateTimeField(_("đọc lúc"), null=True)
    mailed_at = models.DateTimeField(_("gửi thư lúc"), null=True)

    isolation = ByUser("recipient")

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notify_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notify_unread"),
            models.Index(
                fields=["recipient"],
                condition=Q(way=Way.DIGEST, read_at=None, mailed_at=None),
                name="notify_for_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """How a person wants to hear of one kind of thing; without a row, as the kind says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người")
    )
    kind = models.CharField(_("loại"), max_length=60)
    way = models.CharField(_("cách báo"), max_length=8, choices=Way)

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("cách nhận thông báo")
        verbose_name_plural = _("cách nhận thông báo")
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notify_preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_way_display()}"
