"""Schools merged into one, or a school closed: the registry moves, then the unit itself ends. One transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.organization import actions as organization
from thongsuot.modules.organization.actions.units import UnitStillInUse
from thongsuot.modules.registry.actions import reorganizing


def preview_merger(*, by: Actor, gone: Any, into: Any, last_day: date) -> reorganizing.MergerPlan:
    """What would move; writes nothing. Raises NotAllowed, StateConflict."""
    return reorganizing.plan_merger(by=by, gone=gone, into=into, last_day=last_day)


@transaction.atomic
def merge_schools(
    *,
    by: Actor,
    gone: Sequence[Any],
    into: Any,
    last_day: date,
    basis: str,
    now: datetime,
    suffixes: Sequence[str] = (),
) -> list[Any]:
    """Move all that runs at each of `gone` to `into`; all or none. suffixes: for names of classes that both have.

    The units end too when `by` may close units and nobody is appointed there any more; else `is_unit_closed` stays
    false and an administrator closes them. Raises NotAllowed, BadValue, StateConflict.
    """
    done = []
    with acting(by, reason=basis or _("Sáp nhập trường")):
        for number, unit in enumerate(gone):
            suffix = suffixes[number] if number < len(suffixes) else f"CS{number + 2}"
            merge = reorganizing.merge_school(
                by=by, gone=unit, into=into, last_day=last_day, basis=basis, now=now, suffix=suffix
            )
            done.append(_close_unit(by, unit, last_day, merge))
    return done


@transaction.atomic
def close_school(*, by: Actor, unit: Any, last_day: date, basis: str, now: datetime) -> Any:
    """A school that is empty ends without a successor. Raises NotAllowed, BadValue, StillInUse."""
    with acting(by, reason=basis or _("Giải thể trường")):
        merge = reorganizing.close_school(by=by, unit=unit, last_day=last_day, basis=basis, now=now)
        return _close_unit(by, unit, last_day, merge)


def _close_unit(by: Actor, unit: Any, last_day: date, merge: Any) -> Any:
    """Closing units is another right than moving records: who lacks it leaves the unit to an administrator."""
    try:
        organization.close_unit(by=by, unit=unit, on=last_day)
    except (NotAllowed, UnitStillInUse):
        return merge
    return reorganizing.mark_unit_closed(by=by, merge=merge)
