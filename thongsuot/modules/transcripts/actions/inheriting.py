"""A pupil changes school, or goes up to the next level: the school that takes the record over inherits its transcripts, and
makes none of them again (QĐ 1789 Điều 20, 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries as registry

from ..models import ForeignTranscript, HandOver, Original, Transcript
from ..permissions import PREPARE
from ..types import HandOverWay


@transaction.atomic
def hand_over_records(
    *,
    by: Actor,
    student_ids: Iterable[int],
    to_unit_id: int,
    way: str = HandOverWay.BY_HAND,
    now: datetime | None = None,
) -> int:
    """The transcripts of pupils, the kept originals, and signed files of other provinces are held by `to_unit_id` from now
    on; issuing schools keep seeing theirs. Only of pupils whose record that school has now. Returns how many transcripts
    changed hands; again, none. Raises NotAllowed: only the receiving school, or the system on its behalf.
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
        moved = Transcript.objects.filter(student_id__in=ids).exclude(holder_id=to_unit_id)
        _write_down(by, moved.values_list("student_id", "student_name", "holder_id"), to_unit_id, way, now)
        return moved.update(holder_id=to_unit_id)


def _write_down(
    by: Actor, rows: Iterable[tuple[int, str, int]], to_unit_id: int, way: str, now: datetime | None
) -> None:
    """One line for each pupil and school that gives."""
    names: dict[tuple[int, int], str] = {}
    numbers: Counter[tuple[int, int]] = Counter()
    for student_id, name, from_id in rows:
        names[student_id, from_id] = name
        numbers[student_id, from_id] += 1
    HandOver.objects.bulk_create(
        [
            HandOver(
                student_id=student_id,
                student_name=name,
                from_unit_id=from_id,
                to_unit_id=to_unit_id,
                way=way,
                number=numbers[student_id, from_id],
                by_id=by.user_id,
                at=now or timezone.now(),
            )
            for (student_id, from_id), name in names.items()
        ],
        batch_size=500,
    )


def hand_over_left_behind(*, by: Actor, now: datetime) -> int:
    """Every transcript to the school that has its pupil's record now, whichever way the pupil came there: schools that
    merged, records taken up again, files brought in. The system only; returns how many changed hands. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Chỉ hệ thống mới đối chiếu được toàn tỉnh."))
    left = Transcript.objects.exclude(holder_id=F("student__unit_id")).filter(
        student__merged_into__isnull=True, student__erased_at__isnull=True
    )
    found: dict[int, set[int]] = {}
    for unit_id, student_id in left.order_by().values_list("student__unit_id", "student_id").distinct():
        found.setdefault(unit_id, set()).add(student_id)
    return sum(
        hand_over_records(by=by, student_ids=ids, to_unit_id=unit_id, way=HandOverWay.NIGHTLY, now=now)
        for unit_id, ids in found.items()
    )
