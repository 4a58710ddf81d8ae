"""Signatures that are made at the signer's desk, where the token is: what is to be signed, and what came back."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import DeskState


@tracked(exclude=["messages", "signatures", "code_digest", "ticket_digest"])
class DeskSigning(models.Model):
    """A batch that waits for the token of one signer (docs/desk-signing.md).

    `reference`: what it is signed for (a list of transcripts); one batch of it waits at a time. `messages`: what is signed,
    byte for byte, `digest` the SHA-256 over them; emptied with `signatures` once they were fetched or the batch has ended.
    `moment`: the time that stands in the signatures. A code is typed at the desk once and becomes a ticket; of both only a
    keyed digest is kept. `resume_*`: the job that goes on when the answer is there, as the one who asked.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    certificate = models.ForeignKey(
        "documents.SignerCertificate", models.PROTECT, related_name="+", verbose_name=_("chứng thư số")
    )
    title = models.CharField(_("nội dung ký"), max_length=200)
    reference = models.UUIDField(_("ký cho"))
    state = models.CharField(_("trạng thái"), max_length=8, choices=DeskState, default=DeskState.WAITING)
    number = models.PositiveIntegerField(_("số chữ ký"))
    digest = models.BinaryField(_("mã băm của nội dung"))
    messages = ArrayField(models.BinaryField(), verbose_name=_("nội dung cần ký"), default=list)
    signatures = ArrayField(models.BinaryField(), verbose_name=_("chữ ký"), default=list)
    moment = models.DateTimeField(_("thời điểm ghi trong chữ ký"))
    code_digest = models.BinaryField(_("mã kết nối"), null=True, blank=True)
    code_until = models.DateTimeField(_("mã dùng được đến"), null=True, blank=True)
    ticket_digest = models.BinaryField(_("vé"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ký")
    )
    acting_index = models.PositiveSmallIntegerField(_("vai trò đang dùng"), default=0)
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    ends_at = models.DateTimeField(_("chờ đến"))
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    fault = models.CharField(_("lý do"), max_length=300, blank=True)
    resume_task = models.CharField(_("việc làm tiếp"), max_length=120)
    resume_arguments = models.JSONField(_("tham số của việc làm tiếp"), default=dict)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần ký tại bàn")
        verbose_name_plural = _("lần ký tại bàn")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["code_digest"], name="documents_desk_code", condition=Q(code_digest__isnull=False)
            ),
            models.Index(
                fields=["ticket_digest"],
                name="documents_desk_ticket",
                condition=Q(ticket_digest__isnull=False),
            ),
            models.Index(
                fields=["ends_at"], name="documents_desk_open", condition=Q(state__in=["waiting", "taken"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                name="documents_desk_one_at_a_time",
                condition=Q(state__in=["waiting", "taken", "signed"]),
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="documents_desk_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.asked_at:%d/%m/%Y %H:%M}"
