"""Every page needs sign-in unless its view says otherwise; every signed-in request runs as its actor."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from thongsuot.kit.accounts.types import ANONYMOUS
from thongsuot.kit.postgres.isolation import act_as, without_actor


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Django's own, except that the API answers for itself (tokens, problem+json)."""

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs):
        if request.path_info.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class ActorMiddleware:
    """Put `request.actor` in place and run the request inside the actor's row-level scope (or none).

    The whole request is one transaction; an answer of 5xx rolls it back, so that a page that failed
    half-way has written nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.resolve = import_string(settings.ACTOR_RESOLVER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _before_transaction(request)
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            request.actor = ANONYMOUS  # type: ignore[attr-defined]
            with without_actor():
                response = self._answer(request)
            return _after_transaction(response)
        actor = self.resolve(user, acting_index=request.session.get("acting_index", 0))
        request.actor = actor  # type: ignore[attr-defined]
        with act_as(actor):
            response = self._answer(request)
        return _after_transaction(response)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 500:
            transaction.set_rollback(True)
        return response


def _after_transaction(response: HttpResponse) -> HttpResponse:
    """What is left of an answer when the request's transaction has ended: `response.after_transaction(response)`, set by a
    view. For calls over the network that finish what the transaction has gathered; it reads and writes nothing any more.
    """
    finish = getattr(response, "after_transaction", None)
    if finish is not None and response.status_code < 500:
        finish(response)
    return response


def _before_transaction(request: HttpRequest) -> None:
    """What a view does before the request's transaction begins: `before_transaction(request)` of its class. For calls over
    the network that an answer needs (a view that is not there, or may not be opened, is refused later as ever)."""
    if request.method != "POST":
        return
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return
    prepare = getattr(getattr(view, "view_class", None), "before_transaction", None)
    if prepare is not None:
        prepare(request)
