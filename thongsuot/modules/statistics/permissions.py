"""Who may see and do what with statistics. About one thing, and as a filter; a test holds them equal."""

from __future__ import annotations

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.queries import acting_for, acts_at, acts_for, within

from .models import Report, Return
from .types import PaperState

VIEW = "statistics.view"
CONFIRM = "statistics.confirm"
REVIEW = "statistics.review"
SIGN_OFF = "statistics.sign_off"
MANAGE = "statistics.manage"
REPORT = "statistics.write_report"
SIGN_REPORT = "statistics.sign_report"


def may(actor: Actor, right: str, unit_id: int) -> bool:
    """The same about one unit."""
    return actor.can(right, unit_id)


# -- returns -------------------------------------------------------------------------------------
# People act for the unit they are appointed at, and an office acts for its body: an officer of the department reaches
# every school, and still confirms nobody's return but the department's own.


def can_see_return(actor: Actor, one: Return) -> bool:
    return may(actor, VIEW, one.unit_id)


def returns_visible(actor: Actor) -> Q:
    return within(actor, VIEW)


def can_confirm(actor: Actor, one: Return) -> bool:
    """Says that the figures are right, or corrects them: the unit itself, nobody above it."""
    return acts_for(actor, CONFIRM, one.unit)


def returns_confirmable(actor: Actor) -> Q:
    return acting_for(actor, CONFIRM)


def can_review(actor: Actor, one: Return) -> bool:
    """Takes in, sends back, reminds: the unit to which it goes."""
    return acts_for(actor, REVIEW, one.to_unit)


def returns_reviewable(actor: Actor) -> Q:
    return acting_for(actor, REVIEW, "to_unit")


def can_sign_off(actor: Actor, one: Return) -> bool:
    """The department, of what was sent to it and of its own."""
    above = one.to_unit if one.to_unit is not None else one.unit
    return above.kind == "department" and acts_for(actor, SIGN_OFF, above)


# -- periodic reports: written and signed for one's own unit alone ---------------------------------


def can_see_report(actor: Actor, report: Report) -> bool:
    """A draft is seen by those who write or sign it; a signed one by whoever sees the unit's figures."""
    if report.state == PaperState.SIGNED and actor.can(VIEW, report.unit_id):
        return True
    return acts_for(actor, REPORT, report.unit) or acts_for(actor, SIGN_REPORT, report.unit)


def can_return_report(actor: Actor, report: Report) -> bool:
    """Sends a signed report back: whoever takes in what comes to the unit above."""
    above = organization.body_above(report.unit_id)
    place = None if above is None else organization.unit_places([above]).get(above)
    return place is not None and above is not None and acts_at(actor, REVIEW, above, place.kind)


def reports_visible(actor: Actor) -> Q:
    signed = Q(state=PaperState.SIGNED) & within(actor, VIEW)
    return signed | acting_for(actor, REPORT) | acting_for(actor, SIGN_REPORT)
