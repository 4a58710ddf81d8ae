"""Population by commune, age, sex and year: written by an import, corrected on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import Population
from ..permissions import MANAGE
from ..types import BadFigure


@dataclass(frozen=True)
class People:
    unit_id: int
    year: int
    age: int
    sex: str
    people: int
    source: str = ""


@transaction.atomic
def set_population(*, by: Actor, rows: Sequence[People]) -> dict[tuple[int, int, int, str], int]:
    """Write these counts, in place of those of the same commune, year, age and sex; the others stay.

    Gives {(unit id, year, age, sex): id}. Raises NotAllowed.
    """
    _require(by)
    Population.objects.bulk_create(
        [Population(**row.__dict__) for row in rows],
        update_conflicts=True,
        unique_fields=["unit", "year", "age", "sex"],
        update_fields=["people", "source"],
        batch_size=5000,
    )
    keys = {(row.unit_id, row.year, row.age, row.sex) for row in rows}
    found = Population.objects.filter(
        unit_id__in={row.unit_id for row in rows}, year__in={row.year for row in rows}
    )
    listed = found.values_list("unit_id", "year", "age", "sex", "pk")
    return {(u, y, a, s): pk for u, y, a, s, pk in listed if (u, y, a, s) in keys}


@transaction.atomic
def correct_population(*, by: Actor, row: Population, people: int, source: str) -> Population:
    """Correct one count. Raises NotAllowed, BadFigure below zero."""
    _require(by)
    if people < 0:
        raise BadFigure(_("Số người không được âm."), field="people")
    row.people, row.source = people, source
    row.save(update_fields=["people", "source"])
    return row


def remove_population(*, by: Actor, ids: Sequence[int]) -> None:
    """Take back counts that an import has made. Raises NotAllowed."""
    _require(by)
    Population.objects.filter(pk__in=ids).delete()


def _require(by: Actor) -> None:
    if not by.can(MANAGE):
        raise NotAllowed(_("Anh/chị không quản lý số liệu thống kê."))
