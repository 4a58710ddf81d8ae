"""Provinces, communes and what became of the old ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from thongsuot.kit.text.vietnamese import fold

from ..domain.succession import Step, successors
from ..models import AdministrativeUnit, AdministrativeUnitChange
from ..types import AdministrativeLevel
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
    """The old-to-new map; searched without accents by the old name, district, province or code, or by the
    new name.
    """
    changes = AdministrativeUnitChange.objects.select_related("new_unit__parent")
    if level:
        changes = changes.filter(level=level)
    if province_code:
        changes = changes.filter(Q(new_unit__code=province_code) | Q(new_unit__parent__code=province_code))
    for word in fold(words).split():
        changes = changes.filter(
            Q(search_fold__contains=word) | Q(old_code=word) | Q(new_unit__name_fold__contains=word)
        )
    return changes


@dataclass(frozen=True)
class NewPlace:
    """A unit into which an old one went; `is_partial`: only a part of the old one did."""

    code: str
    name: str
    province_name: str
    is_partial: bool


def new_places(
    old_codes: Iterable[str],
    *,
    on: date,
    known_on: date | None = None,
    level: str = AdministrativeLevel.COMMUNE,
) -> dict[str, tuple[NewPlace, ...]]:
    """Old code -> the units of `on` that hold it, by the old-to-new map. Two statements for any number.

    old_codes: 5 digits of a commune, 2 of a province, 3 of an island district (`level`). known_on: the day on
    which the codes were true; None: before every change, as in any list older than 1 July 2025. One unit
    that is not partial is certain; several are a choice for a person. A code that leads to no unit of `on`
    answers with ().
    """
    codes = sorted(set(old_codes))
    lines = AdministrativeUnitChange.objects.filter(level=level, effective_on__lte=on).exclude(old_code="")
    steps = [
        Step(*line)
        for line in lines.values_list("effective_on", "old_code", "new_unit__code", "is_partial").order_by()
    ]
    found = successors(steps, codes, on=on, known_on=known_on)
    kind = (
        AdministrativeLevel.PROVINCE if level == AdministrativeLevel.PROVINCE else AdministrativeLevel.COMMUNE
    )
    wanted = {place.code for places in found.values() for place in places}
    names = {
        code: (name, province or "")
        for code, name, province in AdministrativeUnit.objects.filter(
            in_force(on), level=kind, code__in=wanted
        ).values_list("code", "full_name", "parent__full_name")
    }
    return {
        old: tuple(
            NewPlace(place.code, *names[place.code], is_partial=place.is_partial)
            for place in places
            if place.code in names
        )
        for old, places in found.items()
    }
