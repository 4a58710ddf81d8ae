"""Year results of pupils: for dossiers, lists, and whoever ends a school year."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import Student, YearResult
from ..models.results import SAID
from ..permissions import rows_visible, students_visible
from ..types import YearResultChange, YearResultEntry


def year_results(
    actor: Actor,
    *,
    school_year_id: int | None = None,
    unit_id: int | None = None,
    student_ids: Collection[int] | None = None,
) -> QuerySet[YearResult]:
    """What the actor may see of them, the newest year first: of the own schools, and of pupils whose dossier is seen.

    For the end of a year: `year_results(by, school_year_id=..., unit_id=...).values_list("student_id", "promotion")`,
    where promotion is a `PromotionDecision` or "" while nobody has decided.
    """
    seen = rows_visible(actor)
    if seen:
        seen |= Q(student__in=Student.objects.filter(students_visible(actor)).order_by().values("pk"))
    rows = YearResult.objects.filter(seen).select_related("school_year", "school_class", "unit")
    if school_year_id is not None:
        rows = rows.filter(school_year_id=school_year_id)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if student_ids is not None:
        rows = rows.filter(student_id__in=student_ids)
    return rows.order_by("-school_year__starts_on", "student_id", "pk")


def said_of(row: YearResult | YearResultEntry) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SAID}


def year_result_changes(
    actor: Actor, *, unit_id: int, school_year_id: int, entries: Iterable[YearResultEntry]
) -> list[YearResultChange]:
    """What `entries` would change of the results that a school's year has now, in their order."""
    # Not in the order of pupils: a join would lose those whose dossier has gone on to another school.
    kept = {
        row.student_id: said_of(row)
        for row in YearResult.objects.filter(
            rows_visible(actor), unit_id=unit_id, school_year_id=school_year_id
        ).order_by()
    }
    told = ((one.student_id, kept.get(one.student_id), said_of(one)) for one in entries)
    return [YearResultChange(*one) for one in told if one[1] != one[2]]
