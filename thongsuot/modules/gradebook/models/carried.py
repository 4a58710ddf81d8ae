"""What a pupil brings along from another school during the year: the paper on which a receiving school rests its books."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit


@tracked()
class CarriedYear(models.Model):
    """kết quả học tập mang sang khi chuyển trường: what `from_unit` had written of the pupil's year, as the receiving
    school inherits it. The rows of `from_unit` stay where they are and out of this school's sight.

    content: {"class", "grade", "over": terms that had ended, "has_plan", "subjects": {code: {"name", "terms": {"1":
    cells}}}, "conduct": {"1": {"conduct", "remark"}}, "traits": {"GK1": levels}}; cells: domain/carrying.py. closed: what
    the receiving school cannot write over, {"<code>|<term>": columns, "conduct|<term>": ..., "traits|<moment>": codes}.
    absences: sessions missed there, null where nobody kept them; excused, unexcused: of those kept day by day.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("trường")
    )
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    # It leads `gradebook_carried_once`.
    student = models.ForeignKey(
        "registry.Student", models.PROTECT, db_index=False, related_name="+", verbose_name=_("học sinh")
    )
    from_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường cũ")
    )
    content = models.JSONField(_("kết quả mang sang"), default=dict)
    closed = models.JSONField(_("ô không sửa"), default=dict)
    absences = models.PositiveSmallIntegerField(_("số buổi nghỉ ở trường cũ"), null=True, blank=True)
    excused = models.PositiveSmallIntegerField(_("nghỉ có phép"), default=0)
    unexcused = models.PositiveSmallIntegerField(_("nghỉ không phép"), default=0)
    carried_at = models.DateTimeField(_("mang sang lúc"))
    carried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người tiếp nhận"),
    )

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("kết quả mang sang")
        verbose_name_plural = _("kết quả mang sang")
        ordering = ["carried_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "unit", "school_year", "from_unit"], name="gradebook_carried_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.school_year}"
