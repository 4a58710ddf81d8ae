"""Who may see and do what with statistics. About one thing, and as a filter; a test holds them equal."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor

from .models import Report
from .types import ReportState

VIEW = "statistics.view"
CONFIRM = "statistics.confirm"
REVIEW = "statistics.review"
SIGN_OFF = "statistics.sign_off"
MANAGE = "statistics.manage"
REPORT = "statistics.write_report"
SIGN_REPORT = "statistics.sign_report"


def within(actor: Actor, right: str, field: str = "unit_id") -> Q:
    """Rows of units over which the actor holds `right`."""
    reach = actor.reach_of(right)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def may(actor: Actor, right: str, unit_id: int) -> bool:
    """The same about one unit."""
    return actor.can(right, unit_id)


# -- periodic reports: written and signed for one's own unit alone ---------------------------------

_BODY_OF = {"department_office": "department", "commune_office": "commune"}


def acts_for(actor: Actor, right: str, unit: Any) -> bool:
    """Does the actor hold `right` at `unit` itself, or at an office of it? Who reaches a school does not write for it."""
    return actor.is_system or any(
        right in h.rights
        and (h.unit_id == unit.pk or (_BODY_OF.get(h.unit_kind) == unit.kind and h.covers(unit.pk)))
        for h in actor.holdings
    )


def acted_for(actor: Actor, right: str) -> Q:
    """Rows of units for which the actor holds `right`: `acts_for` as a filter."""
    if actor.is_system:
        return Q()
    found = Q(pk__in=[])
    for h in actor.holdings:
        if right in h.rights:
            found |= Q(unit_id=h.unit_id)
            if h.unit_kind in _BODY_OF:
                covered = Q() if h.reach is None else Q(unit_id__in=h.reach)
                found |= covered & Q(unit__kind=_BODY_OF[h.unit_kind])
    return found


def can_see_report(actor: Actor, report: Report) -> bool:
    """A draft is seen by those who write or sign it; a signed one by whoever sees the unit's figures."""
    if report.state == ReportState.SIGNED and actor.can(VIEW, report.unit_id):
        return True
    return acts_for(actor, REPORT, report.unit) or acts_for(actor, SIGN_REPORT, report.unit)


def reports_visible(actor: Actor) -> Q:
    signed = Q(state=ReportState.SIGNED) & within(actor, VIEW)
    return signed | acted_for(actor, REPORT) | acted_for(actor, SIGN_REPORT)
