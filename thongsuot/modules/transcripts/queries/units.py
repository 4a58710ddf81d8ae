"""Schools as the gateway names them."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..permissions import PREPARE


def unit_of_code(actor: Actor, code: str) -> Any:
    """The school with this code of the ministry, or of ours; None where the actor may not hand in for it."""
    # Which schools there are is public; for which of them somebody may act is not asked of the list.
    schools = organization.schools(Actor.system())
    found = schools.filter(ministry_code=code).first() or schools.filter(unit__code=code).first()
    return found.unit if found and actor.can(PREPARE, found.pk) else None


def is_account(actor: Actor, name: str) -> bool:
    """Does the account that acts sign in by this name?"""
    found = organization.account_named(name)
    return found is not None and found.pk == actor.user_id
