"""Hand-overs: what was handed over and what waits for it, who completed the level, the minutes of one hand-over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry import queries as registry

from ..domain.steps import LIVE
from ..models import HandOver, Transcript
from ..permissions import PREPARE, VIEW, within
from ..types import HandOverState

ISSUED = Q(issued_at__isnull=False, state__in=sorted(LIVE))
# "given": waits, and the giving school has confirmed it.
SAID = Case(
    When(state=HandOverState.WAITING, given_at__isnull=False, then=Value("given")),
    default=F("state"),
    output_field=CharField(),
)
# Pupils asked for in one statement.
PORTION = 5_000
OF_SCHOOL = Q(grade__gte=1, grade__lte=12)


def hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """What was handed over by schools within reach, or to them, and what waits."""
    seen = within(actor, VIEW, "from_unit_id") | within(actor, VIEW, "to_unit_id")
    rows = HandOver.objects.filter(Q() if actor.reach_of(VIEW) is None else seen)
    return rows.select_related("from_unit", "to_unit", "by")


def done_hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """What has changed hands, the newest first."""
    return hand_overs(actor).filter(state=HandOverState.TAKEN)


def waiting_hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """What the actor may take over."""
    rows = hand_overs(actor).filter(within(actor, PREPARE, "to_unit_id"), state=HandOverState.WAITING)
    return rows.order_by("due_on", "from_unit__sort_key", "student_name", "pk")


def to_be_given(actor: Actor, unit_id: int) -> QuerySet[HandOver]:
    """What the next schools have not taken from the school yet."""
    return hand_overs(actor).filter(from_unit_id=unit_id, state=HandOverState.WAITING)


def left_behind() -> QuerySet[Transcript]:
    """Issued transcripts in force that another school holds than the one that has the pupil's record. Read by the system."""
    return Transcript.objects.filter(
        ISSUED, student__merged_into__isnull=True, student__erased_at__isnull=True
    ).exclude(holder_id=F("student__unit_id"))


def completed_here() -> Exists:
    """Of transcripts: has the pupil completed a level at the school that holds it?"""
    done = registry.enrolments(Actor.system()).filter(exit_type="graduated")
    return Exists(done.filter(student_id=OuterRef("student_id"), unit_id=OuterRef("holder_id")))


def missing_years(pairs: Collection[tuple[int, int]], today: date) -> dict[tuple[int, int], list[str]]:
    """{(pupil, school): ended school years that the pupil sat there and of which no issued transcript exists, the oldest
    first}. Read by the system."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    asked = list(pairs)
    for first in range(0, len(asked), PORTION):
        portion = asked[first : first + PORTION]
        students = [student_id for student_id, _unit in portion]
        spells = registry.enrolments(Actor.system()).filter(
            OF_SCHOOL, student_id__in=students, unit_id__in={unit_id for _student, unit_id in portion},
            school_year__ends_on__lt=today,
        )  # fmt: skip
        made = Transcript.objects.filter(ISSUED, student_id__in=students).order_by()
        known = set(made.values_list("student_id", "school_year__name"))
        for student_id, unit_id, year in spells.order_by().values_list(
            "student_id", "unit_id", "school_year__name"
        ):
            if (student_id, year) not in known:
                found[student_id, unit_id].add(year)
    return {pair: sorted(found[pair]) for pair in asked if pair in found}


def completed(actor: Actor) -> QuerySet[Any]:
    """Spells that ended with the end of a level at schools within reach, the newest first; each with `sat` and `made` (school
    years at the school, and those of them with an issued transcript), `public_id` (of who is within reach still), `newest` (its
    uuid), `handed` (state and school of the newest
    hand-over, parted by a bar; None where there is none)."""
    rows = registry.enrolments(actor).filter(OF_SCHOOL, within(actor, VIEW), exit_type="graduated")
    here = {"student_id": OuterRef("student_id"), "unit_id": OuterRef("unit_id")}
    sat = registry.enrolments(actor).filter(
        OF_SCHOOL, **here, school_year__starts_on__lte=OuterRef("left_on")
    )
    made = Transcript.objects.filter(ISSUED, **here)
    handed = HandOver.objects.filter(student_id=OuterRef("student_id"), from_unit_id=OuterRef("unit_id"))
    here_now = registry.students(actor).filter(pk=OuterRef("student_id"))
    newest = handed.exclude(state=HandOverState.UNDONE).order_by("-at", "-pk")
    return (
        rows.select_related("school_year", "school_class", "unit")
        .annotate(
            sat=ArraySubquery(sat.order_by("school_year__name").values("school_year__name").distinct()),
            made=ArraySubquery(made.order_by("school_year__name").values("school_year__name").distinct()),
            public_id=Subquery(here_now.values("public_id")[:1]),
            newest=Subquery(made.order_by("-school_year__starts_on", "-pk").values("uuid")[:1]),
            handed=Subquery(
                newest.annotate(said=Concat(SAID, Value("|"), "to_unit__name")).values("said")[:1]
            ),
        )
        .order_by("-left_on", "unit_id", "school_class__name", "student_name", "pk")
    )


def waiting_of(actor: Actor, spells: QuerySet[Any]) -> QuerySet[HandOver]:
    """What waits of pupils who completed the level, at the school of each."""
    pairs = list(spells.order_by().values_list("student_id", "unit_id"))
    rows = hand_overs(actor).filter(
        student_id__in=[student_id for student_id, _unit in pairs], state=HandOverState.WAITING
    )
    return rows.filter(from_unit_id__in={unit_id for _student, unit_id in pairs})


@dataclass(frozen=True)
class Minutes:
    """Biên bản bàn giao: one act of one school that took records from one other. years: {pupil: school years handed over}; pupils:
    {pupil: public id} of those within the actor's reach."""

    batch: UUID
    first: HandOver
    rows: list[HandOver]
    years: dict[int, list[str]]
    pupils: dict[int, UUID]

    @property
    def transcripts(self) -> int:
        return sum(row.number for row in self.rows)

    @property
    def open_rows(self) -> list[HandOver]:
        """Those that were not undone."""
        return [row for row in self.rows if row.state == HandOverState.TAKEN]


def minutes(actor: Actor, batch: UUID) -> Minutes | None:
    """What one act has taken over; None out of reach."""
    rows = list(
        hand_overs(actor).select_related("given_by").filter(batch=batch).order_by("student_name", "pk")
    )
    if not rows:
        return None
    years: dict[int, list[str]] = defaultdict(list)
    found = Transcript.objects.filter(
        pk__in=[pk for row in rows for pk in row.transcript_ids], state__in=sorted(LIVE)
    )
    named = found.order_by("school_year__starts_on", "pk")
    for student_id, year, class_name in named.values_list("student_id", "school_year__name", "class_name"):
        years[student_id].append(f"{year} ({class_name})")
    near = registry.students(actor).filter(pk__in=[row.student_id for row in rows])
    pupils = dict(near.order_by().values_list("pk", "public_id"))
    return Minutes(batch, rows[0], rows, dict(years), pupils)
