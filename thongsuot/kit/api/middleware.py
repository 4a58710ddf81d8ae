"""Two steps around the sign-in of people: who shows a key (before it), and the call inside the caller's
scope.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from thongsuot.kit.api import calling
from thongsuot.kit.api.problems import API, problem_for
from thongsuot.kit.api.types import KeyUnknown, TooManyCalls
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as

Handler = Callable[[HttpRequest], HttpResponse]


class KeyMiddleware:
    """Put `request.api_caller` in place. Stands above ActorMiddleware: a key is counted even if the call
    fails.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if not request.path_info.startswith(API) or scheme.lower() != "bearer":
            return self.get_response(request)
        try:
            request.api_caller = calling.identify(key.strip())  # type: ignore[attr-defined]
        except KeyUnknown:
            return problem_for(request, 401, code="key_unknown")
        except TooManyCalls as refusal:
            response = problem_for(request, 429, code="too_many_calls")
            response["Retry-After"] = str(refusal.wait)
            return response
        # The key alone counts, whoever else is signed in in this browser.
        request.user = AnonymousUser()
        return self.get_response(request)


class CallerMiddleware:
    """Run a call with a key inside its caller's scope, one transaction. Stands below ActorMiddleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        caller = getattr(request, "api_caller", None)
        if caller is None:
            return self._finished(request, self.get_response(request))
        request.actor = caller.actor  # type: ignore[attr-defined]
        with act_as(caller.actor), acting(caller.actor):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return self._finished(request, response)

    @staticmethod
    def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        # `is_said`: an API of a standard has given its own answer.
        said = getattr(response, "is_said", False)
        if response.status_code == 404 and not said and request.path_info.startswith(API):
            # An address without an endpoint never reaches the API's own answers; strangers are not told
            # which.
            known = request.actor.is_authenticated  # type: ignore[attr-defined]
            return problem_for(request, 404) if known else problem_for(request, 401, code="not_authenticated")
        if response.status_code >= 400 and not said and _is_page(request, response):
            # Django's own words: a method that is not allowed, a body too large, a form without its token.
            told = problem_for(request, response.status_code)
            for name in ("Allow", "Retry-After"):
                if name in response:
                    told[name] = response[name]
            return told
        links = getattr(request, "api_links", "")
        if links:
            response["Link"] = links
        return response


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    return request.path_info.startswith(API) and response.get("Content-Type", "").startswith("text/html")
