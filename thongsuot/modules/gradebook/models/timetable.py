"""Thời khoá biểu: versions of a school's week, their lessons, the changes that can be taken back, the school's rules."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByUnit

from ..types import DaySession, TimetableState


@tracked(exclude=["edition"])
class Timetable(models.Model):
    """One version of the week of a school in a term. Published: followed from `valid_from` until the next one."""

    public_id = models.UUIDField(_("mã công khai"), default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    term = models.PositiveSmallIntegerField(_("học kỳ"))
    version = models.PositiveSmallIntegerField(_("số"))
    note = models.CharField(_("ghi chú"), max_length=120, blank=True)
    valid_from = models.DateField(_("áp dụng từ"))
    state = models.CharField(
        _("trạng thái"), max_length=9, choices=TimetableState, default=TimetableState.DRAFT
    )
    made_at = models.DateTimeField(_("lập lúc"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người lập"),
    )
    published_at = models.DateTimeField(_("ban hành lúc"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người ban hành"),
    )
    # Grows with every change of the lessons: two editors do not overwrite each other.
    edition = models.PositiveIntegerField(default=0, editable=False)
    # How the last solving ended: state, seconds, limits, rules that would have to give way (codes and ids, no words).
    solving = models.JSONField(_("lần xếp tự động gần nhất"), default=dict, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("thời khoá biểu")
        verbose_name_plural = _("thời khoá biểu")
        ordering = ["-school_year__starts_on", "-term", "-version", "-id"]
        indexes = [models.Index(fields=["unit", "school_year", "state"], name="gradebook_timetable_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "school_year", "term", "version"], name="gradebook_timetable_version"
            ),
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                condition=Q(state="published"),
                name="gradebook_timetable_one_from",
            ),
            models.CheckConstraint(condition=Q(term__in=(1, 2)), name="gradebook_timetable_term"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="gradebook_timetable_published",
            ),
        ]

    def __str__(self) -> str:
        return f"TKB số {self.version}, HK{self.term} {self.school_year}"


class TimetableEntry(models.Model):
    """One lesson of a class in a slot. subject: as the teaching assignment or the fixed activity names it."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="entries")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.CASCADE, related_name="+", verbose_name=_("lớp")
    )
    subject = models.CharField(_("môn"), max_length=40)
    staff = models.ForeignKey(
        "registry.Staff",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("giáo viên"),
    )
    room = models.ForeignKey(
        "registry.Room", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phòng")
    )
    day = models.PositiveSmallIntegerField(_("thứ"))
    session = models.CharField(_("buổi"), max_length=9, choices=DaySession)
    lesson = models.PositiveSmallIntegerField(_("tiết"))
    # Which of the groups of its class, and which of the classes of one lesson of its teacher, this is: 0 for all others.
    strand = models.PositiveSmallIntegerField(default=0, editable=False)
    joint = models.PositiveSmallIntegerField(default=0, editable=False)
    is_pinned = models.BooleanField(_("giữ chỗ khi xếp tự động"), default=False)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("tiết học")
        verbose_name_plural = _("tiết học")
        ordering = ["timetable", "school_class", "day", "session", "lesson"]
        indexes = [
            models.Index(fields=["timetable", "staff"], name="gradebook_entry_staff"),
            models.Index(fields=["timetable", "room"], name="gradebook_entry_room"),
        ]
        # Looked at when the transaction ends: two lessons may change places. Only lessons that the school's rules hold
        # together have another strand or joint than 0.
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "school_class", "day", "session", "lesson", "strand"],
                name="gradebook_entry_class_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["timetable", "staff", "day", "session", "lesson", "joint"],
                name="gradebook_entry_staff_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(day__range=(2, 8)), name="gradebook_entry_day"),
            models.CheckConstraint(condition=Q(lesson__range=(1, 9)), name="gradebook_entry_lesson"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.school_class_id} {self.day}.{self.session}.{self.lesson}"


class TimetableChange(models.Model):
    """A step of editing with what stood there before and after, so that the last ones can be taken back."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="changes")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    words = models.CharField(_("thay đổi"), max_length=200)
    # Lessons taken away and put there: [class, subject, staff, room, slot code, pinned].
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người sửa"),
    )
    at = models.DateTimeField(_("lúc"))
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("lần sửa thời khoá biểu")
        verbose_name_plural = _("lần sửa thời khoá biểu")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.words


@tracked()
class TimetableSettings(models.Model):
    """The school's own rules of a year, whole, in the shape of data/timetable/*.json (domain/timetable_rules.py)."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("trường"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    body = models.JSONField(_("ràng buộc"))
    edition = models.PositiveIntegerField(_("lần sửa"), default=1)
    changed_at = models.DateTimeField(_("sửa lúc"))

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("ràng buộc thời khoá biểu")
        verbose_name_plural = _("ràng buộc thời khoá biểu")
        constraints = [
            models.UniqueConstraint(fields=["unit", "school_year"], name="gradebook_timetable_rules_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.school_year}"
