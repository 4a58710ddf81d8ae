"""Last year's pupils of the last grade sit at the next school: some records are taken over, some wait, some are kept because
nobody knows of a next school yet. By the actions of those whose work it is."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import Appointment
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import HandOver

SYSTEM = Actor.system()
# Of three pupils whom the giving school has confirmed, the next school has taken one.
ONE_OF = 3


def hand_over(context: DemoContext, unit: Any, now: datetime) -> None:
    """Of the pupils who completed the level at `unit`."""
    giver = _head(context, unit.pk)
    if giver is None:
        return
    by_school: dict[int, list[HandOver]] = defaultdict(list)
    for row in queries.to_be_given(SYSTEM, unit.pk).order_by("to_unit_id", "pk"):
        by_school[row.to_unit_id].append(row)
    taken = 0
    with acting(SYSTEM, reason="Dữ liệu minh họa"):
        for to_unit_id, rows in by_school.items():
            # One pupil's record is still to be looked through by the giving school.
            confirmed = rows[: len(rows) - 1] if len(rows) > 1 else rows
            actions.confirm_given(by=giver, hand_overs=confirmed, now=now)
            taker = _head(context, to_unit_id)
            if taker is None:
                continue
            with act_as(taker):
                taken += actions.take_over(by=taker, hand_overs=confirmed[::ONE_OF], now=now)
    context.say(f"  {unit.name}: đã bàn giao học bạ của {taken} học sinh")


def _head(context: DemoContext, unit_id: int) -> Actor | None:
    held = Appointment.objects.filter(unit_id=unit_id, role="principal").select_related("user").order_by("pk")
    first = held.first()
    return actor_for(first.user, today=context.today) if first else None
