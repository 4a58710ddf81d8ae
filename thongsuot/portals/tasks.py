"""Journeys that take longer than a page should: done by a worker, with progress, stopped without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.journeys import merge_schools as journey
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.types import StateConflict

# Rows that a merger moves within about a second.
INLINE_ROWS = 600
MERGED = gettext_lazy("Đã sáp nhập. Nếu nhầm, hoàn tác được ở trang kết quả.")
UNDONE = gettext_lazy("Đã hoàn tác: trường cũ hoạt động lại như trước.")


@job_task(name="portals.merge_school")
def merge_school(
    *,
    by: Actor,
    progress: Progress,
    gone_id: int,
    into_id: int,
    last_day: str,
    basis: str,
    suffix: str,
    keep: Sequence[int],
) -> JobResult:
    """Move all that runs at one school to another. What has changed since it was asked for is looked at again."""
    gone, into = (organization.unit_detail(by, pk) for pk in (gone_id, into_id))
    if gone is None or into is None:
        raise StateConflict(_("Không còn thấy trường này."))
    (merge,) = journey.merge_schools(
        by=by,
        gone=[gone],
        into=into,
        last_day=date.fromisoformat(last_day),
        basis=basis,
        now=timezone.now(),
        suffixes=[suffix] if suffix else [],
        keep=keep,
        tell=progress.set,
    )
    return JobResult(url=reverse("merger-detail", args=[merge.pk]), message=str(MERGED))


def merge_if_large(
    *, by: Actor, gone: Any, into: Any, last_day: date, basis: str, suffix: str, keep: Sequence[int]
) -> Job | None:
    """Ask for the merger when it is too large for a page; None when it is not, and nothing was asked for.

    Raises NotAllowed, StateConflict (what would be refused later is refused at once).
    """
    plan = journey.preview_merger(by=by, gone=gone, into=into, last_day=last_day, suffix=suffix)
    if plan.records is None or plan.records.size <= INLINE_ROWS:
        return None
    if plan.conflicts:
        raise StateConflict(plan.conflicts[0])
    return start_job(
        by=by,
        task=merge_school,
        title=_("Sáp nhập %(gone)s vào %(into)s") % {"gone": gone, "into": into},
        unit_id=into.pk,
        gone_id=gone.pk,
        into_id=into.pk,
        last_day=last_day.isoformat(),
        basis=basis,
        suffix=suffix,
        keep=list(keep),
    )


@job_task(name="portals.undo_merger")
def undo_merger(*, by: Actor, progress: Progress, merge_id: int, reason: str) -> JobResult:
    merge = queries.school_merges(by).filter(pk=merge_id).first()
    if merge is None:
        raise StateConflict(_("Không còn thấy lần sáp nhập này."))
    journey.undo_merger(by=by, merge=merge, reason=reason, now=timezone.now(), tell=progress.set)
    return JobResult(url=reverse("merger-detail", args=[merge.pk]), message=str(UNDONE))


def undo_if_large(*, by: Actor, merge: Any, reason: str) -> Job | None:
    """Ask for the taking back of a merger that is too large for a page; None when it is not. Raises NotAllowed,
    StateConflict."""
    if sum(number for number in merge.counts.values()) <= INLINE_ROWS:
        return None
    blocked = journey.what_blocks(by=by, merge=merge)
    if blocked:
        raise StateConflict(" ".join(blocked))
    return start_job(
        by=by,
        task=undo_merger,
        title=_("Hoàn tác: %(name)s") % {"name": merge},
        unit_id=merge.unit_id,
        merge_id=merge.pk,
        reason=reason,
    )
