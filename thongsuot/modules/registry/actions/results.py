"""Year results that another module has made of its own records: the gradebook of its marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import YearResult
from ..models.results import SAID
from ..permissions import can_edit
from ..queries.results import said_of, year_result_changes
from ..types import YearResultChange, YearResultEntry

__all__ = ["YearResultEntry", "record_year_results", "take_back_year_results"]


@transaction.atomic
def record_year_results(
    *, by: Actor, unit: Any, school_year: Any, entries: Sequence[YearResultEntry]
) -> list[YearResultChange]:
    """Keep the results of pupils of a school's year in place of what was kept; those that differed, with what they were.
    One statement each way. Raises NotAllowed unless `by` keeps the records of the school.
    """
    _require(by, unit.pk)
    changes = year_result_changes(by, unit_id=unit.pk, school_year_id=school_year.pk, entries=entries)
    differs = {one.student_id for one in changes}
    rows = [
        YearResult(
            student_id=one.student_id,
            unit_id=unit.pk,
            school_year_id=school_year.pk,
            school_class_id=one.class_id,
            grade=one.grade,
            **said_of(one),
        )
        for one in entries
        if one.student_id in differs
    ]
    if rows:
        YearResult.objects.bulk_create(
            rows,
            update_conflicts=True,
            update_fields=[*SAID, "school_class", "grade", "updated_at"],
            unique_fields=["student", "school_year", "unit"],
        )
    return changes


@transaction.atomic
def take_back_year_results(
    *, by: Actor, unit: Any, school_year: Any, changes: Sequence[YearResultChange]
) -> list[int]:
    """Put back what `record_year_results` changed; the pupils whose result somebody has changed since are left as they are
    and returned. Raises NotAllowed unless `by` keeps the records of the school.
    """
    _require(by, unit.pk)
    rows = (
        YearResult.objects.select_for_update(of=("self",))
        .filter(
            unit_id=unit.pk,
            school_year_id=school_year.pk,
            student_id__in=[one.student_id for one in changes],
        )
        .order_by("pk")
    )
    known = {row.student_id: row for row in rows}
    left, gone, back = [], [], []
    for one in changes:
        row = known.get(one.student_id)
        if row is None or said_of(row) != one.after:
            left.append(one.student_id)
        elif one.before is None:
            gone.append(row.pk)
        else:
            for name, value in one.before.items():
                setattr(row, name, value)
            back.append(row)
    YearResult.objects.filter(pk__in=gone).delete()
    YearResult.objects.bulk_update(back, list(SAID), batch_size=500)
    return left


def _require(by: Actor, unit_id: int) -> None:
    if not can_edit(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa hồ sơ của trường này."))
