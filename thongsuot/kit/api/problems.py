"""Every error as application/problem+json (RFC 9457), in Vietnamese, without telling what is not one's
own.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.failing import RETRY_SECONDS, is_database_away

API = "/api/"
logger = logging.getLogger(__name__)

TITLES = {
    400: gettext_lazy("Yêu cầu không đúng"),
    401: gettext_lazy("Chưa xác thực"),
    404: gettext_lazy("Không tìm thấy"),
    405: gettext_lazy("Không hỗ trợ cách gọi này"),
    409: gettext_lazy("Không thực hiện được"),
    413: gettext_lazy("Nội dung gửi lên quá lớn"),
    422: gettext_lazy("Dữ liệu chưa hợp lệ"),
    429: gettext_lazy("Gọi quá nhiều lần"),
    500: gettext_lazy("Lỗi máy chủ"),
    503: gettext_lazy("Tạm thời chưa phục vụ được"),
}
DETAILS = {
    "database_away": gettext_lazy(
        "Cơ sở dữ liệu đang khởi động lại: hãy gọi lại sau, xem đầu đề Retry-After."
    ),
    "key_unknown": gettext_lazy("Khoá không đúng, đã hết hạn hoặc đã bị thu hồi."),
    "too_many_calls": gettext_lazy("Hãy chờ rồi gọi lại, xem đầu đề Retry-After."),
    "not_authenticated": gettext_lazy("Hãy gửi khoá API trong đầu đề Authorization: Bearer."),
}
# Pydantic's kinds of mistakes that programs meet most; the others get a general sentence.
MISTAKES = {
    "missing": gettext_lazy("Thiếu trường này."),
    "int_parsing": gettext_lazy("Phải là số nguyên."),
    "int_type": gettext_lazy("Phải là số nguyên."),
    "decimal_parsing": gettext_lazy("Phải là số."),
    "float_parsing": gettext_lazy("Phải là số."),
    "bool_parsing": gettext_lazy("Phải là true hoặc false."),
    "string_type": gettext_lazy("Phải là chuỗi ký tự."),
    "string_too_long": gettext_lazy("Dài quá mức cho phép."),
    "string_too_short": gettext_lazy("Ngắn quá mức cho phép."),
    "date_from_datetime_parsing": gettext_lazy("Phải là ngày dạng YYYY-MM-DD."),
    "date_parsing": gettext_lazy("Phải là ngày dạng YYYY-MM-DD."),
    "datetime_from_date_parsing": gettext_lazy("Phải là thời điểm dạng ISO 8601."),
    "uuid_parsing": gettext_lazy("Phải là mã UUID."),
    "enum": gettext_lazy("Không thuộc các giá trị cho phép."),
    "literal_error": gettext_lazy("Không thuộc các giá trị cho phép."),
    "less_than_equal": gettext_lazy("Lớn quá mức cho phép."),
    "greater_than_equal": gettext_lazy("Nhỏ quá mức cho phép."),
    "json_invalid": gettext_lazy("Không phải JSON hợp lệ."),
    "extra_forbidden": gettext_lazy("Trường này không có."),
}


def problem(
    status: int, *, detail: str = "", code: str = "", errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """An answer in the form of RFC 9457. `code` is for programs, `title` and `detail` for people."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(TITLES.get(status, TITLES[400])),
        "status": status,
    }
    text = detail or str(DETAILS.get(code, ""))
    if text:
        body["detail"] = text
    if code:
        body["code"] = code
    if errors:
        body["errors"] = errors
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/problem+json"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


# An API of a standard has faults of its own: {beginning of its addresses: answer to a status}.
OWN_FAULTS: dict[str, Callable[[int], HttpResponse]] = {}


def problem_for(request: HttpRequest, status: int, *, code: str = "") -> HttpResponse:
    """`problem` where the request never reached an API; in the words of the standard where its address is one's."""
    for address, answer in OWN_FAULTS.items():
        if request.path_info.startswith(address):
            return answer(status)
    return problem(status, code=code)


def problem_of_fault(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """503 while the database is away, with the seconds to wait; 500 for anything else."""
    if not is_database_away(error):
        return problem_for(request, 500)
    response = problem_for(request, 503, code="database_away")
    response["Retry-After"], response["Cache-Control"] = str(RETRY_SECONDS), "no-store"
    return response


def install(api: NinjaAPI) -> None:
    """Give `api` our answers to everything that can go wrong."""
    api.add_exception_handler(Exception, _fault)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(PermissionDenied, _not_found)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(DjangoValidationError, _invalid_for_django)
    api.add_exception_handler(SuspiciousOperation, lambda request, error: problem(400))
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(NotAllowed, _not_found)


def _fault(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    # Neither the query of the address nor the message of the error: names and numbers of people stand there.
    where = "".join(traceback.format_tb(error.__traceback__)) if isinstance(error, Exception) else ""
    logger.error("%s %s: %s\n%s", request.method, request.path, type(error).__name__, where)
    return problem_of_fault(request, error if isinstance(error, Exception) else None)


def _not_found(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return problem(404)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == 401:
        return problem(401, code="not_authenticated")
    if error.status_code in (403, 404):
        return problem(404)
    return problem(error.status_code, detail=error.message if error.status_code < 500 else "")


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {
            "field": _field(one["loc"]),
            "in": str(one["loc"][0]),
            "message": str(MISTAKES.get(one["type"], _("Giá trị không hợp lệ."))),
            "code": one["type"],
        }
        for one in error.errors
    ]
    return problem(422, code="invalid", errors=errors)


def _field(place: tuple[Any, ...]) -> str:
    """Dotted name of a field. Views call their body `data`, which says nothing to the caller."""
    parts = place[2:] if len(place) > 2 and place[1] == "data" else place[1:]
    return ".".join(map(str, parts)) or str(place[0])


def _invalid_for_django(request: HttpRequest, error: Any) -> HttpResponse:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    errors = [{"field": name, "message": text} for name, texts in by_field.items() for text in texts]
    return problem(422, code="invalid", errors=errors)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    """A rule said no: 409, or what the refusal itself declares (`http_status`)."""
    return problem(getattr(error, "http_status", 409), detail=error.message, code=error.code)
