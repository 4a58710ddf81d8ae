"""Classes of a year and the spells of pupils in them. Everything that statistics count has dates."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit
from thongsuot.kit.text.expressions import Fold

from ..types import OPEN_TRANSFER, EntryType, ExitType, GradeLevel, TransferState
from .people import Student


@tracked()
class SchoolClass(models.Model):
    """lớp, nhóm trẻ"""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    site = models.ForeignKey(
        "organization.SchoolSite",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("điểm trường"),
    )
    code = models.CharField(_("mã lớp"), max_length=30)
    name = models.CharField(_("tên lớp"), max_length=60)
    grade = models.PositiveSmallIntegerField(_("khối, nhóm tuổi"), choices=GradeLevel, null=True, blank=True)
    # lớp ghép: the other grades taught in the same room; the pupils' own grade stands in their enrolment.
    mixed_grades = models.CharField(_("ghép với khối"), max_length=20, blank=True)
    homeroom_teacher = models.ForeignKey(
        "registry.Staff",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("giáo viên chủ nhiệm"),
    )
    room = models.ForeignKey(
        "registry.Room", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phòng học")
    )
    sessions_per_week = models.PositiveSmallIntegerField(_("số buổi/tuần"), null=True, blank=True)
    is_two_sessions = models.BooleanField(_("học 2 buổi/ngày"), default=False)
    is_boarding = models.BooleanField(_("lớp bán trú"), default=False)
    foreign_language = models.CharField(_("ngoại ngữ 1"), max_length=40, blank=True)
    max_students = models.PositiveSmallIntegerField(_("số học sinh tối đa"), null=True, blank=True)
    valid_from = models.DateField(_("mở từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lớp")
        verbose_name_plural = _("lớp")
        ordering = ["unit", "grade", "name", "id"]
        indexes = [
            models.Index(Lower("name"), name="registry_class_name"),
            models.Index(Fold("name"), name="registry_class_folded"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "school_year", "code"], name="registry_class_code"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="registry_class_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(in_bulk=True)
class Enrolment(models.Model):
    """A spell of a pupil in one class of one school in one year (Ed-Fi: StudentSchoolAssociation).

    Moving to another class, leaving and returning each begin a new spell: who sat where on 30 September is one
    condition on two dates. `status` is the ministry's word for it (list trang_thai_hoc_sinh), derived when written.
    """

    # All four keys are checked by statement, not by a constraint (migrations 0006_keys_by_statement, 0007).
    student = models.ForeignKey(
        Student,
        models.CASCADE,
        db_constraint=False,
        related_name="enrolments",
        verbose_name=_("học sinh"),
    )
    # `registry_enrolment_unit` serves both: nobody asks for a year without a school but to read all of it.
    unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("trường"),
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear",
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("năm học"),
    )
    school_class = models.ForeignKey(
        SchoolClass,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="enrolments",
        verbose_name=_("lớp"),
    )
    grade = models.PositiveSmallIntegerField(_("khối, nhóm tuổi"), choices=GradeLevel, null=True, blank=True)
    status = models.CharField(_("trạng thái"), max_length=2, default="01")
    entry_type = models.CharField(_("hình thức vào"), max_length=14, choices=EntryType, default=EntryType.NEW)
    entered_on = models.DateField(_("vào ngày"))
    exit_type = models.CharField(_("lý do kết thúc"), max_length=16, choices=ExitType, blank=True)
    # Code of the ministry's list ly_do_thoi_hoc.
    exit_reason = models.CharField(_("lý do thôi học"), max_length=2, blank=True)
    # The last day in this class.
    left_on = models.DateField(_("đến hết ngày"), null=True, blank=True)
    # The name as it stands in this school's books: the dossier itself moves on with the pupil.
    student_name = models.CharField(_("họ và tên"), max_length=120)
    other_school = models.CharField(_("trường đi, đến"), max_length=200, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("quá trình học")
        verbose_name_plural = _("quá trình học")
        ordering = ["student", "-entered_on", "-id"]
        indexes = [
            models.Index(fields=["unit", "school_year", "grade"], name="registry_enrolment_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(left_on__isnull=True), name="registry_enrolment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")),
                name="registry_enrolment_dates",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, exit_type="")
                | (Q(left_on__isnull=False) & ~Q(exit_type="")),
                name="registry_enrolment_end_has_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_name} {self.entered_on:%d/%m/%Y}"


@tracked()
class Transfer(models.Model):
    """chuyển trường: both schools have part in it. The receiving school asks, the other releases the dossier."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="transfers", verbose_name=_("học sinh"))
    # Null when the pupil comes from another province or from abroad.
    from_unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trường đi"),
    )
    from_name = models.CharField(_("trường đi ngoài tỉnh"), max_length=200, blank=True)
    # Null when the pupil goes to another province.
    to_unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trường đến"),
    )
    to_name = models.CharField(_("trường đến ngoài tỉnh"), max_length=200, blank=True)
    # Of a transfer over the border of the province: which province or country, and the papers that went along.
    place = models.CharField(_("tỉnh, nước"), max_length=120, blank=True)
    is_abroad = models.BooleanField(_("ra nước ngoài, từ nước ngoài"), default=False)
    document_number = models.CharField(_("số giấy chuyển trường"), max_length=60, blank=True)
    document_on = models.DateField(_("ngày của giấy"), null=True, blank=True)
    papers = models.JSONField(_("hồ sơ kèm theo"), default=list, blank=True)
    # The school outside has said that the pupil has come.
    confirmed_on = models.DateField(_("nơi đến xác nhận ngày"), null=True, blank=True)
    # What receiving wrote, so that it can be taken back.
    made = models.JSONField(_("những gì đã tạo"), default=dict, blank=True)
    state = models.CharField(_("trạng thái"), max_length=10, choices=TransferState)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    # As the receiving school wrote it; from the release on as the sending school's books have it. The receiving
    # school may read this row, not the dossier.
    student_name = models.CharField(_("họ và tên"), max_length=120)
    grade = models.PositiveSmallIntegerField(_("khối"), choices=GradeLevel, null=True, blank=True)
    effective_on = models.DateField(_("học ở trường mới từ"))
    requested_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người đề nghị")
    )
    requested_at = models.DateTimeField(_("đề nghị lúc"))
    decided_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    answer = models.CharField(_("trả lời"), max_length=300, blank=True)
    completed_at = models.DateTimeField(_("tiếp nhận lúc"), null=True, blank=True)

    isolation = ByUnit("from_unit", "to_unit")

    class Meta:
        verbose_name = _("chuyển trường")
        verbose_name_plural = _("chuyển trường")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(state__in=OPEN_TRANSFER),
                name="registry_transfer_one_open",
            ),
            models.CheckConstraint(
                condition=Q(from_unit__isnull=False) | Q(to_unit__isnull=False),
                name="registry_transfer_has_school",
            ),
        ]

    def __str__(self) -> str:
        return self.student_name

    @property
    def is_far(self) -> bool:
        """Does it go over the border of the province?"""
        return self.from_unit_id is None or self.to_unit_id is None


@tracked()
class YearPromotion(models.Model):
    """A school year that is being ended for a school: a draft with what differs from the usual, then what was written,
    so that it can be taken back."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    from_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học kết thúc")
    )
    to_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học mới")
    )
    # {spell: outcome}, only where it is not the usual one
    outcomes = models.JSONField(_("trường hợp khác"), default=dict)
    # {"promoted": 240, "retained": 3, "graduated": 50, "left": 1, "classes": 9}
    counts = models.JSONField(_("kết quả"), default=dict)
    # {"closed": [spell], "opened": [[spell, class or null]], "classes": {class: edition}}
    made = models.JSONField(_("những gì đã tạo"), default=dict)
    done_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người thực hiện")
    )
    done_at = models.DateTimeField(_("thực hiện lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người hoàn tác"),
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần kết thúc năm học")
        verbose_name_plural = _("lần kết thúc năm học")
        ordering = ["-done_at", "-id"]
        indexes = [models.Index(fields=["unit", "from_year"], name="registry_promotion_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "from_year"],
                condition=Q(done_at__isnull=True),
                name="registry_promotion_one_draft",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_year} → {self.to_year}"


@tracked()
class SchoolMerge(models.Model):
    """sáp nhập, giải thể: all that a school had moved to its successor (or it was closed empty)."""

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường cũ")
    )
    successor = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trường kế thừa"),
    )
    last_day = models.DateField(_("ngày cuối của trường cũ"))
    basis = models.CharField(_("quyết định"), max_length=300)
    counts = models.JSONField(_("đã chuyển"), default=dict)
    is_unit_closed = models.BooleanField(_("đã giải thể đơn vị"), default=False)
    done_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người thực hiện")
    )
    done_at = models.DateTimeField(_("thực hiện lúc"))
    # What was ended, made and changed, by table (actions/ledger.py).
    made = models.JSONField(_("những gì đã làm"), default=dict)
    undone_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người hoàn tác"),
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)
    undo_reason = models.CharField(_("lý do hoàn tác"), max_length=300, blank=True)

    isolation = ByUnit("unit", "successor")

    class Meta:
        verbose_name = _("sáp nhập, giải thể trường")
        verbose_name_plural = _("sáp nhập, giải thể trường")
        ordering = ["-done_at", "-id"]

    def __str__(self) -> str:
        return f"{self.unit} → {self.successor or ''}".rstrip(" →")
