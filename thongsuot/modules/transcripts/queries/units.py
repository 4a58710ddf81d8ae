"""Schools as the gateway names them."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization


def unit_of_code(actor: Actor, code: str) -> Any:
    """The school with this code of the ministry, or of ours; None outside the actor's reach."""
    schools = organization.schools(actor)
    found = schools.filter(ministry_code=code).first() or schools.filter(unit__code=code).first()
    return found.unit if found else None


def is_account(actor: Actor, name: str) -> bool:
    """Does the account that acts sign in by this name?"""
    found = organization.account_named(name)
    return found is not None and found.pk == actor.user_id
