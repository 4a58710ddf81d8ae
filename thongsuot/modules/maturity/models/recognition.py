"""What was decided: decisions of the department, the register of levels, appeals."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit, ByUnits

from ..types import AppealState
from .assessment import Assessment
from .rubric import MaturityRound


@tracked()
class Decision(models.Model):
    """quyết định công nhận: a draft until it has number and date; then its PDF is kept. amends: after an appeal."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(MaturityRound, models.PROTECT, related_name="decisions", verbose_name=_("đợt"))
    owner_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("cơ quan ban hành")
    )
    number = models.PositiveIntegerField(_("số"), null=True, blank=True)
    symbol = models.CharField(_("ký hiệu"), max_length=40)
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    signer_name = models.CharField(_("người ký"), max_length=120, blank=True)
    by_deputy = models.BooleanField(_("ký thay người đứng đầu"), default=False)
    amends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sửa đổi quyết định"),
    )
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bản PDF"),
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người ban hành"),
    )
    published_on = models.DateField(_("công bố ngày"), null=True, blank=True)

    isolation = ByUnit("owner_unit") | ByUnits("maturity.Recognition", "decision", "unit")

    class Meta:
        verbose_name = _("quyết định công nhận")
        verbose_name_plural = _("quyết định công nhận")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=True, signed_on__isnull=True)
                | Q(number__isnull=False, signed_on__isnull=False),
                name="maturity_decision_number_date",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | Q(signed_on__isnull=False, published_on__gte=F("signed_on")),
                name="maturity_decision_published_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.symbol}" if self.number else f"…/{self.symbol}"


@tracked()
class Recognition(models.Model):
    """One line of the register. replaced_by: the line that an appeal has put in its place."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="recognitions", verbose_name=_("quyết định")
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="recognitions", verbose_name=_("phiếu đánh giá")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    level = models.PositiveSmallIntegerField(_("mức được công nhận"))
    points = models.JSONField(_("điểm"), default=dict)
    is_live = models.BooleanField(_("đang có hiệu lực"), default=True)
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("được thay bằng"),
    )

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("công nhận mức độ chuyển đổi số")
        verbose_name_plural = _("công nhận mức độ chuyển đổi số")
        ordering = ["-decision__signed_on", "unit__sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "assessment"], name="maturity_recognition_once"),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(is_live=True),
                name="maturity_recognition_one_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.level}"


@tracked()
class Appeal(models.Model):
    """kiến nghị về kết quả: filed within the round's days after publication, decided with reasons."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recognition = models.ForeignKey(
        Recognition, models.PROTECT, related_name="appeals", verbose_name=_("kết quả được công nhận")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    state = models.CharField(_("trạng thái"), max_length=10, choices=AppealState, default=AppealState.FILED)
    reason = models.TextField(_("lý do kiến nghị"))
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp kèm theo"),
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người gửi")
    )
    filed_at = models.DateTimeField(_("gửi lúc"))
    answer = models.TextField(_("trả lời"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người trả lời"),
    )
    decided_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kiến nghị về kết quả")
        verbose_name_plural = _("kiến nghị về kết quả")
        ordering = ["-filed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recognition"], condition=Q(state="filed"), name="maturity_appeal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="filed", decided_at__isnull=True)
                | (~Q(state="filed") & Q(decided_at__isnull=False) & ~Q(answer="")),
                name="maturity_appeal_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.filed_at:%d/%m/%Y}"
