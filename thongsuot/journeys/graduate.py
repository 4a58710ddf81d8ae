"""Pupils complete their level, by a decision with number and date. One transaction through all modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.registry.actions import graduating


def preview_graduation(*, by: Actor, unit_id: int, school_year: Any, grade: int) -> graduating.GraduationPlan:
    """Who would complete, who not and why; writes nothing. Raises NotAllowed, StateConflict."""
    return graduating.plan_graduation(by=by, unit_id=unit_id, school_year=school_year, grade=grade)


@transaction.atomic
def hold_back(*, by: Actor, unit_id: int, school_year: Any, grade: int, reasons: Mapping[int, str]) -> Any:
    """Keep who does not complete, by spell, with the reason. Raises NotAllowed, BadValue, StateConflict."""
    return graduating.hold_back(by=by, unit_id=unit_id, school_year=school_year, grade=grade, reasons=reasons)


@transaction.atomic
def graduate(
    *,
    by: Actor,
    unit_id: int,
    school_year: Any,
    grade: int,
    decision_number: str,
    decided_on: date,
    last_day: date,
    today: date,
    now: datetime,
) -> Any:
    """Write the decision as previewed. Returns the record by which it is taken back.

    Raises NotAllowed, TooEarly, BadValue, StateConflict.
    """
    with acting(by, reason=_("Hoàn thành cấp học, quyết định %(number)s") % {"number": decision_number}):
        return graduating.graduate(
            by=by,
            unit_id=unit_id,
            school_year=school_year,
            grade=grade,
            decision_number=decision_number,
            decided_on=decided_on,
            last_day=last_day,
            today=today,
            now=now,
        )


def what_blocks(*, by: Actor, graduation: Any) -> list[str]:
    """Why a decision cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    return graduating.blocks_undo(by=by, graduation=graduation)


@transaction.atomic
def undo_graduation(*, by: Actor, graduation: Any, now: datetime) -> Any:
    """Take a decision back while nothing hangs on it. Raises NotAllowed, StateConflict."""
    with acting(by, reason=_("Hoàn tác quyết định %(number)s") % {"number": graduation.decision_number}):
        return graduating.undo_graduation(by=by, graduation=graduation, now=now)
