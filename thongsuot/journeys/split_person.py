"""A record that held two persons is made two, and one again when it was a mistake. One transaction through all modules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.gradebook.actions import carry_books, inherit_anew, part_books
from thongsuot.modules.registry.actions import splitting
from thongsuot.modules.registry.actions.splitting import Parting, SplitPlan
from thongsuot.modules.transcripts.actions import follow_spells


def preview_split(*, by: Actor, student: Any) -> SplitPlan:
    """What the record holds and what stands in the way; writes nothing. Raises NotAllowed, StateConflict."""
    return splitting.plan_split(by=by, student=student)


@transaction.atomic
def split_person(*, by: Actor, student: Any, parting: Parting, reason: str, now: datetime) -> Any:
    """Make a second record and give it what belongs to the other person. Returns the split, by which it is taken back.

    Raises NotAllowed, BadValue, StateConflict.
    """
    with acting(by, reason=reason):
        split = splitting.split_student(by=by, student=student, parting=parting, reason=reason, now=now)
        part_books(by=by, student=split.student, other=split.other)
        for one in (split.student, split.other):
            inherit_anew(by=by, student=one, now=now)
        follow_spells(by=by, student_ids=[split.student_id, split.other_id])
        return split


def what_blocks(*, by: Actor, split: Any) -> list[str]:
    """Why a split cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    return splitting.blocks_undo(by=by, split=split)


@transaction.atomic
def undo_split(*, by: Actor, split: Any, now: datetime) -> Any:
    """Two records are one again. Raises NotAllowed, StateConflict (something was written on the other since)."""
    with acting(by, reason=split.reason):
        row = splitting.undo_split(by=by, split=split, now=now)
        carry_books(by=by, kept=row.student, gone=row.other)
        inherit_anew(by=by, student=row.student, now=now)
        follow_spells(by=by, student_ids=[row.student_id, row.other_id])
        return row
