"""Orders: taken in, reviewed, confirmed."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from thongsuot.kit.api.paging import paged
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..types import DirectiveState, FindingKind
from .calls import actor_of
from .schemas import (
    CountOut,
    DirectiveDetailOut,
    DirectiveOut,
    FindingIn,
    FindingOut,
    FindingsIn,
    HeaderIn,
    NewFindingIn,
    PartsIn,
    ReasonIn,
)

router = Router(tags=["Văn bản chỉ đạo"])


def _directive(request: HttpRequest, public_id: UUID) -> Any:
    return queries.directive(actor_of(request), public_id)


def _finding(request: HttpRequest, public_id: UUID, pk: int) -> Any:
    return queries.finding(actor_of(request), _directive(request, public_id), pk)


def _context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    return {"by": actor_of(request), "now": timezone.now(), **more}


@router.get("/directives", response=list[DirectiveOut], summary="Văn bản mà chủ khoá được thấy")
@paged
def directives(request: HttpRequest, q: str = "", state: DirectiveState | None = None) -> Any:
    return queries.directives(actor_of(request), words=q, state=state or "")


@router.post(
    "/directives", response={201: DirectiveDetailOut}, summary="Đưa một văn bản vào (.docx, .pdf, .txt, .md)"
)
def import_directive(request: HttpRequest, file: File[UploadedFile], owner_unit_id: Form[int]) -> Any:
    owner = organization.unit_detail(actor_of(request), owner_unit_id)
    if owner is None:
        raise Http404
    return Status(201, actions.import_directive(**_context(request), upload=file, owner_unit=owner))


@router.get("/directives/{uuid:public_id}", response=DirectiveDetailOut, summary="Một văn bản")
def directive(request: HttpRequest, public_id: UUID) -> Any:
    return _directive(request, public_id)


@router.patch(
    "/directives/{uuid:public_id}", response=DirectiveDetailOut, summary="Sửa thông tin chung khi rà soát"
)
def edit_header(request: HttpRequest, public_id: UUID, data: HeaderIn) -> Any:
    thing = _directive(request, public_id)
    actions.edit_header(**_context(request), directive=thing, data=data.dict(exclude_unset=True))
    return _directive(request, public_id)


@router.get(
    "/directives/{uuid:public_id}/findings",
    response=list[FindingOut],
    summary="Những gì tìm thấy trong văn bản",
)
@paged
def findings(request: HttpRequest, public_id: UUID, kind: FindingKind | None = None) -> Any:
    return queries.findings(actor_of(request), _directive(request, public_id), kind)


@router.post(
    "/directives/{uuid:public_id}/findings", response={201: FindingOut}, summary="Thêm điều chưa tìm thấy"
)
def add_finding(request: HttpRequest, public_id: UUID, data: NewFindingIn) -> Any:
    said = data.dict()
    return Status(
        201, actions.add_finding(**_context(request), directive=_directive(request, public_id), **said)
    )


@router.put("/directives/{uuid:public_id}/findings/{int:pk}", response=FindingOut, summary="Sửa và nhận")
def edit_finding(request: HttpRequest, public_id: UUID, pk: int, data: FindingIn) -> Any:
    units = data.units.dict(exclude_unset=True) if data.units else None
    return actions.edit_finding(
        **_context(request), finding=_finding(request, public_id, pk), data=data.data, units=units
    )


@router.post("/directives/{uuid:public_id}/findings/{int:pk}/accept", response=FindingOut, summary="Nhận")
def accept_finding(request: HttpRequest, public_id: UUID, pk: int) -> Any:
    return actions.accept_finding(**_context(request), finding=_finding(request, public_id, pk))


@router.post("/directives/{uuid:public_id}/findings/{int:pk}/drop", response=FindingOut, summary="Bỏ")
def drop_finding(request: HttpRequest, public_id: UUID, pk: int, data: ReasonIn) -> Any:
    return actions.drop_finding(
        **_context(request), finding=_finding(request, public_id, pk), reason=data.reason
    )


@router.post(
    "/directives/{uuid:public_id}/findings/{int:pk}/restore",
    response=FindingOut,
    summary="Lấy lại điều đã bỏ",
)
def restore_finding(request: HttpRequest, public_id: UUID, pk: int) -> Any:
    return actions.restore_finding(**_context(request), finding=_finding(request, public_id, pk))


@router.post(
    "/directives/{uuid:public_id}/findings/{int:pk}/split", response=list[FindingOut], summary="Tách"
)
def split_finding(request: HttpRequest, public_id: UUID, pk: int, data: PartsIn) -> Any:
    return actions.split_finding(
        **_context(request), finding=_finding(request, public_id, pk), parts=data.parts
    )


@router.post("/directives/{uuid:public_id}/findings/merge", response=FindingOut, summary="Gộp")
def merge_findings(request: HttpRequest, public_id: UUID, data: FindingsIn) -> Any:
    rows = queries.findings(actor_of(request), _directive(request, public_id)).filter(pk__in=data.findings)
    return actions.merge_findings(**_context(request), findings=list(rows))


@router.post(
    "/directives/{uuid:public_id}/findings/accept-all",
    response=CountOut,
    summary="Nhận mọi điều đã rõ đơn vị",
)
def accept_all(request: HttpRequest, public_id: UUID, kind: FindingKind) -> Any:
    thing = _directive(request, public_id)
    return {"count": actions.accept_all(**_context(request), directive=thing, kind=kind)}


@router.post(
    "/directives/{uuid:public_id}/confirm",
    response=DirectiveDetailOut,
    summary="Xác nhận: tạo nhiệm vụ, chỉ tiêu",
)
def confirm(request: HttpRequest, public_id: UUID) -> Any:
    actions.confirm_directive(**_context(request), directive=_directive(request, public_id))
    return _directive(request, public_id)


@router.post("/directives/{uuid:public_id}/close", response=DirectiveDetailOut, summary="Kết thúc theo dõi")
def close(request: HttpRequest, public_id: UUID) -> Any:
    actions.close_directive(**_context(request), directive=_directive(request, public_id))
    return _directive(request, public_id)


@router.post("/directives/{uuid:public_id}/withdraw", response=DirectiveDetailOut, summary="Thu hồi")
def withdraw(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    actions.withdraw_directive(
        **_context(request), directive=_directive(request, public_id), reason=data.reason
    )
    return _directive(request, public_id)
