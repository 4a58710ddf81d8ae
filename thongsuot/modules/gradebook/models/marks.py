"""Marks, levels and remarks of a pupil in a subject: one row a term, which is one line of the teacher's book."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from .subjects import ClassSubject


def _mark(words: Any) -> models.DecimalField:
    return models.DecimalField(words, max_digits=3, decimal_places=1, null=True, blank=True)


def _level(words: Any) -> models.CharField:
    return models.CharField(words, max_length=2, blank=True)


def _in_scale(name: str) -> models.CheckConstraint:
    is_empty, is_mark = Q(**{f"{name}__isnull": True}), Q(**{f"{name}__range": (0, 10)})
    return models.CheckConstraint(condition=is_empty | is_mark, name=f"gradebook_marks_{name}")


@tracked(in_bulk=True)
class SubjectMarks(models.Model):
    """A term of a pupil in a subject. Ten million rows a year in a province: a row a line, not a row a cell.

    regular: ĐĐGtx, null where a column is still empty; regular_levels: the same of a comment subject (Đ, CĐ, "").
    midterm, final: ĐĐGgk, ĐĐGck; in primary school the tests of GK1, CK1 (term 1) and GK2, CN (term 2), and
    midterm_level, final_level are T, H, C. An absence without leave that was not made up stands in *_absent.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    # It leads `gradebook_marks_once`.
    class_subject = models.ForeignKey(
        ClassSubject, models.PROTECT, db_index=False, related_name="marks", verbose_name=_("môn học của lớp")
    )
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )
    term = models.PositiveSmallIntegerField(_("học kỳ"))
    regular = ArrayField(
        models.DecimalField(max_digits=3, decimal_places=1, null=True),
        verbose_name=_("đánh giá thường xuyên"),
        default=list,
        blank=True,
    )
    midterm = _mark(_("giữa kỳ"))
    final = _mark(_("cuối kỳ"))
    regular_levels = ArrayField(
        models.CharField(max_length=2, blank=True),
        verbose_name=_("mức đánh giá thường xuyên"),
        default=list,
        blank=True,
    )
    midterm_level = _level(_("mức giữa kỳ"))
    final_level = _level(_("mức cuối kỳ"))
    midterm_absent = models.BooleanField(_("vắng giữa kỳ"), default=False)
    final_absent = models.BooleanField(_("vắng cuối kỳ"), default=False)
    exempt = models.BooleanField(_("miễn học"), default=False)
    remark = models.TextField(_("nhận xét"), blank=True)
    # Counts the writings of this row, so that a page knows what it has not seen.
    version = models.PositiveIntegerField(_("phiên bản"), default=1)
    updated_at = models.DateTimeField(_("ghi lúc"), auto_now=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("điểm, mức của học sinh")
        verbose_name_plural = _("điểm, mức của học sinh")
        ordering = ["class_subject", "student_id", "term"]
        constraints = [
            models.UniqueConstraint(fields=["class_subject", "student", "term"], name="gradebook_marks_once"),
            models.CheckConstraint(condition=Q(term__in=(1, 2)), name="gradebook_marks_term"),
            _in_scale("midterm"),
            _in_scale("final"),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.class_subject} HK{self.term}"


@tracked()
class Reassessment(models.Model):
    """kiểm tra, đánh giá lại trong hè: what replaces the year's result of a subject (TT 22/2021 Điều 14)."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    class_subject = models.ForeignKey(
        ClassSubject, models.PROTECT, related_name="reassessments", verbose_name=_("môn học của lớp")
    )
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )
    mark = _mark(_("điểm"))
    level = _level(_("mức"))
    assessed_on = models.DateField(_("ngày đánh giá lại"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("đánh giá lại")
        verbose_name_plural = _("đánh giá lại")
        ordering = ["class_subject", "student_id"]
        constraints = [
            models.UniqueConstraint(fields=["class_subject", "student"], name="gradebook_reassessment_once"),
            models.CheckConstraint(
                condition=Q(mark__isnull=False, level="", mark__range=(0, 10))
                | (Q(mark__isnull=True) & ~Q(level="")),
                name="gradebook_reassessment_one_of",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.class_subject}"
