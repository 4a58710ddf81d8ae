"""What waits for one person, of all transcripts: to sign, to make, to mend, to send, to answer; with its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import CorrectionReport, GatewayCertificate, Objection, Recall, SchoolStanding, Transcript
from ..permissions import (
    PREPARE,
    SIGN_LEADER,
    SIGN_SEAL,
    can_decide_recall,
    can_work_gateway,
    signable_by,
    within,
)
from ..types import CertificateState, CorrectionState, RecallState, SignerRole, TranscriptState
from .awaiting import open_awaited
from .handing import waiting_hand_overs
from .layouts import LEVELS, deadlines
from .parts import open_objections, own_parts

# Steps of a school's standing that somebody with the right does: kind -> (right, column).
AT_SCHOOL = {
    "leader": (SIGN_LEADER, "at_leader"),
    "seal": (SIGN_SEAL, "at_seal"),
    "mend": (PREPARE, "at_mending"),
    "send": (PREPARE, "at_sending"),
}


@dataclass(frozen=True)
class Waiting:
    """A pile of work of one kind. place: class or subject and class, "" for the school as a whole."""

    kind: str
    count: int
    unit_id: int | None = None
    unit_name: str = ""
    year: str = ""
    place: str = ""
    class_id: int | None = None
    due_on: date | None = None

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


def waiting_for_me(actor: Actor, today: date) -> list[Waiting]:
    """Everything that waits for the actor, what is due first on top; about ten statements whatever there is."""
    if actor.user_id is None:
        return []
    due = _Days()
    found = [
        *_subjects(actor, due),
        *_homeroom(actor, due),
        *_at_school(actor, due, today),
        *_owed(actor),
        *_to_take(actor),
        *_to_answer(actor),
        *_at_department(actor),
    ]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or today, one.kind, one.place))


class _Days:
    """The day by which the transcripts of a year are due."""

    def __init__(self) -> None:
        self.all = deadlines()

    def of(self, year: Any, levels: Iterable[str], *, all_summer: bool = False) -> date | None:
        own = [level for level in levels if level in LEVELS]
        return self.all.last_day_of(
            "supplementary" if all_summer else "year_locked", year.starts_on.year, own
        )


def _subjects(actor: Actor, due: _Days) -> list[Waiting]:
    return [
        Waiting(
            "subject", number, row.unit_id, row.unit.name, row.school_year.name, row.class_name,
            row.school_class_id, due.of(row.school_year, [row.level], all_summer=all_summer),
        )
        for row, number, all_summer in own_parts(actor)
    ]  # fmt: skip


def _homeroom(actor: Actor, due: _Days) -> list[Waiting]:
    rows = Transcript.objects.filter(
        signable_by(actor, SignerRole.HOMEROOM), state=TranscriptState.INITIALISED, places_left=0
    ).exclude(pk__in=open_objections())
    grouped = (
        rows.order_by()
        .values("unit_id", "unit__name", "school_year_id", "school_class_id", "class_name", "level")
        .annotate(number=Count("pk"), summer=Count("pk", filter=Q(is_supplementary=True)))
    )
    years = {one.pk: one for one in organization.school_years()}
    return [
        Waiting(
            "homeroom",
            one["number"],
            one["unit_id"],
            one["unit__name"],
            years[one["school_year_id"]].name,
            one["class_name"],
            one["school_class_id"],
            due.of(years[one["school_year_id"]], [one["level"]], all_summer=one["summer"] == one["number"]),
        )
        for one in grouped
    ]


def _at_school(actor: Actor, due: _Days, today: date) -> list[Waiting]:
    """From the standing of the actor's own schools."""
    own = [h.unit_id for h in actor.holdings if h.unit_kind == "school"]
    rights = {right for right, _column in AT_SCHOOL.values()} | {PREPARE}
    units = [one for one in own if any(actor.can(right, one) for right in rights)]
    if not units:
        return []
    found = []
    held = _held(units)
    rows = SchoolStanding.objects.filter(unit_id__in=units).select_related("unit__school", "school_year")
    for row in rows.order_by("unit_id", "school_year_id"):
        about = (
            row.unit_id,
            row.unit.name,
            row.school_year.name,
            "",
            None,
            due.of(row.school_year, row.levels),
        )
        for kind, (right, column) in AT_SCHOOL.items():
            number = getattr(row, column) - held.get((row.unit_id, row.school_year_id, kind), 0)
            if number > 0 and actor.can(right, row.unit_id):
                found.append(Waiting(kind, number, *about))
        lacking = row.pupils - _made(row)
        # Until the year has ended there is nothing to be made.
        if lacking > 0 and row.school_year.ends_on <= today and actor.can(PREPARE, row.unit_id):
            found.append(Waiting("build", lacking, *about))
    return found


def _held(units: Sequence[int]) -> dict[tuple[int, int, str], int]:
    """Of those that stand before a signer, how many an unsettled refusal keeps from him: (school, year, kind) -> number."""
    kinds = {TranscriptState.TEACHER_SIGNED: "leader", TranscriptState.LEADER_SIGNED: "seal"}
    rows = Transcript.objects.filter(pk__in=open_objections(), unit_id__in=units, state__in=list(kinds))
    grouped = rows.order_by().values_list("unit_id", "school_year_id", "state").annotate(number=Count("pk"))
    return {(unit, year, kinds[TranscriptState(state)]): number for unit, year, state, number in grouped}


def _owed(actor: Actor) -> list[Waiting]:
    """Results to date that the actor's own schools owe to others, under the day of the first."""
    own = [h.unit_id for h in actor.holdings if h.unit_kind == "school" and actor.can(PREPARE, h.unit_id)]
    if not own:
        return []
    grouped = (
        open_awaited(actor)
        .filter(from_unit_id__in=own, transcript__isnull=True)
        .order_by()
        .values("from_unit_id", "from_unit__name", "school_year__name")
        .annotate(number=Count("pk"), first=Min("due_on"))
    )
    return [
        Waiting(
            "to_date", one["number"], one["from_unit_id"], one["from_unit__name"], one["school_year__name"],
            due_on=one["first"],
        )
        for one in grouped
    ]  # fmt: skip


def _to_take(actor: Actor) -> list[Waiting]:
    """Records of pupils from the level before that the actor's own schools have not taken over, under the first day."""
    own = [h.unit_id for h in actor.holdings if h.unit_kind == "school" and actor.can(PREPARE, h.unit_id)]
    if not own:
        return []
    grouped = (
        waiting_hand_overs(actor)
        .filter(to_unit_id__in=own)
        .order_by()
        .values("to_unit_id", "to_unit__name")
        .annotate(number=Count("pk"), first=Min("due_on"))
    )
    return [
        Waiting("take_over", one["number"], one["to_unit_id"], one["to_unit__name"], due_on=one["first"])
        for one in grouped
    ]


def _made(row: SchoolStanding) -> int:
    return (
        row.at_subject + row.at_homeroom + row.at_leader + row.at_seal + row.at_mending + row.at_sending
        + row.at_department + row.received
    )  # fmt: skip


def _to_answer(actor: Actor) -> list[Waiting]:
    """Refusals to sign that were handed back; what families have reported."""
    found = []
    office = within(actor, PREPARE) if actor.can(PREPARE) else Q(pk__in=[])
    mine = Q(returned_to_id=actor.user_id, unit_id__in=actor.own_unit_ids)
    refused = Objection.objects.filter(office | mine, settled_at__isnull=True).count()
    if refused:
        found.append(Waiting("objection", refused))
    if actor.can(PREPARE):
        reports = CorrectionReport.objects.filter(office, state=CorrectionState.OPEN).order_by("due_on")
        days = list(reports.values_list("due_on", flat=True))
        if days:
            found.append(Waiting("report", len(days), due_on=days[0]))
    return found


def _at_department(actor: Actor) -> list[Waiting]:
    found = []
    if can_work_gateway(actor):
        waiting = GatewayCertificate.objects.filter(state=CertificateState.WAITING).count()
        found += [Waiting("certificate", waiting)] if waiting else []
    if can_decide_recall(actor):
        asked = Recall.objects.filter(state__in=[RecallState.WAITING, RecallState.AT_MINISTRY]).count()
        found += [Waiting("recall", asked)] if asked else []
    return found


KINDS: Mapping[str, SignerRole] = {
    "subject": SignerRole.SUBJECT,
    "homeroom": SignerRole.HOMEROOM,
    "leader": SignerRole.LEADER,
    "seal": SignerRole.SEAL,
}
