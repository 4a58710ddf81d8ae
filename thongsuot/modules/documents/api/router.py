"""API v1 of certificates of signers: each endpoint is one query or one action. Never a key."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.api.paging import paged
from thongsuot.kit.text.vietnamese import fold

from .. import actions, queries
from ..permissions import APPROVE, OWN, REGISTER, VIEW
from ..types import CertificateFault, CertificateMedium, CertificateState

router = Router(tags=["Chứng thư số"])
UNIT = Query(None, description="Chỉ của đơn vị này")
STATE = Query(None, description="Trạng thái")
WORDS = Query("", max_length=120, description="Tên người ký hoặc đơn vị, không cần dấu")


class CertificateOut(Schema):
    id: UUID
    unit_id: int
    unit_name: str
    staff_id: UUID | None = Field(description="null: con dấu của đơn vị, hoặc người không có hồ sơ cán bộ")
    is_seal: bool
    holder: str
    position: str = Field(description="Chức vụ khi đăng ký")
    serial: str
    issuer: str
    subject: str
    fingerprint: str = Field(description="SHA-256, hệ 16")
    provider: str
    medium: CertificateMedium
    state: CertificateState
    valid_from: datetime
    valid_to: datetime
    approved_at: datetime | None
    revoked_at: datetime | None = Field(description="Chữ ký từ lúc này không được tính")
    revoked_reason: str
    can_sign: bool = Field(description="Dùng để ký được vào lúc hỏi")

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        return row.public_id

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return str(row.unit.name)

    @staticmethod
    def resolve_staff_id(row: Any) -> UUID | None:
        return row.staff.public_id if row.staff is not None else None

    @staticmethod
    def resolve_can_sign(row: Any) -> bool:
        return queries.can_sign_at(row, timezone.now())


class CertificateIn(Schema):
    unit_id: int
    staff_id: UUID | None = Field(None, description="Người ký; bỏ trống là con dấu của đơn vị")
    own: bool = Field(False, description="Của chính chủ khoá, người không có hồ sơ cán bộ (Sở, xã)")
    certificate: str = Field(
        description="PEM, hoặc DER mã Base64; không bao giờ gửi khoá bí mật", max_length=90_000
    )
    medium: CertificateMedium
    provider: str = Field("", max_length=120)
    key_reference: str = Field("", max_length=120)


class RevokeIn(Schema):
    reason: str = Field(max_length=300)
    since: datetime | None = Field(None, description="Không tin chữ ký từ lúc này; mặc định bây giờ")


def _scopes(*names: str) -> dict[str, Any]:
    return {
        "description": "Phạm vi của khoá: " + ", ".join(f"`{name}`" for name in names) + ".",
        "openapi_extra": {"x-scopes": list(names)},
    }


def _require(request: HttpRequest, *rights: str) -> Actor:
    """The caller; NotAllowed, answered 404, unless the key has one of the rights."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not any(actor.can(right) for right in rights):
        raise NotAllowed("Khoá không có phạm vi này.")
    return actor


def _one(actor: Actor, public_id: UUID) -> Any:
    found = queries.certificates(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@router.get(
    "/certificates",
    response=list[CertificateOut],
    summary="Chứng thư số trong phạm vi, hết hạn sớm nhất trước",
    **_scopes(VIEW, OWN),
)
@paged
def certificates(
    request: HttpRequest, unit_id: int | None = UNIT, state: CertificateState | None = STATE, q: str = WORDS
) -> Any:
    rows = queries.certificates(_require(request, VIEW, OWN))
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if state is not None:
        rows = rows.filter(state=state)
    if q.strip():
        rows = queries.named_like(rows, fold(q.replace("\x00", "")))
    return rows.order_by("valid_to", "pk")


@router.get(
    "/certificates/{uuid:public_id}", response=CertificateOut, summary="Một chứng thư", **_scopes(VIEW, OWN)
)
def certificate(request: HttpRequest, public_id: UUID) -> Any:
    return _one(_require(request, VIEW, OWN), public_id)


@router.post(
    "/certificates", response={201: CertificateOut}, summary="Đăng ký, chờ duyệt", **_scopes(REGISTER, OWN)
)
def register(request: HttpRequest, data: CertificateIn) -> Any:
    actor = _require(request, REGISTER, OWN)
    staff = account = None
    if data.staff_id is not None:
        staff = queries.registrable_staff(actor).filter(public_id=data.staff_id).first()
        if staff is None:
            raise Http404
    elif data.own:
        pairs = queries.registrable_accounts(actor)
        account = next(
            (user for user, unit in pairs if (user.pk, unit.pk) == (actor.user_id, data.unit_id)), None
        )
        if account is None:
            raise Http404
    made = actions.register_certificate(
        by=actor,
        unit_id=data.unit_id,
        staff=staff,
        account=account,
        data=_bytes(data.certificate),
        medium=data.medium,
        provider=data.provider,
        key_reference=data.key_reference,
        now=timezone.now(),
    )
    return Status(201, _one(actor, made.public_id))


def _bytes(text: str) -> bytes:
    if "-----BEGIN" in text:
        return text.encode()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise CertificateFault("Trường certificate không phải PEM hay Base64.", field="certificate") from None


@router.post(
    "/certificates/{uuid:public_id}/approve", response=CertificateOut, summary="Duyệt", **_scopes(APPROVE)
)
def approve(request: HttpRequest, public_id: UUID) -> Any:
    actor = _require(request, APPROVE)
    actions.approve_certificate(by=actor, certificate=_one(actor, public_id), now=timezone.now())
    return _one(actor, public_id)


@router.post(
    "/certificates/{uuid:public_id}/revoke",
    response=CertificateOut,
    summary="Thu hồi; người mất thiết bị tự báo được ngay",
    **_scopes(REGISTER, APPROVE, OWN),
)
def revoke(request: HttpRequest, public_id: UUID, data: RevokeIn) -> Any:
    actor = _require(request, REGISTER, APPROVE, OWN)
    now = timezone.now()
    actions.revoke_certificate(
        by=actor, certificate=_one(actor, public_id), reason=data.reason, since=data.since, now=now
    )
    return _one(actor, public_id)
