"""Lists in pages: `?limit=&offset=`, the total in the body, the neighbours in the Link header.

Counting stops at COUNT_CAP (FOUND_CAP for a Window: rows found by words over a province), so that a page costs the same
however long the list: beyond it the total is null.

@router.get("/units", response=list[UnitOut])
@paged
def units(request): return queries.units(request.actor)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema
from ninja.pagination import PaginationBase, paginate

from thongsuot.kit.pages.paging import FOUND_CAP, Window

DEFAULT, MOST = 50, 200
COUNT_CAP = 10_000


class Pages(PaginationBase):
    class Input(Schema):
        limit: int = Field(DEFAULT, ge=1, le=MOST)
        offset: int = Field(0, ge=0, le=10_000_000)

    class Output(Schema):
        items: list[Any]
        total: int | None = Field(
            description=f"Tổng số dòng; null khi nhiều hơn {COUNT_CAP} (tìm theo chữ trong cả tỉnh: {FOUND_CAP})"
        )

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> Any:
        limit, offset = pagination.limit, pagination.offset
        # One more than the page: it tells whether there is a next one.
        after = offset + limit + 1
        rows = list(queryset.part(offset, after) if isinstance(queryset, Window) else queryset[offset:after])
        total = _counted(queryset)
        request.api_links = _links(request, limit, offset, total, len(rows) > limit)  # type: ignore[attr-defined]
        return {"items": rows[:limit], "total": total}


def _counted(rows: Any) -> int | None:
    """How many rows there are, None beyond the cap. Neither the order nor the columns matter to a count."""
    if isinstance(rows, Window):
        found_number = rows.counted(FOUND_CAP + 1)
        return found_number if found_number <= FOUND_CAP else None
    if not isinstance(rows, QuerySet):
        return len(rows)
    found: Any = rows.order_by()
    plain = found._fields is None and found.query.group_by is None and not found.query.distinct
    number = (found.values("pk") if plain else found)[: COUNT_CAP + 1].count()
    return number if number <= COUNT_CAP else None


def paged(view: Callable[..., Any]) -> Callable[..., Any]:
    return paginate(Pages)(view)


def _links(request: HttpRequest, limit: int, offset: int, total: int | None, has_more: bool) -> str:
    """RFC 8288: first, prev, next, last (where it is known) as relative references."""
    wanted = {"first": 0}
    if total is not None:
        wanted["last"] = max(0, (total - 1) // limit * limit)
    if offset > 0:
        wanted["prev"] = max(0, offset - limit)
    if has_more:
        wanted["next"] = offset + limit
    links = []
    for name, start in wanted.items():
        query = request.GET.copy()
        query["limit"], query["offset"] = str(limit), str(start)
        links.append(f'<{request.path}?{query.urlencode()}>; rel="{name}"')
    return ", ".join(links)
