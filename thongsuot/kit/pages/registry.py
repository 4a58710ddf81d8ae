"""Every generic page of the house, found by walking its addresses: nothing has to be registered twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from thongsuot.kit.pages.views import ListPage


def list_pages() -> dict[str, type[ListPage]]:
    """{"organization:unit-list": UnitList, ...} of every list that has an address."""
    return {
        name: view
        for name, view in _views(get_resolver())
        if isinstance(view, type) and issubclass(view, ListPage)
    }


def _views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _views(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", getattr(entry.callback, "view_class", None)
