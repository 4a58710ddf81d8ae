"""Provinces, communes and what became of the old ones."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from thongsuot.kit.text.vietnamese import fold

from ..models import AdministrativeUnit, AdministrativeUnitChange
from .actor import in_force


def administrative_units(
    *, today: date | None = None, level: str = "", parent_code: str = "", words: str = ""
) -> QuerySet[AdministrativeUnit]:
    """Public list; in force on `today` when given. parent_code: two digits of the province."""
    units = AdministrativeUnit.objects.select_related("parent")
    if today is not None:
        units = units.filter(in_force(today))
    if level:
        units = units.filter(level=level)
    if parent_code:
        units = units.filter(parent__code=parent_code)
    for word in fold(words).split():
        units = units.filter(name_fold__contains=word)
    return units


def administrative_changes(
    *, level: str = "", province_code: str = "", words: str = ""
) -> QuerySet[AdministrativeUnitChange]:
    """The old-to-new map; searched by the old name or code without accents, or by the new name."""
    changes = AdministrativeUnitChange.objects.select_related("new_unit__parent")
    if level:
        changes = changes.filter(level=level)
    if province_code:
        changes = changes.filter(Q(new_unit__code=province_code) | Q(new_unit__parent__code=province_code))
    for word in fold(words).split():
        changes = changes.filter(
            Q(old_name_fold__contains=word) | Q(old_code=word) | Q(new_unit__name_fold__contains=word)
        )
    return changes
