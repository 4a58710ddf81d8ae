"""Units in the order of their results."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.ranking import RankedUnit, rank_units
from .counting import counts_by_unit, with_name

# level -> kinds of units; a commune's own office counts for the commune.
LEVELS = {
    "office": ("department_office",),
    "commune": ("commune", "commune_office"),
    "school": ("school",),
}


def ranking(actor: Actor, *, level: str, today: date) -> list[RankedUnit]:
    """level: "office", "commune" or "school". Units within the actor's reach that were given something.

    facts: by on-time rate, then completion rate, then number finished.
    """
    if level not in LEVELS or not actor.can("directives.dashboard"):
        raise Http404
    found = counts_by_unit(today, kinds=LEVELS[level], reach=actor.reach)
    names = {pk: name for pk, name, _kind in organization.units_named(found)}
    return rank_units(with_name(counts, names.get(pk, "")) for pk, counts in found.items() if counts.total)
