"""Who may open the files that the module attached: whoever sees what they are attached to."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as

from ..models import Appeal, Decision, Evidence, Visit
from ..permissions import VIEW, can_assess, within


def may_open_evidence(actor: Actor, stored_file: Any) -> bool:
    """Evidence, minutes, an appeal's paper; before it is attached only for who sent it."""
    if actor.user_id is not None and stored_file.uploaded_by_id == actor.user_id:
        return True
    if not actor.can(VIEW):
        return False
    seen = within(actor, VIEW, "assessment__unit_id")
    if Evidence.objects.filter(seen, file_id=stored_file.pk).exists():
        return True
    if Visit.objects.filter(seen, file_id=stored_file.pk).exists():
        return True
    return Appeal.objects.filter(within(actor, VIEW), file_id=stored_file.pk).exists()


def may_open_decision(actor: Actor, stored_file: Any) -> bool:
    """A published decision is for everybody inside; before that for the department."""
    if can_assess(actor):
        return True
    with act_as(Actor.system()):
        return Decision.objects.filter(file_id=stored_file.pk, published_on__isnull=False).exists()
