"""Results that the rules make of the marks. Computed, never typed: whoever wants another result changes a mark."""

from typing import Any

from django.conf import settings
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


# What is kept of a result when another takes its place: not that a missing one has been filled in.
_MARKS, _LEVELS = ("term1", "term2", "year", "after"), ("learning", "learning_after", "conduct", "award")
_OTHER_MARK = " OR ".join(
    [f"(OLD.{name} IS NOT NULL AND OLD.{name} IS DISTINCT FROM NEW.{name})" for name in _MARKS]
    + [f"(OLD.{name}_level <> '' AND OLD.{name}_level <> NEW.{name}_level)" for name in _MARKS]
)
_OTHER_YEAR = " OR ".join(
    [f"(OLD.{name} <> '' AND OLD.{name} <> NEW.{name})" for name in _LEVELS]
    + [
        f"(OLD.{name}_term{term} <> '' AND OLD.{name}_term{term} <> NEW.{name}_term{term})"
        for name in ("learning", "conduct")
        for term in (1, 2)
    ]
    + ["(OLD.outcome <> 'undecided' AND OLD.outcome <> NEW.outcome)"]
)


@tracked(
    replaced_when=_OTHER_MARK,
    exclude=[*(f"term{term}_{what}" for term in (1, 2) for what in ("total", "weight")), "reasons"],
)
class SubjectResult(models.Model):
    """A pupil's terms and year in a subject; null and "" while something is missing.

    A score subject has marks, a comment subject levels (Đ, CĐ; primary school T, H, C). *_total and *_weight are what
    a term's average was made of (tenths of a mark, sum of weights), so that it can be shown as a sum without being
    computed again. reasons: only what is out of the ordinary, [{"why": ..., "said": {...}}].
    """

    unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("trường"),
    )
    # Both keys are those of marks, which have their constraint: computed rows are checked once, there.
    class_subject = models.ForeignKey(
        ClassSubject,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="results",
        verbose_name=_("môn học của lớp"),
    )
    student = models.ForeignKey(
        "registry.Student",
        models.PROTECT,
        db_constraint=False,
        related_name="+",
        verbose_name=_("học sinh"),
    )
    term1 = _mark(_("học kỳ I"))
    term2 = _mark(_("học kỳ II"))
    year = _mark(_("cả năm"))
    # With the re-assessment in place; equal to `year` where there was none.
    after = _mark(_("sau đánh giá lại"))
    term1_level = _level(_("mức học kỳ I"))
    term2_level = _level(_("mức học kỳ II"))
    year_level = _level(_("mức cả năm"))
    after_level = _level(_("mức sau đánh giá lại"))
    term1_total = models.PositiveSmallIntegerField(_("tổng có trọng số học kỳ I"), null=True, blank=True)
    term1_weight = models.PositiveSmallIntegerField(_("tổng trọng số học kỳ I"), null=True, blank=True)
    term2_total = models.PositiveSmallIntegerField(_("tổng có trọng số học kỳ II"), null=True, blank=True)
    term2_weight = models.PositiveSmallIntegerField(_("tổng trọng số học kỳ II"), null=True, blank=True)
    is_exempt = models.BooleanField(_("miễn học"), default=False)
    reasons = models.JSONField(_("lý do"), default=list, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả môn học")
        verbose_name_plural = _("kết quả môn học")
        ordering = ["class_subject", "student_id"]
        constraints = [
            models.UniqueConstraint(fields=["class_subject", "student"], name="gradebook_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.class_subject}"


@tracked(replaced_when=_OTHER_YEAR, exclude=["again", "reasons", "is_stale", "published_at"])
class PupilYear(models.Model):
    """What the year comes to for a pupil. Values are those of types.Learning, Conduct, PrimaryLearning, Outcome, Award.

    learning_after: with the re-assessments in place. is_stale: something it was made of has changed since.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, db_index=False, related_name="+", verbose_name=_("năm học")
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.PROTECT, related_name="+", verbose_name=_("lớp")
    )
    # It leads `gradebook_pupilyear_once`.
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, db_index=False, related_name="+", verbose_name=_("học sinh")
    )
    rules = models.CharField(_("quy định"), max_length=20)
    learning_term1 = models.CharField(_("học tập học kỳ I"), max_length=12, blank=True)
    learning_term2 = models.CharField(_("học tập học kỳ II"), max_length=12, blank=True)
    # Of the year; in primary school the level of Điều 9.
    learning = models.CharField(_("học tập cả năm"), max_length=12, blank=True)
    learning_after = models.CharField(_("học tập sau đánh giá lại"), max_length=12, blank=True)
    conduct_term1 = models.CharField(_("rèn luyện học kỳ I"), max_length=12, blank=True)
    conduct_term2 = models.CharField(_("rèn luyện học kỳ II"), max_length=12, blank=True)
    conduct = models.CharField(_("rèn luyện cả năm"), max_length=12, blank=True)
    outcome = models.CharField(_("kết quả cuối năm"), max_length=12, default="undecided")
    award = models.CharField(_("khen thưởng"), max_length=12, blank=True)
    absences = models.PositiveSmallIntegerField(_("số buổi nghỉ"), null=True, blank=True)
    # Codes of the subjects that may be assessed again.
    again = models.JSONField(_("môn được đánh giá lại"), default=list, blank=True)
    reasons = models.JSONField(_("lý do"), default=list, blank=True)
    computed_at = models.DateTimeField(_("tính lúc"))
    is_stale = models.BooleanField(_("cần tính lại"), default=False)
    published_at = models.DateTimeField(_("đưa vào hồ sơ lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả năm học của học sinh")
        verbose_name_plural = _("kết quả năm học của học sinh")
        ordering = ["school_class", "student_id"]
        indexes = [models.Index(fields=["unit", "school_year"], name="gradebook_pupilyear_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_year", "unit"], name="gradebook_pupilyear_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.school_year}"


@tracked(exclude=["changes"])
class Publication(models.Model):
    """The results of a school's year handed to the registry once. changes: of the pupils whose result there became
    another one, [{"student": id, "before": {...} or null, "after": {...}}], so that it can be taken back.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, db_index=False, related_name="+", verbose_name=_("năm học")
    )
    published_at = models.DateTimeField(_("đưa vào hồ sơ lúc"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("người đưa"),
    )
    pupils = models.PositiveIntegerField(_("số học sinh"))
    changes = models.JSONField(_("thay đổi"), default=list)
    taken_back_at = models.DateTimeField(_("lấy lại lúc"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("người lấy lại"),
    )

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần đưa kết quả năm học vào hồ sơ")
        verbose_name_plural = _("các lần đưa kết quả năm học vào hồ sơ")
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["unit", "school_year"], name="gradebook_publication_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=models.F("published_at")),
                name="gradebook_publication_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.school_year}"
