"""Classes of a school's list, several at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import Enrolment, SchoolClass
from ..permissions import can_import
from ..types import StateConflict


@transaction.atomic
def save_classes(
    *, by: Actor, new: Sequence[Mapping[str, Any]], changed: Mapping[int, Mapping[str, Any]]
) -> list[SchoolClass]:
    """Make classes, and change others ({id: fields}). Gives back the new ones in their order.

    Raises NotAllowed for a class of a school that the actor does not keep.
    """
    there = SchoolClass.objects.in_bulk(list(changed))
    _require(by, {row["unit_id"] for row in new} | {one.unit_id for one in there.values()})
    fields: set[str] = set()
    for pk, facts in changed.items():
        for name, value in facts.items():
            setattr(there[pk], name, value)
        fields |= set(facts)
    if fields:
        SchoolClass.objects.bulk_update(there.values(), sorted(fields), batch_size=500)
    return SchoolClass.objects.bulk_create([SchoolClass(**row) for row in new], batch_size=1000)


@transaction.atomic
def remove_classes(*, by: Actor, ids: Sequence[int]) -> None:
    """Take back classes in which nobody has sat. Raises StateConflict when somebody has."""
    found = SchoolClass.objects.filter(pk__in=ids)
    _require(by, set(found.values_list("unit_id", flat=True)))
    if Enrolment.objects.filter(school_class__in=found).exists():
        raise StateConflict(_("Lớp đã có học sinh nên không xóa được."))
    found.delete()


def _require(by: Actor, unit_ids: set[int]) -> None:
    if not all(can_import(by, unit_id) for unit_id in unit_ids):
        raise NotAllowed(_("Anh/chị không có quyền sửa lớp của trường này."))
