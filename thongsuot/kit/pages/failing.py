"""What is shown when an answer could not be made."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request as any_bad_request
from django.views.defaults import server_error as any_error

from thongsuot.kit.postgres.errors import ServerError

__all__ = ["RETRY_SECONDS", "any_bad_request", "is_database_away", "server_error"]
# The embedded server is up again within seconds of a crash.
RETRY_SECONDS = 5
# SQLSTATE of a connection that was lost or refused: 08 connection exception, 57P the server goes down or comes up.
AWAY_STATES = ("08", "57P")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. While the database is away 503, which a browser asks again by itself; else the page of any error.

    Both are made without the database and without the request's context, which may ask it.
    """
    if not is_database_away(sys.exc_info()[1]):
        return any_error(request)
    again = request.method in ("GET", "HEAD")
    page = render_to_string("503.html", {"retry_seconds": RETRY_SECONDS if again else None})
    return HttpResponse(
        page, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    )


def is_database_away(error: BaseException | None) -> bool:
    """Was the connection lost or refused? Not so for a statement that took too long, or a deadlock."""
    if isinstance(error, (InterfaceError, ServerError)):
        return True
    if not isinstance(error, OperationalError):
        return False
    # Of what never reached the server, or got no answer, there is no state.
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(AWAY_STATES)
