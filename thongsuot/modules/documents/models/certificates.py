"""Certificates of signers: a person's, or an organisation's seal. Never a key."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import CertificateMedium, CertificateState


@tracked(exclude=["der"])
class SignerCertificate(models.Model):
    """A certificate as its authority issued it, and what became of it here: a person's by `staff`, or by `account` of
    somebody without a record of staff (department, commune); without both it is the unit's seal. Once a unit: who works at
    two, or goes to another, is registered and approved at each.

    `serial`: hexadecimal. `position`: the signer's at registration, in words. `key_reference`: where the key lies (label
    on a token, credential at a provider), nothing secret. Times as in the certificate (UTC).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    staff = models.ForeignKey(
        "registry.Staff",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signer_certificates",
        verbose_name=_("người ký"),
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người ký không có hồ sơ cán bộ"),
    )
    holder = models.CharField(_("cấp cho"), max_length=200)
    position = models.CharField(_("chức vụ khi đăng ký"), max_length=120, blank=True)
    serial = models.CharField(_("số hiệu chứng thư"), max_length=64)
    issuer = models.CharField(_("tổ chức cấp"), max_length=600)
    subject = models.CharField(_("chủ thể"), max_length=600)
    fingerprint = models.CharField(_("vân tay SHA-256"), max_length=64)
    provider = models.CharField(_("nhà cung cấp"), max_length=120)
    medium = models.CharField(_("nơi giữ khóa"), max_length=10, choices=CertificateMedium)
    key_reference = models.CharField(_("tên khóa trên thiết bị, dịch vụ"), max_length=120, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=CertificateState, default=CertificateState.REGISTERED
    )
    valid_from = models.DateTimeField(_("hiệu lực từ"))
    valid_to = models.DateTimeField(_("hết hạn"))
    der = models.BinaryField(_("chứng thư"))
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("gia hạn cho")
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người đăng ký"),
    )
    registered_at = models.DateTimeField(_("đăng ký lúc"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người duyệt"),
    )
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("thu hồi từ"), null=True, blank=True)
    revoked_reason = models.CharField(_("lý do thu hồi"), max_length=300, blank=True)
    # Days before the end at which its holder was reminded last.
    reminded_step = models.PositiveSmallIntegerField(_("đã nhắc trước (ngày)"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("chứng thư số")
        verbose_name_plural = _("chứng thư số")
        ordering = ["valid_to", "id"]
        indexes = [
            models.Index(fields=["unit", "state", "valid_to"], name="documents_certificate_unit"),
            models.Index(fields=["staff", "valid_from"], name="documents_certificate_staff"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "unit"],
                condition=~Q(state="ended"),
                name="documents_certificate_once",
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True) | Q(account__isnull=True),
                name="documents_certificate_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="documents_certificate_dates"
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(revoked_at__isnull=False),
                name="documents_certificate_revoked_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="documents_certificate_approved_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} ({self.serial[-8:]})"

    @property
    def is_seal(self) -> bool:
        return self.staff_id is None and self.account_id is None

    @property
    def holder_account_id(self) -> int | None:
        """Who is told about it; None for a seal, and for somebody without an account."""
        return self.account_id or (self.staff.account_id if self.staff is not None else None)
