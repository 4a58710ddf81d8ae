"""Two records of one pupil become one, and two again when it was a mistake. One transaction through all modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.gradebook.actions import carry_books, carry_books_back, inherit_anew
from thongsuot.modules.registry.actions.merging import MergePlan, merge_students, plan_merge, split_students
from thongsuot.modules.transcripts.actions import follow_spells


def preview_merge(*, by: Actor, kept: Any, gone: Any) -> MergePlan:
    """What merging `gone` into `kept` would do; writes nothing. Raises NotAllowed, StateConflict."""
    return plan_merge(by=by, kept=kept, gone=gone)


@transaction.atomic
def merge_people(
    *,
    by: Actor,
    kept: Any,
    gone: Any,
    today: date,
    now: datetime,
    choices: Mapping[str, str] | None = None,
    reason: str = "",
) -> Any:
    """Merge `gone` into `kept`; `choices` (field, or `result-<key>` -> "kept" or "gone") as in the preview when not given.

    Returns the merge, by which it can be taken back. Raises NotAllowed, StateConflict.
    """
    plan = plan_merge(by=by, kept=kept, gone=gone)
    with acting(by, reason=reason or _("Gộp hai hồ sơ của một người")):
        merge = merge_students(
            by=by, kept=kept, gone=gone, choices={**plan.choices, **(choices or {})}, today=today, now=now
        )
        carry_books(by=by, kept=kept, gone=gone)
        # The other record may be that of a school where the pupil spent a part of the year.
        inherit_anew(by=by, student=kept, now=now)
        follow_spells(by=by, student_ids=[kept.pk, gone.pk])
        return merge


@transaction.atomic
def split_people(*, by: Actor, merge: Any, now: datetime, reason: str = "") -> list[str]:
    """Take a merge back. Returns the fields that were changed since and stay. Raises NotAllowed, StateConflict."""
    with acting(by, reason=reason or _("Tách hai hồ sơ đã gộp nhầm")):
        left_alone = split_students(by=by, merge=merge, now=now)
        carry_books_back(by=by, kept=merge.kept, gone=merge.gone)
        for student in (merge.kept, merge.gone):
            inherit_anew(by=by, student=student, now=now)
        follow_spells(by=by, student_ids=[merge.kept_id, merge.gone_id])
        return left_alone
