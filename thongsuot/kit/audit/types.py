"""Words of the room. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChangeKind(TextChoices):
    INSERT = "insert", _("Thêm mới")
    UPDATE = "update", _("Sửa")
    DELETE = "delete", _("Xoá")


class SignInEvent(TextChoices):
    SIGNED_IN = "signed_in", _("Đăng nhập")
    FAILED = "failed", _("Đăng nhập sai")
    SIGNED_OUT = "signed_out", _("Đăng xuất")


@dataclass(frozen=True)
class FieldChange:
    """One field of one change; values are text ready to show, "" when there was none."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    """One change of one row. `who` is "" when the change was made outside the platform (by SQL, say)."""

    at: datetime
    who: str
    role: str
    reason: str
    action: ChangeKind
    changes: tuple[FieldChange, ...]
