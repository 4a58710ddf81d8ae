"""A periodic report of a unit: its text, the figures computed for it, what was said of a figure, its versions."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone, ByParent, ByUnit

from ..types import PaperState, ReportKind


def _person(words: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=words
    )


@tracked()
class Report(models.Model):
    """template: the body of its template when it was begun. content: what was computed (queries/report_figures.py)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    school_year = models.ForeignKey(
        "organization.SchoolYear", models.PROTECT, related_name="+", verbose_name=_("năm học")
    )
    kind = models.CharField(_("loại báo cáo"), max_length=20, choices=ReportKind)
    state = models.CharField(_("trạng thái"), max_length=10, choices=PaperState, default=PaperState.DRAFT)
    template = models.JSONField(_("mẫu"))
    content = models.JSONField(_("số liệu đã tính"), default=dict)
    as_of = models.DateField(_("số liệu tính đến ngày"))
    computed_at = models.DateTimeField(_("tính lúc"))
    due_on = models.DateField(_("hạn gửi"), null=True, blank=True)
    note = models.TextField(_("lý do trả lại, mở lại"), blank=True)
    created_by = _person(_("người soạn"))
    created_at = models.DateTimeField(_("soạn lúc"))
    signed_by = _person(_("người ký duyệt"))
    signed_at = models.DateTimeField(_("ký duyệt lúc"), null=True, blank=True)
    signer_name = models.CharField(_("họ tên người ký"), max_length=120, blank=True)
    by_deputy = models.BooleanField(_("ký thay người đứng đầu"), default=False)
    number = models.PositiveIntegerField(_("số"), null=True, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("báo cáo sơ kết, tổng kết")
        verbose_name_plural = _("báo cáo sơ kết, tổng kết")
        ordering = ["-school_year__starts_on", "-as_of", "unit__sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "school_year", "kind"], name="statistics_report_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"], signed_at__isnull=True)
                | Q(state="signed", signed_at__isnull=False, issued_on__isnull=False),
                name="statistics_report_signed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.school_year}"


@tracked()
class ReportText(models.Model):
    """One passage that the author writes. edition goes up with each save.

    gathered: what was put in from below, {"report": public id, "version": its signed version, "line": as it was put in}.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="texts", verbose_name=_("báo cáo"))
    key = models.CharField(_("mục"), max_length=40)
    text = models.TextField(_("nội dung"), blank=True)
    edition = models.PositiveIntegerField(_("lần sửa"), default=0)
    gathered = models.JSONField(_("đã tổng hợp từ"), default=list, blank=True)
    edited_by = _person(_("người sửa"))
    edited_at = models.DateTimeField(_("sửa lúc"), null=True, blank=True)

    isolation = ByParent("report")

    class Meta:
        verbose_name = _("đoạn văn của báo cáo")
        verbose_name_plural = _("đoạn văn của báo cáo")
        ordering = ["report", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="statistics_reporttext_once")]

    def __str__(self) -> str:
        return self.key


@tracked()
class ReportFigureNote(models.Model):
    """What the author says of a computed figure; value: what is printed in its stead, with the reason."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="notes", verbose_name=_("báo cáo"))
    code = models.CharField(_("chỉ số"), max_length=80)
    comment = models.TextField(_("ghi chú"), blank=True)
    value = models.DecimalField(_("số ghi đè"), max_digits=16, decimal_places=4, null=True, blank=True)
    reason = models.TextField(_("lý do ghi đè"), blank=True)
    noted_by = _person(_("người ghi"))
    noted_at = models.DateTimeField(_("ghi lúc"))

    isolation = ByParent("report")

    class Meta:
        verbose_name = _("ghi chú số liệu")
        verbose_name_plural = _("ghi chú số liệu")
        ordering = ["report", "code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="statistics_reportnote_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | ~Q(reason=""), name="statistics_override_reasoned"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ReportVersion(models.Model):
    """The whole report as it stood: texts by key, content with its overrides."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions", verbose_name=_("báo cáo"))
    number = models.PositiveIntegerField(_("phiên bản"))
    label = models.CharField(_("ghi chú"), max_length=200, blank=True)
    is_signed = models.BooleanField(_("bản ký duyệt"), default=False)
    texts = models.JSONField(_("nội dung"))
    content = models.JSONField(_("số liệu"))
    made_by = _person(_("người lưu"))
    made_at = models.DateTimeField(_("lưu lúc"))

    isolation = ByParent("report")
    append_only = True

    class Meta:
        verbose_name = _("phiên bản báo cáo")
        verbose_name_plural = _("phiên bản báo cáo")
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="statistics_reportversion_once")
        ]

    def __str__(self) -> str:
        return str(self.number)


@tracked()
class ReportDue(models.Model):
    """A date that the department set in the stead of the template's, for all units of a level."""

    school_year = models.ForeignKey(
        "organization.SchoolYear", models.CASCADE, related_name="+", verbose_name=_("năm học")
    )
    kind = models.CharField(_("loại báo cáo"), max_length=20, choices=ReportKind)
    level = models.CharField(_("cấp"), max_length=20)
    due_on = models.DateField(_("hạn gửi"))
    changed_by = _person(_("người sửa"))
    changed_at = models.DateTimeField(_("sửa lúc"))

    isolation = Anyone(reason="dates of reports, no personal data")

    class Meta:
        verbose_name = _("hạn báo cáo sơ kết, tổng kết")
        verbose_name_plural = _("hạn báo cáo sơ kết, tổng kết")
        ordering = ["school_year", "kind", "level"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "kind", "level"], name="statistics_reportdue_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"


class ReportReminder(models.Model):
    """A reminder that went out: of a period, to a level, for its date, so many days before it."""

    school_year = models.ForeignKey("organization.SchoolYear", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=ReportKind)
    level = models.CharField(max_length=20)
    due_on = models.DateField()
    step = models.SmallIntegerField()
    sent_on = models.DateField()

    isolation = Anyone(reason="dates of reminders, no personal data")

    class Meta:
        verbose_name = _("lần nhắc nộp báo cáo")
        verbose_name_plural = _("lần nhắc nộp báo cáo")
        constraints = [
            models.UniqueConstraint(
                fields=["school_year", "kind", "level", "due_on", "step"],
                name="statistics_reportreminder_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level} {self.step}"
