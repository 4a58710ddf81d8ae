"""The reference page, drawn from the schema: the usual viewers load scripts from elsewhere, which our CSP
refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from thongsuot.kit.api.problems import problem


@dataclass(frozen=True)
class Field:
    name: str
    place: str
    kind: str
    required: bool
    text: str = ""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]


class ReferencePage(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        groups: dict[str, list[Operation]] = {}
        for tag, operation in operations(schema):
            groups.setdefault(tag, []).append(operation)
        return render(request, "api/reference.html", {"api": api, "groups": groups})


def for_the_signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The schema is no secret, but nothing of the house speaks to strangers unless it must."""

    @wraps(view, assigned=())
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.is_authenticated:  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        if request.path.endswith(".json"):
            return problem(401, code="not_authenticated")
        return redirect(settings.LOGIN_URL)

    return guarded


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """(group, operation) for each operation of an OpenAPI schema, in its order."""
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            body = said.get("requestBody", {}).get("content", {})
            answers = [a for status, a in said.get("responses", {}).items() if str(status).startswith("2")]
            content = answers[0].get("content", {}) if answers else {}
            yield (
                (said.get("tags") or ["API"])[0],
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=said.get("summary", ""),
                    text=said.get("description", ""),
                    parameters=tuple(_parameter(p, schema) for p in said.get("parameters", [])),
                    body=tuple(_fields(_first(body), schema, "body")),
                    answer=tuple(_fields(_first(content), schema, "")),
                ),
            )


def _first(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(content.values()), {})
    return found.get("schema", {})


def _parameter(said: dict[str, Any], schema: dict[str, Any]) -> Field:
    text = said.get("description") or said["schema"].get("description", "")
    return Field(said["name"], said["in"], _kind(said["schema"], schema), said.get("required", False), text)


def _fields(
    node: dict[str, Any], schema: dict[str, Any], place: str, prefix: str = "", depth: int = 0
) -> Iterator[Field]:
    """Fields of an object, those of nested objects with dotted names."""
    node = _resolved(node, schema)
    if node.get("type") == "array":
        yield from _fields(
            node.get("items", {}), schema, place, f"{prefix}[]." if prefix == "" else prefix, depth
        )
        return
    required = set(node.get("required", ()))
    for name, said in node.get("properties", {}).items():
        yield Field(prefix + name, place, _kind(said, schema), name in required, said.get("description", ""))
        inner = _resolved(said, schema)
        many = inner.get("type") == "array"
        inner = _resolved(inner.get("items", {}), schema) if many else inner
        if "properties" in inner and depth < 3:
            yield from _fields(inner, schema, place, f"{prefix}{name}{'[]' if many else ''}.", depth + 1)


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[-1]]
    if "allOf" in node and len(node["allOf"]) == 1:
        return _resolved(node["allOf"][0], schema)
    return node


def _kind(node: dict[str, Any], schema: dict[str, Any]) -> str:
    """ "chuỗi", "số nguyên", ... as programs write them: string, integer, [Unit], a | b."""
    if "anyOf" in node:
        return " | ".join(_kind(option, schema) for option in node["anyOf"])
    if "$ref" in node:
        return node["$ref"].rsplit("/", 1)[-1]
    if "enum" in node:
        return " | ".join(map(str, node["enum"]))
    if node.get("type") == "array":
        return f"[{_kind(node.get('items', {}), schema)}]"
    kind = node.get("type", "")
    return f"{kind} ({node['format']})" if "format" in node else kind
