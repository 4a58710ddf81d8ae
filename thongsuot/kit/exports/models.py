import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUser


class Export(models.Model):
    """A list that is too long for a request, written to a file in the background for the one who asked."""

    public_id = models.UUIDField(_("mã công khai"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    # The page's address: kept here, because what was searched for may be somebody's name, which has no
    # business in a queue.
    path = models.CharField(_("trang"), max_length=500)
    query = models.TextField(_("điều kiện"), blank=True)
    kind = models.CharField(_("định dạng"), max_length=10)
    language = models.CharField(_("ngôn ngữ"), max_length=10)
    title = models.CharField(_("danh sách"), max_length=200)
    name = models.CharField(_("tên tệp"), max_length=200)
    rows = models.PositiveIntegerField(_("số dòng"), default=0)
    # Empty before the file is made, and after it is thrown away.
    stored_as = models.CharField(_("nơi lưu"), max_length=200, blank=True, editable=False)
    job = models.ForeignKey(
        "jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("việc nền")
    )
    created_at = models.DateTimeField(_("yêu cầu lúc"), auto_now_add=True)

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("tệp xuất")
        verbose_name_plural = _("các tệp xuất")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="exports_export_user")]

    def __str__(self) -> str:
        return self.name
