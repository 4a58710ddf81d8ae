"""What a school year came to for a pupil: results as codes, the decision, absences, awards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import ConductResult, GradeLevel, LearningResult, PromotionDecision
from .classes import SchoolClass
from .people import Student

# What a result says, beside whose and of which year it is.
SAID = ("learning", "conduct", "is_completed", "promotion", "days_absent", "awards")


@tracked()
class YearResult(models.Model):
    """kết quả cuối năm của học sinh (TT 27/2020, TT 22/2021). One a pupil, school and year; its versions lie in the
    history. Marks are the gradebook's: here stands only what the year came to, as the school told the ministry.
    """

    # It leads `registry_yearresult_once`.
    student = models.ForeignKey(
        Student, models.CASCADE, db_index=False, related_name="year_results", verbose_name=_("học sinh")
    )
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, db_index=False, related_name="+", verbose_name=_("năm học")
    )
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lớp")
    )
    grade = models.PositiveSmallIntegerField(_("khối, nhóm tuổi"), choices=GradeLevel, null=True, blank=True)
    learning = models.CharField(_("kết quả học tập"), max_length=12, choices=LearningResult, blank=True)
    conduct = models.CharField(_("kết quả rèn luyện"), max_length=12, choices=ConductResult, blank=True)
    # Hoàn thành chương trình lớp học; null: nobody has said.
    is_completed = models.BooleanField(_("hoàn thành chương trình lớp học"), null=True, blank=True)
    promotion = models.CharField(_("lên lớp"), max_length=12, choices=PromotionDecision, blank=True)
    days_absent = models.PositiveSmallIntegerField(_("số ngày nghỉ"), null=True, blank=True)
    awards = models.CharField(_("khen thưởng"), max_length=200, blank=True)
    # Of the file that said it last.
    import_run = models.ForeignKey(
        "importing.ImportRun",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("lần nhập"),
    )
    updated_at = models.DateTimeField(_("ghi lúc"), auto_now=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả năm học")
        verbose_name_plural = _("kết quả năm học")
        ordering = ["student", "-school_year", "id"]
        indexes = [models.Index(fields=["unit", "school_year"], name="registry_yearresult_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_year", "unit"], name="registry_yearresult_once"
            ),
            models.CheckConstraint(
                condition=Q(days_absent__isnull=True) | Q(days_absent__lte=366),
                name="registry_yearresult_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.school_year}"

    def differs_from(self, other: "YearResult") -> bool:
        return any(getattr(self, name) != getattr(other, name) for name in SAID)
