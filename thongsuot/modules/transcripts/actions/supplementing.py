"""What the school adds by hand for a transcript: as a class, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..models import Supplement
from ..permissions import can_prepare, can_supplement

FIELDS = (
    "register_number",
    "weight",
    "height",
    "homeroom_remark",
    "qualities_remark",
    "general_remark",
    "specific_remark",
    "special_awards",
)
NUMBERS = frozenset({"weight", "height"})


@transaction.atomic
def supplement_class(*, by: Actor, school_class: Any, rows: Mapping[int, Mapping[str, Any]]) -> int:
    """Write the additions of pupils of a class, {pupil: {field: value}}; fields left out stay. Returns how many pupils
    changed. Transcripts made already are not touched. Raises NotAllowed."""
    if not can_supplement(by, school_class):
        raise NotAllowed(_("Chỉ giáo viên chủ nhiệm và văn phòng trường bổ sung được."))
    return _write(school_class.unit_id, school_class.school_year_id, rows)


@transaction.atomic
def supplement_pupils(
    *, by: Actor, unit_id: int, school_year: Any, rows: Mapping[int, Mapping[str, Any]]
) -> int:
    """`supplement_class` for pupils of any classes of a school, by its office. Raises NotAllowed."""
    if not can_prepare(by, unit_id):
        raise NotAllowed(_("Chỉ văn phòng trường nhập được thông tin của cả trường."))
    return _write(unit_id, school_year.pk, rows)


def _write(unit_id: int, school_year_id: int, rows: Mapping[int, Mapping[str, Any]]) -> int:
    here = {"unit_id": unit_id, "school_year_id": school_year_id}
    found = Supplement.objects.select_for_update(of=("self",)).filter(student_id__in=list(rows), **here)
    known = {row.student_id: row for row in found.order_by("pk")}
    new, changed = [], []
    for student_id, said in rows.items():
        values = {name: _clean(name, said[name]) for name in FIELDS if name in said}
        row = known.get(student_id)
        if row is None:
            if any(value not in ("", None) for value in values.values()):
                new.append(Supplement(student_id=student_id, **here, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    Supplement.objects.bulk_create(new)
    Supplement.objects.bulk_update(changed, list(FIELDS))
    return len(new) + len(changed)


def _clean(name: str, value: Any) -> Any:
    if name in NUMBERS:
        return value
    return clean_text(value or "")
