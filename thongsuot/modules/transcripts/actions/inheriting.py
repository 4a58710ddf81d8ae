"""A pupil changes school, or goes up to the next level: the school that takes the record over inherits its transcripts, and
makes none of them again (QĐ 1789 Điều 20, 22)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries as registry

from ..models import Original, Transcript
from ..permissions import PREPARE


@transaction.atomic
def hand_over_records(*, by: Actor, student_ids: Iterable[int], to_unit_id: int) -> int:
    """The transcripts of pupils, and the kept originals, are held by `to_unit_id` from now on; issuing schools keep
    seeing theirs. Only of pupils whose record that school has now. Returns how many transcripts changed hands; again,
    none. Raises NotAllowed: only the receiving school, or the system on its behalf.
    """
    if not (by.is_system or by.can(PREPARE, to_unit_id)):
        raise NotAllowed(_("Chỉ trường tiếp nhận mới nhận được học bạ."))
    held = registry.students(by).filter(pk__in=list(student_ids), unit_id=to_unit_id)
    ids = list(held.order_by().values_list("pk", flat=True))
    # The rows still belong to the school that had the pupil: out of reach until they are handed over.
    with act_as(Actor.system()):
        originals = Original.objects.filter(student_id__in=ids).exclude(holder_id=to_unit_id)
        originals.update(holder_id=to_unit_id)
        moved = Transcript.objects.filter(student_id__in=ids).exclude(holder_id=to_unit_id)
        return moved.update(holder_id=to_unit_id)
