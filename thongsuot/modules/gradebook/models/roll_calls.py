"""Điểm danh: that the roll of a class was called, so that a class where all are there is told from one nobody has asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import DaySession


@tracked(in_bulk=True)
class RollCall(models.Model):
    """The roll of a class in a session, or in one lesson of it. Who was not there is an `Absence`."""

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.PROTECT, db_index=False, related_name="+", verbose_name=_("lớp")
    )
    on = models.DateField(_("ngày"))
    session = models.CharField(_("buổi"), max_length=9, choices=DaySession)
    # Null: the whole session.
    lesson = models.PositiveSmallIntegerField(_("tiết"), null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("người điểm danh"),
    )
    called_at = models.DateTimeField(_("điểm danh lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần điểm danh")
        verbose_name_plural = _("lần điểm danh")
        ordering = ["-on", "session", "lesson", "id"]
        indexes = [models.Index(fields=["unit", "on"], name="gradebook_roll_call_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "on", "session", "lesson"],
                nulls_distinct=False,
                name="gradebook_roll_call_once",
            ),
            models.CheckConstraint(
                condition=Q(lesson__isnull=True) | Q(lesson__range=(1, 6)), name="gradebook_roll_call_lesson"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_class} {self.on:%d/%m/%Y}"
