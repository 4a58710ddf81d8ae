"""Somebody ends a post at a school: the post with what is taught, and the certificates that sign by it. One transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.documents.actions import end_certificates
from thongsuot.modules.registry import actions as registry

REASONS = {
    "moved": _("Chuyển công tác"),
    "retired": _("Nghỉ hưu"),
    "left": _("Thôi việc"),
}


@transaction.atomic
def leave_post(*, by: Actor, employment: Any, on: date, status: str, reason: str = "") -> None:
    """`on` is the last day at the school. Raises NotAllowed, BadValue, StateConflict."""
    with acting(by, reason=reason):
        registry.end_employment(by=by, employment=employment, on=on, status=status, reason=reason)
        end_certificates(
            by=by, staff=employment.staff, unit_id=employment.unit_id, on=on, reason=str(REASONS[status])
        )
