import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit, ByUnits
from thongsuot.kit.text.expressions import Fold

from ..types import Operator, TargetValueState


@tracked(exclude=["text_fold"])
class Target(models.Model):
    """chỉ tiêu of a directive, bound to an indicator or, where none exists yet, reported by units."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    directive = models.ForeignKey(
        "directives.Directive", models.PROTECT, related_name="targets", verbose_name=_("văn bản")
    )
    finding = models.ForeignKey(
        "directives.Finding",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nội dung văn bản"),
    )
    owner_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị giao")
    )
    text = models.TextField(_("chỉ tiêu"))
    operator = models.CharField(_("so sánh"), max_length=2, choices=Operator, default=Operator.AT_LEAST)
    value = models.DecimalField(_("giá trị giao"), max_digits=14, decimal_places=4, null=True, blank=True)
    measure = models.CharField(_("đơn vị tính"), max_length=60, blank=True, default="%")
    period = models.CharField(_("kỳ"), max_length=120, blank=True)
    due_on = models.DateField(_("đến ngày"), null=True, blank=True)
    indicator_code = models.CharField(_("chỉ số"), max_length=80, blank=True)
    # Searched without accents.
    text_fold = models.GeneratedField(
        expression=Fold("text"), output_field=models.TextField(), db_persist=True
    )

    isolation = ByUnit("owner_unit") | ByUnits("directives.TargetUnit", "target", "unit")

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        ordering = ["directive", "id"]

    def __str__(self) -> str:
        return self.text[:100]


class TargetUnit(models.Model):
    """A unit that the target is given to."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="units")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    owner_unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")

    isolation = ByUnit("unit", "owner_unit")

    class Meta:
        verbose_name = _("đơn vị được giao chỉ tiêu")
        verbose_name_plural = _("đơn vị được giao chỉ tiêu")
        constraints = [models.UniqueConstraint(fields=["target", "unit"], name="directives_targetunit_once")]
        indexes = [models.Index(fields=["unit"])]

    def __str__(self) -> str:
        return f"{self.unit_id}"


@tracked()
class TargetValue(models.Model):
    """A value reported by a unit with its evidence, approved by the unit above."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="values", verbose_name=_("chỉ tiêu"))
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    approver_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("nơi duyệt")
    )
    as_of = models.DateField(_("tính đến ngày"))
    numerator = models.DecimalField(_("tử số"), max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(_("mẫu số"), max_digits=14, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(_("giá trị"), max_digits=14, decimal_places=4)
    note = models.TextField(_("ghi chú"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("minh chứng"),
    )
    link = models.URLField(_("liên kết minh chứng"), max_length=500, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=TargetValueState, default=TargetValueState.SUBMITTED
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người báo cáo")
    )
    reported_at = models.DateTimeField(_("báo cáo lúc"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    decision_note = models.TextField(_("ý kiến"), blank=True)

    isolation = ByUnit("unit", "approver_unit") | ByParent("target")

    class Meta:
        verbose_name = _("số liệu báo cáo của chỉ tiêu")
        verbose_name_plural = _("số liệu báo cáo của chỉ tiêu")
        ordering = ["target", "unit", "-as_of", "-id"]
        indexes = [models.Index(fields=["target", "unit", "as_of"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file__isnull=False) | ~models.Q(link=""),
                name="directives_targetvalue_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(denominator__isnull=True) | models.Q(denominator__gt=0),
                name="directives_targetvalue_denominator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value}"
