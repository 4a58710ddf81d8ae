"""One authorisation of one person over a list of transcripts: what was shown, what was signed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import SessionState, SignerRole


@tracked()
class SigningSession(models.Model):
    """lần ký: the list that the signer saw and agreed to, as ids with the digests of their data, in order.

    A worker signs from it and from nothing else: what has changed, been signed or thrown away since is left out. After a
    kill -9 the same list goes on where it stopped.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    role = models.CharField(_("vai trò"), max_length=10, choices=SignerRole)
    place = models.CharField(_("môn"), max_length=40, blank=True)
    state = models.CharField(_("trạng thái"), max_length=8, choices=SessionState, default=SessionState.OPEN)
    # [[id of the transcript, digest of its data in hex], ...]
    planned = models.JSONField(_("danh sách đã xem"), default=list)
    size = models.PositiveIntegerField(_("số học bạ"))
    # How far down the list the work has come; moves in the transaction that signs.
    worked = models.PositiveIntegerField(_("đã xử lý"), default=0)
    signer_name = models.CharField(_("người ký"), max_length=200)
    certificate = models.ForeignKey(
        "documents.SignerCertificate", models.PROTECT, related_name="+", verbose_name=_("chứng thư")
    )
    certificate_serial = models.CharField(_("số chứng thư"), max_length=80)
    authorised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("người cho phép ký"),
    )
    authorised_at = models.DateTimeField(_("cho phép lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    fault = models.CharField(_("trục trặc"), max_length=300, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần ký")
        verbose_name_plural = _("lần ký")
        ordering = ["-authorised_at", "-id"]
        indexes = [models.Index(fields=["unit", "state"], name="transcripts_session_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="transcripts_session_of_something"),
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True)
                | (~Q(state="open") & Q(finished_at__isnull=False)),
                name="transcripts_session_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.authorised_at:%d/%m/%Y %H:%M}"
