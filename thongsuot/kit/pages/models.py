"""What a person keeps about lists: named filters, chosen columns."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUser


class SavedFilter(models.Model):
    """A search of one list that its owner gave a name. Nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người dùng")
    )
    # Name of the url of the list: "organization:unit-list".
    page = models.CharField(max_length=120, verbose_name=_("trang"))
    name = models.CharField(max_length=80, verbose_name=_("tên bộ lọc"))
    query = models.TextField(verbose_name=_("điều kiện"), blank=True)
    is_default = models.BooleanField(default=False, verbose_name=_("mở sẵn khi vào trang"))
    created_at = models.DateTimeField(auto_now_add=True, verbose_name=_("tạo lúc"))

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("bộ lọc đã lưu")
        verbose_name_plural = _("bộ lọc đã lưu")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="pages_savedfilter_name"),
            models.UniqueConstraint(
                fields=["user", "page"], condition=models.Q(is_default=True), name="pages_savedfilter_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListPreference(models.Model):
    """Columns and length of page that a person chose for one list."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người dùng")
    )
    page = models.CharField(max_length=120, verbose_name=_("trang"))
    # Empty: the columns that the list shows by itself.
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("cột"))
    page_size = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("số dòng mỗi trang"))

    isolation = ByUser("user")

    class Meta:
        verbose_name = _("cách xem danh sách")
        verbose_name_plural = _("cách xem danh sách")
        ordering = ["page", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="pages_listpreference_page")]

    def __str__(self) -> str:
        return self.page
