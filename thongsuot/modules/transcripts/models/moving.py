"""Records that move with a pupil: handed over at the end of a level, on paper to where there is no digital transcript,
received as signed files from another province; and what a change of civil status changes."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import HandOverState, HandOverWay, TranscriptKind
from .corrections import Recall
from .transcript import Transcript, unchanging


class HandOver(models.Model):
    """bàn giao: the transcripts of one pupil that one school has handed to another (QĐ 1789 Điều 20.4, 22), or that wait for
    it at the end of a level. A row that was undone stays; what waits then has a new one.

    transcript_ids: what was handed over. missing: school years that the pupil sat at the giving school and of which no
    issued transcript exists. batch: rows that one act has taken over from one school, with one minutes of hand-over.
    """

    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )
    student_name = models.CharField(_("họ và tên"), max_length=120)
    from_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường giao")
    )
    to_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường nhận")
    )
    way = models.CharField(_("cách bàn giao"), max_length=10, choices=HandOverWay)
    number = models.PositiveSmallIntegerField(_("số bản"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người làm")
    )
    # Since when it waits; from then on, when it was taken.
    at = models.DateTimeField(_("lúc"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=HandOverState, default=HandOverState.TAKEN
    )
    transcript_ids = ArrayField(models.BigIntegerField(), verbose_name=_("học bạ"), default=list, blank=True)
    missing = ArrayField(
        models.CharField(max_length=20), verbose_name=_("năm chưa có học bạ số"), default=list, blank=True
    )
    # From this day on it is handed over by the system.
    due_on = models.DateField(_("hạn nhận"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người giao"),
    )
    given_at = models.DateTimeField(_("giao lúc"), null=True, blank=True)
    batch = models.UUIDField(_("biên bản"), null=True, blank=True, editable=False, db_index=True)

    isolation = ByUnit("from_unit", "to_unit")

    class Meta:
        verbose_name = _("lần bàn giao học bạ")
        verbose_name_plural = _("lần bàn giao học bạ")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["from_unit", "-at"], name="transcripts_handed_from"),
            models.Index(fields=["to_unit", "-at"], name="transcripts_handed_to"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "from_unit"],
                condition=models.Q(state="waiting"),
                name="transcripts_waits_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.student_name} {self.at:%d/%m/%Y}"


@tracked()
class PaperCopy(models.Model):
    """bản giấy xác nhận: a print of a digital transcript that counts because the school confirms it (QĐ 1789 Điều 3, 22),
    numbered by school and calendar year."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transcript = models.ForeignKey(
        Transcript, models.PROTECT, related_name="paper_copies", verbose_name=_("học bạ")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    year = models.PositiveSmallIntegerField(_("năm"))
    number = models.PositiveIntegerField(_("số"))
    recipient = models.CharField(_("nơi nhận"), max_length=200)
    purpose = models.CharField(_("mục đích"), max_length=200)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người cấp")
    )
    issued_at = models.DateTimeField(_("cấp lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("bản giấy xác nhận của học bạ")
        verbose_name_plural = _("bản giấy xác nhận của học bạ")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="transcripts_paper_number")
        ]
        triggers = [unchanging("transcript_id", "unit_id", "year", "number", "issued_at")]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


@tracked(exclude=["file_sealed"])
class ForeignTranscript(models.Model):
    """học bạ từ tỉnh khác: a signed file of another province's school, byte for byte, with what its check said on the day
    it was taken in. It is read and handed on, never written in."""

    uuid = models.UUIDField(_("mã tra cứu"), unique=True, editable=False)
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường giữ hồ sơ")
    )
    kind = models.CharField(_("loại"), max_length=10, choices=TranscriptKind)
    profile = models.CharField(_("mẫu"), max_length=40)
    school_name = models.CharField(_("trường phát hành"), max_length=200)
    school_year_name = models.CharField(_("năm học"), max_length=20)
    class_name = models.CharField(_("tên lớp"), max_length=60, blank=True)
    student_name = models.CharField(_("họ và tên"), max_length=120)
    file_sealed = models.BinaryField(editable=False)
    file_digest = models.BinaryField(editable=False)
    verdict = models.CharField(_("kết quả kiểm tra"), max_length=14)
    reasons = models.JSONField(_("điều chưa kết luận được"), default=list)
    checked_at = models.DateTimeField(_("kiểm tra lúc"))
    # Empty once something is decided.
    next_check_at = models.DateTimeField(_("kiểm tra lại lúc"), null=True, blank=True)
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người nhận")
    )
    taken_in_at = models.DateTimeField(_("nhận lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("học bạ từ tỉnh khác")
        verbose_name_plural = _("học bạ từ tỉnh khác")
        ordering = ["student_name", "school_year_name", "id"]
        indexes = [
            models.Index(fields=["unit", "student"], name="transcripts_foreign_of"),
            models.Index(
                fields=["next_check_at"],
                name="transcripts_foreign_due",
                condition=models.Q(next_check_at__isnull=False),
            ),
        ]
        triggers = [unchanging("uuid", "file_sealed", "file_digest", "taken_in_at")]

    def __str__(self) -> str:
        return f"{self.student_name} {self.school_year_name}"


class ForeignCheck(models.Model):
    """lần kiểm tra: what one look at a file of another province said; none is written over."""

    foreign = models.ForeignKey(
        ForeignTranscript, models.CASCADE, related_name="checks", verbose_name=_("học bạ từ tỉnh khác")
    )
    verdict = models.CharField(_("kết quả kiểm tra"), max_length=14)
    reasons = models.JSONField(_("lý do"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người làm")
    )
    at = models.DateTimeField(_("lúc"))

    isolation = ByParent("foreign")

    class Meta:
        verbose_name = _("lần kiểm tra học bạ từ tỉnh khác")
        verbose_name_plural = _("lần kiểm tra học bạ từ tỉnh khác")
        ordering = ["-at", "-id"]
        triggers = [unchanging("foreign_id", "verdict", "reasons", "at")]

    def __str__(self) -> str:
        return f"{self.verdict} {self.at:%d/%m/%Y}"


class AwaitedResult(models.Model):
    """kết quả đến khi chuyển trường còn chờ: a pupil has left the class during the year, the school of before owes the
    result to date, the school of now waits for it (QĐ 1789 Điều 22). Settled when `transcript` has been issued."""

    student = models.ForeignKey(
        "registry.Student", models.CASCADE, related_name="+", verbose_name=_("học sinh")
    )
    student_name = models.CharField(_("họ và tên"), max_length=120)
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.CASCADE, related_name="+", verbose_name=_("lớp")
    )
    # The class of another school is out of reach of the one that waits.
    class_name = models.CharField(_("tên lớp"), max_length=60)
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    from_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường cũ")
    )
    # Empty where the pupil has left the province.
    to_unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trường mới"),
    )
    left_on = models.DateField(_("ngày rời lớp"))
    due_on = models.DateField(_("hạn"))
    transcript = models.ForeignKey(
        Transcript,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kết quả đã lập"),
    )
    # Why there will be none; empty while it is owed.
    excused_for = models.CharField(_("lý do không lập"), max_length=300, blank=True)
    told_at = models.DateTimeField(_("báo lúc"))
    reminded_on = models.DateField(_("nhắc ngày"), null=True, blank=True)
    escalated_on = models.DateField(_("báo quá hạn ngày"), null=True, blank=True)

    isolation = ByUnit("from_unit", "to_unit")

    class Meta:
        verbose_name = _("kết quả đến khi chuyển trường")
        verbose_name_plural = _("kết quả đến khi chuyển trường")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["student", "school_class"], name="transcripts_awaited_once")
        ]
        indexes = [
            models.Index(fields=["from_unit", "due_on"], name="transcripts_awaited_from"),
            models.Index(fields=["to_unit", "due_on"], name="transcripts_awaited_to"),
        ]

    def __str__(self) -> str:
        return f"{self.student_name} {self.due_on:%d/%m/%Y}"


@tracked(exclude=["before_sealed", "after_sealed"])
class CivilChange(models.Model):
    """thay đổi hộ tịch: name, birth date, sex or personal id changed by a decision, and with them every transcript of the
    pupil (QĐ 1789 Điều 21.7). What stood there before lies sealed. A row for each school that issued one of them: only it
    may correct its own (Điều 4.3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    decision_number = models.CharField(_("số quyết định"), max_length=60)
    decided_on = models.DateField(_("ngày quyết định"))
    decided_by = models.CharField(_("cơ quan quyết định"), max_length=200)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("quyết định")
    )
    before_sealed = models.BinaryField(editable=False)
    after_sealed = models.BinaryField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    made_at = models.DateTimeField(_("ghi lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("thay đổi hộ tịch")
        verbose_name_plural = _("thay đổi hộ tịch")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["unit", "-made_at"], name="transcripts_civil_of")]
        triggers = [
            unchanging("student_id", "before_sealed", "after_sealed", "decision_number", "decided_on")
        ]

    def __str__(self) -> str:
        return f"{self.decision_number} {self.decided_on:%d/%m/%Y}"


class CivilChangeItem(models.Model):
    """One transcript that the change concerns: its school takes it back and issues a replacement."""

    change = models.ForeignKey(
        CivilChange, models.CASCADE, related_name="items", verbose_name=_("thay đổi hộ tịch")
    )
    transcript = models.ForeignKey(
        Transcript, models.PROTECT, related_name="civil_changes", verbose_name=_("học bạ")
    )
    recall = models.ForeignKey(
        Recall,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="civil_changes",
        verbose_name=_("yêu cầu thu hồi"),
    )
    replacement = models.ForeignKey(
        Transcript,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bản thay thế"),
    )
    fault = models.CharField(_("trục trặc"), max_length=300, blank=True)

    isolation = ByParent("change")

    class Meta:
        verbose_name = _("học bạ thay đổi theo hộ tịch")
        verbose_name_plural = _("học bạ thay đổi theo hộ tịch")
        ordering = ["change_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "transcript"], name="transcripts_civil_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.transcript_id}"
