"""What the journeys leave behind: decisions on completing a level, one record made two, facts that people have set right."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone, ByParent, ByUnit

from ..types import GradeLevel
from .classes import Enrolment
from .people import Student


@tracked()
class RegistryFact(models.Model):
    """A number or list of data/registry/journeys.json as somebody has set it right; without a row the file holds."""

    key = models.CharField(_("tham số"), max_length=40, unique=True)
    value = models.JSONField(_("giá trị"))
    source = models.CharField(_("căn cứ"), max_length=300)
    set_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    set_at = models.DateTimeField(_("ghi lúc"))

    isolation = Anyone(reason="settings, no personal data")

    class Meta:
        verbose_name = _("tham số hồ sơ")
        verbose_name_plural = _("tham số hồ sơ")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


@tracked()
class Graduation(models.Model):
    """A decision that pupils of a final grade have completed their level: a draft first, then what was written."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    grade = models.PositiveSmallIntegerField(_("khối cuối cấp"), choices=GradeLevel)
    # {spell: reason} of those who do not complete, while it is a draft; then it stands in Completion.
    held_back = models.JSONField(_("chưa hoàn thành"), default=dict)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    last_day = models.DateField(_("ngày học cuối"), null=True, blank=True)
    counts = models.JSONField(_("kết quả"), default=dict)
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
        verbose_name = _("quyết định hoàn thành cấp học")
        verbose_name_plural = _("quyết định hoàn thành cấp học")
        ordering = ["-done_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "school_year", "grade"],
                condition=Q(done_at__isnull=True),
                name="registry_graduation_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True)
                | (Q(decided_on__isnull=False, last_day__isnull=False) & ~Q(decision_number="")),
                name="registry_graduation_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.decision_number or self.get_grade_display()


@tracked()
class Completion(models.Model):
    """One pupil in a decision: completes, or not and why."""

    graduation = models.ForeignKey(
        Graduation, models.CASCADE, related_name="completions", verbose_name=_("quyết định")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="completions", verbose_name=_("quá trình học")
    )
    completes = models.BooleanField(_("hoàn thành"), default=True)
    reason = models.CharField(_("lý do chưa hoàn thành"), max_length=300, blank=True)

    isolation = ByParent("graduation")

    class Meta:
        verbose_name = _("kết quả hoàn thành cấp học")
        verbose_name_plural = _("kết quả hoàn thành cấp học")
        ordering = ["graduation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["graduation", "enrolment"], name="registry_completion_once"),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)


@tracked()
class PersonSplit(models.Model):
    """One record that held two persons, made two; holds what moved, so that it can be taken back."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name=_("hồ sơ ở lại"))
    other = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name=_("hồ sơ tách ra"))
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    reason = models.CharField(_("lý do tách"), max_length=300)
    # Keys of the rows that went to the new record by table, and the fields that were taken out: name -> [old, new].
    moved = models.JSONField(_("những gì đã chuyển"), default=dict)
    split_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("người tách")
    )
    split_at = models.DateTimeField(_("tách lúc"))
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
        verbose_name = _("lần tách hồ sơ")
        verbose_name_plural = _("lần tách hồ sơ")
        ordering = ["-split_at", "-id"]

    def __str__(self) -> str:
        return f"{self.student_id} → {self.other_id}"
