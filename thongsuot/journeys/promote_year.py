"""A school year ends for a whole school, and the next one begins. One transaction through all modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.registry.actions import promotion, promotion_plan


def preview_promotion(*, by: Actor, unit_id: int, from_year: Any) -> promotion_plan.PromotionPlan:
    """Classes and pupils with what becomes of them; writes nothing. Raises NotAllowed, StateConflict."""
    return promotion_plan.plan_promotion(by=by, unit_id=unit_id, from_year=from_year)


@transaction.atomic
def set_outcomes(*, by: Actor, unit_id: int, from_year: Any, outcomes: Mapping[int, str]) -> Any:
    """Say for some pupils (by spell) what differs from the usual. Raises NotAllowed, BadValue, StateConflict."""
    return promotion_plan.set_outcomes(by=by, unit_id=unit_id, from_year=from_year, outcomes=outcomes)


@transaction.atomic
def promote_year(
    *,
    by: Actor,
    unit_id: int,
    from_year: Any,
    today: date,
    now: datetime,
    keep_homeroom: bool = False,
    with_intake: bool = True,
) -> Any:
    """End the year as previewed; doing it again changes nothing. Returns the record by which it is taken back.

    Raises NotAllowed, TooEarly, StateConflict.
    """
    with acting(by, reason=_("Kết thúc năm học %(year)s") % {"year": from_year}):
        return promotion.apply_promotion(
            by=by,
            unit_id=unit_id,
            from_year=from_year,
            today=today,
            now=now,
            keep_homeroom=keep_homeroom,
            with_intake=with_intake,
        )


@transaction.atomic
def undo_promotion(*, by: Actor, done: Any, now: datetime) -> Any:
    """Take it back while nothing has been changed since. Raises NotAllowed, StateConflict."""
    with acting(by, reason=_("Hoàn tác kết thúc năm học %(year)s") % {"year": done.from_year}):
        return promotion.undo_promotion(by=by, promotion=done, now=now)
