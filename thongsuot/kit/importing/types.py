"""Words of the room: states of a run and of a row, why a cell is not taken. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused

Cell = str | int | float | bool | date | datetime | time | timedelta | None


class RunState(TextChoices):
    UPLOADED = "uploaded", _("Đã tải lên")
    PLANNED = "planned", _("Đã kiểm tra, chưa nhập")
    APPLIED = "applied", _("Đã nhập")
    UNDONE = "undone", _("Đã hoàn tác")


RUN_TONES = {
    RunState.UPLOADED: "quiet",
    RunState.PLANNED: "warn",
    RunState.APPLIED: "ok",
    RunState.UNDONE: "quiet",
}


class RowState(TextChoices):
    NEW = "new", _("Mới")
    CHANGED = "changed", _("Thay đổi")
    UNCHANGED = "unchanged", _("Không đổi")
    REJECTED = "rejected", _("Có lỗi")
    # Only importers that know of them: a pupil in another class; a line that is no data; a record that the file
    # does not name (for information: it stays as it is).
    MOVED = "moved", _("Chuyển lớp")
    PASSED = "passed", _("Bỏ qua")
    MISSING = "missing", _("Không có trong tệp")


ROW_TONES = {
    RowState.NEW: "ok",
    RowState.CHANGED: "info",
    RowState.UNCHANGED: "quiet",
    RowState.REJECTED: "bad",
    RowState.MOVED: "info",
    RowState.PASSED: "quiet",
    RowState.MISSING: "warn",
}
# What is written when a file is applied.
WRITTEN = (RowState.NEW, RowState.CHANGED, RowState.MOVED)


class ImportRefused(Refused):
    """The whole file or step is refused; single rows never raise this."""

    code = "import_refused"


class CellError(Exception):
    """A cell cannot be read; the message is Vietnamese and is shown beside the row."""


@dataclass(frozen=True)
class RowError:
    """Why a row is not taken: `field` is the key of a column ("" for the row as a whole)."""

    field: str
    label: str
    value: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"field": self.field, "label": self.label, "value": self.value, "reason": self.reason}


@dataclass(frozen=True)
class Found:
    """A record that is there already: its id and its present values under the keys of the columns."""

    id: int
    values: Mapping[str, Any]


@dataclass
class RowPlan:
    """What one row of the file would do.

    number   its row in the sheet, as a spreadsheet program counts (from 1)
    key      what identifies the record ("79123456"), for people
    values   clean values under the keys of the columns that the file has
    before   for CHANGED: the old values of what differs. target_id: the record, where there is one.
    """

    number: int
    state: RowState
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    target_id: int | None = None
    # What people read: {key: [new, old]}; old is "" where nothing was there or nothing changes.
    texts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, Any]:
        """The new values of what differs."""
        return {name: self.values[name] for name in self.before if name in self.values}
