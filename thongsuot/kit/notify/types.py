"""Words of the room. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    """How somebody wants to hear of a kind of thing. All but NONE show it in the bell too."""

    IN_APP = "in_app", _("Chỉ trong hệ thống")
    DIGEST = "digest", _("Thư tổng hợp mỗi ngày")
    EMAIL = "email", _("Thư ngay")
    NONE = "none", _("Không báo")


@dataclass(frozen=True)
class NotificationKind:
    """What a module declares: `label` is what people read on the page of choices."""

    code: str
    label: Any
    default: Way = Way.DIGEST
