"""Staff: the dossier, employment between dates, and what they teach (Ed-Fi: Staff, StaffOrganizationEmployment-
Association, StaffSectionAssociation)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import StaffGroup, StaffStatus
from .people import DERIVED, PersonRecord
from .searching import MarkedWords


@tracked(exclude=DERIVED)
class Staff(PersonRecord):
    """cán bộ, giáo viên, nhân viên. `unit` is the school where the person works, or worked last."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    local_code = models.CharField(_("mã cán bộ của trường"), max_length=30, blank=True)
    # Codes of the ministry's lists: trinh_do_chuyen_mon ...
    degree = models.CharField(_("trình độ chuyên môn"), max_length=10, blank=True)
    major = models.CharField(_("chuyên ngành chính"), max_length=120, blank=True)
    political_theory = models.CharField(_("lý luận chính trị"), max_length=60, blank=True)
    foreign_language = models.CharField(_("ngoại ngữ, trình độ"), max_length=60, blank=True)
    informatics = models.CharField(_("tin học"), max_length=60, blank=True)
    professional_standard = models.CharField(_("chuẩn nghề nghiệp"), max_length=10, blank=True)
    recruited_on = models.DateField(_("ngày tuyển dụng"), null=True, blank=True)
    is_party_member = models.BooleanField(_("đảng viên"), default=False)
    has_digital_skills = models.BooleanField(_("đã đạt kỹ năng số cơ bản"), default=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tài khoản"),
    )

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("cán bộ, giáo viên")
        verbose_name_plural = _("cán bộ, giáo viên")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["unit", "sort_key"], name="registry_staff_unit_name"),
            models.Index(fields=["name_fold"], opclasses=["varchar_pattern_ops"], name="registry_staff_fold"),
            models.Index(
                fields=["ministry_code"], condition=~Q(ministry_code=""), name="registry_staff_ministry"
            ),
            GinIndex(MarkedWords(), name="registry_staff_words"),
            models.Index(fields=["sort_key", "id"], name="registry_staff_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "local_code"], condition=~Q(local_code=""), name="registry_staff_local_code"
            ),
            models.CheckConstraint(
                condition=Q(personal_id_sealed__isnull=True, personal_id_digest__isnull=True)
                | Q(personal_id_sealed__isnull=False, personal_id_digest__isnull=False),
                name="registry_staff_id_with_digest",
            ),
        ]


@tracked()
class Employment(models.Model):
    """A post at a school between two dates; status "working" counts in ratios."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="employments", verbose_name=_("người"))
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    group = models.CharField(_("vị trí việc làm"), max_length=10, choices=StaffGroup)
    # Codes of the ministry's lists chuc_vu, hinh_thuc_hop_dong.
    position = models.CharField(_("chức vụ"), max_length=4, blank=True)
    contract = models.CharField(_("hình thức hợp đồng"), max_length=4, blank=True)
    rank = models.CharField(_("hạng, mã số chức danh"), max_length=30, blank=True)
    salary_step = models.CharField(_("bậc lương, hệ số"), max_length=20, blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=StaffStatus, default=StaffStatus.WORKING
    )
    subjects = ArrayField(
        models.CharField(max_length=40), verbose_name=_("môn dạy"), default=list, blank=True
    )
    duties = ArrayField(
        models.CharField(max_length=60), verbose_name=_("kiêm nhiệm"), default=list, blank=True
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("vị trí công tác")
        verbose_name_plural = _("vị trí công tác")
        ordering = ["staff", "-valid_from", "-id"]
        indexes = [models.Index(fields=["unit", "group"], name="registry_employment_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="registry_employment_dates",
            ),
            models.UniqueConstraint(
                fields=["staff", "unit"],
                condition=Q(valid_to__isnull=True),
                name="registry_employment_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.get_group_display()


@tracked()
class TeachingAssignment(models.Model):
    """phân công giảng dạy: who teaches which subject in which class, lessons a week, between two dates."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="teaching", verbose_name=_("giáo viên"))
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.CASCADE, related_name="teaching", verbose_name=_("lớp")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    subject = models.CharField(_("môn"), max_length=40)
    lessons_per_week = models.DecimalField(_("số tiết/tuần"), max_digits=4, decimal_places=1)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("phân công giảng dạy")
        verbose_name_plural = _("phân công giảng dạy")
        ordering = ["school_class", "subject", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "school_class", "subject", "valid_from"], name="registry_teaching_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="registry_teaching_dates",
            ),
            models.CheckConstraint(condition=Q(lessons_per_week__gt=0), name="registry_teaching_lessons"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.school_class}"
