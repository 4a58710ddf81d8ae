"""Who may see and change what of the organisation. Each rule twice: about one object, and as a filter; a
test holds them equal.
"""

from __future__ import annotations

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor

from .domain.roles import ROLES
from .models import Appointment, Unit
from .types import RoleCode, UnitKind

# The bodies that everybody answers to: their names are on every paper.
OPEN_KINDS = (UnitKind.PROVINCE_COMMITTEE, UnitKind.DEPARTMENT, UnitKind.DEPARTMENT_OFFICE, UnitKind.EXTERNAL)
# Families are listed only to those who enter them.
FAMILY = (RoleCode.PARENT, RoleCode.PUPIL)


def units_visible(actor: Actor, prefix: str = "") -> Q:
    """Units in the directory of `actor`: within reach, the bodies above, and those open to all."""
    if not actor.can("organization.view"):
        return Q(pk__in=[])
    if actor.reach is None:
        return Q()
    above = Unit.objects.filter(pk__in=actor.own_unit_ids).values("parent_id")
    return (
        Q(**{f"{prefix}pk__in": actor.reach | actor.own_unit_ids})
        | Q(**{f"{prefix}kind__in": OPEN_KINDS})
        | Q(**{f"{prefix}pk__in": above})
    )


def can_see_unit(actor: Actor, unit: Unit) -> bool:
    if not actor.can("organization.view"):
        return False
    if actor.sees(unit.pk) or unit.pk in actor.own_unit_ids or unit.kind in OPEN_KINDS:
        return True
    return Unit.objects.filter(pk__in=actor.own_unit_ids, parent_id=unit.pk).exists()


def can_manage_unit(actor: Actor, unit: Unit | None = None) -> bool:
    """Founding, renaming, closing. None: a unit that is not there yet."""
    return actor.can("organization.manage_units", unit.pk if unit else None)


def can_reorganize_units(actor: Actor, *units: Unit) -> bool:
    """Sites, roles and the ending of units that are merged or closed."""
    return all(actor.can("organization.reorganize", unit.pk) for unit in units)


def can_edit_details(actor: Actor, unit: Unit) -> bool:
    """Address, contacts, sites."""
    return actor.can("organization.edit_details", unit.pk)


def can_manage_lists(actor: Actor) -> bool:
    return actor.can("organization.manage_lists")


def can_manage_calendar(actor: Actor) -> bool:
    """Days free and worked, which every deadline of the province rests on."""
    return actor.can("organization.manage_calendar")


def appointments_visible(actor: Actor) -> Q:
    """One's own; those at units within reach; families only to whoever may appoint them."""
    visible = Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    for right, roles in (
        ("organization.view", ~Q(role__in=FAMILY)),
        ("organization.manage_appointments", Q(role__in=FAMILY)),
    ):
        if actor.is_system:
            return Q()
        for holding in actor.holdings:
            if right in holding.rights:
                within = Q() if holding.reach is None else Q(unit_id__in=holding.reach)
                visible |= within & roles
    return visible


def can_see_appointment(actor: Actor, appointment: Appointment) -> bool:
    if actor.is_system or (actor.user_id is not None and appointment.user_id == actor.user_id):
        return True
    family = appointment.role in FAMILY
    return actor.can(
        "organization.manage_appointments" if family else "organization.view", appointment.unit_id
    )


def may_appoint(actor: Actor, role: str, unit_id: int) -> bool:
    """Does one and the same appointment of the actor cover the unit and name the role among those it may
    give?
    """
    if actor.is_system:
        return True
    return any(
        "organization.manage_appointments" in h.rights
        and h.covers(unit_id)
        and role in ROLES[h.role].appoints
        for h in actor.holdings
    )
