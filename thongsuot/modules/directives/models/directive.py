import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit, ByUnits

from ..types import DirectiveState, FindingKind, FindingState


@tracked(exclude=["source_text", "subject_fold"])
class Directive(models.Model):
    """văn bản chỉ đạo: an order that came in as a file and was read."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The body that brought the document in and follows it: the Sở, or a commune for its own letters.
    owner_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị theo dõi")
    )
    number = models.CharField(_("số, ký hiệu"), max_length=80, blank=True)
    type = models.CharField(_("loại văn bản"), max_length=80, blank=True)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=250, blank=True)
    issuer_unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cơ quan ban hành trong hệ thống"),
    )
    place = models.CharField(_("địa danh"), max_length=120, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    subject = models.TextField(_("trích yếu"), blank=True)
    signer_name = models.CharField(_("người ký"), max_length=120, blank=True)
    signer_title = models.CharField(_("chức vụ người ký"), max_length=160, blank=True)
    # What a reader of the order must know besides: whose it is, what was left blank in it.
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    recipient_words = ArrayField(models.TextField(), verbose_name=_("nơi nhận"), default=list, blank=True)
    # [{"kind", "number", "date", "issuer", "words"}], as extracted and corrected.
    legal_bases = models.JSONField(_("căn cứ"), default=list, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=DirectiveState, default=DirectiveState.REVIEWING
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("năm học"),
    )
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp gốc")
    )
    # Source lines, joined by \n, as the reader numbered them: findings point at line numbers.
    source_text = models.TextField(_("nội dung"), blank=True)
    subject_fold = models.TextField(editable=False, default="")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nhập")
    )
    imported_at = models.DateTimeField(_("nhập lúc"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người xác nhận"),
    )
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True, blank=True)

    isolation = ByUnit("owner_unit") | ByUnits("directives.DirectiveRecipient", "directive", "unit")

    class Meta:
        verbose_name = _("văn bản chỉ đạo")
        verbose_name_plural = _("văn bản chỉ đạo")
        ordering = ["-issued_on", "-id"]
        indexes = [models.Index(fields=["owner_unit", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="directives_directive_confirmed_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number or self.type} {self.subject}"[:120]

    @property
    def reference(self) -> str:
        """What it is called in a list: its number; where it has none, what it is and of which day."""
        if self.number:
            return self.number
        return f"{self.type} {self.issued_on:%d/%m/%Y}".strip() if self.issued_on else self.type


class DirectiveRecipient(models.Model):
    """A unit that has something to do in the directive, and so may read it."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="recipients")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("nơi nhận")
        verbose_name_plural = _("nơi nhận")
        constraints = [
            models.UniqueConstraint(fields=["directive", "unit"], name="directives_recipient_once")
        ]
        indexes = [models.Index(fields=["unit"])]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class Finding(models.Model):
    """Something the reader found in the document, until a person decides about it.

    `data` has the shape of the extraction (task, target or reporting); `original` keeps what the machine
    said, so that a person's change is never lost by reading the file again.
    """

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="findings")
    kind = models.CharField(_("loại"), max_length=10, choices=FindingKind)
    position = models.PositiveIntegerField(_("thứ tự"))
    data = models.JSONField(default=dict)
    original = models.JSONField(null=True, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=FindingState, default=FindingState.PROPOSED
    )
    is_edited = models.BooleanField(_("đã sửa"), default=False)
    start_line = models.PositiveIntegerField(null=True, blank=True)
    end_line = models.PositiveIntegerField(null=True, blank=True)
    # Units decided for the finding: {"lead": [ids], "coordinating": [ids], "unmatched": ["words", ...]}
    units = models.JSONField(default=dict, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    isolation = ByParent("directive")

    class Meta:
        verbose_name = _("nội dung trích được")
        verbose_name_plural = _("nội dung trích được")
        ordering = ["directive", "kind", "position", "id"]
        indexes = [models.Index(fields=["directive", "kind", "position"])]

    def __str__(self) -> str:
        return str(self.data.get("text") or self.data.get("what") or "")[:80]
