"""What pupils brought along from other schools during the year, and which cells of the books it closes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import CarriedYear
from ..permissions import within

# Rights by which a receiving school's office sees what came along, besides those who read its books.
TRANSFER = "registry.transfer"


def carried_cells(
    unit_id: int, school_year_id: int, student_ids: Collection[int], key: str
) -> dict[int, dict[str, str]]:
    """pupil -> cell -> the school that wrote it; key: "<code>|<term>", "conduct|<term>", "traits|<moment>". For callers
    that have looked at the right over the class.
    """
    rows = CarriedYear.objects.filter(
        unit_id=unit_id, school_year_id=school_year_id, student_id__in=student_ids, closed__has_key=key
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for student_id, name, closed in rows.values_list("student_id", "from_unit__name", "closed"):
        found[student_id] |= dict.fromkeys(closed[key], name)
    return dict(found)


def carried_years(actor: Actor, *, unit_id: int, school_year_id: int) -> QuerySet[CarriedYear]:
    """All that came along to a school in a year, for whoever reads its books or receives its pupils."""
    seen = within(actor, "gradebook.view") if actor.can("gradebook.view") else within(actor, TRANSFER)
    rows = CarriedYear.objects.filter(seen, unit_id=unit_id, school_year_id=school_year_id)
    return rows.select_related("student", "from_unit", "school_year").order_by("-carried_at", "-pk")


def carried_of(unit_id: int, school_year_id: int, student_ids: Collection[int]) -> Mapping[int, list[Any]]:
    """The rows by pupil, the first school first. For callers that have looked at the right over the class."""
    rows = CarriedYear.objects.filter(
        unit_id=unit_id, school_year_id=school_year_id, student_id__in=student_ids
    ).select_related("from_unit")
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("carried_at", "pk"):
        found[row.student_id].append(row)
    return found
