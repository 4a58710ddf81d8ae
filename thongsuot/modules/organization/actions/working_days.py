"""Setting right on which days offices work. Deadlines already given stay as they are."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.text.vietnamese import clean_text

from ..models import WorkDay
from ..permissions import can_manage_calendar


def _require(by: Actor) -> None:
    if not can_manage_calendar(by):
        raise NotAllowed(_("Anh/chị không có quyền sửa lịch ngày làm việc."))


@transaction.atomic
def set_work_day(*, by: Actor, day: date, is_working: bool, name: str) -> WorkDay:
    """Set a day free or worked, whatever the file and the week say. Raises NotAllowed, Refused (no reason)."""
    _require(by)
    words = clean_text(name)
    if not words:
        raise Refused(_("Cần ghi lý do hoặc văn bản."), field="name")
    row, _made = WorkDay.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": words[:200]}
    )
    return row


@transaction.atomic
def clear_work_day(*, by: Actor, work_day: WorkDay) -> None:
    """The day is again what the file and the week say. Raises NotAllowed."""
    _require(by)
    work_day.delete()
