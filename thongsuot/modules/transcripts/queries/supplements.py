"""Pupils of a class with what the school has added for them."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.gradebook.types import PupilRecord

from ..models import Supplement


def pupils_of(actor: Actor, school_class: Any) -> list[PupilRecord]:
    """In the order of a register; empty for whoever may not see the class."""
    return gradebook.class_records(actor, school_class)


def supplements(actor: Actor, school_class: Any) -> dict[int, dict[str, Any]]:
    """{pupil: fields} of the class's year, for whoever may see the class."""
    ids = [one.student_id for one in pupils_of(actor, school_class)]
    rows = Supplement.objects.filter(
        student_id__in=ids, unit_id=school_class.unit_id, school_year_id=school_class.school_year_id
    )
    names = (
        "register_number", "weight", "height", "homeroom_remark", "qualities_remark", "general_remark",
        "specific_remark", "special_awards",
    )  # fmt: skip
    return {row.student_id: {name: getattr(row, name) for name in names} for row in rows}
