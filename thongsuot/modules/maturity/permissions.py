"""Who may see and do what with assessments. About one assessment, and as a filter; a test holds them equal.

A school's people act for their school alone: an officer of the department reaches every school, and still fills in
nobody's assessment but the department's own.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor

from .models import Assessment, TeamMember

VIEW, FILL, SUBMIT, FORWARD = "maturity.view", "maturity.fill", "maturity.submit", "maturity.forward"
ASSESS, RECOGNISE, MANAGE = "maturity.assess", "maturity.recognise", "maturity.manage_rubrics"
NOTHING = Q(pk__in=[])
_OFFICE_OF = {"department_office": "department"}


def within(actor: Actor, right: str, field: str = "unit_id") -> Q:
    """Rows of units over which the actor holds `right`."""
    reach = actor.reach_of(right)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def assessments_visible(actor: Actor) -> Q:
    return within(actor, VIEW)


def can_see(actor: Actor, assessment: Assessment) -> bool:
    return actor.can(VIEW, assessment.unit_id)


def acts_for(actor: Actor, right: str, unit: Any) -> bool:
    """Does the actor hold `right` at `unit` itself, or at an office of it?"""
    return actor.is_system or any(
        right in h.rights and (h.unit_id == unit.pk or _OFFICE_OF.get(h.unit_kind) == unit.kind)
        for h in actor.holdings
    )


def acted_for(actor: Actor, right: str) -> Q:
    """Rows of units for which the actor holds `right`: `acts_for` as a filter."""
    if actor.is_system:
        return Q()
    found = NOTHING
    for holding in actor.holdings:
        if right in holding.rights:
            found |= Q(unit_id=holding.unit_id)
            if holding.unit_kind in _OFFICE_OF:
                found |= Q(unit__kind=_OFFICE_OF[holding.unit_kind])
    return found


def can_fill(actor: Actor, assessment: Assessment) -> bool:
    return acts_for(actor, FILL, assessment.unit)


def can_submit(actor: Actor, assessment: Assessment) -> bool:
    return acts_for(actor, SUBMIT, assessment.unit)


def can_forward(actor: Actor, assessment: Assessment) -> bool:
    """The commune looks through and sends up, or back, what its schools hand in."""
    return actor.can(FORWARD, assessment.unit_id)


def can_assess(actor: Actor) -> bool:
    """Teams, returns and concluding at the department."""
    return actor.can(ASSESS) and actor.reach_of(ASSESS) is None


def can_score(actor: Actor, assessment: Assessment) -> bool:
    """Members of the team that has the assessment."""
    if actor.is_system:
        return True
    if assessment.team_id is None or actor.user_id is None or not can_assess(actor):
        return False
    return TeamMember.objects.filter(team_id=assessment.team_id, user_id=actor.user_id).exists()


def can_recognise(actor: Actor) -> bool:
    return actor.can(RECOGNISE) and actor.reach_of(RECOGNISE) is None


def can_manage_rubrics(actor: Actor) -> bool:
    return actor.can(MANAGE)
