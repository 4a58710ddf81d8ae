from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone

from ..types import EducationLevel, SchoolType, UnitKind


@tracked(exclude=["name_fold", "sort_key"])
class Unit(models.Model):
    """A body that acts: the department, its offices, a commune's committee, its office, a school."""

    code = models.CharField(_("mã"), max_length=30, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    short_name = models.CharField(_("tên gọn"), max_length=120, blank=True)
    # Other spellings under which documents name the unit ("Phòng GDTrH", "Phòng Giáo dục trung học").
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("tên gọi khác"), default=list, blank=True
    )
    kind = models.CharField(_("loại"), max_length=24, choices=UnitKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("cơ quan quản lý"),
    )
    # Ids from the top down to this unit, "1.5.22.": everything below a unit is one prefix.
    path = models.CharField(max_length=120, editable=False, default="")
    administrative_unit = models.ForeignKey(
        "organization.AdministrativeUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("địa bàn"),
    )
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    name_fold = models.CharField(max_length=240, editable=False)
    sort_key = models.CharField(max_length=600, editable=False)
    valid_from = models.DateField(_("hoạt động từ"))
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)

    isolation = Anyone(reason="which bodies exist is public")
    web_direct = "select"

    class Meta:
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="organization_unit_path"),
            models.Index(
                fields=["name_fold"], opclasses=["varchar_pattern_ops"], name="organization_unit_fold"
            ),
            models.Index(fields=["kind", "parent"], name="organization_unit_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organization_unit_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class School(models.Model):
    """What is true only of a school. Its managing body is `unit.parent`: the department or a commune."""

    unit = models.OneToOneField(
        Unit, models.CASCADE, primary_key=True, related_name="school", verbose_name=_("đơn vị")
    )
    ministry_code = models.CharField(_("mã định danh của Bộ"), max_length=20, blank=True, db_index=True)
    levels = ArrayField(models.CharField(max_length=20, choices=EducationLevel), verbose_name=_("cấp học"))
    school_type = models.CharField(
        _("loại hình"), max_length=20, choices=SchoolType, default=SchoolType.PUBLIC
    )
    is_boarding = models.BooleanField(_("nội trú, bán trú"), default=False)
    is_hard_area = models.BooleanField(_("vùng khó khăn"), default=False)

    isolation = Anyone(reason="which bodies exist is public")
    web_direct = "select"

    class Meta:
        verbose_name = _("trường")
        verbose_name_plural = _("trường")
        ordering = ["unit__sort_key", "unit_id"]
        constraints = [models.CheckConstraint(condition=~Q(levels=[]), name="organization_school_has_level")]

    def __str__(self) -> str:
        return str(self.unit)


@tracked()
class SchoolSite(models.Model):
    """điểm trường"""

    school = models.ForeignKey(School, models.CASCADE, related_name="sites", verbose_name=_("trường"))
    name = models.CharField(_("tên điểm trường"), max_length=160)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    is_main = models.BooleanField(_("điểm chính"), default=False)
    valid_from = models.DateField(_("hoạt động từ"))
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)

    isolation = Anyone(reason="which bodies exist is public")
    web_direct = "select"

    class Meta:
        verbose_name = _("điểm trường")
        verbose_name_plural = _("điểm trường")
        ordering = ["-is_main", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=Q(is_main=True), name="organization_site_one_main"
            ),
        ]

    def __str__(self) -> str:
        return self.name
