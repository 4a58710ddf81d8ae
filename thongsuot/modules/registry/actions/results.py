"""Year results that another module has made of its own records: the gradebook of its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import YearResult
from ..models.results import SAID
from ..permissions import can_edit


@dataclass(frozen=True)
class YearResultEntry:
    """What a year came to for a pupil; codes of types.LearningResult, ConductResult, PromotionDecision."""

    student_id: int
    class_id: int
    grade: int | None
    learning: str
    conduct: str
    is_completed: bool | None
    promotion: str
    days_absent: int | None
    awards: str


@transaction.atomic
def record_year_results(*, by: Actor, unit: Any, school_year: Any, entries: Sequence[YearResultEntry]) -> int:
    """Keep the results of pupils of a school's year in place of what was kept; how many differed. One statement each way.

    Raises NotAllowed unless `by` keeps the records of the school.
    """
    if not can_edit(by, unit.pk):
        raise NotAllowed(_("Anh/chị không có quyền sửa hồ sơ của trường này."))
    kept = {
        row.student_id: row
        for row in YearResult.objects.filter(unit_id=unit.pk, school_year_id=school_year.pk)
    }
    rows = []
    for one in entries:
        row = YearResult(
            student_id=one.student_id,
            unit_id=unit.pk,
            school_year_id=school_year.pk,
            school_class_id=one.class_id,
            grade=one.grade,
            **{name: getattr(one, name) for name in SAID},
        )
        if one.student_id not in kept or kept[one.student_id].differs_from(row):
            rows.append(row)
    if rows:
        YearResult.objects.bulk_create(
            rows,
            update_conflicts=True,
            update_fields=[*SAID, "school_class", "grade", "updated_at"],
            unique_fields=["student", "school_year", "unit"],
        )
    return len(rows)
