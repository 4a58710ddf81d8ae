"""Orders: taken in, read, confirmed, closed, withdrawn."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, Query, Schema, UploadedFile
from pydantic import Field

from thongsuot.kit.files.queries import describe
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..permissions import can_review
from ..queries.confirmation import confirmation
from ..types import DirectiveState
from .endpoints import Endpoints
from .given import UPLOAD, actor_of, home_body, now
from .schemas_directives import (
    ConfirmationOut,
    CountOut,
    DirectiveDetailOut,
    DirectiveOut,
    HeaderIn,
    TextOut,
)
from .schemas_shared import OptionalReasonIn
from .values import Day, Key, Search

endpoints = Endpoints("Văn bản chỉ đạo")
ONE = "/directives/{uuid:public_id}"
READ_APART = ("id", "file", "school_year", "review")


class DirectiveFilters(Schema):
    q: Search = Field("", description="Từ trong số, ký hiệu, trích yếu; không cần dấu")
    state: list[DirectiveState] = Field([])
    owner_unit_id: Key | None = None
    issued_from: Day | None = None
    issued_to: Day | None = None


class UploadIn(Schema):
    owner_unit_id: Key | None = Field(None, description="Đơn vị theo dõi; mặc định là đơn vị của chủ khoá")


def detail(request: HttpRequest, public_id: UUID) -> Any:
    """The order as its answer has it, read again after each step."""
    actor = actor_of(request)
    row = queries.directive(actor, public_id)
    fields = {name: getattr(row, name) for name in DirectiveDetailOut.model_fields if name not in READ_APART}
    return fields | {
        "id": row.public_id,
        "file": describe([row.file_id]).get(row.file_id or 0),
        "school_year": row.school_year.name if row.school_year else None,
        "review": queries.review_progress(actor, row) if can_review(actor, row) else None,
    }


@endpoints.get(
    "/directives",
    "directives.view",
    summary="Văn bản mà chủ khoá được thấy, mới nhất trước",
    answer=list[DirectiveOut],
    many=True,
)
def directives(request: HttpRequest, filters: Query[DirectiveFilters]) -> Any:
    actor = actor_of(request)
    rows = queries.directives(actor, words=filters.q).order_by("-issued_on", "-pk")
    if filters.state:
        rows = rows.filter(state__in=filters.state)
    if filters.owner_unit_id:
        rows = rows.filter(owner_unit_id=filters.owner_unit_id)
    if filters.issued_from:
        rows = rows.filter(issued_on__gte=filters.issued_from)
    if filters.issued_to:
        rows = rows.filter(issued_on__lte=filters.issued_to)
    return queries.with_progress(actor, rows)


@endpoints.post(
    "/directives",
    "directives.import",
    UPLOAD,
    summary="Đưa văn bản vào (.docx, .pdf có lớp chữ, .txt, .md), tìm nhiệm vụ, chỉ tiêu, chế độ báo cáo",
    answer=DirectiveDetailOut,
    status=201,
)
def import_directive(request: HttpRequest, data: Form[UploadIn], file: File[UploadedFile]) -> Any:
    actor = actor_of(request)
    asked = data.owner_unit_id
    owner = organization.unit_detail(actor, asked) if asked else home_body(actor)
    if owner is None:
        raise Http404
    made = actions.import_directive(by=actor, upload=file, owner_unit=owner, now=now())
    return detail(request, made.public_id)


@endpoints.get(ONE, "directives.view", summary="Một văn bản", answer=DirectiveDetailOut)
def directive(request: HttpRequest, public_id: UUID) -> Any:
    return detail(request, public_id)


@endpoints.patch(
    ONE, "directives.import", summary="Sửa thông tin chung đã đọc được", answer=DirectiveDetailOut
)
def edit_header(request: HttpRequest, public_id: UUID, data: HeaderIn) -> Any:
    actor = actor_of(request)
    row = queries.directive(actor, public_id)
    actions.edit_header(by=actor, directive=row, data=data.model_dump(exclude_unset=True), now=now())
    return detail(request, public_id)


@endpoints.get(f"{ONE}/text", "directives.view", summary="Các dòng của văn bản", answer=TextOut)
def text(request: HttpRequest, public_id: UUID) -> Any:
    return {"lines": queries.directive(actor_of(request), public_id).source_text.split("\n")}


@endpoints.get(
    f"{ONE}/confirmation",
    "directives.import",
    summary="Xác nhận thì sẽ tạo ra gì",
    answer=ConfirmationOut,
)
def what_confirming_makes(request: HttpRequest, public_id: UUID) -> Any:
    actor = actor_of(request)
    row = queries.directive(actor, public_id)
    if not can_review(actor, row):
        raise Http404
    return confirmation(actor, row)


@endpoints.post(
    f"{ONE}/confirm",
    "directives.confirm",
    summary="Xác nhận: tạo nhiệm vụ, chỉ tiêu, chế độ báo cáo",
    answer=DirectiveDetailOut,
)
def confirm(request: HttpRequest, public_id: UUID) -> Any:
    actor = actor_of(request)
    actions.confirm_directive(by=actor, directive=queries.directive(actor, public_id), now=now())
    return detail(request, public_id)


@endpoints.post(
    f"{ONE}/reread",
    "directives.import",
    summary="Đọc lại tệp, giữ những gì người đã quyết định",
    answer=CountOut,
)
def reread(request: HttpRequest, public_id: UUID) -> Any:
    actor = actor_of(request)
    return {"count": actions.reread(by=actor, directive=queries.directive(actor, public_id), now=now())}


@endpoints.post(
    f"{ONE}/close", "directives.confirm", summary="Kết thúc theo dõi văn bản", answer=DirectiveDetailOut
)
def close(request: HttpRequest, public_id: UUID) -> Any:
    actor = actor_of(request)
    actions.close_directive(by=actor, directive=queries.directive(actor, public_id), now=now())
    return detail(request, public_id)


@endpoints.post(
    f"{ONE}/withdraw",
    "directives.confirm",
    summary="Thu hồi văn bản, hủy việc còn mở",
    answer=DirectiveDetailOut,
)
def withdraw(request: HttpRequest, public_id: UUID, data: OptionalReasonIn) -> Any:
    actor = actor_of(request)
    row = queries.directive(actor, public_id)
    actions.withdraw_directive(by=actor, directive=row, reason=data.reason, now=now())
    return detail(request, public_id)
