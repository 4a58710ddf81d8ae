"""What is written of a pupil beside the subjects: conduct, qualities and competences, absences, the year's judgements."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import Conduct, DaySession, Moment, PrimaryLearning


class OfPupilInClass(models.Model):
    """A pupil in a class of a year, and whose row it is."""

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.PROTECT, db_index=False, related_name="+", verbose_name=_("lớp")
    )
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )

    class Meta:
        abstract = True


@tracked(in_bulk=True)
class TermConduct(OfPupilInClass):
    """kết quả rèn luyện của học kỳ, with the homeroom teacher's remark; in primary school the remark alone."""

    term = models.PositiveSmallIntegerField(_("học kỳ"))
    conduct = models.CharField(
        _("kết quả rèn luyện"), max_length=12, choices=[(one.value, one.value) for one in Conduct], blank=True
    )
    remark = models.TextField(_("nhận xét của giáo viên chủ nhiệm"), blank=True)
    version = models.PositiveIntegerField(_("phiên bản"), default=1)
    updated_at = models.DateTimeField(_("ghi lúc"), auto_now=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả rèn luyện")
        verbose_name_plural = _("kết quả rèn luyện")
        ordering = ["school_class", "student_id", "term"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "student", "term"], name="gradebook_conduct_once"
            ),
            models.CheckConstraint(condition=Q(term__in=(1, 2)), name="gradebook_conduct_term"),
        ]

    def __str__(self) -> str:
        return f"{self.student} HK{self.term}"


@tracked(in_bulk=True)
class PupilTraits(OfPupilInClass):
    """phẩm chất, năng lực của học sinh tiểu học: all of one moment in one row. levels: {"patriotism": "T", ...}."""

    moment = models.CharField(_("thời điểm"), max_length=3, choices=Moment)
    levels = models.JSONField(_("mức"), default=dict)
    version = models.PositiveIntegerField(_("phiên bản"), default=1)
    updated_at = models.DateTimeField(_("ghi lúc"), auto_now=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("phẩm chất, năng lực")
        verbose_name_plural = _("phẩm chất, năng lực")
        ordering = ["school_class", "student_id", "moment"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "student", "moment"], name="gradebook_traits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.moment}"


@tracked(in_bulk=True)
class YearJudgement(OfPupilInClass):
    """What people decide of a pupil's year, and no mark says.

    trained: conduct after the summer's plan; helped: primary level after help; stands_out: the class has recognised an
    outstanding result (TT 27/2020 Điều 13); absences: sessions when they are not kept here day by day.
    """

    trained = models.CharField(
        _("rèn luyện sau hè"), max_length=12, choices=[(one.value, one.value) for one in Conduct], blank=True
    )
    helped = models.CharField(
        _("mức sau khi được giúp đỡ"),
        max_length=12,
        choices=[(one.value, one.value) for one in PrimaryLearning],
        blank=True,
    )
    stands_out = models.BooleanField(_("tiêu biểu"), default=False)
    has_plan = models.BooleanField(_("có kế hoạch giáo dục cá nhân"), default=False)
    absences = models.PositiveSmallIntegerField(_("số buổi nghỉ cả năm"), null=True, blank=True)
    remark = models.TextField(_("nhận xét cuối năm của giáo viên chủ nhiệm"), blank=True)
    updated_at = models.DateTimeField(_("ghi lúc"), auto_now=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("đánh giá cuối năm")
        verbose_name_plural = _("đánh giá cuối năm")
        ordering = ["school_class", "student_id"]
        constraints = [
            models.UniqueConstraint(fields=["school_class", "student"], name="gradebook_judgement_once"),
            models.CheckConstraint(
                condition=Q(absences__isnull=True) | Q(absences__lte=366), name="gradebook_judgement_absences"
            ),
        ]

    def __str__(self) -> str:
        return str(self.student)


@tracked(in_bulk=True)
class Absence(OfPupilInClass):
    """A pupil was not there: a whole session, or one lesson of it. Who was there has no row."""

    on = models.DateField(_("ngày"))
    session = models.CharField(_("buổi"), max_length=9, choices=DaySession)
    # Null: the whole session.
    lesson = models.PositiveSmallIntegerField(_("tiết"), null=True, blank=True)
    is_excused = models.BooleanField(_("có phép"), default=False)
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("người ghi"),
    )
    written_at = models.DateTimeField(_("ghi lúc"), auto_now=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("vắng học")
        verbose_name_plural = _("vắng học")
        ordering = ["-on", "session", "lesson", "id"]
        indexes = [models.Index(fields=["school_class", "on"], name="gradebook_absence_class")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "on", "session", "lesson"],
                nulls_distinct=False,
                name="gradebook_absence_once",
            ),
            models.CheckConstraint(
                condition=Q(lesson__isnull=True) | Q(lesson__range=(1, 6)), name="gradebook_absence_lesson"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.on:%d/%m/%Y}"
