"""Land, rooms, equipment, lines: what a school has, since when, in what condition (TT 13/2020, TT 37-39/2021)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import Condition, EquipmentKind, EquipmentUse, RoomBuild, RoomKind


class Asset(models.Model):
    """What all things of a school share."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    site = models.ForeignKey(
        "organization.SchoolSite",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("điểm trường"),
    )
    name = models.CharField(_("tên"), max_length=160)
    valid_from = models.DateField(_("có từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


def dates_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name
    )


@tracked()
class Land(Asset):
    """khu đất"""

    area = models.DecimalField(_("diện tích (m²)"), max_digits=10, decimal_places=1)
    has_certificate = models.BooleanField(_("có giấy chứng nhận quyền sử dụng đất"), default=False)

    class Meta:
        verbose_name = _("khu đất")
        verbose_name_plural = _("khu đất")
        ordering = ["unit", "name", "id"]
        constraints = [
            dates_in_order("registry_land_dates"),
            models.CheckConstraint(condition=Q(area__gt=0), name="registry_land_area"),
        ]


@tracked()
class Room(Asset):
    """phòng"""

    kind = models.CharField(_("loại phòng"), max_length=14, choices=RoomKind)
    build = models.CharField(_("kết cấu"), max_length=10, choices=RoomBuild)
    condition = models.CharField(_("tình trạng"), max_length=8, choices=Condition, default=Condition.GOOD)
    area = models.DecimalField(_("diện tích (m²)"), max_digits=8, decimal_places=1, null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(_("năm xây"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("số chỗ"), null=True, blank=True)

    class Meta:
        verbose_name = _("phòng")
        verbose_name_plural = _("phòng")
        ordering = ["unit", "kind", "name", "id"]
        indexes = [models.Index(fields=["unit", "kind"], name="registry_room_unit")]
        constraints = [dates_in_order("registry_room_dates")]


@tracked()
class Equipment(Asset):
    """thiết bị: `quantity` in hand, `needed` by the minimum list, `broken` of those in hand."""

    kind = models.CharField(_("loại thiết bị"), max_length=14, choices=EquipmentKind)
    use = models.CharField(_("dùng cho"), max_length=10, choices=EquipmentUse, default=EquipmentUse.TEACHING)
    measure = models.CharField(_("đơn vị tính"), max_length=20, default="chiếc")
    quantity = models.PositiveIntegerField(_("hiện có"))
    needed = models.PositiveIntegerField(_("cần theo định mức"), null=True, blank=True)
    broken = models.PositiveIntegerField(_("hỏng"), default=0)
    is_connected = models.BooleanField(_("nối mạng"), default=False)

    class Meta:
        verbose_name = _("thiết bị")
        verbose_name_plural = _("thiết bị")
        ordering = ["unit", "kind", "name", "id"]
        indexes = [models.Index(fields=["unit", "kind"], name="registry_equipment_unit")]
        constraints = [
            dates_in_order("registry_equipment_dates"),
            models.CheckConstraint(condition=Q(broken__lte=F("quantity")), name="registry_equipment_broken"),
        ]


@tracked()
class InternetLine(Asset):
    """đường truyền Internet"""

    provider = models.CharField(_("nhà cung cấp"), max_length=60, blank=True)
    technology = models.CharField(_("loại kết nối"), max_length=40, blank=True)
    bandwidth = models.PositiveIntegerField(_("băng thông (Mbps)"), null=True, blank=True)
    is_for_teaching = models.BooleanField(_("dùng cho dạy học"), default=True)

    class Meta:
        verbose_name = _("đường truyền Internet")
        verbose_name_plural = _("đường truyền Internet")
        ordering = ["unit", "name", "id"]
        constraints = [dates_in_order("registry_line_dates")]
