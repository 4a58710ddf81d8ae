"""Difficulties and proposals: raised where the work is done, decided above, passed further up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.organization import queries as organization

from ..models import Assignment, Difficulty
from ..permissions import can_decide_difficulty, can_work_on
from .locking import person, take
from .refusals import MissingReason, WrongState
from .telling import log_work, tell_doers, tell_unit


@transaction.atomic
def raise_difficulty(
    *, by: Actor, assignment: Assignment, text: str, now: datetime, proposal: str = ""
) -> Difficulty:
    """khó khăn, vướng mắc with a proposal, routed to the unit that gave the task.

    Raises NotAllowed, WrongState, MissingReason (nothing said).
    """
    if not text.strip():
        raise MissingReason(_("Cần ghi khó khăn, vướng mắc."))
    row = take(by=by, assignment=assignment, verb="difficulty", allowed=can_work_on)
    made = Difficulty.objects.create(
        assignment=row,
        text=text.strip(),
        proposal=proposal.strip(),
        raised_by_unit_id=row.unit_id,
        raised_by_id=person(by=by),
        raised_at=now,
        routed_to_id=row.assigned_by_unit_id,
    )
    Assignment.objects.filter(pk=row.pk).update(last_activity_at=now)
    log_work(by=by, assignment=row, verb="difficulty", now=now, detail=made.text)
    title = _("%(unit)s nêu khó khăn") % {"unit": row.unit.name}
    tell_unit(
        by=by,
        unit_id=made.routed_to_id,
        assignment=row,
        kind="directives.difficulty",
        title=title,
        body=made.text,
        now=now,
    )
    return made


def _open(by: Actor, difficulty: Difficulty) -> Difficulty:
    rows = Difficulty.objects.select_for_update(of=("self",)).select_related("assignment__unit", "routed_to")
    row = rows.defer("assignment__search").get(pk=difficulty.pk)
    if not can_decide_difficulty(by, row):
        raise NotAllowed(_("Chỉ nơi đang được đề nghị mới giải quyết được khó khăn này."))
    if row.decided_at is not None:
        raise WrongState(_("Khó khăn này đã có ý kiến giải quyết."))
    return row


@transaction.atomic
def decide_difficulty(*, by: Actor, difficulty: Difficulty, decision: str, now: datetime) -> Difficulty:
    """Answer it. Raises NotAllowed, WrongState (answered already), MissingReason (nothing said)."""
    if not decision.strip():
        raise MissingReason(_("Cần ghi ý kiến giải quyết."))
    row = _open(by, difficulty)
    row.decision, row.decided_by_id, row.decided_at = decision.strip(), by.user_id, now
    row.save(update_fields=["decision", "decided_by", "decided_at"])
    log_work(by=by, assignment=row.assignment, verb="decide_difficulty", now=now, detail=row.decision)
    title = _("Khó khăn đã có ý kiến giải quyết")
    tell_doers(
        by=by, assignment=row.assignment, kind="directives.decided", title=title, body=row.decision, now=now
    )
    return row


@transaction.atomic
def forward_difficulty(*, by: Actor, difficulty: Difficulty, now: datetime, note: str = "") -> Difficulty:
    """Pass it to the level above: who gave the task above, else the body over this one (commune to Sở, Sở
    to the province). Raises NotAllowed, WrongState (answered already, or nobody above).
    """
    row = _open(by, difficulty)
    above = _above(row)
    if above is None or above == row.routed_to_id:
        raise WrongState(_("Không còn cấp trên nào để chuyển."))
    row.routed_to_id = above
    row.save(update_fields=["routed_to"])
    name = organization.unit_places([above])[above].name
    log_work(
        by=by,
        assignment=row.assignment,
        verb="forward_difficulty",
        now=now,
        detail=f"{name}. {note.strip()}".strip(),
    )
    title = _("Khó khăn được chuyển lên để giải quyết")
    tell_unit(
        by=by,
        unit_id=above,
        assignment=row.assignment,
        kind="directives.difficulty",
        title=title,
        body=row.text,
        now=now,
    )
    return row


def _above(row: Difficulty) -> int | None:
    above = Assignment.objects.filter(pk=row.assignment.parent_id or 0)
    parents = above.values_list("unit_id", "assigned_by_unit_id")
    for unit_id, assigned_by_unit_id in parents:
        if unit_id == row.routed_to_id:
            return int(assigned_by_unit_id)
    return organization.body_above(row.routed_to_id)
