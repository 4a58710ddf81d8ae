"""Subjects of a class in a year, and the teachers' bank of remarks."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import SubjectForm


@tracked()
class ClassSubject(models.Model):
    """lớp học phần: a subject as one class has it in its year. code: of data/grading; periods: a year."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.PROTECT, related_name="+", verbose_name=_("lớp")
    )
    code = models.CharField(_("mã môn"), max_length=40)
    name = models.CharField(_("môn học"), max_length=80)
    form = models.CharField(_("hình thức đánh giá"), max_length=8, choices=SubjectForm)
    periods = models.PositiveSmallIntegerField(_("số tiết cả năm"))
    # Số lần đánh giá thường xuyên each term asks for: from the rules when opened, the school may ask for more.
    regular_count = models.PositiveSmallIntegerField(_("số lần đánh giá thường xuyên"), default=0)
    # Only pupils with a line of marks take it (ngoại ngữ 2, tiếng dân tộc thiểu số).
    is_optional = models.BooleanField(_("môn tự chọn"), default=False)
    # By which names teaching assignments call it: "Toán", "Tiếng Anh" ...
    taught_as = ArrayField(
        models.CharField(max_length=40), verbose_name=_("tên trong phân công"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("môn học của lớp")
        verbose_name_plural = _("môn học của lớp")
        ordering = ["school_class", "position", "id"]
        indexes = [models.Index(fields=["unit", "school_year"], name="gradebook_subject_unit")]
        constraints = [
            models.UniqueConstraint(fields=["school_class", "code"], name="gradebook_subject_once"),
            models.CheckConstraint(condition=Q(periods__gte=1), name="gradebook_subject_periods"),
            models.CheckConstraint(condition=Q(regular_count__lte=20), name="gradebook_subject_regular"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_class}"


@tracked()
class RemarkPhrase(models.Model):
    """A remark ready to be used: the school's when nobody is named, otherwise one teacher's own."""

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", verbose_name=_("trường"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("của riêng"),
    )
    # "": for all subjects.
    subject = models.CharField(_("mã môn"), max_length=40, blank=True)
    # T, H, C, Đ, CĐ or "": whatever the pupil's level is.
    level = models.CharField(_("mức"), max_length=2, blank=True)
    text = models.CharField(_("nhận xét"), max_length=500)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("câu nhận xét mẫu")
        verbose_name_plural = _("câu nhận xét mẫu")
        ordering = ["unit", "subject", "level", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "owner", "subject", "level", "text"],
                nulls_distinct=False,
                name="gradebook_phrase_once",
            )
        ]

    def __str__(self) -> str:
        return self.text
