"""OneRoster 1.2 Rostering Service, REST binding, reading only: /api/ims/oneroster/rostering/v1p2/.

With the keys of the platform (scope registry.export) in place of OAuth 2. Lists: limit, offset, sort, orderBy, filter,
fields; `X-Total-Count` and `Link`. Faults are imsx_StatusInfo objects.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Router

from thongsuot.kit.accounts.types import NotAllowed

from ..domain.oneroster import HEADERS, BadRequest, read_fields, read_filter
from ..queries.oneroster import Page, Scope, count_and_rows, one_row, scope_of
from .oneroster_shapes import SHAPES, shaped

MOST = 1000
# Name in the address -> (file whose columns it has, name of one, fixed conditions).
LISTS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "orgs": ("orgs", "org", ()),
    "schools": ("orgs", "org", (("type", "school"),)),
    "academicSessions": ("academicSessions", "academicSession", ()),
    "terms": ("academicSessions", "term", (("type", "semester"),)),
    "courses": ("courses", "course", ()),
    "classes": ("classes", "class", ()),
    "users": ("users", "user", ()),
    "students": ("students", "user", ()),
    "teachers": ("teachers", "user", ()),
    "enrollments": ("enrollments", "enrollment", ()),
    "demographics": ("demographics", "demographics", ()),
}
# The set of a list, where it is not called as the address is.
SETS = {"schools": "orgs", "terms": "academicSessions", "students": "users", "teachers": "users"}
# /schools/{id}/classes and the like: the column that must hold the id.
BELOW = {
    ("schools", "classes"): "schoolSourcedId",
    ("schools", "enrollments"): "schoolSourcedId",
    ("schools", "students"): "primaryOrgSourcedId",
    ("schools", "teachers"): "primaryOrgSourcedId",
    ("schools", "courses"): "orgSourcedId",
    ("courses", "classes"): "courseSourcedId",
}

router = Router(tags=["OneRoster 1.2"])


def _scope(request: HttpRequest) -> Scope:
    return scope_of(request.actor, timezone.localdate())  # type: ignore[attr-defined]


def _asked(name: str, query: dict[str, Any]) -> Page:
    file, _one, fixed = LISTS[name]
    columns = HEADERS[SETS.get(file, file)]
    if not 1 <= query["limit"] <= MOST or query["offset"] < 0:
        raise BadRequest("invalid_data", "limit, offset")
    return Page(
        limit=query["limit"],
        offset=query["offset"],
        sort=query["sort"],
        down=query["orderBy"] == "desc",
        filter=read_filter(query["filter"], columns),
        equals=fixed,
    )


def _answer(request: HttpRequest, name: str, page: Page, fields: str) -> HttpResponse:
    file = LISTS[name][0]
    shape = SETS.get(file, file)
    wanted = read_fields(fields, SHAPES[shape].fields)
    scope = _scope(request)
    total, rows = count_and_rows(file, scope, page)
    base = request.build_absolute_uri("/api/ims/oneroster/rostering/v1p2")
    response = JsonResponse({SETS.get(name, name): shaped(shape, rows, scope, base, wanted)})
    response["X-Total-Count"] = str(total)
    links = _links(request, page, total)
    if links:
        response["Link"] = links
    return response


def _links(request: HttpRequest, page: Page, total: int) -> str:
    """RFC 8288, absolute as the specification has them."""
    places = {"first": 0, "last": max(0, (total - 1) // page.limit * page.limit)}
    if page.offset + page.limit < total:
        places["next"] = page.offset + page.limit
    if page.offset > 0:
        places["prev"] = max(0, page.offset - page.limit)
    found = []
    for name, offset in places.items():
        query = request.GET.copy()
        query["limit"], query["offset"] = str(page.limit), str(offset)
        found.append(f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="{name}"')
    return ", ".join(found)


def _add(name: str) -> None:
    file, one, fixed = LISTS[name]

    def many(
        request: HttpRequest,
        limit: int = 100,
        offset: int = 0,
        sort: str = "",
        orderBy: str = "asc",
        filter: str = "",
        fields: str = "",
    ) -> Any:
        asked = {"limit": limit, "offset": offset, "sort": sort, "orderBy": orderBy, "filter": filter}
        return _answer(request, name, _asked(name, asked), fields)

    def single(request: HttpRequest, sourced_id: str, fields: str = "") -> Any:
        shape = SETS.get(file, file)
        wanted = read_fields(fields, SHAPES[shape].fields)
        scope = _scope(request)
        row = one_row(file, scope, sourced_id)
        if row is None or any(row[column] != value for column, value in fixed):
            raise Http404
        base = request.build_absolute_uri("/api/ims/oneroster/rostering/v1p2")
        return JsonResponse({one: shaped(shape, [row], scope, base, wanted)[0]})

    router.get(f"/{name}", operation_id=f"get_{name}", summary=name)(many)
    router.get(f"/{name}/{{sourced_id}}", operation_id=f"get_{name}_one", summary=f"{name}: một")(single)


def _add_below(above: str, name: str, column: str) -> None:
    def many(
        request: HttpRequest,
        sourced_id: str,
        limit: int = 100,
        offset: int = 0,
        sort: str = "",
        orderBy: str = "asc",
        filter: str = "",
        fields: str = "",
    ) -> Any:
        asked = {"limit": limit, "offset": offset, "sort": sort, "orderBy": orderBy, "filter": filter}
        page = _asked(name, asked)
        own = Page(page.limit, page.offset, page.sort, page.down, page.filter, ((column, sourced_id),))
        if one_row(LISTS[above][0], _scope(request), sourced_id) is None:
            raise Http404
        return _answer(request, name, own, fields)

    address = f"/{above}/{{sourced_id}}/{name}"
    router.get(address, operation_id=f"get_{above}_{name}", summary=f"{name} của {above}")(many)


for _name in LISTS:
    _add(_name)
for (_above, _below), _column in BELOW.items():
    _add_below(_above, _below, _column)


def _status(status: int, minor: str, text: str = "") -> HttpResponse:
    """An imsx_StatusInfo."""
    codes = {
        "imsx_codeMinorField": [
            {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
        ]
    }
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_CodeMinor": codes,
        **({"imsx_description": text} if text else {}),
    }
    response = JsonResponse(body, status=status)
    response.is_said = True  # type: ignore[attr-defined]
    return response


def _bad_request(request: HttpRequest, error: Any) -> HttpResponse:
    return _status(400, error.code, error.text)


def install(api: NinjaAPI) -> None:
    """Give the API the faults of the specification."""
    api.add_exception_handler(BadRequest, _bad_request)
    api.add_exception_handler(Http404, lambda request, error: _status(404, "unknownobject"))
    api.add_exception_handler(NotAllowed, lambda request, error: _status(403, "forbidden"))
