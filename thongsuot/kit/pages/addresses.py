"""Addresses: query strings that change one thing, and the usual set of urls of a kind of thing."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import URLPattern, path
from django.views import View


def query_with(params: QueryDict, **changes: Any) -> str:
    """ "?..." with some parameters set (a value), or taken away (None); empty ones never stay."""
    made = params.copy()
    for name, value in changes.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = str(value)
    return "?" + without_empty(made).urlencode()


def without_empty(params: QueryDict) -> QueryDict:
    """The parameters that say something, so that two addresses of one page are the same text."""
    kept = QueryDict(mutable=True)
    for name, values in params.lists():
        said = [value for value in values if value]
        if said:
            kept.setlist(name, said)
    return kept


def page_urls(
    name: str,
    prefix: str = "",
    *,
    list: type[View] | None = None,
    create: type[View] | None = None,
    detail: type[View] | None = None,
    edit: type[View] | None = None,
    delete: type[View] | None = None,
    key: str = "int:pk",
) -> list[URLPattern]:
    """Urls `<name>-list`, `-create`, `-detail`, `-edit` and `-delete` for the views given.

    prefix: path with its slash, "don-vi/". key: the converter and name of what finds a row, "uuid:public_id".
    The words in the paths are Vietnamese, as addresses are read by users.
    """
    one = f"{prefix}<{key}>/"
    # "them" stands before the key: a slug may look like anything.
    routes = [
        (prefix, list, "list"),
        (f"{prefix}them/", create, "create"),
        (one, detail, "detail"),
        (f"{one}sua/", edit, "edit"),
        (f"{one}xoa/", delete, "delete"),
    ]
    return [path(route, view.as_view(), name=f"{name}-{kind}") for route, view, kind in routes if view]
