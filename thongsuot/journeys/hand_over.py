"""Somebody leaves: their roles end, another takes them up, and their open work goes along. One transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.directives.actions.handing_over import MovedWork, move_open_work
from thongsuot.modules.documents.actions import end_certificates
from thongsuot.modules.organization import actions as organization
from thongsuot.modules.organization import queries as people


@dataclass(frozen=True)
class HandedOver:
    """What the minutes of a hand-over list."""

    appointments: Any
    work: MovedWork


@transaction.atomic
def hand_over(
    *, by: Actor, from_user: Any, to_user: Any | None, unit: Any, on: date, now: datetime, reason: str = ""
) -> HandedOver:
    """End the appointments of `from_user` at `unit` on `on`, begin those of `to_user` the day after, move the open work.

    Raises NotAllowed, Refused (nothing is held there on that day; the two are one person).
    """
    with acting(by, reason=reason):
        roles = organization.hand_over(
            by=by, from_user=from_user, to_user=to_user, unit=unit, on=on, reason=reason
        )
        if not people.appointments_at(Actor.system(), unit.pk, today=on + timedelta(days=1)).filter(
            user_id=from_user.pk
        ):
            # Who signs at the department or a commune does so by the role that ends.
            end_certificates(
                by=Actor.system(),
                account=from_user,
                unit_id=unit.pk,
                on=on,
                reason=reason or _("Bàn giao công việc"),
            )
        work = move_open_work(
            by=by,
            from_user_id=from_user.pk,
            to_user_id=to_user.pk if to_user else None,
            unit_id=unit.pk,
            now=now,
        )
    return HandedOver(roles, work)
