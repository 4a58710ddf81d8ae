from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from thongsuot.kit.audit.actions import acting

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ActingMiddleware:
    """Every change of a signed-in request is recorded as made by its actor. Stands below ActorMiddleware.

    A request that may not change anything is spared the statement; should it write all the same (a last
    visit), the action that does so says `acting` itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if request.method in SAFE or not actor.is_authenticated:
            return self.get_response(request)
        with acting(actor):
            return self.get_response(request)
