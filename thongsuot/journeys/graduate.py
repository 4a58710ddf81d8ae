"""Pupils complete their level apart from the year's end (a continuing class, a late decision)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.registry.actions import promotion


@transaction.atomic
def graduate(
    *, by: Actor, unit_id: int, spells: Sequence[Any], on: date, today: date, reason: str = ""
) -> int:
    """End the spells of pupils who have completed the level on `on`; returns how many.

    Raises NotAllowed, BadValue, StateConflict.
    """
    with acting(by, reason=reason or _("Hoàn thành cấp học")):
        return promotion.graduate_students(by=by, unit_id=unit_id, spells=spells, on=on, today=today)
