"""What passes between the registry and others: the ministry's database, the population database, families, the law."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import (
    BatchState,
    Channel,
    ErrorReportState,
    IdentityStatus,
    MatchDecision,
    SubjectRequestKind,
    SubmissionStatus,
)
from .people import Student


@tracked()
class MinistrySubmission(models.Model):
    """Where an object stands on its way to the ministry's database, and why it was refused."""

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    # student, staff, class, school: the objects of the ministry's order of submission.
    kind = models.CharField(_("đối tượng"), max_length=10)
    object_id = models.BigIntegerField(_("khóa của đối tượng"))
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=SubmissionStatus, default=SubmissionStatus.NOT_SENT
    )
    reason = models.CharField(_("lý do từ chối"), max_length=500, blank=True)
    # Of the row as it was sent: what has changed since must be sent again.
    content_digest = models.BinaryField(null=True, blank=True)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("dữ liệu gửi Bộ")
        verbose_name_plural = _("dữ liệu gửi Bộ")
        ordering = ["unit", "kind", "object_id"]
        indexes = [models.Index(fields=["unit", "status"], name="registry_submission_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["school_year", "kind", "object_id"], name="registry_submission_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class IdentityBatch(models.Model):
    """A list of people sent to the population database in one go, by HTTP or as a file."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    channel = models.CharField(_("kênh"), max_length=8, choices=Channel)
    kind = models.CharField(_("đối tượng"), max_length=10)
    state = models.CharField(_("trạng thái"), max_length=10, choices=BatchState, default=BatchState.QUEUED)
    # The other side's number of the batch; ours is `public_id`, which is also the idempotency key.
    remote_id = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(_("bên kia nhận lúc"), null=True, blank=True)
    # When the next step is due, and how often it has failed in a row.
    next_try_at = models.DateTimeField(_("lần thử tới"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("số lần không liên lạc được"), default=0)
    size = models.PositiveIntegerField(_("số người"), default=0)
    answered = models.PositiveIntegerField(_("đã trả lời"), default=0)
    matched = models.PositiveIntegerField(_("khớp"), default=0)
    created_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người gửi")
    )
    created_at = models.DateTimeField(_("gửi lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    fault = models.CharField(_("trục trặc"), max_length=300, blank=True)
    # Whoever speaks with the other side just now, without a transaction: nobody else takes the list up before then.
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần xác thực")
        verbose_name_plural = _("lần xác thực")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="registry_identity_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%d/%m/%Y %H:%M}"


class IdentityCheck(models.Model):
    """One person in a batch: what was answered. A mismatch names the fields, never the other side's values."""

    batch = models.ForeignKey(IdentityBatch, models.CASCADE, related_name="checks")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    # Of the student or staff member (by the batch's kind).
    person_id = models.BigIntegerField()
    # What the other side gives back: never our key, never the personal id.
    reference = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    status = models.CharField(
        _("kết quả"), max_length=14, choices=IdentityStatus, default=IdentityStatus.WAITING
    )
    differing = models.CharField(_("trường không khớp"), max_length=120, blank=True)
    # Of what was sent (actions/identity/content.py): an answer about words that have changed since says nothing.
    content_digest = models.BinaryField(null=True, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả xác thực")
        verbose_name_plural = _("kết quả xác thực")
        ordering = ["batch", "id"]
        indexes = [
            models.Index(fields=["unit", "status"], name="registry_identity_unit"),
            models.Index(fields=["person_id", "-id"], name="registry_identity_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["batch", "person_id"], name="registry_identity_once")]

    def __str__(self) -> str:
        return self.get_status_display()


@tracked()
class MatchCandidate(models.Model):
    """Two records that may be one person, with the score explained field by field; a person decides."""

    first = models.ForeignKey(Student, models.CASCADE, related_name="+", verbose_name=_("hồ sơ thứ nhất"))
    second = models.ForeignKey(Student, models.CASCADE, related_name="+", verbose_name=_("hồ sơ thứ hai"))
    first_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường 1")
    )
    second_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường 2")
    )
    score = models.DecimalField(_("điểm giống nhau"), max_digits=5, decimal_places=2)
    # [{"field": "full_name", "agreement": "same_without_accents", "weight": 6.1}, ...]; agreement, not values.
    explanation = models.JSONField(_("giải thích"), default=list)
    found_at = models.DateTimeField(_("phát hiện lúc"))
    decision = models.CharField(_("quyết định"), max_length=10, choices=MatchDecision, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    isolation = ByUnit("first_unit", "second_unit")

    class Meta:
        verbose_name = _("hồ sơ nghi trùng")
        verbose_name_plural = _("hồ sơ nghi trùng")
        ordering = ["-score", "id"]
        constraints = [
            # The older record first: a pair stands once.
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="registry_match_in_order"
            ),
            models.UniqueConstraint(fields=["first", "second"], name="registry_match_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


@tracked()
class PersonMerge(models.Model):
    """Two records made one; holds what moved, so that it can be taken back."""

    kept = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name=_("hồ sơ giữ lại"))
    gone = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name=_("hồ sơ gộp vào"))
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    # Keys of the rows that changed hands, by table, and the kept record's fields as they were (sealed ones as hex).
    moved = models.JSONField(_("những gì đã chuyển"), default=dict)
    merged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người gộp")
    )
    merged_at = models.DateTimeField(_("gộp lúc"))
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người tách")
    )
    undone_at = models.DateTimeField(_("tách lại lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần gộp hồ sơ")
        verbose_name_plural = _("lần gộp hồ sơ")
        ordering = ["-merged_at", "-id"]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


@tracked()
class ErrorReport(models.Model):
    """A parent says that something in the child's dossier is wrong; the school mends it or says why not."""

    student = models.ForeignKey(
        Student, models.CASCADE, related_name="error_reports", verbose_name=_("học sinh")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    field = models.CharField(_("mục"), max_length=40)
    said = models.CharField(_("nội dung đề nghị"), max_length=500)
    reported_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("người báo")
    )
    reported_at = models.DateTimeField(_("báo lúc"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=ErrorReportState, default=ErrorReportState.OPEN
    )
    answer = models.CharField(_("trả lời"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người trả lời"),
    )
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("báo sai thông tin")
        verbose_name_plural = _("báo sai thông tin")
        ordering = ["-reported_at", "-id"]

    def __str__(self) -> str:
        return self.field


@tracked()
class SubjectRequest(models.Model):
    """A request under the law on personal data: answered within 2 working days, carried out in 15 or 20 days."""

    student = models.ForeignKey(
        Student, models.PROTECT, related_name="subject_requests", verbose_name=_("học sinh")
    )
    kind = models.CharField(_("yêu cầu"), max_length=10, choices=SubjectRequestKind)
    requested_by_name = models.CharField(_("người yêu cầu"), max_length=120)
    basis = models.CharField(_("căn cứ, giấy tờ"), max_length=300)
    received_on = models.DateField(_("nhận ngày"))
    due_on = models.DateField(_("hạn thực hiện"))
    answer_due_on = models.DateField(_("hạn trả lời"), null=True, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    done_at = models.DateTimeField(_("thực hiện lúc"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người thực hiện"),
    )
    refused_reason = models.CharField(_("lý do không thực hiện"), max_length=500, blank=True)
    # Restriction: taken off again.
    lifted_at = models.DateTimeField(_("bỏ hạn chế lúc"), null=True, blank=True)
    # Erasure: old values taken out of the history by the owner of the database (thongsuot purge_erased).
    history_purged_at = models.DateTimeField(_("dọn lịch sử lúc"), null=True, blank=True)

    isolation = ByParent("student")

    class Meta:
        verbose_name = _("yêu cầu về dữ liệu cá nhân")
        verbose_name_plural = _("yêu cầu về dữ liệu cá nhân")
        ordering = ["-received_on", "-id"]

    def __str__(self) -> str:
        return self.get_kind_display()
