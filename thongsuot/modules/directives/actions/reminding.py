"""Reminders: found in sets, sent once, one message a person a day however much is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..domain.reminders import AHEAD, reminder_step, step_day
from ..models import Assignment, ReportObligation
from ..queries.waiting import finished_period, school_years, unconfirmed
from ..types import AssignmentState, ObligationState
from .telling import DESK, link_of

# Two workers that wake at once: the second waits, and then finds everything sent.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('directives.reminders'))"
NOTE = """
    insert into directives_remindersent ({key}, due_on, step, sent_at)
    select d.key, d.due_on, d.step, %(now)s
    from unnest(%(keys)s::bigint[], %(days)s::date[], %(steps)s::int[]) as d(key, due_on, step)
    where not exists (select 1 from directives_remindersent s
        where s.{key} = d.key and s.due_on = d.due_on and s.step = d.step)
    on conflict do nothing returning {key}, due_on, step
"""
DOING = (AssignmentState.ASSIGNED, AssignmentState.IN_PROGRESS, AssignmentState.RETURNED)
UNSENT = (ObligationState.OWED, ObligationState.RETURNED)


@dataclass(frozen=True)
class _Due:
    """Something due: its key, whom it concerns and the reminder that it calls for."""

    pk: int
    unit_id: int
    people: frozenset[int]
    due_on: date
    step: int


def _system_only(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


@transaction.atomic
def send_reminders(*, by: Actor, today: date) -> int:
    """Remind of tasks and reports 7, 3 and 1 days ahead, on the day, the day after and then each week.

    Of several steps that were missed only the latest is sent, and none twice. Returns the number of
    reminders.
    """
    _system_only(by)
    limit = today + timedelta(days=AHEAD[0])
    tasks = _new(_due_tasks(limit, today), "assignment_id")
    reports = _new(_due_reports(limit, today), "obligation_id")
    _send(by, tasks, today, _words_of_tasks, link_of(by=by))
    _send(by, reports, today, _words_of_reports, reverse("directives:obligation-list"))
    return len(tasks) + len(reports)


@transaction.atomic
def ask_for_confirmations(*, by: Actor, today: date) -> int:
    """Ask for the confirmation of each ongoing task whose period has ended, then each week until it is
    there.
    """
    _system_only(by)
    years = school_years()
    due = []
    for row in unconfirmed(Assignment.objects.all(), today).select_related(None).only(*_FIELDS, "period"):
        last = finished_period(row.period, today, years)[1]
        step = reminder_step(last, today)
        if step is not None:
            due.append(_Due(row.pk, row.unit_id, _people(row.person_id, row.leader_id), last, step))
    new = _new(due, "assignment_id")
    _send(by, new, today, _words_of_confirmations, link_of(by=by))
    return len(new)


_FIELDS = ("pk", "unit_id", "person_id", "leader_id", "due_on", "assigned_on")


def _people(*ids: int | None) -> frozenset[int]:
    return frozenset(pk for pk in ids if pk is not None)


def _due_tasks(limit: date, today: date) -> Iterable[_Due]:
    rows = Assignment.objects.filter(state__in=DOING, due_on__lte=limit).order_by("pk")
    for pk, unit_id, person, leader, due_on, assigned_on in rows.values_list(*_FIELDS).iterator(
        chunk_size=5000
    ):
        step = reminder_step(due_on, today)
        # Who was given something yesterday that is due tomorrow has just been told so.
        if step is not None and step_day(due_on, step) > assigned_on:
            yield _Due(pk, unit_id, _people(person, leader), due_on, step)


def _due_reports(limit: date, today: date) -> Iterable[_Due]:
    rows = ReportObligation.objects.filter(state__in=UNSENT, due_on__lte=limit).order_by("pk")
    for pk, unit_id, due_on in rows.values_list("pk", "unit_id", "due_on").iterator(chunk_size=5000):
        step = reminder_step(due_on, today)
        if step is not None:
            yield _Due(pk, unit_id, frozenset(), due_on, step)


def _new(due: Iterable[_Due], key: str) -> list[_Due]:
    """Those of which nobody was told yet, now noted as told: one statement for any number."""
    found = list(due)
    asked = {
        "keys": [d.pk for d in found],
        "days": [d.due_on for d in found],
        "steps": [d.step for d in found],
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE.format(key=key), asked)
        new = set(cursor.fetchall())
    return [d for d in found if (d.pk, d.due_on, d.step) in new]


# -- words ---------------------------------------------------------------------------------------


def _words_of_tasks(soon: int, late: int) -> str:
    if soon and late:
        return _("%(soon)d nhiệm vụ sắp đến hạn, %(late)d nhiệm vụ quá hạn") % {"soon": soon, "late": late}
    return (
        (_("%(n)d nhiệm vụ quá hạn") % {"n": late})
        if late
        else (_("%(n)d nhiệm vụ sắp đến hạn") % {"n": soon})
    )


def _words_of_reports(soon: int, late: int) -> str:
    if soon and late:
        return _("%(soon)d báo cáo sắp đến hạn, %(late)d báo cáo quá hạn") % {"soon": soon, "late": late}
    return (
        (_("%(n)d báo cáo quá hạn") % {"n": late}) if late else (_("%(n)d báo cáo sắp đến hạn") % {"n": soon})
    )


def _words_of_confirmations(soon: int, late: int) -> str:
    return _("%(n)d nhiệm vụ thường xuyên chờ xác nhận kết quả của kỳ") % {"n": soon + late}


def _send(by: Actor, due: list[_Due], today: date, words: Any, url: str) -> None:
    """One notice a person; a statement for each different pair of numbers."""
    desks = organization.desk_users(DESK, {d.unit_id for d in due if not d.people}, today=today)
    soon: Counter[int] = Counter()
    late: Counter[int] = Counter()
    for one in due:
        for person in one.people or frozenset(desks.get(one.unit_id, ())):
            (late if one.due_on < today else soon)[person] += 1
    by_numbers: dict[tuple[int, int], list[int]] = {}
    for person in {*soon, *late}:
        by_numbers.setdefault((soon[person], late[person]), []).append(person)
    for (few, more), people in sorted(by_numbers.items()):
        notify(recipients=people, kind="directives.reminder", title=words(few, more), url=url, by=by)
