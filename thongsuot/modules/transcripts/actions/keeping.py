"""What every step shares: rows locked in order, moved by the one table, the story kept, the next one told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.steps import Verb, next_state
from ..models import Transcript, TranscriptLog
from ..types import TranscriptState, TranscriptStep

KIND = "transcripts.step"


def _locked(ids: Iterable[int]) -> list[Transcript]:
    """In the order of their keys, so that two who lock the same rows wait and do not block each other for ever."""
    return list(
        Transcript.objects.select_for_update(of=("self",))
        .select_related("school_class__homeroom_teacher", "school_year", "unit")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def _refusal(row: Transcript) -> TranscriptStep:
    said = _("Học bạ của %(name)s đang ở trạng thái “%(state)s” nên không làm được việc này.")
    return TranscriptStep(said % {"name": row.student_name, "state": row.get_state_display()})


def _move(rows: Sequence[Transcript], verb: Verb, *, by: Actor, now: datetime, detail: str = "") -> None:
    """All of `rows` (locked) by one step, or none. Raises TranscriptStep naming the first that cannot."""
    after = [next_state(row.state, verb) for row in rows]
    for row, state in zip(rows, after, strict=True):
        if state is None:
            raise _refusal(row)
    for row, state in zip(rows, after, strict=True):
        row.state = TranscriptState(state or row.state)
    if detail:
        for row in rows:
            row.note = detail[:500]
    Transcript.objects.bulk_update(rows, ["state", "note"], batch_size=1000)
    _write_log(rows, verb, by=by, now=now, detail=detail)


def _handed_in_elsewhere(files: Mapping[str, bytes], *, by: Actor, now: datetime) -> None:
    """Another program of the school handed in what was made here, and it was taken: the school's list says so too. files:
    digests by UUID; one that differs is not the school's transcript."""
    unsent = (TranscriptState.ISSUED, TranscriptState.REFUSED)
    mine = Transcript.objects.filter(uuid__in=list(files), state__in=unsent)
    rows = [
        row
        for row in _locked(mine.values_list("pk", flat=True))
        if row.state in unsent and bytes(row.file_digest or b"") == files[str(row.uuid)]
    ]
    if rows:
        _move(rows, Verb.SEND, by=by, now=now)
        _move(rows, Verb.ACCEPT, by=by, now=now)


def _write_log(rows: Iterable[Transcript], verb: str, *, by: Actor, now: datetime, detail: str = "") -> None:
    TranscriptLog.objects.bulk_create(
        [
            TranscriptLog(transcript=row, verb=verb, detail=detail[:500], by_id=by.user_id, at=now)
            for row in rows
        ],
        batch_size=2000,
    )


def _tell_school(by: Actor, unit_id: int, right: str, title: str, now: datetime, *, url: str = "") -> None:
    """Those who hold `right` at the school."""
    with act_as(Actor.system()):
        desk = organization.desk_users(right, [unit_id], today=now.date()).get(unit_id, [])
    notify(recipients=desk, kind=KIND, title=title, url=url or reverse("transcripts:class-list"), by=by)
