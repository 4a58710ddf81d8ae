"""Units, schools and the tree they make. Which bodies exist is public inside the platform."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold

from ..domain.roles import body_path
from ..models import School, SchoolSite, Unit
from ..permissions import units_visible as _units_visible
from ..types import UnitKind
from .actor import in_force


def _of_words(words: str, field_name: str = "name_fold") -> Q:
    """Every word of the search, in any order, without accents."""
    wanted = Q()
    for word in fold(words).split():
        wanted &= Q(**{f"{field_name}__contains": word})
    return wanted


def units_visible(actor: Actor, *, today: date | None = None, words: str = "") -> QuerySet[Unit]:
    """The units the actor may list, those in existence on `today` when given; searched without accents."""
    units = Unit.objects.filter(_units_visible(actor)).select_related("parent", "administrative_unit")
    if today is not None:
        units = units.filter(in_force(today))
    return units.filter(_of_words(words)) if words else units


def unit_by_code(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def unit_detail(actor: Actor, pk: int) -> Unit | None:
    """One unit that the actor may see, with its school if it is one; None otherwise."""
    return (
        units_visible(actor).select_related("parent", "administrative_unit", "school").filter(pk=pk).first()
    )


def units_below(unit_id: int, *, today: date | None = None, kind: str = "") -> QuerySet[Unit]:
    """All units under `unit_id` (itself not counted), whatever the depth."""
    path = Unit.objects.values_list("path", flat=True).filter(pk=unit_id).first() or "-"
    units = Unit.objects.filter(path__startswith=path).exclude(pk=unit_id)
    if today is not None:
        units = units.filter(in_force(today))
    return units.filter(kind=kind) if kind else units


def ids_of_kind(kind: str) -> QuerySet[Any, Any]:
    """Ids of all units of a kind, as a subquery."""
    return Unit.objects.filter(kind=kind).order_by().values("pk")


def unit_ids_below(unit_id: int) -> frozenset[int]:
    """`unit_id` and every unit under it: what a figure for the unit adds up."""
    return frozenset(units_below(unit_id).values_list("id", flat=True)) | {unit_id}


def body_of(unit: Unit) -> Unit:
    """The body that acts: the department or commune of an office, any other unit itself."""
    return unit.parent if unit.parent is not None and body_path(unit.kind, unit.path) != unit.path else unit


def schools(
    actor: Actor,
    *,
    today: date | None = None,
    words: str = "",
    levels: Iterable[str] = (),
    parent_id: int | None = None,
) -> QuerySet[School]:
    """Schools the actor may list; `levels`: any of them; `parent_id`: the managing department or commune."""
    found = School.objects.filter(_units_visible(actor, "unit__")).select_related(
        "unit__parent", "unit__administrative_unit"
    )
    if today is not None:
        found = found.filter(in_force(today, "unit__"))
    if words:
        found = found.filter(_of_words(words, "unit__name_fold"))
    if wanted := list(levels):
        found = found.filter(levels__overlap=wanted)
    return found.filter(unit__parent_id=parent_id) if parent_id else found


def school_detail(actor: Actor, pk: int) -> School | None:
    return schools(actor).prefetch_related("sites").filter(pk=pk).first()


def sites_of(actor: Actor, school_id: int) -> QuerySet[SchoolSite]:
    return SchoolSite.objects.filter(_units_visible(actor, "school__unit__"), school_id=school_id)


def communes(actor: Actor, *, today: date | None = None, words: str = "") -> QuerySet[Unit]:
    return units_visible(actor, today=today, words=words).filter(kind=UnitKind.COMMUNE)


def communes_with_schools(actor: Actor, *, today: date) -> QuerySet[Unit]:
    """Communes with `school_count`: the schools that each manages on `today`."""
    managed = Q(children__kind=UnitKind.SCHOOL) & in_force(today, "children__")
    return communes(actor, today=today).annotate(school_count=Count("children", filter=managed))


@dataclass
class TreeNode:
    """A unit and what stands under it, in the order of the page.

    below: how many units stand under it, those not shown in `children` counted too.
    """

    id: int
    name: str
    kind: str
    kind_name: str
    below: int = 0
    children: list[TreeNode] = field(default_factory=list)


def unit_tree(actor: Actor, *, today: date, most: int | None = None) -> list[TreeNode]:
    """The units in existence on `today` that the actor may list, as trees. One query.

    most: with more units than this, only two levels are given (the roots and what stands right under them).
    """
    rows = list(
        units_visible(actor, today=today)
        .select_related(None)
        .order_by("sort_key", "id")
        .values("id", "name", "kind", "parent_id")
    )
    nodes = {
        row["id"]: TreeNode(row["id"], row["name"], row["kind"], str(UnitKind(row["kind"]).label))
        for row in rows
    }
    roots: list[TreeNode] = []
    for row in rows:
        parent = nodes.get(row["parent_id"] or 0)
        (parent.children if parent else roots).append(nodes[row["id"]])
    for root in roots:
        _count(root)
        if most is not None and len(rows) > most:
            for child in root.children:
                child.children = []
    return roots


def _count(node: TreeNode) -> int:
    node.below = sum(1 + _count(child) for child in node.children)
    return node.below


def ancestors_of(path: str) -> list[int]:
    """Ids from the top down to the unit itself."""
    return [int(part) for part in path.split(".") if part]
