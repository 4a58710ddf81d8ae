"""Facts about many units at once, for callers that hold only their ids: one statement however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ..domain.roles import roles_with
from ..models import Appointment, Unit
from ..types import UnitKind
from .actor import appointments_in_force

# An office answers letters to its body; the department's are many, and only its leaders are told.
_DESKS = {UnitKind.COMMUNE_OFFICE.value}


@dataclass(frozen=True)
class UnitPlace:
    """Where a unit stands: whose it is, and of what kind."""

    id: int
    name: str
    kind: str
    parent_id: int | None
    parent_kind: str


def units_named(unit_ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(id, name, kind) of units that the caller already counts by id; names of bodies are public."""
    return list(Unit.objects.filter(pk__in=list(unit_ids)).order_by().values_list("id", "name", "kind"))


def unit_places(unit_ids: Iterable[int]) -> dict[int, UnitPlace]:
    """Which bodies exist and under whom is public; ids that are no unit's are left out."""
    rows = Unit.objects.filter(pk__in=list(unit_ids)).order_by()
    fields = rows.values_list("id", "name", "kind", "parent_id", "parent__kind")
    return {
        pk: UnitPlace(pk, name, kind, parent_id, parent_kind or "")
        for pk, name, kind, parent_id, parent_kind in fields
    }


def desk_users(right: str, unit_ids: Iterable[int], *, today: date) -> dict[int, list[int]]:
    """Ids of the active accounts that hold `right` at each unit itself, of a commune also at its office.

    Whom to tell of something that was sent to the unit; units where nobody is appointed are left out.
    """
    wanted = set(unit_ids)
    at = Q(unit_id__in=wanted) | Q(unit__kind__in=_DESKS, unit__parent_id__in=wanted)
    lent = Q(delegated_from__isnull=True) | Q(lent_rights__contains=[right])
    held = Appointment.objects.filter(
        appointments_in_force(today), at, lent, role__in=roles_with(right), user__is_active=True
    )
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, kind, parent_id, user_id in (
        held.order_by("unit_id", "user_id")
        .values_list("unit_id", "unit__kind", "unit__parent_id", "user_id")
        .distinct()
    ):
        if unit_id in wanted:
            found[unit_id].append(user_id)
        if kind in _DESKS and parent_id in wanted and user_id not in found[parent_id]:
            found[parent_id].append(user_id)
    return dict(found)
