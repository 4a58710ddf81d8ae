"""Open work follows when somebody leaves a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import Assignment
from ..types import AssignmentState
from .telling import log_all

CLOSED = (AssignmentState.ACCEPTED, AssignmentState.CANCELLED)


@dataclass(frozen=True)
class MovedWork:
    """How many tasks changed the person who does them, and how many the leader who answers for them."""

    as_person: int
    as_leader: int


@transaction.atomic
def move_open_work(
    *, by: Actor, from_user_id: int, to_user_id: int | None, unit_id: int, now: datetime
) -> MovedWork:
    """Tasks of `unit_id` that are not closed go from one person to another, or to nobody (the desk then sees them).

    What was finished keeps the name of who finished it. Raises NotAllowed unless the actor may give out roles there:
    it is part of a hand-over and of nothing else.
    """
    by.require("organization.manage_appointments", unit_id)
    open_work = Assignment.objects.filter(unit_id=unit_id).exclude(state__in=CLOSED)
    theirs = open_work.filter(Q(person_id=from_user_id) | Q(leader_id=from_user_id))
    moved = list(theirs.select_for_update(of=("self",)).only("pk", "person_id", "leader_id").order_by("pk"))
    keys = [row.pk for row in moved]
    rows = Assignment.objects.filter(pk__in=keys)
    persons = rows.filter(person_id=from_user_id).update(person_id=to_user_id, last_activity_at=now)
    leaders = rows.filter(leader_id=from_user_id).update(leader_id=to_user_id, last_activity_at=now)
    names = organization.people_names([to_user_id] if to_user_id is not None else [])
    log_all(by=by, assignments=moved, verb="set_people", now=now, detail=", ".join(names))
    return MovedWork(persons, leaders)
