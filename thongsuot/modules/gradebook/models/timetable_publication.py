"""Putting a timetable in force: what it took the place of, who was told of what, and whether it was taken back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import NoticeAudience


@tracked()
class TimetablePublication(models.Model):
    """A version put in force once. replaced: ids of the versions that were archived by it, restored when taken back."""

    timetable = models.OneToOneField(
        "gradebook.Timetable", models.CASCADE, related_name="publication", verbose_name=_("thời khoá biểu")
    )
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    replaced = models.JSONField(_("các bản bị thay"), default=list)
    at = models.DateTimeField(_("ban hành lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người ban hành"),
    )
    taken_back_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người thu hồi"),
    )
    reason = models.CharField(_("lý do thu hồi"), max_length=200, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần ban hành thời khoá biểu")
        verbose_name_plural = _("lần ban hành thời khoá biểu")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.timetable_id} {self.at:%d/%m/%Y}"


class TimetableNotice(models.Model):
    """One notice of a publication: to a member of staff, or to the families of a class.

    words: the changes, a sentence each; told: accounts that got it; unreached: pupils (or the teacher) without an account.
    """

    publication = models.ForeignKey(TimetablePublication, models.CASCADE, related_name="notices")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    audience = models.CharField(_("gửi tới"), max_length=8, choices=NoticeAudience)
    staff = models.ForeignKey(
        "registry.Staff",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("giáo viên"),
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lớp"),
    )
    title = models.CharField(_("tiêu đề"), max_length=200)
    words = models.JSONField(_("thay đổi"), default=list)
    told = models.PositiveIntegerField(_("số tài khoản đã báo"), default=0)
    unreached = models.PositiveIntegerField(_("chưa có tài khoản"), default=0)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("thông báo thời khoá biểu")
        verbose_name_plural = _("thông báo thời khoá biểu")
        ordering = ["publication", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(staff__isnull=False) ^ models.Q(school_class__isnull=False),
                name="gradebook_timetable_notice_to",
            )
        ]

    def __str__(self) -> str:
        return self.title
