"""Units as indicators add them up (settings.UNIT_NODES)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.utils import timezone

from thongsuot.kit.indicators.types import UnitNode

from ..domain.roles import body_path
from ..models import Unit
from ..types import UnitKind
from .actor import in_force

WHOLE_PROVINCE = frozenset({UnitKind.PROVINCE_COMMITTEE, UnitKind.DEPARTMENT, UnitKind.DEPARTMENT_OFFICE})
_OFFICES = frozenset({UnitKind.DEPARTMENT_OFFICE, UnitKind.COMMUNE_OFFICE})
_NOT_COUNTED = frozenset({*_OFFICES, UnitKind.EXTERNAL})


def unit_nodes(unit_ids: Collection[int] | None = None, as_of: date | None = None) -> dict[int, UnitNode]:
    """Each of these units (None: all) with the units that add up to it and those to show below it. One query.

    The department stands for the whole province, an office for the body whose office it is. as_of: the units of that day
    as well as those of today, so that a figure of 30 September stays when a school closes in October, and that of a year
    before the communes were made anew is still theirs.
    """
    today = timezone.localdate()
    rows = list(
        Unit.objects.filter(in_force(today) | in_force(as_of or today))
        .order_by("sort_key", "id")
        .values_list("id", "name", "kind", "path")
    )
    covers: dict[str, set[int]] = defaultdict(set)
    children: dict[str, list[int]] = defaultdict(list)
    for unit_id, _name, kind, path in rows:
        parts = path.rstrip(".").split(".")
        for depth in range(1, len(parts) + 1):
            covers[".".join(parts[:depth]) + "."].add(unit_id)
        if kind not in _NOT_COUNTED and len(parts) > 1:
            children[".".join(parts[:-1]) + "."].append(unit_id)
    wanted = None if unit_ids is None else set(unit_ids)
    return {
        unit_id: UnitNode(unit_id, name, frozenset(covers[_top(kind, path)]), _below(kind, path, children))
        for unit_id, name, kind, path in rows
        if wanted is None or unit_id in wanted
    }


def _top(kind: str, path: str) -> str:
    return path.split(".", 1)[0] + "." if kind in WHOLE_PROVINCE else body_path(kind, path)


def _below(kind: str, path: str, children: dict[str, list[int]]) -> tuple[int, ...]:
    """Of the department: the communes, then its own schools."""
    body = body_path(kind, path)
    if kind not in WHOLE_PROVINCE:
        return tuple(children[body])
    own = int(body.rstrip(".").rsplit(".", 1)[-1])
    return tuple(u for u in children[_top(kind, path)] if u != own) + (
        tuple(children[body]) if body != _top(kind, path) else ()
    )
