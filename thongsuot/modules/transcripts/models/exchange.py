"""The Sở's gateway: messages as they came, their items, the original store, certificates; and the school's outbox."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone, ByParent, ByUnit

from ..types import CertificateState, KeepingKind, MessageState, OriginalState, Transaction
from .transcript import unchanging


class GatewayMessage(models.Model):
    """A transaction as it was received: acknowledged at once, worked on afterwards, asked about by its messageid."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    message_id = models.CharField(_("messageid"), max_length=80)
    type = models.PositiveSmallIntegerField(_("loại giao dịch"), choices=Transaction)
    first_year = models.PositiveSmallIntegerField(_("năm học"))
    # The content as it came, sealed; its digest tells a repeated message from another one under the same number.
    content_sealed = models.BinaryField(editable=False)
    content_digest = models.BinaryField(editable=False)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=MessageState, default=MessageState.WAITING
    )
    fault = models.CharField(_("lỗi"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("nhận lúc"))
    worked_at = models.DateTimeField(_("xử lý lúc"), null=True, blank=True)
    # While a certificate cannot be judged: when it is looked at again.
    next_look_at = models.DateTimeField(_("xác minh lại lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("giao dịch với cổng học bạ")
        verbose_name_plural = _("giao dịch với cổng học bạ")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(state="waiting"), name="transcripts_message_due"
            ),
            models.Index(
                fields=["next_look_at"], condition=Q(state="checking"), name="transcripts_message_again"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "message_id"], name="transcripts_message_once")
        ]
        triggers = [unchanging("unit_id", "message_id", "type", "content_sealed", "content_digest")]

    def __str__(self) -> str:
        return self.message_id


class GatewayItem(models.Model):
    """What became of one transcript, certificate or recall of a message: the item of the answer."""

    message = models.ForeignKey(
        GatewayMessage, models.CASCADE, related_name="items", verbose_name=_("giao dịch")
    )
    position = models.PositiveIntegerField(_("thứ tự"))
    reference = models.CharField(_("mã tra cứu, số chứng thư"), max_length=80, blank=True)
    student_code = models.CharField(_("mã học sinh"), max_length=30, blank=True)
    student_name = models.CharField(_("họ và tên"), max_length=120, blank=True)
    personal_id_sealed = models.BinaryField(null=True, blank=True, editable=False)
    # As the specification numbers them: 1 approved, 0 refused; a recall 1 waiting, 2 agreed, 3 refused. None: a
    # certificate is still being checked.
    status = models.PositiveSmallIntegerField(_("trạng thái"), null=True)
    error = models.CharField(_("mã lỗi"), max_length=30, blank=True)
    error_field = models.CharField(_("trường lỗi"), max_length=120, blank=True)
    error_description = models.CharField(_("mô tả lỗi"), max_length=500, blank=True)

    isolation = ByParent("message")

    class Meta:
        verbose_name = _("kết quả giao dịch")
        verbose_name_plural = _("kết quả giao dịch")
        ordering = ["message_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="transcripts_item_once")]

    def __str__(self) -> str:
        return self.reference


@tracked(exclude=["file_sealed"], in_bulk=True)
class Original(models.Model):
    """bản gốc: a received transcript, byte for byte, for ever (NĐ 88/2026/NĐ-CP Điều 8.3). One for each UUID."""

    uuid = models.UUIDField(_("mã tra cứu"), unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    holder = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường giữ hồ sơ")
    )
    student = models.ForeignKey(
        "registry.Student",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("học sinh"),
    )
    personal_id_digest = models.BinaryField(editable=False, db_index=True)
    first_year = models.PositiveSmallIntegerField(_("năm học"))
    grade = models.PositiveSmallIntegerField(_("khối"), null=True, blank=True)
    level = models.CharField(_("cấp học"), max_length=20)
    profile = models.CharField(_("mẫu"), max_length=40)
    student_name = models.CharField(_("họ và tên"), max_length=120)
    file_sealed = models.BinaryField(editable=False)
    file_digest = models.BinaryField(editable=False)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=OriginalState, default=OriginalState.IN_FORCE
    )
    message = models.ForeignKey(
        GatewayMessage, models.PROTECT, related_name="+", verbose_name=_("nhận qua giao dịch")
    )
    received_at = models.DateTimeField(_("tiếp nhận lúc"))
    reported_at = models.DateTimeField(_("về kho của Bộ lúc"), null=True, blank=True)
    report_fault = models.CharField(_("lý do Bộ từ chối"), max_length=300, blank=True)
    # Of the last look whether the bytes are still those that were received.
    checked_at = models.DateTimeField(_("kiểm tra lúc"), null=True, blank=True)
    is_damaged = models.BooleanField(_("không còn nguyên vẹn"), default=False)

    isolation = ByUnit("unit", "holder")

    class Meta:
        verbose_name = _("bản gốc học bạ")
        verbose_name_plural = _("bản gốc học bạ")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "first_year", "state"], name="transcripts_original_unit"),
            models.Index(fields=["checked_at"], name="transcripts_original_check"),
            models.Index(
                fields=["received_at"],
                condition=Q(reported_at__isnull=True, state="in_force"),
                name="transcripts_original_report",
            ),
        ]
        triggers = [
            unchanging("uuid", "unit_id", "file_sealed", "file_digest", "message_id", "received_at"),
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.student_name} {self.first_year}"


class OriginalStamp(models.Model):
    """A time stamp (RFC 3161) over an original: a new one before the old one's certificate or algorithm ends."""

    original = models.ForeignKey(Original, models.PROTECT, related_name="stamps", verbose_name=_("bản gốc"))
    token = models.BinaryField(editable=False)
    authority = models.CharField(_("nơi cấp dấu thời gian"), max_length=200)
    stamped_at = models.DateTimeField(_("thời điểm"))
    # Until when its proof surely holds, and what it rests on: the authority's certificate, the algorithms.
    valid_until = models.DateField(_("chứng thư của nơi cấp hết hạn"), null=True)
    algorithm = models.CharField(_("thuật toán"), max_length=40, blank=True)
    renew_by = models.DateField(_("gia hạn trước ngày"))

    isolation = ByParent("original")

    class Meta:
        verbose_name = _("dấu thời gian của bản gốc")
        verbose_name_plural = _("dấu thời gian của bản gốc")
        ordering = ["original_id", "-stamped_at", "id"]
        indexes = [models.Index(fields=["original", "renew_by"], name="transcripts_stamp_of")]
        triggers = [unchanging("original_id", "token", "stamped_at")]

    def __str__(self) -> str:
        return f"{self.authority} {self.stamped_at:%d/%m/%Y}"


class KeepingRun(models.Model):
    """A run over the store: how many were looked at or stamped, what was found, what kept it from going on."""

    kind = models.CharField(_("việc"), max_length=8, choices=KeepingKind)
    started_at = models.DateTimeField(_("bắt đầu"))
    ended_at = models.DateTimeField(_("kết thúc"))
    done = models.PositiveIntegerField(_("số bản gốc"), default=0)
    damaged = models.PositiveIntegerField(_("không còn nguyên vẹn"), default=0)
    fault = models.CharField(_("trục trặc"), max_length=300, blank=True)

    isolation = Anyone(reason="numbers of the whole store, nothing of a person")

    class Meta:
        verbose_name = _("lần kiểm tra kho bản gốc")
        verbose_name_plural = _("lần kiểm tra kho bản gốc")
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["kind", "-started_at"], name="transcripts_keeping_last")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%d/%m/%Y %H:%M}"


@tracked()
class GatewayCertificate(models.Model):
    """The certificate with which a school signs what it sends; the Sở approves it (CV 2088, step 6)."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    serial = models.CharField(_("số chứng thư"), max_length=80)
    valid_from = models.DateField(_("hiệu lực từ"))
    signature_kind = models.CharField(_("kiểu chữ ký"), max_length=20)
    provider = models.CharField(_("nhà phát hành"), max_length=40)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=CertificateState, default=CertificateState.WAITING
    )
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    message = models.ForeignKey(
        GatewayMessage, models.PROTECT, related_name="+", verbose_name=_("đăng ký qua giao dịch")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người duyệt"),
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("chứng thư số đăng ký với cổng")
        verbose_name_plural = _("chứng thư số đăng ký với cổng")
        ordering = ["unit_id", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "serial"],
                condition=Q(state__in=["waiting", "approved"]),
                name="transcripts_certificate_once",
            )
        ]

    def __str__(self) -> str:
        return self.serial


class Dispatch(models.Model):
    """lần gửi: transcripts, a certificate or a recall on the way from the school to the gateway. messageid is fixed before
    the first try, so that a second try after a lost answer is the same transaction."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    type = models.PositiveSmallIntegerField(_("loại giao dịch"), choices=Transaction)
    transcript_ids = ArrayField(models.BigIntegerField(), verbose_name=_("học bạ"), default=list)
    certificate = models.ForeignKey(
        "documents.SignerCertificate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chứng thư đăng ký"),
    )
    recall = models.ForeignKey(
        "transcripts.Recall",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dispatches",
        verbose_name=_("yêu cầu thu hồi"),
    )
    # Of a registration: kind of signature and provider as the gateway names them.
    details = models.JSONField(_("chi tiết"), default=dict)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=MessageState, default=MessageState.WAITING
    )
    acknowledged_at = models.DateTimeField(_("cổng nhận lúc"), null=True, blank=True)
    accepted = models.PositiveIntegerField(_("được tiếp nhận"), default=0)
    refused = models.PositiveIntegerField(_("bị từ chối"), default=0)
    failures = models.PositiveSmallIntegerField(_("số lần không liên lạc được"), default=0)
    next_try_at = models.DateTimeField(_("lần thử tới"), null=True, blank=True)
    fault = models.CharField(_("trục trặc"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người gửi")
    )
    made_at = models.DateTimeField(_("gửi lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần gửi học bạ")
        verbose_name_plural = _("lần gửi học bạ")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="transcripts_dispatch_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(type=1) | Q(type=3, certificate__isnull=False) | Q(type=5, recall__isnull=False),
                name="transcripts_dispatch_of_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%d/%m/%Y %H:%M}"
