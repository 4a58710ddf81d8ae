"""On behalf of which units somebody acts, and over which units a right reaches: for the permissions of every module.

A right *reaches* a unit and all below it (reading, looking through). People *act for* the unit they are appointed at,
and for no unit below: an officer of the department reaches every school, and still confirms nobody's return but the
department's own. An office acts for its body (Phòng VH-XH for the commune); with `heads` the head of a body also acts
for its offices. Each rule stands twice, about one unit and as a filter; a test holds them equal.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from thongsuot.kit.accounts.types import Actor, Holding

from ..types import UnitKind
from .units import ids_of_kind

_BODY_OF = {
    UnitKind.DEPARTMENT_OFFICE.value: UnitKind.DEPARTMENT.value,
    UnitKind.COMMUNE_OFFICE.value: UnitKind.COMMUNE.value,
}
_OFFICE_OF = {body: office for office, body in _BODY_OF.items()}


def within(actor: Actor, right: str, field: str = "unit_id") -> Q:
    """Rows whose `field` is the id of a unit that the actor's `right` reaches."""
    reach = actor.reach_of(right)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def acts_for(actor: Actor, right: str, unit: Any, *, heads: bool = False) -> bool:
    """Does the actor hold `right` on behalf of `unit` (a Unit)? None is nobody's unit."""
    return unit is not None and acts_at(actor, right, unit.pk, unit.kind, heads=heads)


def acts_at(actor: Actor, right: str, unit_id: int, kind: str, *, heads: bool = False) -> bool:
    """The same about a unit of which only key and kind are known."""
    return actor.is_system or any(
        right in h.rights and _holding_acts_at(h, unit_id, kind, heads) for h in actor.holdings
    )


def acting_for(actor: Actor, right: str, field: str = "unit", *, heads: bool = False) -> Q:
    """Rows whose `field` (a foreign key to a unit) the actor acts for: `acts_for` as a filter."""
    if actor.is_system:
        return Q(**{f"{field}__isnull": False})
    found = Q(pk__in=[])
    for holding in actor.holdings:
        if right in holding.rights:
            found |= holding_acting_for(holding, field, heads=heads)
    return found


def holding_acts_for(holding: Holding, unit: Any, *, heads: bool = False) -> bool:
    """The same about one appointment, whatever its rights."""
    return _holding_acts_at(holding, unit.pk, unit.kind, heads)


def holding_acting_for(holding: Holding, field: str, *, heads: bool = False) -> Q:
    """`holding_acts_for` as a filter."""
    found = Q(**{f"{field}_id": holding.unit_id})
    for kind in _kinds_acted_for(holding, heads):
        related = of_kind(field, kind)
        found |= related if holding.reach is None else related & Q(**{f"{field}_id__in": holding.reach})
    return found


def of_kind(field: str, kind: str) -> Q:
    """Rows whose `field` is a unit of the kind: by its key, which indexes serve, where a join to the unit beside an OR
    reads every row.
    """
    return any_of(f"{field}_id", ids_of_kind(kind))


def any_of(field: str, keys: QuerySet[Any, Any]) -> Q:
    """Rows whose `field` is ANY(ARRAY(keys)): the keys are read once and an index can be used, which `IN (subquery)`
    beside an OR prevents.
    """
    found = ArraySubquery(keys)
    return Q(
        Func(F(field), found, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())
    )


def _holding_acts_at(holding: Holding, unit_id: int, kind: str, heads: bool) -> bool:
    return holding.unit_id == unit_id or (
        kind in _kinds_acted_for(holding, heads) and holding.covers(unit_id)
    )


def _kinds_acted_for(holding: Holding, heads: bool) -> tuple[str, ...]:
    """Kinds of the other units that the holding acts for, where it covers them."""
    body = _BODY_OF.get(holding.unit_kind)
    office = _OFFICE_OF.get(holding.unit_kind) if heads else None
    return tuple(kind for kind in (body, office) if kind)
