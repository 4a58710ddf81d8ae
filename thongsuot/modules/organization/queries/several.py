"""Facts about many units at once, for callers that hold only their ids: one statement however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Q

from ..domain.roles import roles_with
from ..models import Appointment, School, Unit
from ..permissions import FAMILY
from ..types import UnitKind
from .actor import appointments_in_force

# An office answers letters to its body; the department's are many, and only its leaders are told.
_DESKS = {UnitKind.COMMUNE_OFFICE.value}
OFFICE_KINDS = (UnitKind.DEPARTMENT_OFFICE.value, UnitKind.COMMUNE_OFFICE.value)


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


def department_users(right: str, *, today: date) -> list[int]:
    """Ids of the active accounts that hold `right` at the Sở itself or at one of its offices: whom to tell of the province's
    matters that no single office answers."""
    at = Q(unit__kind__in=(UnitKind.DEPARTMENT, UnitKind.DEPARTMENT_OFFICE))
    lent = Q(delegated_from__isnull=True) | Q(lent_rights__contains=[right])
    held = Appointment.objects.filter(
        appointments_in_force(today), at, lent, role__in=roles_with(right), user__is_active=True
    )
    return sorted(set(held.values_list("user_id", flat=True)))


def people_of(unit_id: int, user_ids: Iterable[int], *, today: date) -> frozenset[int]:
    """Those of `user_ids` who work at the unit, at one of its offices, or (of an office) at its body."""
    at = Q(unit_id=unit_id) | Q(unit__kind__in=OFFICE_KINDS, unit__parent_id=unit_id)
    over = Q(unit__children=unit_id, unit__children__kind__in=OFFICE_KINDS)
    held = Appointment.objects.filter(
        appointments_in_force(today), at | over, user_id__in=list(user_ids), user__is_active=True
    )
    return frozenset(held.exclude(role__in=FAMILY).values_list("user_id", flat=True))


def people_names(user_ids: Iterable[int]) -> list[str]:
    """Full names, for a line of a story that both sides read."""
    users = get_user_model().objects.filter(pk__in=list(user_ids)).order_by("full_name", "pk")
    return list(users.values_list("full_name", flat=True))


def people_named(user_ids: Iterable[int]) -> list[tuple[int, str]]:
    """(id, full name), to choose from among people whom the caller knows by id already."""
    users = get_user_model().objects.filter(pk__in=list(user_ids)).order_by("full_name", "pk")
    return list(users.values_list("pk", "full_name"))


def department_id() -> int | None:
    """The Sở of this province."""
    return Unit.objects.filter(kind=UnitKind.DEPARTMENT).order_by("id").values_list("id", flat=True).first()


def body_above(unit_id: int) -> int | None:
    """Whom a body turns to: an office to its body, a school to whoever manages it, a commune to the Sở (in matters
    of education), the Sở to the province."""
    place = unit_places([unit_id]).get(unit_id)
    if place is None:
        return None
    return department_id() if place.kind == UnitKind.COMMUNE else place.parent_id


def commune_names() -> dict[int, str]:
    """Every commune by id, in the usual order; those that are no more too, for figures of past days. Public."""
    rows = Unit.objects.filter(kind=UnitKind.COMMUNE).order_by("sort_key", "id")
    return dict(rows.values_list("pk", "name"))


@dataclass(frozen=True)
class SchoolKind:
    """What makes schools alike: their levels and who keeps them. Public."""

    levels: tuple[str, ...]
    school_type: str


def school_kinds() -> dict[int, SchoolKind]:
    """Every school by the id of its unit; which schools there are is public."""
    rows = School.objects.order_by().values_list("unit_id", "levels", "school_type")
    return {pk: SchoolKind(tuple(levels), school_type) for pk, levels, school_type in rows}


def commune_codes() -> dict[int, str]:
    """The code of the administrative unit of each commune that there is today, by the id of its unit. Public."""
    rows = Unit.objects.filter(
        kind=UnitKind.COMMUNE, valid_to__isnull=True, administrative_unit__isnull=False
    )
    return dict(rows.order_by("sort_key", "id").values_list("pk", "administrative_unit__code"))


def province_code() -> str:
    """The code of the province whose department this is; "" where its communes do not say."""
    found = (
        Unit.objects.filter(kind=UnitKind.COMMUNE, administrative_unit__parent__isnull=False)
        .order_by("pk")
        .values_list("administrative_unit__parent__code", flat=True)
        .first()
    )
    return found or ""
