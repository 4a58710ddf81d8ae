"""Rows of OneRoster as the JSON of the REST binding: references with href, lists, booleans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..queries.oneroster import Scope, roles_of

# Address of what a reference points to, by its type.
PLACES = {
    "org": "orgs",
    "academicSession": "academicSessions",
    "course": "courses",
    "class": "classes",
    "user": "users",
}
Row = Mapping[str, Any]


def shaped(
    name: str, rows: list[dict[str, Any]], scope: Scope, base: str, wanted: tuple[str, ...]
) -> list[dict[str, Any]]:
    """JSON of rows; `wanted`: only these fields. What is empty is left out, as the binding has it for optional ones."""

    def ref(kind: str, key: str) -> dict[str, str]:
        return {"href": f"{base}/{PLACES[kind]}/{key}", "sourcedId": key, "type": kind}

    if name == "users" and (not wanted or "roles" in wanted):
        _with_roles(rows, scope)
    make = SHAPES[name]
    found = [
        {"sourcedId": row["sourcedId"], "status": row["status"], "dateLastModified": row["dateLastModified"]}
        | make(row, ref)
        for row in rows
    ]
    kept = [{key: value for key, value in one.items() if value not in ("", None, [])} for one in found]
    return [{key: one[key] for key in wanted if key in one} for one in kept] if wanted else kept


def _with_roles(rows: list[dict[str, Any]], scope: Scope) -> None:
    """Roles of all users of a page in one query."""
    roles: dict[str, list[Row]] = {}
    for role in roles_of(scope, [row["sourcedId"] for row in rows]):
        roles.setdefault(role["userSourcedId"], []).append(role)
    for row in rows:
        row["roles"] = roles.get(row["sourcedId"], [])


def _list(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _org(row: Row, ref: Any) -> dict[str, Any]:
    return {
        "name": row["name"],
        "type": row["type"],
        "identifier": row["identifier"],
        "parent": ref("org", row["parentSourcedId"]) if row["parentSourcedId"] else None,
    }


def _session(row: Row, ref: Any) -> dict[str, Any]:
    parent = row["parentSourcedId"]
    return {
        "title": row["title"],
        "startDate": row["startDate"],
        "endDate": row["endDate"],
        "type": row["type"],
        "schoolYear": row["schoolYear"],
        "parent": ref("academicSession", parent) if parent else None,
    }


def _course(row: Row, ref: Any) -> dict[str, Any]:
    return {
        "title": row["title"],
        "schoolYear": ref("academicSession", row["schoolYearSourcedId"]),
        "courseCode": row["courseCode"],
        "grades": _list(row["grades"]),
        "org": ref("org", row["orgSourcedId"]),
    }


def _class(row: Row, ref: Any) -> dict[str, Any]:
    return {
        "title": row["title"],
        "classCode": row["classCode"],
        "classType": row["classType"],
        "location": row["location"],
        "grades": _list(row["grades"]),
        "course": ref("course", row["courseSourcedId"]),
        "school": ref("org", row["schoolSourcedId"]),
        "terms": [ref("academicSession", key) for key in _list(row["termSourcedIds"])],
    }


def _user(row: Row, ref: Any) -> dict[str, Any]:
    return {
        "username": row["username"],
        "enabledUser": row["enabledUser"],
        "givenName": row["givenName"],
        "familyName": row["familyName"],
        "middleName": row["middleName"],
        "identifier": row["identifier"],
        "userIds": [{"type": "moet", "identifier": row["identifier"]}] if row["identifier"] else [],
        "email": row["email"],
        "phone": row["phone"],
        "agents": [ref("user", key) for key in _list(row["agentSourcedIds"])],
        "grades": _list(row["grades"]),
        "primaryOrg": ref("org", row["primaryOrgSourcedId"]),
        "roles": [
            {
                "roleType": role["roleType"],
                "role": role["role"],
                "org": ref("org", role["orgSourcedId"]),
                **({"beginDate": role["beginDate"]} if role["beginDate"] else {}),
            }
            for role in row.get("roles", ())
        ],
    }


def _enrollment(row: Row, ref: Any) -> dict[str, Any]:
    return {
        "user": ref("user", row["userSourcedId"]),
        "class": ref("class", row["classSourcedId"]),
        "school": ref("org", row["schoolSourcedId"]),
        "role": row["role"],
        "primary": row["primary"],
        "beginDate": row["beginDate"],
        "endDate": row["endDate"],
    }


def _demographics(row: Row, ref: Any) -> dict[str, Any]:
    return {"birthDate": row["birthDate"], "sex": row["sex"]}


SHAPES: Mapping[str, Callable[[Row, Any], dict[str, Any]]] = {
    "orgs": _org,
    "academicSessions": _session,
    "courses": _course,
    "classes": _class,
    "users": _user,
    "enrollments": _enrollment,
    "demographics": _demographics,
}
