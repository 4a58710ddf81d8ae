"""A unit's assessment in one round: what it says of itself, with evidence, and the figures frozen with it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import AssessmentState, EvidenceKind
from .external import Said, Team
from .rubric import MaturityRound, RubricVersion


@tracked()
class Assessment(models.Model):
    """self_level, external_level: as scored when handed in, and when proposed; points: {"1": "62.5", "2": "48"}."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(
        MaturityRound, models.PROTECT, related_name="assessments", verbose_name=_("đợt")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    rubric = models.ForeignKey(RubricVersion, models.PROTECT, related_name="+", verbose_name=_("bộ chỉ số"))
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=AssessmentState, default=AssessmentState.DRAFT
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("đoàn đánh giá ngoài"),
    )
    self_level = models.PositiveSmallIntegerField(_("mức tự đánh giá"), null=True, blank=True)
    self_points = models.JSONField(_("điểm tự đánh giá"), default=dict, blank=True)
    external_level = models.PositiveSmallIntegerField(_("mức đánh giá ngoài"), null=True, blank=True)
    external_points = models.JSONField(_("điểm đánh giá ngoài"), default=dict, blank=True)
    # Times it was handed in; the frozen figures of each are kept.
    submissions = models.PositiveSmallIntegerField(_("số lần nộp"), default=0)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người nộp"),
    )
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    forwarded_at = models.DateTimeField(_("lên Sở lúc"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("gửi kết quả cho trường lúc"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("thống nhất lúc"), null=True, blank=True)
    note = models.TextField(_("ý kiến của cấp trên"), blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("phiếu đánh giá chuyển đổi số")
        verbose_name_plural = _("phiếu đánh giá chuyển đổi số")
        ordering = ["-round__school_year__starts_on", "unit__sort_key", "id"]
        indexes = [
            models.Index(fields=["round", "state"], name="maturity_assessment_round"),
            models.Index(fields=["unit", "round"], name="maturity_assessment_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "rubric"], name="maturity_assessment_once"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submissions=0)
                | Q(submitted_at__isnull=False, submissions__gt=0),
                name="maturity_submitted_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.round}"


@tracked()
class Answer(Said):
    """What the unit says of one item. from_registry: taken over from the platform's figure as it stands."""

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="answers", verbose_name=_("phiếu đánh giá")
    )
    from_registry = models.BooleanField(_("lấy từ hệ thống"), default=False)

    isolation = ByParent("assessment")

    class Meta:
        verbose_name = _("câu trả lời")
        verbose_name_plural = _("câu trả lời")
        ordering = ["assessment", "item"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="maturity_answer_once"),
        ]

    def __str__(self) -> str:
        return self.item


class FrozenFigure(models.Model):
    """A figure of the platform as it was when the assessment was handed in: the counts of rows and the moment."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="figures")
    item = models.CharField(_("mục"), max_length=20)
    submission = models.PositiveSmallIntegerField(_("lần nộp"))
    source = models.CharField(_("nguồn số liệu"), max_length=80)
    source_version = models.PositiveSmallIntegerField(_("phiên bản của chỉ số"))
    as_of = models.DateField(_("tính đến ngày"))
    numerator = models.DecimalField(_("tử số"), max_digits=16, decimal_places=2)
    denominator = models.DecimalField(_("mẫu số"), max_digits=16, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(_("giá trị"), max_digits=16, decimal_places=2, null=True, blank=True)
    computed_at = models.DateTimeField(_("tính lúc"))

    isolation = ByParent("assessment")
    append_only = True

    class Meta:
        verbose_name = _("số liệu chốt")
        verbose_name_plural = _("số liệu chốt")
        ordering = ["assessment", "-submission", "item"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item", "submission"], name="maturity_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"


@tracked()
class Evidence(models.Model):
    """minh chứng: a file, an address outside, or a page of this platform."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="evidence", verbose_name=_("phiếu đánh giá")
    )
    item = models.CharField(_("mục"), max_length=20)
    kind = models.CharField(_("loại"), max_length=8, choices=EvidenceKind)
    title = models.CharField(_("tên, số và ngày văn bản"), max_length=300)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp"),
    )
    url = models.CharField(_("đường dẫn"), max_length=600, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người thêm")
    )
    added_at = models.DateTimeField(_("thêm lúc"))

    isolation = ByParent("assessment")

    class Meta:
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")
        ordering = ["item", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False, url="")
                | (Q(kind__in=("link", "record"), file__isnull=True) & ~Q(url="")),
                name="maturity_evidence_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AssessmentLog(models.Model):
    """The story: handed in, returned, forwarded, visited, proposed, contested, recognised, appealed."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="log")
    verb = models.CharField(_("việc"), max_length=20)
    detail = models.TextField(_("nội dung"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("lúc"))

    isolation = ByParent("assessment")
    append_only = True

    class Meta:
        verbose_name = _("diễn biến đánh giá")
        verbose_name_plural = _("diễn biến đánh giá")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["assessment", "-at"], name="maturity_log_story")]

    def __str__(self) -> str:
        return self.verb
