from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone

from ..types import Confidence


@tracked()
class SchoolYear(models.Model):
    """năm học, written "2026-2027" """

    name = models.CharField(_("năm học"), max_length=9, unique=True)
    starts_on = models.DateField(_("bắt đầu"))
    ends_on = models.DateField(_("kết thúc"))

    isolation = Anyone(reason="public calendar")
    web_direct = "select"

    class Meta:
        verbose_name = _("năm học")
        verbose_name_plural = _("năm học")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="organization_schoolyear_dates"
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Term(models.Model):
    """học kỳ"""

    school_year = models.ForeignKey(
        SchoolYear, models.CASCADE, related_name="terms", verbose_name=_("năm học")
    )
    number = models.PositiveSmallIntegerField(_("học kỳ"))
    starts_on = models.DateField(_("bắt đầu"))
    ends_on = models.DateField(_("kết thúc"))

    isolation = Anyone(reason="public calendar")
    web_direct = "select"

    class Meta:
        verbose_name = _("học kỳ")
        verbose_name_plural = _("học kỳ")
        ordering = ["school_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "number"], name="organization_term_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="organization_term_dates"),
        ]

    def __str__(self) -> str:
        return f"Học kỳ {self.number} {self.school_year}"


class CodeList(models.Model):
    """A list of the ministry (ethnic groups, policy categories ...), versioned by its legal source."""

    code = models.CharField(_("mã danh mục"), max_length=60, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)
    read_in = models.TextField(_("đọc được ở"), blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    collected_on = models.DateField(_("thu thập ngày"), null=True, blank=True)
    # V, V2, M or I as in the facts: what is not V is shown as "to be checked" and can be corrected.
    confidence = models.CharField(_("độ tin cậy"), max_length=2, choices=Confidence, default=Confidence.READ)

    isolation = Anyone(reason="public code list")
    web_direct = "select"

    class Meta:
        verbose_name = _("danh mục")
        verbose_name_plural = _("danh mục")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@tracked()
class CodeValue(models.Model):
    code_list = models.ForeignKey(CodeList, models.CASCADE, related_name="values", verbose_name=_("danh mục"))
    code = models.CharField(_("mã"), max_length=40)
    name = models.CharField(_("tên"), max_length=300)
    position = models.PositiveIntegerField(_("thứ tự"), default=0)
    confidence = models.CharField(_("độ tin cậy"), max_length=2, choices=Confidence, default=Confidence.READ)
    # A value that a person has set right is left alone by the loader.
    is_corrected = models.BooleanField(_("đã hiệu chỉnh"), default=False)
    valid_from = models.DateField(_("có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)

    isolation = Anyone(reason="public code list")
    web_direct = "select"

    class Meta:
        verbose_name = _("mã")
        verbose_name_plural = _("mã")
        ordering = ["code_list", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code_list", "code"], name="organization_codevalue_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
