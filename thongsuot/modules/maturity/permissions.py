"""Who may see and do what with assessments. About one assessment, and as a filter; a test holds them equal.

A school's people act for their school alone: an officer of the department reaches every school, and still fills in
nobody's assessment but the department's own.
"""

from __future__ import annotations

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.queries import acting_for, acts_for, within

from .models import Assessment, TeamMember

VIEW, FILL, SUBMIT, FORWARD = "maturity.view", "maturity.fill", "maturity.submit", "maturity.forward"
ASSESS, RECOGNISE, MANAGE = "maturity.assess", "maturity.recognise", "maturity.manage_rubrics"


def assessments_visible(actor: Actor) -> Q:
    return within(actor, VIEW)


def can_see(actor: Actor, assessment: Assessment) -> bool:
    return actor.can(VIEW, assessment.unit_id)


def acted_for(actor: Actor, right: str) -> Q:
    """Assessments of the units for which the actor holds `right`: `acts_for` as a filter."""
    return acting_for(actor, right)


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
