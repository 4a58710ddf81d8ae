"""What the school adds by hand for a transcript: as a class, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..models import Supplement
from ..permissions import can_supplement

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
    here = {"unit_id": school_class.unit_id, "school_year_id": school_class.school_year_id}
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
