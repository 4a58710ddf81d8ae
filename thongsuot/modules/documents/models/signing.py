"""Documents other than transcripts that somebody signs here: the file as it was shown, and as it is signed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit, ByUser

from ..types import DocumentKind, DocumentState, SignatureLevel


@tracked()
class DocumentSigning(models.Model):
    """One file, one certificate, one signature. `moment`: the time that stands in the signature, that of the signer's yes.

    Kept under the unit of the certificate; a personal one's is its signer's to see, a seal's its keepers' too.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    certificate = models.ForeignKey(
        "documents.SignerCertificate", models.PROTECT, related_name="+", verbose_name=_("chứng thư số")
    )
    title = models.CharField(_("tên văn bản"), max_length=200)
    kind = models.CharField(_("loại tệp"), max_length=4, choices=DocumentKind)
    level = models.CharField(_("mức chữ ký"), max_length=4, choices=SignatureLevel)
    reason = models.CharField(_("lý do ký"), max_length=200, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=DocumentState, default=DocumentState.SHOWN
    )
    source = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("tệp trước khi ký")
    )
    signed = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp đã ký"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ký")
    )
    asked_at = models.DateTimeField(_("đưa lên lúc"))
    moment = models.DateTimeField(_("thời điểm ghi trong chữ ký"), null=True, blank=True)
    signed_at = models.DateTimeField(_("ký xong lúc"), null=True, blank=True)
    fault = models.CharField(_("lý do chưa ký được"), max_length=300, blank=True)

    isolation = ByUnit("unit") | ByUser("asked_by")

    class Meta:
        verbose_name = _("văn bản ký số")
        verbose_name_plural = _("văn bản ký số")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="documents_signing_own"),
            models.Index(fields=["unit", "-asked_at"], name="documents_signing_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="signed", signed__isnull=False, signed_at__isnull=False)
                | (~Q(state="signed") & Q(signed__isnull=True)),
                name="documents_signing_has_file",
            ),
            models.CheckConstraint(
                condition=Q(state="shown") | Q(moment__isnull=False), name="documents_signing_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title
