"""OneRoster 1.2 Rostering Service, REST binding, reading only: /api/ims/oneroster/rostering/v1p2/.

With the keys of the platform (scope registry.export) in place of OAuth 2. Lists: limit, offset, sort, orderBy, filter,
fields; `X-Total-Count` and `Link`. Faults are imsx_StatusInfo objects. What is served: docs/oneroster.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema

from ..domain.oneroster import HEADERS, read_fields, read_filter
from ..domain.oneroster_fields import FIELDS, SELECTABLE
from ..queries.oneroster import Page, Scope, one_row, rows_of, scope_of, total_of
from .oneroster_faults import install
from .oneroster_shapes import shaped

MOST = 1000
ROOT = "/api/ims/oneroster/rostering/v1p2"
Condition = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Kind:
    """What an address names. file: the resource that its rows are of; shape: whose fields they have; one: what a
    single one is called; fixed: conditions that make it part of a larger list. students and teachers are files of
    their own to the queries."""

    file: str
    shape: str
    one: str
    fixed: tuple[Condition, ...] = ()


KINDS: dict[str, Kind] = {
    "orgs": Kind("orgs", "orgs", "org"),
    "schools": Kind("orgs", "orgs", "org", (("type", ("school",)),)),
    "academicSessions": Kind("academicSessions", "academicSessions", "academicSession"),
    "terms": Kind(
        "academicSessions", "academicSessions", "academicSession", (("type", ("semester", "term")),)
    ),
    "gradingPeriods": Kind(
        "academicSessions", "academicSessions", "academicSession", (("type", ("gradingPeriod",)),)
    ),
    "courses": Kind("courses", "courses", "course"),
    "classes": Kind("classes", "classes", "class"),
    "users": Kind("users", "users", "user"),
    "students": Kind("students", "users", "user"),
    "teachers": Kind("teachers", "users", "user"),
    "enrollments": Kind("enrollments", "enrollments", "enrollment"),
    "demographics": Kind("demographics", "demographics", "demographics"),
}
# Role in an enrolment of whom a list below a class names.
ROLES = {"students": "student", "teachers": "teacher"}

router = Router(tags=["OneRoster 1.2"])


class Asked(Schema):
    """The parameters of every list."""

    limit: int = Query(100, ge=1, le=MOST)
    offset: int = Query(0, ge=0, le=2**31)
    sort: str = Query("", max_length=60)
    orderBy: Literal["asc", "desc"] = "asc"
    filter: str = Query("", max_length=1000)
    fields: str = Query("", max_length=1000)
    # Ours: the row before the page, as a `next` link names it.
    after: str = Query("", max_length=200, include_in_schema=False)


def _scope(request: HttpRequest) -> Scope:
    return scope_of(request.actor, timezone.localdate())  # type: ignore[attr-defined]


def _page(kind: Kind, asked: Asked) -> Page:
    fields = FIELDS[kind.shape]
    column = fields.get(asked.sort, "")
    return Page(
        limit=asked.limit,
        offset=asked.offset,
        # What there is not to sort by leaves the rows in the order of their keys, as the binding has it.
        sort=column if column in HEADERS[kind.shape] else "",
        down=asked.orderBy == "desc",
        filter=read_filter(asked.filter, fields),
        among=kind.fixed,
        after=_after(asked.after),
    )


def _after(text: str) -> tuple[int, str] | None:
    part, _colon, key = text.partition(":")
    return (int(part), key) if part.isdecimal() and len(part) < 3 and key and "\x00" not in key else None


def _answer(request: HttpRequest, kind: Kind, scope: Scope, page: Page, asked: Asked) -> HttpResponse:
    wanted = read_fields(asked.fields, SELECTABLE[kind.shape])
    found = rows_of(kind.file, scope, page)
    total = total_of(kind.file, scope, page)
    base = request.build_absolute_uri(ROOT)
    response = JsonResponse({kind.shape: shaped(kind.shape, found.rows, scope, base, wanted)})
    response["X-Total-Count"] = str(total)
    links = _links(request, page, total, found.last if len(found.rows) == page.limit else None)
    if links:
        response["Link"] = links
    return response


def _links(request: HttpRequest, page: Page, total: int, last: tuple[int, str] | None) -> str:
    """RFC 8288, absolute as the specification has them."""
    places = {"first": 0, "last": max(0, (total - 1) // page.limit * page.limit)}
    if page.offset + page.limit < total:
        places["next"] = page.offset + page.limit
    if page.offset > 0:
        places["prev"] = max(0, page.offset - page.limit)
    found = []
    for name, offset in places.items():
        query = request.GET.copy()
        query.pop("after", None)
        query["limit"], query["offset"] = str(page.limit), str(offset)
        if name == "next" and last is not None:
            query["after"] = f"{last[0]}:{last[1]}"
        found.append(f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="{name}"')
    return ", ".join(found)


def _row(kind: Kind, scope: Scope, sourced_id: str) -> dict[str, Any]:
    """The one row of an address. Raises Http404."""
    row = one_row(kind.file, scope, sourced_id)
    if row is None or any(row[column] not in values for column, values in kind.fixed):
        raise Http404
    return row


def _in_school(scope: Scope, school: str) -> Scope:
    """The scope of one school within reach. Raises Http404."""
    _row(KINDS["schools"], scope, school)
    return scope.only(int(school.removeprefix("org-")))


def _in_class(scope: Scope, sourced_id: str, school: str = "") -> tuple[Scope, str]:
    """(scope of the school of a class, key of the class). Raises Http404, also when it is not of `school`."""
    row = _row(KINDS["classes"], scope, sourced_id)
    if school and row["schoolSourcedId"] != school:
        raise Http404
    narrow = scope.only(int(row["schoolSourcedId"].removeprefix("org-")))
    return narrow, sourced_id.removeprefix("class-")


def _people_of_class(scope: Scope, key: str, name: str, page: Page) -> Page:
    """The page of the pupils or teachers of a class: those whom its enrolments name."""
    said = Page(limit=MOST, links=(("_class", key),), among=(("role", (ROLES[name],)),))
    users = {row["userSourcedId"] for row in rows_of("enrollments", scope, said).rows}
    return replace(page, keys=tuple(sorted(users)))


def _classes_of_user(scope: Scope, user: str, page: Page, role: str = "") -> Page:
    among = (("role", (role,)),) if role else ()
    said = Page(limit=MOST, links=(("_user", user),), among=among)
    rows = rows_of("enrollments", scope, said).rows if user.count("-") == 4 else []
    return replace(page, keys=tuple(sorted({row["classSourcedId"] for row in rows})))


def _add(name: str, kind: Kind) -> None:
    def many(request: HttpRequest, asked: Query[Asked]) -> Any:
        return _answer(request, kind, _scope(request), _page(kind, asked), asked)

    def single(request: HttpRequest, sourced_id: str, fields: str = "") -> Any:
        wanted = read_fields(fields, SELECTABLE[kind.shape])
        scope = _scope(request)
        row = _row(kind, scope, sourced_id)
        base = request.build_absolute_uri(ROOT)
        return JsonResponse({kind.one: shaped(kind.shape, [row], scope, base, wanted)[0]})

    router.get(f"/{name}", operation_id=f"get_{name}", summary=name)(many)
    router.get(f"/{name}/{{sourced_id}}", operation_id=f"get_{name}_one", summary=f"{name}: một")(single)


def _add_of_school(name: str) -> None:
    kind = KINDS[name]

    def many(request: HttpRequest, sourced_id: str, asked: Query[Asked]) -> Any:
        return _answer(request, kind, _in_school(_scope(request), sourced_id), _page(kind, asked), asked)

    address = f"/schools/{{sourced_id}}/{name}"
    router.get(address, operation_id=f"get_schools_{name}", summary=f"{name} của trường")(many)


def _add_of_class(name: str) -> None:
    kind = KINDS[name]

    def answer(request: HttpRequest, sourced_id: str, asked: Asked, school: str = "") -> Any:
        scope, key = _in_class(_scope(request), sourced_id, school)
        page = _page(kind, asked)
        own = (
            _people_of_class(scope, key, name, page)
            if name in ROLES
            else replace(page, links=(("_class", key),))
        )
        return _answer(request, kind, scope, own, asked)

    def many(request: HttpRequest, sourced_id: str, asked: Query[Asked]) -> Any:
        return answer(request, sourced_id, asked)

    def in_school(request: HttpRequest, school: Path[str], sourced_id: Path[str], asked: Query[Asked]) -> Any:
        return answer(request, sourced_id, asked, school)

    if name in ROLES:
        router.get(
            f"/classes/{{sourced_id}}/{name}", operation_id=f"get_classes_{name}", summary=f"{name} của lớp"
        )(many)
    address = f"/schools/{{school}}/classes/{{sourced_id}}/{name}"
    router.get(address, operation_id=f"get_schools_classes_{name}", summary=f"{name} của lớp của trường")(
        in_school
    )


def _add_classes_of(above: str) -> None:
    kind = KINDS["classes"]
    role = {"students": "student", "teachers": "teacher"}.get(above, "")

    def many(request: HttpRequest, sourced_id: str, asked: Query[Asked]) -> Any:
        scope = _scope(request)
        _row(KINDS[above], scope, sourced_id)
        page = _classes_of_user(scope, sourced_id, _page(kind, asked), role)
        return _answer(request, kind, scope, page, asked)

    address = f"/{above}/{{sourced_id}}/classes"
    router.get(address, operation_id=f"get_{above}_classes", summary=f"Lớp của {above}")(many)


def _add_below(above: str, name: str, column: str) -> None:
    """Rows whose `column` names the row of the address."""
    kind = KINDS[name]

    def many(request: HttpRequest, sourced_id: str, asked: Query[Asked]) -> Any:
        scope = _scope(request)
        _row(KINDS[above], scope, sourced_id)
        page = _page(kind, asked)
        own = replace(page, among=(*page.among, (column, (sourced_id,))))
        return _answer(request, kind, scope, own, asked)

    address = f"/{above}/{{sourced_id}}/{name}"
    router.get(address, operation_id=f"get_{above}_{name}", summary=f"{name} của {above}")(many)


for _name, _kind in KINDS.items():
    _add(_name, _kind)
for _name in ("classes", "courses", "enrollments", "students", "teachers", "terms"):
    _add_of_school(_name)
for _name in ("enrollments", "students", "teachers"):
    _add_of_class(_name)
for _name in ("students", "teachers", "users"):
    _add_classes_of(_name)
_add_below("courses", "classes", "courseSourcedId")
_add_below("terms", "classes", "termSourcedIds")
_add_below("terms", "gradingPeriods", "parentSourcedId")

__all__ = ["install", "router"]
