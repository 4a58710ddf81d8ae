"""What objects are called and where they are mended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse

from thongsuot.kit.text.vietnamese import fold_words


def labels_of(model: type[Model], column: str) -> Callable[[Collection[int]], Mapping[int, str]]:
    """{id: text of the column}, of the rows that the transaction may read."""

    def labels(ids: Collection[int]) -> Mapping[int, str]:
        return dict(_rows(model).filter(pk__in=list(ids)).values_list("pk", column))

    return labels


def found_by(model: type[Model], column: str) -> Callable[[str], QuerySet[Any]]:
    """Ids of the rows in whose column every word is found; the column is folded already, or compared as it is."""

    def find(words: str) -> QuerySet[Any]:
        rows = _rows(model)
        for word in fold_words(words) if column.endswith("fold") else words.split():
            rows = rows.filter(**{f"{column}__icontains": word})
        return rows.values("pk")

    return find


def page_of(model: type[Model], page: str, key: str = "pk", **more: str) -> Callable[[int, str], str]:
    """Address of the page where a row is mended; "" while there is no such page or row. more: what the address
    takes besides the key."""

    def url(pk: int, field: str) -> str:
        value = _rows(model).filter(pk=pk).values_list(key, flat=True).first()
        if value is None:
            return ""
        for name in (key.rsplit("__", 1)[-1], "pk"):
            try:
                return reverse(page, kwargs={name: value, **more})
            except NoReverseMatch:
                continue
        return ""

    return url


def _rows(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.order_by()
