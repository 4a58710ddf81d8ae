"""Faults of the Rostering Service: imsx_StatusInfo objects, with the codes of the specification."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.api.problems import OWN_FAULTS, problem_of_fault

from ..domain.oneroster import BadRequest

logger = logging.getLogger(__name__)
ROOT = "/api/ims/oneroster/"
MINOR = {
    400: "invaliddata",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    422: "invaliddata",
    429: "server_busy",
    500: "internal_server_error",
    503: "server_busy",
}


def status_info(status: int, minor: str = "", text: str = "") -> HttpResponse:
    """An imsx_StatusInfo. minor: its code, by the status where none is given."""
    field = {
        "imsx_codeMinorFieldName": "TargetEndSystem",
        "imsx_codeMinorFieldValue": minor or MINOR.get(status, "internal_server_error"),
    }
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_CodeMinor": {"imsx_codeMinorField": [field]},
        **({"imsx_description": text} if text else {}),
    }
    response = JsonResponse(body, status=status)
    response.is_said = True  # type: ignore[attr-defined]
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return status_info(422, text=", ".join(str(one["loc"][-1]) for one in error.errors))


def _bad_request(request: HttpRequest, error: Any) -> HttpResponse:
    return status_info(400, error.code, error.text)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    return status_info(error.status_code)


def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    # Neither the query of the address nor the message of the error: names and numbers of people stand there.
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s %s: %s\n%s", request.method, request.path, type(error).__name__, where)
    return problem_of_fault(request, error)


def install(api: NinjaAPI) -> None:
    """Give the API the faults of the specification, also for calls that never reach it."""
    OWN_FAULTS[ROOT] = status_info
    api.add_exception_handler(BadRequest, _bad_request)
    api.add_exception_handler(Http404, lambda request, error: status_info(404))
    api.add_exception_handler(NotAllowed, lambda request, error: status_info(403))
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Exception, _fault)
