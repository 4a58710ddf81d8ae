"""Searching and sorting a queryset by what an address asks, within what a page allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import QueryDict

from thongsuot.kit.pages.tables import SORT, Table
from thongsuot.kit.text.expressions import Fold
from thongsuot.kit.text.vietnamese import fold_words

SEARCH, PAGE, SIZE, EXPORT, EVERYTHING = "q", "page", "size", "export", "all"
# What an address may say besides the filters.
RESERVED = frozenset({SEARCH, SORT, PAGE, SIZE, EXPORT, EVERYTHING})


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list."""

    params: QueryDict
    text: str = ""
    sort: str = ""
    page: str = "1"
    size: int = 25
    filters: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, params: QueryDict, *, sizes: Sequence[int], default_size: int) -> Asked:
        size = params.get(SIZE, "")
        wanted = int(size) if size.isdecimal() and len(size) < 5 else 0
        return cls(
            params=params,
            text=params.get(SEARCH, "").replace("\x00", "").strip(),
            sort=params.get(SORT, ""),
            page=params.get(PAGE, "1"),
            size=wanted if wanted in sizes else default_size,
            filters=tuple(name for name, value in params.items() if name not in RESERVED and value),
        )

    @property
    def narrows(self) -> bool:
        """Whether rows may be missing because of what was asked."""
        return bool(self.text or self.filters)


def search(
    rows: QuerySet[Any], text: str, *, folded: Sequence[str] = (), fields: Sequence[str] = ()
) -> QuerySet[Any]:
    """Rows in which every word of `text` is found, accents and case aside.

    folded: columns that hold folded text already (`name_fold`). fields: any text columns, folded in SQL.
    """
    words = fold_words(text)
    if not words or not (folded or fields):
        return rows
    aliases = {f"fold_{name.replace(LOOKUP_SEP, '_')}": Fold(name) for name in fields}
    columns = [*folded, *aliases]
    found = (reduce(or_, (Q(**{f"{column}__contains": word}) for column in columns)) for word in words)
    return rows.alias(**aliases).filter(reduce(and_, found))


def sort(rows: QuerySet[Any], table: type[Table], wanted: str) -> tuple[QuerySet[Any], str]:
    """Rows in the order of `?sort=`, and that order; the order of the query where that column is not sorted.

    Ends with the key, so that no row is on two pages or on none.
    """
    found = table.lookups(wanted) if wanted else None
    if found is None:
        return _steady(rows), ""
    columns, down = found
    order = [_ordering(rows.model, name, down) for name in columns]
    if not _grouped(rows):
        order.append("-pk" if down else "pk")
    return rows.order_by(*order), wanted


def _grouped(rows: QuerySet[Any]) -> bool:
    """Rows of values() may be sums over many rows: there is no key to end the order with."""
    return getattr(rows, "_fields", None) is not None


def _steady(rows: QuerySet[Any]) -> QuerySet[Any]:
    if _grouped(rows) or rows.query.extra_order_by:
        return rows
    # Named even where it is the model's own: a query that counts related rows forgets that one.
    order = list(rows.query.order_by or rows.model._meta.ordering)
    names = {name.lstrip("-") for name in order if isinstance(name, str)}
    return rows.order_by(*order) if names & {"pk", rows.model._meta.pk.name} else rows.order_by(*order, "pk")


def _ordering(model: type[Any], name: str, down: bool) -> Any:
    down ^= name.startswith("-")
    name = name.removeprefix("-")
    # Empty cells go last both ways. An index serves the plain form, so it is kept where nothing can be empty.
    if not down:
        return name
    return F(name).desc(nulls_last=True) if _may_be_empty(model, name) else f"-{name}"


def _may_be_empty(model: type[Any], name: str) -> bool:
    for part in name.split(LOOKUP_SEP):
        try:
            found = model._meta.get_field(part) if part != "pk" else model._meta.pk
        except (FieldDoesNotExist, AttributeError):
            return True
        if getattr(found, "null", True):
            return True
        model = getattr(found, "related_model", None) or model
    return False
