"""Who holds which role where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor

from ..domain.roles import LEADING_ROLES, PROVINCE_ROLES, ROLES, Reach, roles_with
from ..models import Appointment, Unit
from ..permissions import appointments_visible as _appointments_visible
from ..permissions import may_appoint
from .actor import appointments_in_force
from .units import ancestors_of

_OFFICES = ("department_office", "commune_office")
_BODY_ROLES = frozenset(code for code, role in ROLES.items() if role.reach is Reach.OWN_AND_BELOW)


def appointments_visible(actor: Actor, *, today: date | None = None) -> QuerySet[Appointment]:
    """Appointments the actor may list; those in force on `today` when given."""
    found = Appointment.objects.filter(_appointments_visible(actor)).select_related(
        "user", "unit", "delegated_from__user"
    )
    return found.filter(appointments_in_force(today)) if today is not None else found


def appointment_visible(actor: Actor, pk: int) -> Appointment | None:
    return appointments_visible(actor).filter(pk=pk).first()


def appointments_of(actor: Actor, user_id: int, *, today: date | None = None) -> QuerySet[Appointment]:
    return appointments_visible(actor, today=today).filter(user_id=user_id)


def appointments_at(actor: Actor, unit_id: int, *, today: date | None = None) -> QuerySet[Appointment]:
    return appointments_visible(actor, today=today).filter(unit_id=unit_id)


def appointments_in(units: QuerySet[Unit], *, today: date) -> QuerySet[Appointment]:
    """Who holds a role at which of the units today, not by delegation; with person and unit. The caller has decided who
    may know.
    """
    rows = Appointment.objects.filter(appointments_in_force(today), unit__in=units, delegated_from=None)
    return rows.select_related("user", "unit").order_by("unit__sort_key", "user__full_name", "pk")


def people_at(unit_id: int, *, today: date | None = None, role: str = "") -> QuerySet[User]:
    """Active accounts of those who work at the unit itself (families are not counted), by name."""
    held = Appointment.objects.filter(appointments_in_force(today or timezone.localdate()), unit_id=unit_id)
    held = held.filter(role=role) if role else held.exclude(role__in=("parent", "pupil"))
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))


def leaders_of(unit_id: int, *, today: date | None = None) -> QuerySet[User]:
    """Who answers for the unit: leaders of the department or commune (also for its offices), the principal
    of a school.
    """
    unit = Unit.objects.values("kind", "parent_id").filter(pk=unit_id).first()
    at = {unit_id}
    if unit and unit["kind"] in _OFFICES:
        at.add(unit["parent_id"])
    held = Appointment.objects.filter(
        appointments_in_force(today or timezone.localdate()),
        unit_id__in=at,
        role__in=LEADING_ROLES,
        delegated_from__isnull=True,
    )
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))


def users_with_right(
    right: str, unit_id: int, *, at_unit: bool = False, today: date | None = None
) -> QuerySet[User]:
    """Active accounts that hold `right` over the unit, delegations counted.

    at_unit: only those who hold it at the unit itself, so that a notice to a school does not go to the whole
    department.
    """
    path = Unit.objects.values_list("path", flat=True).filter(pk=unit_id).first() or ""
    above = ancestors_of(path)
    roles = roles_with(right)
    over = Q(role__in=roles, unit_id=unit_id)
    if not at_unit:
        bodies = Q(unit_id__in=above) | Q(unit__parent_id__in=above, unit__kind="commune_office")
        over |= Q(role__in=roles & PROVINCE_ROLES) | (Q(role__in=roles & _BODY_ROLES) & bodies)
    lent = Q(delegated_from__isnull=True) | Q(lent_rights__contains=[right])
    held = Appointment.objects.filter(appointments_in_force(today or timezone.localdate()), over, lent)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))


def roles_to_appoint(actor: Actor, unit_id: int) -> list[tuple[str, str]]:
    """Choices (code, name) of the roles that the actor may give at the unit."""
    unit = Unit.objects.values("kind").filter(pk=unit_id).first()
    if unit is None:
        return []
    given = frozenset().union(
        *(
            ROLES[h.role].appoints
            for h in actor.holdings
            if "organization.manage_appointments" in h.rights and h.covers(unit_id)
        )
    )
    return [
        (code, role.name) for code, role in ROLES.items() if code in given and unit["kind"] in role.held_at
    ]


def may_end(actor: Actor, appointment: Appointment) -> bool:
    """May the actor end it: whoever may give the role, and both sides of a delegation."""
    lent = appointment.delegated_from
    both_sides = lent is not None and actor.user_id in (appointment.user_id, lent.user_id)
    return both_sides or may_appoint(actor, appointment.role, appointment.unit_id)


def account_named(text: str) -> User | None:
    """An active account by the name it signs in with, or its e-mail, whatever the case. For forms of those
    who appoint.
    """
    named = Q(username__iexact=text.strip()) | Q(email__iexact=text.strip())
    return User.objects.filter(named, is_active=True).first() if text.strip() else None


def colleagues(actor: Actor, unit_id: int, *, today: date) -> QuerySet[User]:
    """To whom one may lend rights: those who work at the unit, at the offices of its body, or at the body
    itself.
    """
    unit = Unit.objects.values("kind", "parent_id").filter(pk=unit_id).first()
    if unit is None:
        return User.objects.none()
    body = unit["parent_id"] if unit["kind"] in _OFFICES else unit_id
    near = Q(unit_id__in=(unit_id, body)) | Q(unit__parent_id=body, unit__kind__in=_OFFICES)
    held = Appointment.objects.filter(appointments_in_force(today), near).exclude(
        role__in=("parent", "pupil")
    )
    near_users = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    return near_users.exclude(pk=actor.user_id or 0)


@dataclass(frozen=True)
class DelegableAppointment:
    """One's own appointment and the rights of it that may be lent."""

    id: int
    role_name: str
    unit_name: str
    valid_to: date | None
    rights: frozenset[str]


def delegable_appointments(actor: Actor, *, today: date) -> list[DelegableAppointment]:
    """The actor's own appointments in force that carry organization.delegate."""
    rows = (
        Appointment.objects.filter(
            appointments_in_force(today),
            user_id=actor.user_id or 0,
            delegated_from__isnull=True,
            role__in=roles_with("organization.delegate"),
        )
        .select_related("unit")
        .order_by("id")
    )
    return [
        DelegableAppointment(
            row.pk, ROLES[row.role].name, row.unit.name, row.valid_to, ROLES[row.role].delegable_rights
        )
        for row in rows
    ]
