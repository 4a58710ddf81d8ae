"""Which schools still lack signed transcripts, who is to act, and by when: one kept row a school (models/work.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Greatest
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..models import SchoolStanding, Transcript
from ..permissions import PREPARE, SIGN_LEADER, SIGN_SEAL, VIEW, within
from ..types import TranscriptKind, TranscriptState
from .layouts import LEVELS, deadlines

# In the order of the work; the first that waits is what the school has to do next. Pupils without a transcript keep the
# others of the school from nothing: once some are made, the rest come last.
STEPS = {
    "build": "lacking",
    "subject": "at_subject",
    "homeroom": "at_homeroom",
    "leader": "at_leader",
    "seal": "at_seal",
    "mend": "at_mending",
    "send": "at_sending",
    "department": "at_department",
    "rest": "lacking",
}
COLUMNS = tuple(one for one in STEPS.values() if one != "lacking")
# Who at the school holds the key to a step.
RIGHTS = {
    "build": PREPARE,
    "leader": SIGN_LEADER,
    "seal": SIGN_SEAL,
    "mend": PREPARE,
    "send": PREPARE,
    "rest": PREPARE,
}
SHOWN_NAMES = 2


def _made() -> Any:
    made: Any = F("received")
    for name in COLUMNS:
        made = made + F(name)
    return made


def standings(actor: Actor, school_year: Any, *, today: date) -> QuerySet[SchoolStanding]:
    """Schools within reach with pupils of the year, each with `lacking`, `left`, `turn`, `due`, `is_late`: those that are late
    first, then those that have most left. One statement, whatever the number of pupils."""
    rows = SchoolStanding.objects.filter(within(actor, VIEW), school_year=school_year)
    rows = rows.annotate(made=_made(), lacking=Greatest(F("pupils") - _made(), Value(0)))
    rows = rows.annotate(left=F("made") - F("received") + F("lacking")).exclude(made=0, pupils=0)
    rows = rows.annotate(
        turn=Case(*(When(_waits(step), then=Value(step)) for step in STEPS), default=Value("")),
        due=_due(school_year),
    )
    late = Case(
        When(left__gt=0, due__lt=today, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    rows = rows.annotate(is_late=late)
    return rows.select_related("unit__parent").order_by("-is_late", "-left", "unit__sort_key", "pk")


def _waits(step: str) -> Q:
    somebody = Q(**{f"{STEPS[step]}__gt": 0})
    return somebody & Q(made=0) if step == "build" else somebody


def _due(school_year: Any) -> Any:
    """The day of a school, of its several levels the last; a constant where the Sở has set none for a single level."""
    found, first_year = deadlines(), school_year.starts_on.year
    general = found.day_of("year_locked", first_year)
    days = found.days("year_locked", first_year, LEVELS)
    if list(days) in ([], [general]):
        return Value(general, output_field=DateField(null=True))
    return Case(
        *(
            When(unit__school__levels__overlap=levels, then=Value(day))
            for day, levels in sorted(days.items(), reverse=True)
        ),
        default=Value(general),
        output_field=DateField(null=True),
    )


def due_days(school_year: Any) -> list[tuple[date, list[str]]]:
    """The days by which transcripts are due, each with its levels; one and no level where all are due together."""
    days = deadlines().days("year_locked", school_year.starts_on.year, LEVELS)
    return [(day, levels if len(days) > 1 else []) for day, levels in days.items()]


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
    """Sums over the schools, and how many schools wait for each step; one statement, a line a step."""
    lines = list(
        rows.order_by()
        .values("turn")
        .annotate(
            schools=Count("pk"),
            late=Count("pk", filter=Q(is_late=True)),
            pupils_sum=Sum("pupils"),
            received_sum=Sum("received"),
            left_sum=Sum("left", output_field=IntegerField()),
            counted=Min("counted_at"),
        )
    )
    found = {line["turn"]: line["schools"] for line in lines}

    def whole(name: str) -> int:
        return sum(line[name] for line in lines)

    found_all = Totals(
        schools=whole("schools"),
        late=whole("late"),
        pupils=whole("pupils_sum"),
        received=whole("received_sum"),
        left=whole("left_sum"),
        counted_at=min((line["counted"] for line in lines if line["counted"]), default=None),
    )
    return found_all, [(step, found[step]) for step in STEPS if found.get(step)]


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


def classes_waiting(unit_ids: Collection[int], school_year: Any) -> QuerySet[Transcript, Any]:
    """(school, how many of its classes wait for their teachers), read from an index of what waits alone."""
    waiting = Transcript.objects.filter(
        unit_id__in=unit_ids,
        school_year=school_year,
        kind=TranscriptKind.YEAR,
        state=TranscriptState.INITIALISED,
    )
    return waiting.order_by().values_list("unit_id").annotate(Count("school_class_id", distinct=True))


def _classes(unit_ids: Collection[int], school_year: Any) -> dict[int, Acting]:
    counted = classes_waiting(unit_ids, school_year) if unit_ids else ()
    return {unit_id: Acting(classes=number) for unit_id, number in counted}
