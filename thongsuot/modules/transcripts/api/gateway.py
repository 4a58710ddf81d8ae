"""The gateway's address: the specification's authenticationRequest in, an acknowledgement or an answer out.

    POST /api/hoc-ba/giao-dich   (docs/transcript-gateway.md)

token is a key of the API; user_name the name of its account; password the SHA-256 of the key, in hex: a token that was read
over a shoulder in a log is not enough. The request reads its own body: content may be 10 MB.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from json import loads
from typing import Annotated, Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.api import calling
from thongsuot.kit.api.types import KeyUnknown, TooManyCalls
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as

from .. import actions, queries, tasks
from ..domain.field_faults import told
from ..types import MessageState, Transaction

MOST_BODY = 11 * 1024 * 1024
ASKS_ABOUT = {
    Transaction.SUBMIT_RESULT: Transaction.SUBMIT,
    Transaction.CERTIFICATE_RESULT: Transaction.REGISTER_CERTIFICATE,
    Transaction.RECALL_RESULT: Transaction.RECALL,
}


# No control character: PostgreSQL keeps no NUL, and a line break in a number is a mistake.
Word = Annotated[str, Field(pattern=r"^[^\x00-\x1f]*$")]


class AuthenticationRequest(BaseModel):
    """All mandatory in the specification; content for what is handed in, asked for what is asked about."""

    model_config = ConfigDict(extra="ignore")

    token: Word
    user_name: Word
    password: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    ma_don_vi: Word = Field(min_length=1, max_length=30)
    nam_hoc: int = Field(ge=2000, le=2100)
    messageid: Word = Field(min_length=1, max_length=80)
    type: Transaction
    function: Word
    content: str = ""
    asked: Word = ""


@csrf_exempt
@require_POST
def transaction(request: HttpRequest) -> JsonResponse:
    raw = request.read(MOST_BODY + 1)
    if len(raw) > MOST_BODY:
        return _said("", "QUA_LON", _("Giao dịch quá lớn."), status=413)
    try:
        asked = AuthenticationRequest.model_validate(loads(raw))
    except ValidationError as error:
        return _said("", "SAI_CAU_TRUC", told(error), status=400)
    except (ValueError, RecursionError):
        return _said("", "SAI_CAU_TRUC", _("Yêu cầu không phải JSON."), status=400)
    try:
        caller = _caller(asked)
    except KeyUnknown:
        return _said(asked.messageid, "XAC_THUC", _("Không xác thực được."), status=401)
    except TooManyCalls as refusal:
        answer = _said(asked.messageid, "QUA_NHIEU", _("Gọi quá nhiều lần."), status=429)
        answer["Retry-After"] = str(refusal.wait)
        return answer
    with act_as(caller), acting(caller, reason=_("Cổng tiếp nhận học bạ")):
        return _answer(caller, asked)


def _caller(asked: AuthenticationRequest) -> Actor:
    """Raises KeyUnknown, TooManyCalls."""
    wanted = sha256(asked.token.encode()).hexdigest()
    if not hmac.compare_digest(wanted, asked.password.lower()):
        raise KeyUnknown
    caller = calling.identify(asked.token)
    with act_as(Actor.system()):
        is_own = queries.is_account(caller.actor, asked.user_name)
    if not is_own:
        raise KeyUnknown
    return caller.actor


def _answer(caller: Actor, asked: AuthenticationRequest) -> JsonResponse:
    functions = {one["type"]: one["function"] for one in queries.exchange().transactions}
    if functions[asked.type] != asked.function:
        return _said(asked.messageid, "SAI_HAM", _("function không khớp với type."), status=400)
    unit = queries.unit_of_code(caller, asked.ma_don_vi)
    if unit is None:
        return _said(
            asked.messageid, "DON_VI", _("Tài khoản không được giao dịch thay đơn vị này."), status=403
        )
    if asked.type in ASKS_ABOUT:
        return _result(caller, unit, asked)
    try:
        received = actions.receive(
            by=caller,
            unit=unit,
            message_id=asked.messageid,
            type=asked.type,
            first_year=asked.nam_hoc,
            content=asked.content,
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        return _said(asked.messageid, "DON_VI", refusal.message, status=403)
    except Refused as refusal:
        return _said(asked.messageid, "NOI_DUNG", refusal.message, status=400)
    if received.is_new:
        tasks.start_working()
    return _said(asked.messageid, "", "", code="DA_NHAN", words=_("Đã nhận; hãy hỏi kết quả."))


def _result(caller: Actor, unit: Any, asked: AuthenticationRequest) -> JsonResponse:
    found = queries.answer_of(caller, unit, asked.asked, ASKS_ABOUT[asked.type])
    if found is None:
        return _said(asked.messageid, "", "", code="KHONG_CO", words=_("Không có giao dịch này."))
    words = {
        MessageState.WAITING: ("CHO", _("Đang chờ xử lý.")),
        MessageState.CHECKING: ("CHO_XAC_MINH", _("Đang xác minh chứng thư số; hãy hỏi lại sau.")),
        MessageState.DONE: ("XONG", _("Đã xử lý.")),
        MessageState.FAILED: ("HONG", found.fault),
    }
    code, said = words[MessageState(found.state)]
    return _said(
        asked.messageid, "", "", code=code, words=said,
        State=found.state, Fault=found.fault, items=list(found.items),
    )  # fmt: skip


def _said(
    message_id: str,
    error: str,
    description: str,
    *,
    status: int = 200,
    code: str = "",
    words: str = "",
    **more: Any,
) -> JsonResponse:
    """The immediate reply: MessageId, Error, ErrorDescription, ResponseCode, ResponseDescription."""
    return JsonResponse(
        {
            "MessageId": message_id,
            "Error": error,
            "ErrorDescription": description,
            "ResponseCode": code or error,
            "ResponseDescription": words or description,
            **more,
        },
        status=status,
    )
