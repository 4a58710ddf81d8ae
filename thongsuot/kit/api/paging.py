"""Lists in pages: `?limit=&offset=`, the total in the body, the neighbours in the Link header.

@router.get("/units", response=list[UnitOut])
@paged
def units(request): return queries.units(request.actor)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema
from ninja.pagination import PaginationBase, paginate

DEFAULT, MOST = 50, 200


class Pages(PaginationBase):
    class Input(Schema):
        limit: int = Field(DEFAULT, ge=1, le=MOST)
        offset: int = Field(0, ge=0, le=10_000_000)

    class Output(Schema):
        items: list[Any]
        total: int

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> Any:
        limit, offset = pagination.limit, pagination.offset
        total = self._items_count(queryset)
        request.api_links = _links(request, limit, offset, total)  # type: ignore[attr-defined]
        return {"items": queryset[offset : offset + limit], "total": total}


def paged(view: Callable[..., Any]) -> Callable[..., Any]:
    return paginate(Pages)(view)


def _links(request: HttpRequest, limit: int, offset: int, total: int) -> str:
    """RFC 8288: first, prev, next, last as relative references."""
    wanted = {"first": 0, "last": max(0, (total - 1) // limit * limit)}
    if offset > 0:
        wanted["prev"] = max(0, offset - limit)
    if offset + limit < total:
        wanted["next"] = offset + limit
    links = []
    for name, start in wanted.items():
        query = request.GET.copy()
        query["limit"], query["offset"] = str(limit), str(start)
        links.append(f'<{request.path}?{query.urlencode()}>; rel="{name}"')
    return ", ".join(links)
