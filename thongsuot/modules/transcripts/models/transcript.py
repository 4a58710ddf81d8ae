"""Transcripts as versions that are never overwritten, the signatures set in beside them, what the school adds by hand.

The XML holds personal ids, of the pupil and of signers: data and signature nodes lie sealed (kit.sealing), and the file
is put together when somebody who may asks for it. A trigger keeps what was once written from being changed.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone, ByParent, ByUnit

from ..domain.steps import LIVE
from ..types import SignerRole, TranscriptKind, TranscriptState


def unchanging(*fields: str) -> pgtrigger.Trigger:
    """A row keeps these fields as they were inserted, whoever writes."""
    return pgtrigger.Protect(
        name="keeps_what_was_written",
        operation=pgtrigger.UpdateOf(*fields),
        condition=pgtrigger.Condition(" OR ".join(f"OLD.{f} IS DISTINCT FROM NEW.{f}" for f in fields)),
    )


@tracked(exclude=["data_sealed"], in_bulk=True)
class Transcript(models.Model):
    """học bạ số: one version of one pupil's school year at one school (CV 2088/BGDĐT-GDTH; NĐ 88/2026/NĐ-CP Điều 8).

    uuid: mã tra cứu, v4, never used again, not by a replacement either. holder: the school that has the pupil's record
    now; it inherits what others issued and may not write in it.
    """

    uuid = models.UUIDField(_("mã tra cứu"), default=uuid.uuid4, unique=True, editable=False)
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, related_name="+", verbose_name=_("học sinh")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    holder = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường giữ hồ sơ")
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.PROTECT, related_name="+", verbose_name=_("lớp")
    )
    level = models.CharField(_("cấp học"), max_length=20)
    grade = models.PositiveSmallIntegerField(_("khối"))
    profile = models.CharField(_("mẫu"), max_length=40)
    version = models.PositiveSmallIntegerField(_("phiên bản"), default=1)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("thay cho bản"),
    )
    state = models.CharField(
        _("trạng thái"), max_length=16, choices=TranscriptState, default=TranscriptState.INITIALISED
    )
    # As the transcript says them, read by schools that see neither the class nor, after a transfer, the pupil's record;
    # the key of its place in the class.
    class_name = models.CharField(_("tên lớp"), max_length=60)
    student_name = models.CharField(_("họ và tên"), max_length=120)
    sort_key = models.CharField(max_length=400, editable=False)
    data_sealed = models.BinaryField(editable=False)
    # SHA-256 of the data part, and once issued of the whole file.
    data_digest = models.BinaryField(editable=False)
    # Rows of the data that their own signers sign (subjects), and whom the data name for each, in the same order.
    places = ArrayField(models.CharField(max_length=40), verbose_name=_("môn"), default=list, editable=False)
    place_staff = ArrayField(
        models.BigIntegerField(), verbose_name=_("giáo viên từng môn"), default=list, editable=False
    )
    places_left = models.PositiveSmallIntegerField(_("số môn chưa ký"), default=0)
    file_digest = models.BinaryField(null=True, blank=True, editable=False)
    is_supplementary = models.BooleanField(_("đánh giá lại trong hè"), default=False)
    # The whole year; the result to date of a pupil who leaves; a paper transcript put into figures (QĐ 1789 Điều 22).
    kind = models.CharField(_("loại"), max_length=10, choices=TranscriptKind, default=TranscriptKind.YEAR)
    # Of a digitised one: the paper as it was handed in.
    scan = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bản chụp học bạ giấy"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người lập")
    )
    made_at = models.DateTimeField(_("lập lúc"))
    issued_at = models.DateTimeField(_("phát hành lúc"), null=True, blank=True)
    # Why the gateway refused it, or why it was taken back; for people.
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)

    isolation = ByUnit("unit", "holder")

    class Meta:
        verbose_name = _("học bạ")
        verbose_name_plural = _("học bạ")
        # Never by the class itself: joined, rows of another school would vanish for the one that holds the record.
        ordering = ["class_name", "sort_key", "id"]
        indexes = [
            models.Index(
                fields=["unit", "school_year", "school_class", "state"], name="transcripts_of_school"
            ),
            models.Index(fields=["holder", "school_year"], name="transcripts_of_holder"),
            models.Index(fields=["state", "unit"], name="transcripts_by_state"),
            # Classes that wait for their teachers are counted from it alone.
            models.Index(
                fields=["school_year", "unit", "school_class"],
                condition=Q(state="initialised", kind="year"),
                name="transcripts_waiting_classes",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_year", "unit", "kind"],
                condition=Q(state__in=sorted(LIVE)),
                name="transcripts_one_live",
            ),
            models.UniqueConstraint(
                fields=["student", "school_year", "unit", "kind", "version"],
                name="transcripts_version_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="digitised") | Q(scan__isnull=False),
                name="transcripts_digitised_from_paper",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, file_digest__isnull=True)
                | Q(issued_at__isnull=False, file_digest__isnull=False),
                name="transcripts_issued_with_digest",
            ),
            models.CheckConstraint(
                condition=Q(places__len=models.F("place_staff__len"))
                & Q(places_left__lte=models.F("places__len")),
                name="transcripts_places_of_one_length",
            ),
        ]
        triggers = [
            unchanging(
                "uuid",
                "data_sealed",
                "data_digest",
                "version",
                "profile",
                "unit_id",
                "school_year_id",
                "places",
                "place_staff",
            )
        ]

    def __str__(self) -> str:
        return f"{self.student_name} {self.school_year}"


class TranscriptSignature(models.Model):
    """One signature node (GVCN, CBQL, KY_PHAT_HANH), as XML, sealed. Written once; goes only with its transcript.

    certificate: as it stood when it was signed (serial, who issued it to whom): the row of the certificate may end.
    """

    transcript = models.ForeignKey(
        Transcript, models.PROTECT, related_name="signatures", verbose_name=_("học bạ")
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=SignerRole)
    # Several subject teachers sign one transcript: the code of the subject, else empty.
    place = models.CharField(_("môn"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"))
    node_sealed = models.BinaryField(editable=False)
    signer_name = models.CharField(_("người ký"), max_length=200)
    certificate_serial = models.CharField(_("số chứng thư"), max_length=80)
    certificate_issuer = models.CharField(_("tổ chức chứng thực"), max_length=300)
    session = models.ForeignKey(
        "transcripts.SigningSession",
        models.PROTECT,
        related_name="signatures",
        verbose_name=_("lần ký"),
    )
    signed_at = models.DateTimeField(_("ký lúc"))

    isolation = ByParent("transcript")

    class Meta:
        verbose_name = _("chữ ký trên học bạ")
        verbose_name_plural = _("chữ ký trên học bạ")
        ordering = ["transcript_id", "position", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["transcript", "role", "place"], name="transcripts_signed_once")
        ]
        triggers = [pgtrigger.Protect(name="only_inserted", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.signer_name}"


@tracked()
class Supplement(models.Model):
    """What the layout asks for and no other part of the system knows: filled in by the school, by pupil and year."""

    student = models.ForeignKey(
        "registry.Student", models.CASCADE, related_name="+", verbose_name=_("học sinh")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    register_number = models.CharField(_("số sổ đăng bộ"), max_length=30, blank=True)
    weight = models.DecimalField(_("cân nặng (kg)"), max_digits=4, decimal_places=1, null=True, blank=True)
    height = models.DecimalField(_("chiều cao (cm)"), max_digits=4, decimal_places=1, null=True, blank=True)
    homeroom_remark = models.TextField(_("nhận xét của giáo viên chủ nhiệm"), blank=True)
    qualities_remark = models.TextField(_("nhận xét phẩm chất"), blank=True)
    general_remark = models.TextField(_("nhận xét năng lực chung"), blank=True)
    specific_remark = models.TextField(_("nhận xét năng lực đặc thù"), blank=True)
    special_awards = models.CharField(_("khen thưởng đột xuất"), max_length=300, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("thông tin bổ sung cho học bạ")
        verbose_name_plural = _("thông tin bổ sung cho học bạ")
        ordering = ["student_id", "-school_year_id", "id"]
        indexes = [models.Index(fields=["unit", "school_year"], name="transcripts_supplement_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_year", "unit"], name="transcripts_supplement_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lt=200),
                name="transcripts_supplement_weight",
            ),
            models.CheckConstraint(
                condition=Q(height__isnull=True) | Q(height__gte=40, height__lt=250),
                name="transcripts_supplement_height",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.school_year}"


class TranscriptLog(models.Model):
    """What happened to a transcript, in words, the story on its page."""

    transcript = models.ForeignKey(Transcript, models.CASCADE, related_name="log", verbose_name=_("học bạ"))
    verb = models.CharField(_("việc"), max_length=20)
    detail = models.CharField(_("chi tiết"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người làm")
    )
    at = models.DateTimeField(_("lúc"))

    isolation = ByParent("transcript")

    class Meta:
        verbose_name = _("việc với học bạ")
        verbose_name_plural = _("việc với học bạ")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%d/%m/%Y %H:%M}"


@tracked()
class Deadline(models.Model):
    """A day of data/transcripts/deadlines.json, set right by the department: the text may say otherwise. Of one school
    year, of one level, or of all."""

    code = models.CharField(_("mã"), max_length=30)
    school_year = models.ForeignKey(
        "organization.SchoolYear",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("năm học"),
    )
    level = models.CharField(_("cấp học"), max_length=20, blank=True)
    month = models.PositiveSmallIntegerField(_("tháng"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("ngày"), null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(_("số ngày làm việc"), null=True, blank=True)
    basis = models.CharField(_("căn cứ"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người đặt")
    )
    set_at = models.DateTimeField(_("đặt lúc"))

    isolation = Anyone(reason="dates that hold for the whole province")

    class Meta:
        verbose_name = _("hạn của học bạ")
        verbose_name_plural = _("hạn của học bạ")
        ordering = ["code", "school_year_id", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "school_year", "level"],
                nulls_distinct=False,
                name="transcripts_deadline_once",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=False, day__isnull=False, working_days__isnull=True)
                | Q(month__isnull=True, day__isnull=True, working_days__isnull=False),
                name="transcripts_deadline_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.code
