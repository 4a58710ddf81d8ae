"""Who a signed-in person is today: roles, rights, and the units within reach."""

from __future__ import annotations

import operator
from datetime import date
from functools import reduce
from typing import Any, Protocol

from django.db.models import Q
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor, Holding

from ..domain.roles import ROLES, Reach, Role, body_path, lent_rights
from ..models import Appointment, Unit

# What one request needs of an appointment; no objects are built.
_FIELDS = (
    "role",
    "unit_id",
    "unit__kind",
    "unit__name",
    "unit__path",
    "delegated_from_id",
    "lent_rights",
)


class SignedIn(Protocol):
    pk: Any
    full_name: str


def in_force(today: date, prefix: str = "") -> Q:
    """Between valid_from and valid_to, both days counted."""
    return Q(**{f"{prefix}valid_from__lte": today}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": today})
    )


def appointments_in_force(today: date) -> Q:
    """An appointment counts while its unit exists; a delegation also only while what it lends from does."""
    return (
        in_force(today)
        & in_force(today, "unit__")
        & (Q(delegated_from__isnull=True) | in_force(today, "delegated_from__"))
    )


def actor_for(user: SignedIn, *, acting_index: int = 0, today: date | None = None) -> Actor:
    """The actor that `user` is on `today`: appointments in force, own ones first, and delegations.

    At most two queries; one for people of the department, whose reach is the whole province.
    """
    today = today or timezone.localdate()
    rows = list(
        Appointment.objects.filter(appointments_in_force(today), user_id=user.pk, role__in=ROLES)
        .order_by("delegated_from_id", "valid_from", "id")
        .values(*_FIELDS)
    )
    rows.sort(key=lambda row: row["delegated_from_id"] is not None)
    below = _units_under({_root(row) for row in rows if _reach(row) is Reach.OWN_AND_BELOW}, today)
    holdings = tuple(_holding(row, below) for row in rows)
    return Actor(user_id=user.pk, name=user.full_name, holdings=holdings, acting_index=max(acting_index, 0))


def _role(row: dict[str, Any]) -> Role:
    return ROLES[row["role"]]


def _reach(row: dict[str, Any]) -> Reach:
    return _role(row).reach


def _root(row: dict[str, Any]) -> str:
    return body_path(row["unit__kind"], row["unit__path"])


def _units_under(roots: set[str], today: date) -> list[tuple[int, str]]:
    if not roots:
        return []
    under = reduce(operator.or_, (Q(path__startswith=root) for root in sorted(roots)))
    # Closed units stay within reach: their records are still somebody's to look after.
    return list(Unit.objects.filter(under).order_by().values_list("id", "path"))


def _holding(row: dict[str, Any], below: list[tuple[int, str]]) -> Holding:
    role = _role(row)
    reach: frozenset[int] | None
    if role.reach is Reach.PROVINCE:
        reach = None
    elif role.reach is Reach.OWN_AND_BELOW:
        root = _root(row)
        reach = frozenset(unit_id for unit_id, path in below if path.startswith(root))
    elif role.reach is Reach.OWN:
        reach = frozenset({row["unit_id"]})
    else:
        reach = frozenset()
    delegated = row["delegated_from_id"] is not None
    rights = lent_rights(role, frozenset(row["lent_rights"] or ())) if delegated else role.rights
    return Holding(
        role=role.code,
        role_name=role.name,
        unit_id=row["unit_id"],
        unit_kind=row["unit__kind"],
        unit_name=row["unit__name"],
        rights=rights,
        reach=reach,
    )
