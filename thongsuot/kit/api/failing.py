"""What a program is told when an answer could not be made: problem details (RFC 9457), never a page."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import requires_csrf_token

from thongsuot.kit.api.problems import API, problem_for, problem_of_fault
from thongsuot.kit.pages import failing


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """handler500 of all addresses: under /api/ a problem, 503 while the database is away; elsewhere a page.

    An error that comes before the API itself (the session, the key) gets here.
    """
    if not request.path_info.startswith(API):
        return failing.server_error(request)
    return problem_of_fault(request, sys.exc_info()[1])


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: a host that is not ours, a body too large, a path that is none."""
    if not request.path_info.startswith(API):
        return failing.any_bad_request(request, exception)
    return problem_for(request, 400)
