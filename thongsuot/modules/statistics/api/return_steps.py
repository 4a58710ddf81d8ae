"""API v1 of the steps of a return: confirm, take in, send back, sign off. A commune forwards its schools' returns by
confirming its own. The version that was read is named, so that no figure is confirmed unseen.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from thongsuot.kit.accounts.types import Actor

from ..actions import returns as actions
from ..permissions import CONFIRM, REVIEW, SIGN_OFF, VIEW
from ..queries.returns import return_by_id
from .forms import _require
from .returns import ReturnOut

router = Router(tags=["Thống kê"])
ONE = "/statistics/returns/{uuid:public_id}"


class ConfirmIn(Schema):
    version: int = Field(description="Bản đã xem; có bản mới hơn thì bị từ chối")
    reasons: dict[str, str] = Field({}, description="Lý do của từng chênh lệch, theo `key` trong `findings`")


class SignOffIn(Schema):
    version: int = Field(description="Bản đã xem; có bản mới hơn thì bị từ chối")


class SendBackIn(Schema):
    reason: str = Field(min_length=1, max_length=2000)


def _scopes(right: str) -> dict[str, Any]:
    return {
        "response": ReturnOut,
        "description": f"Phạm vi của khoá: `{VIEW}`, `{right}`.",
        "openapi_extra": {"x-scopes": [VIEW, right]},
    }


def _do(request: HttpRequest, right: str, public_id: UUID, action: Any, **said: Any) -> Any:
    """One action on a return that the key's owner sees, answered with the return as it then stands."""
    actor: Actor = _require(request)
    actor.require(right)
    with transaction.atomic():
        one = return_by_id(actor, public_id)
        if one is None:
            raise Http404
        action(by=actor, one=one, now=timezone.now(), **said)
        return return_by_id(actor, public_id)


@router.post(f"{ONE}/confirm", summary="Xác nhận số liệu; xã xác nhận là gửi lên Sở", **_scopes(CONFIRM))
def confirm(request: HttpRequest, public_id: UUID, data: ConfirmIn) -> Any:
    return _do(
        request, CONFIRM, public_id, actions.confirm_return,
        reasons=data.reasons, seen_version=data.version,
    )  # fmt: skip


@router.post(f"{ONE}/accept", summary="Xã nhận biểu của trường", **_scopes(REVIEW))
def accept(request: HttpRequest, public_id: UUID) -> Any:
    return _do(request, REVIEW, public_id, actions.accept_return)


@router.post(f"{ONE}/return", summary="Trả lại với lý do", **_scopes(REVIEW))
def send_back(request: HttpRequest, public_id: UUID, data: SendBackIn) -> Any:
    return _do(request, REVIEW, public_id, actions.send_back, reason=data.reason)


@router.post(f"{ONE}/sign-off", summary="Sở duyệt, cùng các biểu gộp trong đó", **_scopes(SIGN_OFF))
def sign_off(request: HttpRequest, public_id: UUID, data: SignOffIn) -> Any:
    return _do(request, SIGN_OFF, public_id, actions.sign_off, seen_version=data.version)
