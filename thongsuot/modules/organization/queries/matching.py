"""From the words of a document to units of the province."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from ..domain.roles import body_path
from ..domain.unit_groups import Context, NamedUnit
from ..domain.unit_names import UnitNames, canonical_names
from ..models import Unit
from ..types import UnitKind, UnitMatch
from .actor import in_force


def match_unit_names(
    names: Iterable[str], *, context_unit_id: int | None, today: date | None = None
) -> list[UnitMatch]:
    """One UnitMatch a name, in the order given; two queries however many names.

    context_unit_id: the unit that issued the words: "các trường" of a commune are its own schools. None: the
    department. Only units in existence on `today` (default: this day) are meant.
    """
    day = today or timezone.localdate()
    context = _context(context_unit_id)
    known = UnitNames(_named_units(day), context)
    return [known.match(name) for name in names]


def _context(unit_id: int | None) -> Context:
    units = Unit.objects.filter(pk=unit_id) if unit_id else Unit.objects.filter(kind=UnitKind.DEPARTMENT)
    row = units.order_by("id").values("id", "kind", "path").first()
    if row is None:
        return Context(UnitKind.DEPARTMENT, None)
    own_path = body_path(row["kind"], row["path"])
    body_id = int(own_path.rstrip(".").rsplit(".", 1)[-1])
    return Context(row["kind"], body_id)


def _named_units(day: date) -> list[NamedUnit]:
    rows = (
        Unit.objects.filter(in_force(day))
        .order_by("sort_key", "id")
        .values_list(
            "id",
            "kind",
            "name",
            "short_name",
            "aliases",
            "parent_id",
            "school__levels",
            "school__school_type",
        )
    )
    return [
        NamedUnit(
            id=pk,
            kind=kind,
            name=name,
            names=canonical_names(name, short_name, aliases),
            parent_id=parent_id,
            levels=frozenset(levels or ()),
            school_type=school_type or "",
        )
        for pk, kind, name, short_name, aliases, parent_id, levels, school_type in rows
    ]
