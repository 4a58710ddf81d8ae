"""Reminders: by themselves before and after the due day, and at one click of whoever waits for the return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.return_dates import AHEAD, reminder_step
from ..models import Return
from ..permissions import CONFIRM, returns_reviewable
from ..types import OWED, PeriodRefused, PeriodState
from .return_telling import _remind_people

ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('statistics.reminders'))"
NOTE = """
    insert into statistics_returnreminder (owner_id, due_on, step, sent_at)
    select d.owner, d.due_on, d.step, %(now)s
    from unnest(%(owners)s::bigint[], %(days)s::date[], %(steps)s::int[]) d(owner, due_on, step)
    on conflict do nothing returning owner_id
"""


@transaction.atomic
def send_return_reminders(*, by: Actor, now: datetime) -> int:
    """Remind units of returns that they have not confirmed: 7, 3 and 1 days ahead, on the day, the day after, then each
    week. One notice a person, the same reminder never twice. Returns the number of returns. Raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))
    today = now.date()
    rows = Return.objects.filter(state__in=OWED, due_on__lte=today + timedelta(days=AHEAD[0]))
    rows = rows.exclude(period__state=PeriodState.CLOSED)
    due = {
        pk: (unit, day, step)
        for pk, unit, day in rows.order_by("pk").values_list("pk", "unit_id", "due_on")
        if (step := reminder_step(day, today)) is not None
    }
    with connection.cursor() as cursor:
        # Two workers that wake at once: the second waits, and then finds everything sent.
        cursor.execute(ONE_AT_A_TIME)
        asked: dict[str, Any] = {
            "owners": list(due),
            "days": [day for _unit, day, _step in due.values()],
            "steps": [step for _unit, _day, step in due.values()],
            "now": now,
        }
        cursor.execute(NOTE, asked)
        new = {owner for (owner,) in cursor.fetchall()}
    _tell(by, [(due[pk][0], due[pk][1]) for pk in sorted(new)], today)
    return len(new)


@transaction.atomic
def remind_units(*, by: Actor, returns: Iterable[int], now: datetime) -> int:
    """Remind, now, the units of these returns (keys) that have not confirmed; returns how many people were told.

    Raises NotAllowed when one of them does not go to a unit that the actor acts for, PeriodRefused of a closed period.
    """
    wanted = set(returns)
    rows = Return.objects.filter(returns_reviewable(by), pk__in=wanted)
    if rows.filter(period__state=PeriodState.CLOSED).exists():
        raise PeriodRefused(_("Kỳ này đã khóa."))
    found = list(rows.order_by("pk").values_list("pk", "unit_id", "due_on", "state"))
    if len(found) < len(wanted):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới nhắc được."))
    with act_as(Actor.system()):
        return _tell(by, [(unit, day) for _pk, unit, day, state in found if state in OWED], now.date())


def _tell(by: Actor, due: Iterable[tuple[int, date]], today: date) -> int:
    """One notice a person; a statement for each different pair of numbers."""
    listed = list(due)
    people = organization.desk_users(CONFIRM, {unit for unit, _day in listed}, today=today)
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for unit, day in listed:
        for user in people.get(unit, ()):
            counts[user][0] += 1
            counts[user][1] += day < today
    groups: dict[tuple[int, int], set[int]] = defaultdict(set)
    for user, (count, late) in counts.items():
        groups[count, late].add(user)
    return sum(
        _remind_people(by=by, people=users, count=count, late=late)
        for (count, late), users in sorted(groups.items())
    )
