"""A pupil changes school, or goes up to the next level: the school that takes the record over inherits its transcripts, and
makes none of them again (QĐ 1789 Điều 20, 22). What has not been issued yet stays where it is being made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries as registry

from ..domain.steps import LIVE
from ..models import ForeignTranscript, HandOver, Original, Transcript
from ..permissions import PREPARE
from ..queries.handing import completed_here, left_behind, missing_years
from ..types import HandOverState, HandOverWay
from .handing import _tell_givers, note_waiting


class _Moved(NamedTuple):
    pk: int
    student_id: int
    student_name: str
    holder_id: int
    state: str


@transaction.atomic
def hand_over_records(
    *,
    by: Actor,
    student_ids: Iterable[int],
    to_unit_id: int,
    way: str = HandOverWay.BY_HAND,
    now: datetime | None = None,
) -> int:
    """The issued transcripts of pupils, the kept originals, and signed files of other provinces are held by `to_unit_id`
    from now on; issuing schools keep seeing theirs. Only of pupils whose record that school has now. Returns how many
    transcripts changed hands; again, none. Raises NotAllowed: only the receiving school, or the system on its behalf.
    """
    if not (by.is_system or by.can(PREPARE, to_unit_id)):
        raise NotAllowed(_("Chỉ trường tiếp nhận mới nhận được học bạ."))
    held = registry.students(by).filter(pk__in=list(student_ids), unit_id=to_unit_id)
    ids = list(held.order_by().values_list("pk", flat=True))
    # The rows still belong to the school that had the pupil: out of reach until they are handed over.
    with act_as(Actor.system()):
        originals = Original.objects.filter(student_id__in=ids).exclude(holder_id=to_unit_id)
        originals.update(holder_id=to_unit_id)
        ForeignTranscript.objects.filter(student_id__in=ids).exclude(unit_id=to_unit_id).update(
            unit_id=to_unit_id
        )
        # Who takes over at the same time waits here, and then finds nothing left.
        rows = Transcript.objects.filter(student_id__in=ids, issued_at__isnull=False)
        locked = rows.exclude(holder_id=to_unit_id).select_for_update(no_key=True).order_by("pk")
        moved = [_Moved(*row) for row in locked.values_list(*_Moved._fields)]
        Transcript.objects.filter(pk__in=[row.pk for row in moved]).update(holder_id=to_unit_id)
        _write_down(by, moved, to_unit_id, way, now or timezone.now())
    return len(moved)


def _write_down(by: Actor, moved: list[_Moved], to_unit_id: int, way: str, now: datetime) -> None:
    """One line for each pupil and school that gives: the one that waited for it, or a new one."""
    found: dict[tuple[int, int], list[_Moved]] = defaultdict(list)
    for row in moved:
        found[row.student_id, row.holder_id].append(row)
    waiting = {
        (row.student_id, row.from_unit_id): row
        for row in HandOver.objects.filter(
            student_id__in={student_id for student_id, _from in found}, state=HandOverState.WAITING
        )
    }
    batches = {from_id: uuid4() for _student, from_id in found}
    missing = missing_years(found, timezone.localdate(now))
    known: list[HandOver] = []
    new: list[HandOver] = []
    for (student_id, from_id), rows in found.items():
        if not any(one.state in LIVE for one in rows):
            continue
        line = waiting.get((student_id, from_id)) or HandOver(student_id=student_id, from_unit_id=from_id)
        line.student_name, line.to_unit_id, line.way = rows[-1].student_name, to_unit_id, way
        line.number = sum(one.state in LIVE for one in rows)
        line.transcript_ids = [one.pk for one in rows]
        line.missing, line.batch = missing.get((student_id, from_id), []), batches[from_id]
        line.by_id, line.at, line.state = by.user_id, now, HandOverState.TAKEN
        (known if line.pk else new).append(line)
    HandOver.objects.bulk_create(new, batch_size=500)
    columns = ["student_name", "to_unit", "way", "number", "transcript_ids", "missing", "batch", "by", "at"]
    HandOver.objects.bulk_update(known, [*columns, "state"], batch_size=500)
    if way in (HandOverWay.BY_HAND, HandOverWay.NIGHTLY):
        _tell_givers(by, [*known, *new], now)


def hand_over_left_behind(*, by: Actor, now: datetime) -> int:
    """Every issued transcript to the school that has its pupil's record now, whichever way the pupil came there: schools
    that merged, records taken up again, files brought in. Of who has completed the level, the next school is told and has
    its days to take it over by hand first. The system only; returns how many changed hands. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Chỉ hệ thống mới đối chiếu được toàn tỉnh."))
    moved = follow_pupils(by=by, now=now, way=HandOverWay.NIGHTLY)
    found: dict[int, set[int]] = defaultdict(set)
    overdue = HandOver.objects.filter(state=HandOverState.WAITING, due_on__lt=timezone.localdate(now))
    for unit_id, student_id in overdue.order_by().values_list("to_unit_id", "student_id"):
        found[unit_id].add(student_id)
    return moved + _hand_over_all(by, found, HandOverWay.NIGHTLY, now)


def follow_pupils(
    *,
    by: Actor,
    now: datetime,
    student_ids: Collection[int] | None = None,
    way: str = HandOverWay.TRANSFER,
) -> int:
    """Issued transcripts whose pupils sit at another school by now: of who has left by a transfer they are handed over at
    once, of who has completed the level they wait for the next school, which is told. student_ids: only of these. The
    system only; returns how many changed hands. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    found: dict[int, set[int]] = defaultdict(set)
    with act_as(by):
        left = left_behind().exclude(completed_here()).order_by()
        if student_ids is not None:
            left = left.filter(student_id__in=student_ids)
        for unit_id, student_id in left.values_list("student__unit_id", "student_id").distinct():
            found[unit_id].add(student_id)
        moved = _hand_over_all(by, found, way, now)
    note_waiting(by=by, now=now, student_ids=student_ids)
    return moved


def _hand_over_all(by: Actor, found: dict[int, set[int]], way: str, now: datetime) -> int:
    return sum(
        hand_over_records(by=by, student_ids=ids, to_unit_id=unit_id, way=way, now=now)
        for unit_id, ids in found.items()
    )


@transaction.atomic
def take_over(*, by: Actor, hand_overs: Iterable[HandOver], now: datetime) -> int:
    """The next school takes over what waits for it; returns of how many pupils. What somebody has taken meanwhile is left
    out, and so is what waits for another school. Raises NotAllowed: the actor takes over for no school."""
    if not by.can(PREPARE):
        raise NotAllowed(_("Chỉ trường tiếp nhận mới nhận được học bạ."))
    found: dict[int, set[int]] = defaultdict(set)
    rows = HandOver.objects.filter(pk__in=[row.pk for row in hand_overs], state=HandOverState.WAITING)
    keys = []
    for pk, unit_id, student_id in rows.order_by().values_list("pk", "to_unit_id", "student_id"):
        if by.can(PREPARE, unit_id):
            keys.append(pk)
            found[unit_id].add(student_id)
    for unit_id, ids in found.items():
        hand_over_records(by=by, student_ids=ids, to_unit_id=unit_id, way=HandOverWay.BY_HAND, now=now)
        # What was taken back meanwhile waits for nobody.
        note_waiting(by=Actor.system(), now=now, student_ids=ids)
    return HandOver.objects.filter(pk__in=keys, state=HandOverState.TAKEN).count()


@transaction.atomic
def undo_hand_over(*, by: Actor, hand_overs: Iterable[HandOver], now: datetime) -> int:
    """What was taken by mistake is held by the giving school again, and waits once more; the line stays, marked. Returns
    of how many pupils. Raises NotAllowed: the school that took it; nothing else is touched of what is no longer there."""
    with act_as(Actor.system()):
        rows = list(
            HandOver.objects.select_for_update(of=("self",))
            .filter(pk__in=[row.pk for row in hand_overs], state=HandOverState.TAKEN)
            .order_by("pk")
        )
        for row in rows:
            if not (by.is_system or by.can(PREPARE, row.to_unit_id)):
                raise NotAllowed(_("Chỉ trường đã nhận mới hoàn tác được."))
        rows = [row for row in rows if row.transcript_ids]
        for row in rows:
            back = Transcript.objects.filter(pk__in=row.transcript_ids, holder_id=row.to_unit_id)
            uuids = list(back.order_by().values_list("uuid", flat=True))
            Original.objects.filter(uuid__in=uuids, holder_id=row.to_unit_id).update(
                holder_id=row.from_unit_id
            )
            back.update(holder_id=row.from_unit_id)
            foreign = ForeignTranscript.objects.filter(student_id=row.student_id, unit_id=row.to_unit_id)
            foreign.filter(taken_in_at__lt=row.at).update(unit_id=row.from_unit_id)
            row.state = HandOverState.UNDONE
        HandOver.objects.bulk_update(rows, ["state"], batch_size=500)
        note_waiting(by=Actor.system(), now=now, student_ids=[row.student_id for row in rows])
    return len(rows)
