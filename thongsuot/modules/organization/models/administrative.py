from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone

from ..types import AdministrativeLevel, ChangeKind, Confidence


class AdministrativeUnit(models.Model):
    """A province or commune as the law names it, with the dates between which it exists.

    Codes are those of the national list (Quyết định 19/2025/QĐ-TTg): opaque text with leading zeros.
    """

    code = models.CharField(_("mã"), max_length=5)
    name = models.CharField(_("tên"), max_length=120)
    full_name = models.CharField(_("tên đầy đủ"), max_length=160)
    kind = models.CharField(_("loại"), max_length=20)
    level = models.CharField(_("cấp"), max_length=10, choices=AdministrativeLevel)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("thuộc")
    )
    name_fold = models.CharField(max_length=160, db_index=True, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    valid_from = models.DateField(_("có hiệu lực từ"))
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)

    isolation = Anyone(reason="public list of administrative units")
    web_direct = "select"

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"], name="organization_adminunit_code_from"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organization_adminunit_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


@tracked(exclude=["old_name_fold", "search_fold", "kind"])
class AdministrativeUnitChange(models.Model):
    """One line of the old-to-new map: which unit became (part of) which, on what date, by which
    resolution. A unit that was divided has a line for each part.
    """

    old_code = models.CharField(_("mã cũ"), max_length=5, blank=True)
    old_name = models.CharField(_("tên cũ"), max_length=160)
    old_parent_name = models.CharField(_("thuộc (cũ)"), max_length=160, blank=True)
    old_district_code = models.CharField(_("mã huyện cũ"), max_length=3, blank=True)
    old_province_code = models.CharField(_("mã tỉnh cũ"), max_length=2, blank=True)
    old_province_name = models.CharField(_("tỉnh cũ"), max_length=160, blank=True)
    level = models.CharField(_("cấp"), max_length=10, choices=AdministrativeLevel)
    new_unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="predecessors", verbose_name=_("đơn vị mới")
    )
    is_partial = models.BooleanField(_("chỉ một phần"), default=False)
    effective_on = models.DateField(_("có hiệu lực từ"))
    document = models.CharField(_("văn bản"), max_length=200, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=2, choices=Confidence, default=Confidence.READ)
    # A line that a person has set right is left alone by the loader.
    is_corrected = models.BooleanField(_("đã hiệu chỉnh"), default=False)
    old_name_fold = models.CharField(max_length=160, db_index=True, editable=False)
    # Old name, district and province without marks: what people remember of an old address.
    search_fold = models.CharField(max_length=500, editable=False, default="")
    # Follows from the other lines of the same day; actions.changes keeps it in step.
    kind = models.CharField(
        _("kiểu thay đổi"), max_length=10, choices=ChangeKind, editable=False, default=ChangeKind.MERGED
    )

    isolation = Anyone(reason="public list of administrative units")
    web_direct = "select"

    class Meta:
        verbose_name = _("thay đổi địa giới")
        verbose_name_plural = _("thay đổi địa giới")
        ordering = ["old_name_fold", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "old_code", "old_name", "old_parent_name", "new_unit"],
                name="organization_adminchange_once",
            ),
        ]
        indexes = [models.Index(fields=["level", "old_code"], name="organization_adminchange_old")]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_unit_id}"
