"""Which schools still lack signed transcripts, who is to act, and by when: one kept row a school (models/work.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..models import SchoolStanding, Transcript
from ..permissions import PREPARE, SIGN_LEADER, SIGN_SEAL, VIEW, within
from ..types import TranscriptKind, TranscriptState
from .lists import due_on

# In the order of the work; the first that waits is what the school has to do next.
STEPS = {
    "build": "lacking",
    "subject": "at_subject",
    "homeroom": "at_homeroom",
    "leader": "at_leader",
    "seal": "at_seal",
    "mend": "at_mending",
    "send": "at_sending",
    "department": "at_department",
}
COLUMNS = tuple(one for one in STEPS.values() if one != "lacking")
# Who at the school holds the key to a step.
RIGHTS = {"build": PREPARE, "leader": SIGN_LEADER, "seal": SIGN_SEAL, "mend": PREPARE, "send": PREPARE}
SHOWN_NAMES = 2


def _made() -> Any:
    made: Any = F("received")
    for name in COLUMNS:
        made = made + F(name)
    return made


def standings(actor: Actor, school_year: Any, *, today: date) -> QuerySet[SchoolStanding]:
    """Schools within reach with pupils of the year, each with `lacking`, `left`, `turn`, `is_late`: those that are late
    first, then those that have most left. One statement, whatever the number of pupils."""
    last = due_on(school_year)
    late = last is not None and today > last
    rows = SchoolStanding.objects.filter(within(actor, VIEW), school_year=school_year)
    rows = rows.annotate(made=_made(), lacking=Greatest(F("pupils") - _made(), Value(0)))
    rows = rows.annotate(left=F("made") - F("received") + F("lacking")).exclude(made=0, pupils=0)
    rows = rows.annotate(
        turn=Case(*(When(**{f"{name}__gt": 0}, then=Value(step)) for step, name in STEPS.items()), default=Value("")),
        is_late=Case(When(left__gt=0, then=Value(late)), default=Value(False), output_field=BooleanField()),
    )  # fmt: skip
    return rows.select_related("unit__parent").order_by("-is_late", "-left", "unit__sort_key", "pk")


def commune_standings(actor: Actor, school_year: Any, *, today: date) -> QuerySet[Any]:
    """The same by commune (or the department, of its own schools): values with sums."""
    rows = standings(actor, school_year, today=today).order_by()
    return (
        rows.values("unit__parent_id", "unit__parent__name", "unit__parent__sort_key")
        .annotate(
            schools=Count("pk"),
            schools_left=Count("pk", filter=Q(left__gt=0)),
            pupils_sum=Sum("pupils"),
            left_sum=Sum("left", output_field=IntegerField()),
            received_sum=Sum("received"),
        )
        .order_by("-left_sum", "unit__parent__sort_key", "unit__parent_id")
    )


def no_standings() -> QuerySet[SchoolStanding]:
    """Where there is no school year yet."""
    return SchoolStanding.objects.none()


@dataclass(frozen=True)
class Totals:
    schools: int
    late: int
    pupils: int
    received: int
    left: int
    counted_at: Any


def totals(rows: QuerySet[Any]) -> tuple[Totals, list[tuple[str, int]]]:
    """Sums over the schools, and how many schools wait for each step; one statement."""
    found: dict[str, int] = defaultdict(int)
    sums = {"schools": 0, "late": 0, "pupils": 0, "received": 0, "left": 0}
    counted = None
    for turn, late, pupils, received, left, at in rows.order_by().values_list(
        "turn", "is_late", "pupils", "received", "left", "counted_at"
    ):
        found[turn] += 1
        sums["schools"] += 1
        sums["late"] += late
        sums["pupils"] += pupils
        sums["received"] += received
        sums["left"] += left
        counted = min(counted or at, at) if at else counted
    return Totals(**sums, counted_at=counted), [(step, found[step]) for step in STEPS if found.get(step)]


@dataclass(frozen=True)
class Acting:
    """Who is to act at a school: names, or how many classes' teachers."""

    names: tuple[str, ...] = ()
    more: int = 0
    classes: int = 0


def who_acts(rows: Iterable[tuple[int, str]], school_year: Any) -> dict[int, Acting]:
    """By school, of (school, turn): a fixed number of statements for a page of them."""
    by_turn: dict[str, set[int]] = defaultdict(set)
    for unit_id, turn in rows:
        by_turn[turn].add(unit_id)
    found: dict[int, Acting] = {}
    with act_as(Actor.system()):
        for right in dict.fromkeys(RIGHTS.values()):
            units = {one for step, of in RIGHTS.items() if of == right for one in by_turn.get(step, ())}
            found |= _desks(right, units)
        found |= _classes(by_turn.get("subject", set()) | by_turn.get("homeroom", set()), school_year)
    return found


def _desks(right: str, unit_ids: Collection[int]) -> dict[int, Acting]:
    desks = organization.desk_users(right, unit_ids, today=timezone.localdate())
    names = dict(organization.people_named({user for users in desks.values() for user in users}))
    return {
        unit_id: Acting(
            tuple(names[user] for user in users[:SHOWN_NAMES] if user in names),
            more=max(0, len(users) - SHOWN_NAMES),
        )
        for unit_id, users in desks.items()
    }


def _classes(unit_ids: Collection[int], school_year: Any) -> dict[int, Acting]:
    """How many classes wait for their teachers."""
    waiting = Transcript.objects.filter(
        unit_id__in=unit_ids,
        school_year=school_year,
        kind=TranscriptKind.YEAR,
        state=TranscriptState.INITIALISED,
    )
    counted = waiting.order_by().values_list("unit_id").annotate(Count("school_class_id", distinct=True))
    return {unit_id: Acting(classes=number) for unit_id, number in counted}
