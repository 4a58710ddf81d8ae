"""The door of families: their own child's transcripts, and nobody else's. Read as the system inside, plain rows come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries as registry

from ..domain.steps import OUT
from ..models import CorrectionReport, Transcript
from ..permissions import OWN
from ..types import TranscriptState
from .files import file_of


@dataclass(frozen=True)
class ChildTranscripts:
    """taken_back: names of the years whose transcript was recalled and has no other in its place yet."""

    child: Any
    transcripts: list[Transcript]
    taken_back: list[str]


def own_transcripts(actor: Actor) -> list[ChildTranscripts]:
    """Of every own child, the newest year first: issued ones, in force; and the years that wait for a replacement."""
    if not actor.can(OWN):
        return []
    children = registry.own_children(actor)
    with act_as(Actor.system()):
        rows = list(
            Transcript.objects.filter(
                student__in=[c.pk for c in children], state__in=[*sorted(OUT), TranscriptState.RECALLED]
            )
            .defer("data_sealed")
            .select_related("school_year", "unit", "school_class")
            .order_by("student_id", "-school_year__starts_on", "-version")
        )
    return [_of_child(child, [row for row in rows if row.student_id == child.pk]) for child in children]


def _of_child(child: Any, rows: list[Transcript]) -> ChildTranscripts:
    out = [row for row in rows if row.state in OUT]
    have = {(row.school_year_id, row.kind) for row in out}
    gone = [row.school_year.name for row in rows if (row.school_year_id, row.kind) not in have]
    return ChildTranscripts(child, out, list(dict.fromkeys(gone)))


def own_transcript(actor: Actor, uuid: UUID) -> Transcript | None:
    """An issued one of an own child; None for everything else, whether it exists or not."""
    if not actor.can(OWN):
        return None
    children = [c.pk for c in registry.own_children(actor)]
    with act_as(Actor.system()):
        return (
            Transcript.objects.filter(uuid=uuid, student__in=children, state__in=sorted(OUT))
            .select_related("school_year", "unit", "school_class", "student")
            .first()
        )


def own_reports(actor: Actor, transcript: Transcript) -> list[CorrectionReport]:
    with act_as(Actor.system()):
        rows = CorrectionReport.objects.filter(transcript=transcript, reported_by_id=actor.user_id)
        return list(rows.order_by("-reported_at"))


def own_report(actor: Actor, public_id: UUID) -> CorrectionReport | None:
    """A report of one's own, whatever has become of its transcript."""
    if actor.user_id is None or not actor.can(OWN):
        return None
    with act_as(Actor.system()):
        return (
            CorrectionReport.objects.filter(public_id=public_id, reported_by_id=actor.user_id)
            .select_related("transcript__school_year", "transcript__unit")
            .defer("transcript__data_sealed")
            .first()
        )


def all_own_reports(actor: Actor) -> list[CorrectionReport]:
    """All reports of one's own, the newest first: a mended transcript is gone from the list, its answer is not."""
    if actor.user_id is None or not actor.can(OWN):
        return []
    with act_as(Actor.system()):
        rows = CorrectionReport.objects.filter(reported_by_id=actor.user_id).order_by("-reported_at")
        return list(rows.select_related("transcript__school_year").defer("transcript__data_sealed")[:50])


def own_file(actor: Actor, transcript: Transcript) -> bytes:
    """The file of what `own_transcript` gave."""

    with act_as(Actor.system()):
        return file_of(transcript)
