"""Who may see and do what with statistics. About one thing, and as a filter; a test holds them equal."""

from __future__ import annotations

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor

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
