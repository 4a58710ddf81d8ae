"""Reads of the population."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import Population
from ..permissions import MANAGE

FIELDS = ("people", "source")
KEY = ("unit_id", "year", "age", "sex")


def population(actor: Actor) -> QuerySet[Population]:
    """All counts, for who manages statistics. Raises NotAllowed."""
    if not actor.can(MANAGE):
        raise NotAllowed("")
    return Population.objects.select_related("unit").order_by("unit__sort_key", "-year", "age", "sex")


def by_keys(keys: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[int, dict[str, Any]]]:
    """{(unit id, year, age, sex): (id, values)} of those that are there."""
    wanted = set(keys)
    rows = Population.objects.filter(
        unit_id__in={key[0] for key in wanted}, year__in={key[1] for key in wanted}
    )
    found = {}
    for row in rows:
        key = (row.unit_id, row.year, row.age, row.sex)
        if key in wanted:
            found[key] = (row.pk, _values(row))
    return found


def by_ids(ids: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    return {row.pk: _values(row) for row in Population.objects.filter(pk__in=ids)}


def _values(row: Population) -> dict[str, Any]:
    return {
        "unit": row.unit_id, "year": row.year, "age": row.age, "sex": row.sex, "people": row.people, "source": row.source,
    }  # fmt: skip
