"""One file that was brought in, and what became of each of its rows."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.importing.types import RowState, RunState
from thongsuot.kit.postgres.isolation import ByParent, ByUser


class ImportRun(models.Model):
    """A file on its way in: uploaded, checked, applied, perhaps undone."""

    public_id = models.UUIDField(_("mã công khai"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("loại dữ liệu"), max_length=60)
    # Null: brought in by the command line.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người nhập")
    )
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("tệp")
    )
    file_name = models.CharField(_("tên tệp"), max_length=200)
    # Where the table stands in the file, and which of its columns is which: {key: [positions]}.
    sheet = models.CharField(_("trang tính"), max_length=120, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    header_depth = models.PositiveSmallIntegerField(default=1)
    labels = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    # What the importer asked beside the file ("options" of the importer): the school, the year.
    options = models.JSONField(default=dict)
    state = models.CharField(_("trạng thái"), max_length=10, choices=RunState, default=RunState.UPLOADED)
    counts = models.JSONField(_("số dòng"), default=dict)
    message = models.TextField(_("ghi chú"), blank=True)
    job = models.ForeignKey(
        "jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("việc nền")
    )
    created_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    applied_at = models.DateTimeField(_("nhập lúc"), null=True)
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True)

    isolation = ByUser("user")

    # What has been read of the file, while the run is in hand; never stored.
    frames: Sequence[Any] = ()

    class Meta:
        verbose_name = _("lần nhập liệu")
        verbose_name_plural = _("các lần nhập liệu")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="importing_run_user")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of a file: what it says, what was there before, why it was not taken."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name=_("lần nhập liệu"))
    number = models.PositiveIntegerField(_("dòng"))
    state = models.CharField(_("kết quả"), max_length=10, choices=RowState)
    key = models.CharField(_("mã"), max_length=200, blank=True)
    key_fold = models.CharField(max_length=200, blank=True, editable=False)
    values = models.JSONField(_("giá trị"), default=dict)
    before = models.JSONField(_("giá trị cũ"), default=dict)
    # For people: {key: [new, old]}.
    texts = models.JSONField(default=dict)
    # [{"field", "label", "value", "reason"}]
    errors = models.JSONField(_("lỗi"), default=list)
    target_id = models.BigIntegerField(_("bản ghi"), null=True)
    is_applied = models.BooleanField(_("đã ghi"), default=False)

    isolation = ByParent("run")

    class Meta:
        verbose_name = _("dòng nhập liệu")
        verbose_name_plural = _("các dòng nhập liệu")
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="importing_row_number")]
        indexes = [models.Index(fields=["run", "state", "number"], name="importing_row_state")]

    def __str__(self) -> str:
        return f"{self.number}: {self.key}"
