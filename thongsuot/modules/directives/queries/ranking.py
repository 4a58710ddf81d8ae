"""Units in the order of their results."""

from __future__ import annotations

from datetime import date

from django.db.models import BigIntegerField, Case, F, When
from django.http import Http404

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.ranking import RankedUnit, rank_units
from ..models import AssignmentTally
from .counting import counts_by, with_name

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
    rows = AssignmentTally.objects.filter(unit__kind__in=LEVELS[level]).order_by()
    if actor.reach is not None:
        rows = rows.filter(unit_id__in=actor.reach)
    if level == "commune":
        is_office = When(unit__kind="commune_office", then=F("unit__parent_id"))
        rows = rows.annotate(place=Case(is_office, default=F("unit_id"), output_field=BigIntegerField()))
    found = counts_by(rows, "place" if level == "commune" else "unit_id", today)
    names = {pk: name for pk, name, _kind in organization.units_named(found)}
    return rank_units(with_name(counts, names.get(pk, "")) for pk, counts in found.items() if counts.total)
