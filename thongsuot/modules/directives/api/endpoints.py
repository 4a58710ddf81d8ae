"""How operations of the module are declared.

The scopes that a key must have are told in the schema and checked before anything else; what writes is one
transaction, with the file that came with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from ninja import Router, Status

from thongsuot.kit.api.paging import paged

View = Callable[..., Any]


class Endpoints:
    """Operations under one heading of the reference.

    @endpoints.get("/assignments", "directives.view", summary="...", answer=list[AssignmentOut], many=True)
    def assignments(request, ...): return queries.assignments(...)

    Without one of the scopes the answer is 404, as for everything that is not one's own.
    """

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])

    def get(self, path: str, *scopes: str, summary: str, answer: Any = None, many: bool = False) -> View:
        """`many`: the view returns a queryset or list, answered in pages."""

        def register(view: View) -> View:
            read = paged(view) if many else view
            self._add("GET", path, scopes, summary, {200: answer} if answer else None, read)
            return view

        return register

    def post(self, path: str, *scopes: str, summary: str, answer: Any, status: int = 200) -> View:
        return self._write("POST", path, scopes, summary, answer, status)

    def patch(self, path: str, *scopes: str, summary: str, answer: Any) -> View:
        return self._write("PATCH", path, scopes, summary, answer, 200)

    def _write(
        self, method: str, path: str, scopes: tuple[str, ...], summary: str, answer: Any, status: int
    ) -> View:
        def register(view: View) -> View:
            @wraps(view)
            def written(request: Any, *args: Any, **kwargs: Any) -> Any:
                with transaction.atomic():
                    made = view(request, *args, **kwargs)
                return Status(status, made)

            self._add(method, path, scopes, summary, {status: answer}, written)
            return view

        return register

    def _add(
        self, method: str, path: str, scopes: tuple[str, ...], summary: str, response: Any, view: View
    ) -> None:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            for scope in scopes:
                request.actor.require(scope)
            return view(request, *args, **kwargs)

        more = {"response": response} if response else {}
        self.router.api_operation(
            [method],
            path,
            summary=summary,
            description="Phạm vi của khoá: " + ", ".join(f"`{scope}`" for scope in scopes) + ".",
            openapi_extra={"x-scopes": list(scopes)},
            **more,
        )(guarded)
