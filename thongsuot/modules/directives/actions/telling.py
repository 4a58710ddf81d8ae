"""What every action of the module does at its end: writes the story and tells the people concerned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..models import Assignment, WorkLog

# Who answers for a unit's duties, teachers and accountants not counted.
DESK = "directives.report"


def log_work(*, by: Actor, assignment: Assignment, verb: str, now: datetime, detail: str = "") -> None:
    """One line of the story of a task, in the same transaction as what it tells."""
    WorkLog.objects.create(
        assignment=assignment, verb=verb, detail=detail, by_id=by.user_id, by_unit_id=_unit_of(by), at=now
    )


def log_all(
    *, by: Actor, assignments: Iterable[Assignment], verb: str, now: datetime, detail: str = ""
) -> None:
    """The same line for many tasks, in one statement."""
    WorkLog.objects.bulk_create(
        [
            WorkLog(assignment=a, verb=verb, detail=detail, by_id=by.user_id, by_unit_id=_unit_of(by), at=now)
            for a in assignments
        ],
        batch_size=5000,
    )


def _unit_of(by: Actor) -> int | None:
    return by.acting.unit_id if by.acting else None


def tell_doers(
    *, by: Actor, assignment: Assignment, kind: str, title: str, now: datetime, body: str = ""
) -> None:
    """Tell who does the task: its person and leader where they are named, else the desk of its unit."""
    people = {pk for pk in (assignment.person_id, assignment.leader_id) if pk is not None}
    if not people:
        people = set(_desk(assignment.unit_id, now.date()))
    _send(by, people, kind, title, assignment, body)


def tell_giver(
    *, by: Actor, assignment: Assignment, kind: str, title: str, now: datetime, body: str = ""
) -> None:
    """Tell who gave the task: the person who did, and the desk of the unit where that is somebody below
    the Sở.
    """
    people = set(_desk(assignment.assigned_by_unit_id, now.date()))
    if assignment.assigned_by_id is not None:
        people.add(assignment.assigned_by_id)
    _send(by, people, kind, title, assignment, body)


def tell_unit(
    *, by: Actor, unit_id: int, assignment: Assignment, kind: str, title: str, now: datetime, body: str = ""
) -> None:
    """Tell the desk of a unit of something about a task."""
    _send(by, _desk(unit_id, now.date()), kind, title, assignment, body)


def tell_fan_out(*, by: Actor, made: Iterable[Assignment], source: str, url: str, now: datetime) -> None:
    """Tell each unit once of all that it was just given: a statement for each different number of tasks."""
    numbers: dict[int, int] = {}
    for assignment in made:
        numbers[assignment.unit_id] = numbers.get(assignment.unit_id, 0) + 1
    desks = organization.desk_users(DESK, numbers, today=now.date())
    by_number: dict[int, set[int]] = {}
    for unit_id, number in numbers.items():
        by_number.setdefault(number, set()).update(desks.get(unit_id, ()))
    for number, people in by_number.items():
        title = f"{source}: {number} nhiệm vụ mới" if source else f"{number} nhiệm vụ mới"
        notify(recipients=people, kind="directives.assigned", title=title, url=url, by=by)


def _desk(unit_id: int, today: date) -> list[int]:
    return organization.desk_users(DESK, [unit_id], today=today).get(unit_id, [])


def _send(by: Actor, people: Iterable[int], kind: str, title: str, assignment: Assignment, body: str) -> None:
    url = reverse("directives:assignment-detail", args=[assignment.public_id])
    notify(recipients=people, kind=kind, title=title, body=body or assignment.text, url=url, by=by)


def link_of(*, by: Actor, **filters: Any) -> str:
    """Address of the list of tasks with filters; nobody's data in it but an id of an order."""
    from django.utils.http import urlencode

    return reverse("directives:assignment-list") + (f"?{urlencode(filters)}" if filters else "")
