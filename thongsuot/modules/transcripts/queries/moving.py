"""A pupil's record as a whole, what moves with it, and who still has to act: hand-overs, leavers, changes of civil status."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from json import loads
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.kit.signing.types import Verdict
from thongsuot.modules.registry import queries as registry

from ..domain.steps import LIVE
from ..models import (
    CivilChange,
    CivilChangeItem,
    Dispatch,
    ForeignTranscript,
    GatewayCertificate,
    KeepingRun,
    Original,
    OriginalStamp,
    PaperCopy,
    Transcript,
)
from ..permissions import PREPARE, VIEW, transcripts_visible, within
from ..types import CertificateState, KeepingKind, OriginalState, TranscriptKind
from .files import file_of

MOST_SHOWN = 200
REFUSED_BY_MINISTRY = Q(reported_at__isnull=True, state=OriginalState.IN_FORCE) & ~Q(report_fault="")


def of_pupil(actor: Actor, student_id: int) -> list[Transcript]:
    """All in force, the newest year first: one record through the levels, whoever issued the years."""
    rows = Transcript.objects.filter(
        transcripts_visible(actor), student_id=student_id, state__in=sorted(LIVE)
    ).defer("data_sealed")
    return list(
        rows.select_related("unit", "school_year").order_by("-school_year__starts_on", "kind", "unit_id")
    )


def foreign_of_pupil(actor: Actor, student_id: int) -> list[ForeignTranscript]:
    rows = ForeignTranscript.objects.filter(within(actor, VIEW), student_id=student_id)
    return list(rows.defer("file_sealed").order_by("-school_year_name", "pk"))


def foreign(actor: Actor, uuid: UUID) -> ForeignTranscript | None:
    return ForeignTranscript.objects.filter(within(actor, VIEW), uuid=uuid).first()


def foreign_file(row: ForeignTranscript) -> bytes:
    """Byte for byte as it was brought."""
    return unseal(row.file_sealed).encode()


def bundle(rows: Sequence[Transcript], others: Sequence[ForeignTranscript]) -> bytes:
    """Signed files of a pupil in one .zip, for a school of another province; names say nothing of the pupil."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for row in rows:
            if row.issued_at is not None:
                packed.writestr(f"hoc-ba-{row.uuid}.xml", file_of(row))
        for one in others:
            if one.verdict == Verdict.INVALID:
                continue
            packed.writestr(f"hoc-ba-{one.uuid}.xml", foreign_file(one))
    return held.getvalue()


def paper_copies(actor: Actor, transcript: Transcript) -> QuerySet[PaperCopy]:
    return PaperCopy.objects.filter(within(actor, VIEW), transcript=transcript).select_related("issued_by")


def paper_copy(actor: Actor, public_id: UUID) -> PaperCopy | None:
    rows = PaperCopy.objects.filter(within(actor, VIEW), public_id=public_id)
    return rows.select_related("unit", "transcript__unit", "transcript__school_year").first()


@dataclass(frozen=True)
class Straggler:
    """A pupil whose record is not where the pupil is."""

    student_id: int
    name: str
    school: str
    number: int


def to_be_taken(actor: Actor, unit_id: int) -> list[Straggler]:
    """Pupils of the school whose transcripts another one still holds. The names are of the school's own pupils."""
    mine = list(
        registry.students(actor).filter(unit_id=unit_id).order_by().values_list("pk", flat=True)
        if actor.can(PREPARE, unit_id)
        else []
    )
    with act_as(Actor.system()):
        rows = (
            Transcript.objects.filter(student_id__in=mine, issued_at__isnull=False, state__in=sorted(LIVE))
            .exclude(holder_id=unit_id)
            .order_by()
            .values_list("student_id", "student__full_name", "holder__name")
            .annotate(Count("pk"))
        )
        return [Straggler(*row) for row in rows.order_by("student__sort_key", "student_id")]


def left_with_us(actor: Actor, unit_id: int) -> list[Straggler]:
    """Pupils who completed the level here and sit nowhere yet: the school keeps their record until the next one takes it."""
    if not actor.can(VIEW, unit_id):
        return []
    done = (
        registry.enrolments(actor)
        .filter(unit_id=unit_id, exit_type="graduated", student__unit_id=unit_id)
        .exclude(student__enrolments__left_on__isnull=True)
        .order_by("-left_on", "student__sort_key", "pk")
    )
    found = list(done.values_list("student_id", "student__full_name", "school_class__name"))
    numbers = dict(
        Transcript.objects.filter(
            transcripts_visible(actor), student_id__in=[pk for pk, *_rest in found], state__in=sorted(LIVE)
        )
        .order_by()
        .values_list("student_id")
        .annotate(Count("pk"))
    )
    return [Straggler(pk, name, class_name or "", numbers.get(pk, 0)) for pk, name, class_name in found]


@dataclass(frozen=True)
class Leaver:
    """A pupil who leaves, or has left, during the year. transcript: the result to date, where it is made."""

    student_id: int
    name: str
    left_on: Any
    to: str
    transcript: Transcript | None


def leavers(actor: Actor, school_class: Any) -> list[Leaver]:
    """Of the class: those whose spell ended as a transfer, and those whose transfer the school has agreed to."""
    # Never in the order of the pupils' dossiers: those of who has gone belong to the next school, and are out of reach.
    spells = (
        registry.enrolments(actor).filter(school_class=school_class).order_by("left_on", "student_name", "pk")
    )
    gone = list(
        spells.filter(exit_type="transferred_out").values_list(
            "student_id", "student_name", "left_on", "other_school"
        )
    )
    going = registry.transfers(actor).filter(state="released", from_unit_id=school_class.unit_id)
    sitting = dict(spells.filter(left_on__isnull=True).values_list("student_id", "student_name"))
    gone += [
        (one.student_id, sitting[one.student_id], None, str(one.to_unit or one.to_name))
        for one in going
        if one.student_id in sitting
    ]
    made = {
        row.student_id: row
        for row in Transcript.objects.filter(
            transcripts_visible(actor), school_class=school_class, kind=TranscriptKind.PARTIAL,
            state__in=sorted(LIVE),
        ).defer("data_sealed")
    }  # fmt: skip
    return [Leaver(pk, name, left_on, to, made.get(pk)) for pk, name, left_on, to in gone]


def civil_change(actor: Actor, public_id: UUID) -> CivilChange | None:
    if actor.reach_of("transcripts.approve_recall") is None:
        rows = CivilChange.objects.all()
    else:
        rows = CivilChange.objects.filter(within(actor, PREPARE))
    return rows.select_related("unit", "file", "made_by").filter(public_id=public_id).first()


def changed_facts(change: CivilChange) -> list[tuple[str, str, str]]:
    """(field, before, after) of a change that `civil_change` gave."""
    before, after = loads(unseal(change.before_sealed)), loads(unseal(change.after_sealed))
    return [(name, before.get(name, ""), value) for name, value in after.items()]


def civil_items(change: CivilChange) -> list[CivilChangeItem]:
    rows = CivilChangeItem.objects.filter(change=change)
    return list(
        rows.select_related("transcript__school_year", "replacement", "recall")
        .defer("transcript__data_sealed", "replacement__data_sealed")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Keeping:
    """The store in numbers. oldest: when the original that was looked at longest ago was. reported, refused: what the
    ministry's store has, and what of those in force it did not take."""

    originals: int
    unchecked: int
    oldest: Any
    damaged: list[Original]
    stamped: int
    due: int
    next_renewal: Any
    check: KeepingRun | None
    stamp: KeepingRun | None
    reported: int
    refused: int
    refusals: list[Original]


def keeping_state(actor: Actor, today: Any) -> Keeping:
    """For the gateway's people, who see the whole store."""
    rows = Original.objects.filter(within(actor, "transcripts.gateway"))
    fresh = OriginalStamp.objects.filter(original__in=rows, renew_by__gt=today)
    runs = {kind: KeepingRun.objects.filter(kind=kind).first() for kind in KeepingKind}
    total = rows.count()
    stamped = fresh.order_by().values("original_id").distinct().count()
    damaged = rows.filter(is_damaged=True).select_related("unit").defer("file_sealed")
    refused = rows.filter(REFUSED_BY_MINISTRY).select_related("unit").defer("file_sealed")
    return Keeping(
        originals=total,
        unchecked=rows.filter(checked_at__isnull=True).count(),
        oldest=rows.order_by(F("checked_at").asc(nulls_last=True))
        .values_list("checked_at", flat=True)
        .first(),
        damaged=list(damaged.order_by("pk")[:MOST_SHOWN]),
        stamped=stamped,
        due=total - stamped,
        next_renewal=fresh.order_by("renew_by").values_list("renew_by", flat=True).first(),
        check=runs[KeepingKind.CHECK],
        stamp=runs[KeepingKind.STAMP],
        reported=rows.filter(reported_at__isnull=False).count(),
        refused=refused.count(),
        refusals=list(refused.order_by("unit__sort_key", "pk")[:MOST_SHOWN]),
    )


def registrations(actor: Actor, unit_id: int) -> list[tuple[str, str, str, str]]:
    """(serial, state, tone, reason) of the school's certificates at the gateway, as far as this installation knows."""
    if not actor.can(PREPARE, unit_id):
        return []
    tones = {
        CertificateState.WAITING: "warn",
        CertificateState.APPROVED: "ok",
        CertificateState.REFUSED: "bad",
        CertificateState.ENDED: "quiet",
    }
    own = GatewayCertificate.objects.filter(unit_id=unit_id)
    found = [
        (one.serial, str(one.get_state_display()), tones[CertificateState(one.state)], one.reason)
        for one in own
    ]
    known = {serial for serial, *_rest in found}
    sent = Dispatch.objects.filter(unit_id=unit_id, certificate__isnull=False).select_related("certificate")
    for one in sent.order_by("-pk"):
        serial = one.certificate.serial.replace(":", "").upper().lstrip("0") if one.certificate else ""
        if serial not in known:
            tone = "ok" if one.accepted else "bad" if one.refused or one.state == "failed" else "warn"
            found.append((serial, str(one.get_state_display()), tone, one.fault))
            known.add(serial)
    return found
