import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit, ByUnits

from ..types import ObligationState, Period


class ReportingDuty(models.Model):
    """chế độ báo cáo: who owes which report to whom, once or each period."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    directive = models.ForeignKey(
        "directives.Directive",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
        verbose_name=_("văn bản"),
    )
    finding = models.ForeignKey(
        "directives.Finding", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị yêu cầu")
    )
    what = models.TextField(_("báo cáo"))
    who_words = models.CharField(_("ai báo cáo (trong văn bản)"), max_length=400, blank=True)
    to_words = models.CharField(_("báo cáo về đâu (trong văn bản)"), max_length=400, blank=True)
    due_words = models.CharField(_("thời hạn trong văn bản"), max_length=300, blank=True)
    period = models.CharField(_("chu kỳ"), max_length=12, choices=Period, blank=True)
    # Day on which a periodic report is due, counted from the end of its period (0 = the last day).
    due_offset_days = models.SmallIntegerField(_("hạn sau khi hết kỳ (ngày)"), default=0)
    first_due_on = models.DateField(_("hạn đầu tiên"), null=True, blank=True)
    last_due_on = models.DateField(_("hạn cuối cùng"), null=True, blank=True)

    isolation = ByUnit("owner_unit") | ByUnits("directives.ReportObligation", "duty", "unit")

    class Meta:
        verbose_name = _("chế độ báo cáo")
        verbose_name_plural = _("chế độ báo cáo")
        ordering = ["first_due_on", "id"]

    def __str__(self) -> str:
        return self.what[:100]


@tracked()
class ReportObligation(models.Model):
    """One report owed by one unit for one due date."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    duty = models.ForeignKey(
        ReportingDuty, models.CASCADE, related_name="obligations", verbose_name=_("chế độ báo cáo")
    )
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị báo cáo")
    )
    to_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("nơi nhận báo cáo")
    )
    owner_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị yêu cầu")
    )
    period_label = models.CharField(_("kỳ báo cáo"), max_length=80, blank=True)
    due_on = models.DateField(_("hạn nộp"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=ObligationState, default=ObligationState.OWED
    )
    summary = models.TextField(_("nội dung tóm tắt"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp báo cáo"),
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người nộp"),
    )
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
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
    # The commune's own obligation into which this one was gathered.
    forwarded_in = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="gathered",
        verbose_name=_("gộp vào báo cáo"),
    )

    isolation = ByUnit("unit", "to_unit", "owner_unit")

    class Meta:
        verbose_name = _("báo cáo phải nộp")
        verbose_name_plural = _("báo cáo phải nộp")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"]),
            models.Index(fields=["to_unit", "state", "due_on"]),
            models.Index(fields=["due_on", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["duty", "unit", "due_on"], name="directives_obligation_once"),
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="directives_obligation_submitted_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.due_on}"


class ObligationLog(models.Model):
    """The story of one report: submitted, returned, forwarded ..."""

    obligation = models.ForeignKey(ReportObligation, models.CASCADE, related_name="log")
    verb = models.CharField(max_length=40)
    detail = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    isolation = ByParent("obligation")

    class Meta:
        verbose_name = _("lịch sử báo cáo")
        verbose_name_plural = _("lịch sử báo cáo")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.verb
