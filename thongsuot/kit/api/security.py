"""Who may call: a program with a key, or a page of our own (reading only) with the sign-in of the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from thongsuot.kit.accounts.types import Actor

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What a browser says of a request that our own page made; other tools say nothing, and have no cookie.
OWN_PAGES = frozenset({"same-origin", "none", ""})


class KeyAuth(HttpBearer):
    """`Authorization: Bearer ts_...`; the middleware has checked the key."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        caller = getattr(request, "api_caller", None)
        return caller.actor if caller else None


class SessionAuth(APIKeyCookie):
    """The signed-in person, for reading from our own pages. Writing takes a key: no CSRF question arises."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def _get_key(self, request: HttpRequest) -> str | None:
        return ""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        own = request.headers.get("Sec-Fetch-Site", "") in OWN_PAGES
        return actor if actor.is_authenticated and request.method in READING and own else None
