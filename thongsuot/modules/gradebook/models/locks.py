"""Books that are closed, and the asking to open one again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import UnlockState
from .subjects import ClassSubject


@tracked()
class MarkLock(models.Model):
    """khóa sổ điểm: no mark of the term changes, of the whole school or of one class, until it is taken off."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    term = models.PositiveSmallIntegerField(_("học kỳ"))
    # Null: the whole school.
    school_class = models.ForeignKey(
        "registry.SchoolClass",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lớp"),
    )
    locked_at = models.DateTimeField(_("khóa lúc"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người khóa")
    )
    unlocked_at = models.DateTimeField(_("mở lúc"), null=True, blank=True)
    unlocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người mở"),
    )

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("khóa sổ điểm")
        verbose_name_plural = _("khóa sổ điểm")
        ordering = ["-locked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "school_year", "term", "school_class"],
                condition=Q(unlocked_at__isnull=True),
                nulls_distinct=False,
                name="gradebook_lock_one_open",
            ),
            models.CheckConstraint(condition=Q(term__in=(1, 2)), name="gradebook_lock_term"),
            models.CheckConstraint(
                condition=Q(unlocked_at__isnull=True) | Q(unlocked_at__gte=F("locked_at")),
                name="gradebook_lock_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_class or self.unit} HK{self.term}"


@tracked()
class UnlockRequest(models.Model):
    """Somebody asks to write in a closed book. Granted: that subject of that class (or, without one, all the lock
    covers for the asking teacher's class) may be written until `open_until`, then it is closed again by itself.
    """

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    lock = models.ForeignKey(
        MarkLock, models.CASCADE, related_name="requests", verbose_name=_("sổ điểm đã khóa")
    )
    # Null: all subjects that the lock covers.
    class_subject = models.ForeignKey(
        ClassSubject,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("môn học của lớp"),
    )
    reason = models.CharField(_("lý do"), max_length=300)
    state = models.CharField(_("trạng thái"), max_length=8, choices=UnlockState, default=UnlockState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người đề nghị")
    )
    asked_at = models.DateTimeField(_("đề nghị lúc"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    answer = models.CharField(_("trả lời"), max_length=300, blank=True)
    open_until = models.DateTimeField(_("mở đến"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("đề nghị mở khóa sổ điểm")
        verbose_name_plural = _("đề nghị mở khóa sổ điểm")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["unit", "state"], name="gradebook_unlock_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["lock", "class_subject"],
                condition=Q(state="asked"),
                nulls_distinct=False,
                name="gradebook_unlock_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.reason
