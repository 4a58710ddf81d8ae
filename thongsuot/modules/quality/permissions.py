"""Who may see and do what with the quality of data. About one case, and as a filter; a test holds them equal."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.queries import within

VIEW, MEND, RUN, MANAGE = "quality.view", "quality.mend", "quality.run", "quality.manage_rules"


def cases_visible(actor: Actor) -> Q:
    return within(actor, VIEW)


def can_see_case(actor: Actor, case: Any) -> bool:
    return actor.can(VIEW, case.unit_id)


def cases_mendable(actor: Actor) -> Q:
    return within(actor, MEND)


def can_mend(actor: Actor, unit_id: int) -> bool:
    return actor.can(MEND, unit_id)


def can_run(actor: Actor, unit_id: int | None) -> bool:
    """Check the data of one unit and all below it; None: of the whole province."""
    if unit_id is None:
        return actor.can(RUN) and actor.reach_of(RUN) is None
    return actor.can(RUN, unit_id)


def can_manage_rules(actor: Actor) -> bool:
    return actor.can(MANAGE)
