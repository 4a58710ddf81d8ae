"""Rows taken for a step: locked, in a state from which the step leads on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..domain.transitions import is_open_to, next_state
from ..models import Assignment
from .refusals import MissingReason, WrongState


def take(*, by: Actor, assignment: Assignment, verb: str, allowed: object) -> Assignment:
    """The row, locked until the end of the transaction; two people at once meet one after the other.

    `allowed(by, row)` is a rule of permissions. Raises NotAllowed, WrongState.
    """
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("unit", "assigned_by_unit")
    row = rows.defer("search").get(pk=assignment.pk)
    if not allowed(by, row):  # type: ignore[operator]
        raise NotAllowed(_("Anh/chị không có quyền làm việc này với nhiệm vụ."))
    if not is_open_to(row.state, verb):
        said = _("Nhiệm vụ đang ở trạng thái “%(state)s” nên không làm được việc này.")
        raise WrongState(said % {"state": row.get_state_display()}, state=row.state)
    return row


def step(*, by: Actor, assignment: Assignment, verb: str) -> None:
    """Move a row that `take` locked to the state after `verb` (not saved)."""
    assignment.state = next_state(assignment.state, verb) or assignment.state


def person(*, by: Actor) -> int:
    """Id of the person who acts, for what must bear somebody's name; NotAllowed for the system."""
    if by.user_id is None:
        raise NotAllowed(_("Việc này cần một người đứng tên."))
    return by.user_id


def reasoned(*, by: Actor, reason: str) -> str:
    """The reason without spaces around it; MissingReason when there is none."""
    if not reason.strip():
        raise MissingReason(_("Cần ghi lý do."))
    return reason.strip()
