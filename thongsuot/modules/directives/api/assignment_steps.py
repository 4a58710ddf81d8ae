"""What is done with a task: each operation is one action, and answers with the task as it then stands."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, UploadedFile

from .. import actions, queries
from .assignments import ONE, detail, made_rows, one
from .endpoints import Endpoints
from .given import actor_of, kept, known_units, now
from .schemas_assignments import (
    AssignmentDetailOut,
    AssignmentOut,
    DifficultyIn,
    EventIn,
    ExtensionDecisionIn,
    ExtensionIn,
    HandDownIn,
    PeopleIn,
    PeriodIn,
    ProgressIn,
    ResultIn,
)
from .schemas_shared import NoteIn, OptionalReasonIn, ReasonIn

endpoints = Endpoints("Việc với nhiệm vụ")
WORK, ACCEPT, ASSIGN = "directives.work", "directives.accept", "directives.assign"


def _do(request: HttpRequest, public_id: UUID, action: Any, **said: Any) -> Any:
    actor = actor_of(request)
    action(by=actor, assignment=one(actor, public_id), now=now(), **said)
    return detail(actor, public_id)


@endpoints.post(f"{ONE}/start", WORK, summary="Bắt đầu thực hiện", answer=AssignmentDetailOut)
def start(request: HttpRequest, public_id: UUID) -> Any:
    return _do(request, public_id, actions.start)


@endpoints.post(
    f"{ONE}/progress", WORK, summary="Cập nhật tiến độ, kèm tệp nếu có", answer=AssignmentDetailOut
)
def progress(
    request: HttpRequest, public_id: UUID, data: Form[ProgressIn], file: File[UploadedFile | None] = None
) -> Any:
    actor = actor_of(request)
    stored = kept(actor, file, one(actor, public_id).unit_id)
    return _do(request, public_id, actions.report_progress, file=stored, **data.model_dump())


@endpoints.post(
    f"{ONE}/confirm-period",
    WORK,
    summary="Xác nhận việc thường xuyên trong một kỳ",
    answer=AssignmentDetailOut,
)
def confirm_period(
    request: HttpRequest, public_id: UUID, data: Form[PeriodIn], file: File[UploadedFile | None] = None
) -> Any:
    actor = actor_of(request)
    stored = kept(actor, file, one(actor, public_id).unit_id)
    return _do(request, public_id, actions.confirm_period, file=stored, **data.model_dump())


@endpoints.post(
    f"{ONE}/result", WORK, summary="Nộp kết quả với tệp hoặc liên kết", answer=AssignmentDetailOut
)
def submit(
    request: HttpRequest, public_id: UUID, data: Form[ResultIn], file: File[UploadedFile | None] = None
) -> Any:
    actor = actor_of(request)
    stored = kept(actor, file, one(actor, public_id).unit_id)
    return _do(request, public_id, actions.submit_result, file=stored, **data.model_dump())


@endpoints.post(f"{ONE}/accept", ACCEPT, summary="Nghiệm thu kết quả", answer=AssignmentDetailOut)
def accept(request: HttpRequest, public_id: UUID, data: NoteIn) -> Any:
    return _do(request, public_id, actions.accept_result, note=data.note)


@endpoints.post(f"{ONE}/return", ACCEPT, summary="Trả lại kết quả với lý do", answer=AssignmentDetailOut)
def give_back(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    return _do(request, public_id, actions.return_result, reason=data.reason)


@endpoints.post(
    f"{ONE}/hand-down",
    "directives.hand_down",
    summary="Giao xuống đơn vị cấp dưới, hoặc cho người của đơn vị",
    answer=list[AssignmentOut],
    status=201,
)
def hand_down(request: HttpRequest, public_id: UUID, data: HandDownIn) -> Any:
    actor = actor_of(request)
    known_units(data.unit_ids, "unit_ids")
    made = actions.hand_down(by=actor, assignment=one(actor, public_id), now=now(), **data.model_dump())
    return made_rows(actor, made)


@endpoints.post(
    f"{ONE}/people",
    "directives.hand_down",
    summary="Phân công người thực hiện, lãnh đạo phụ trách",
    answer=AssignmentDetailOut,
)
def people(request: HttpRequest, public_id: UUID, data: PeopleIn) -> Any:
    return _do(request, public_id, actions.set_people, **data.model_dump())


@endpoints.post(f"{ONE}/difficulties", WORK, summary="Nêu khó khăn, đề xuất", answer=AssignmentDetailOut)
def difficulty(request: HttpRequest, public_id: UUID, data: DifficultyIn) -> Any:
    return _do(request, public_id, actions.raise_difficulty, **data.model_dump())


@endpoints.post(f"{ONE}/extensions", WORK, summary="Xin gia hạn", answer=AssignmentDetailOut)
def request_extension(request: HttpRequest, public_id: UUID, data: ExtensionIn) -> Any:
    return _do(request, public_id, actions.request_extension, **data.model_dump())


@endpoints.post(
    f"{ONE}/extensions/{{int:extension_id}}/decide",
    ACCEPT,
    summary="Đồng ý hoặc không đồng ý gia hạn",
    answer=AssignmentDetailOut,
)
def decide_extension(
    request: HttpRequest, public_id: UUID, extension_id: int, data: ExtensionDecisionIn
) -> Any:
    actor = actor_of(request)
    story = queries.assignment_story(actor, one(actor, public_id))
    asked = next((e for e in story.extensions if e.pk == extension_id), None)
    if asked is None:
        raise Http404
    actions.decide_extension(by=actor, request=asked, now=now(), **data.model_dump())
    return detail(actor, public_id)


@endpoints.post(
    f"{ONE}/event",
    "directives.record_event",
    summary="Ghi nhận điều kiện đã xảy ra: thời hạn bắt đầu",
    answer=AssignmentDetailOut,
)
def event(request: HttpRequest, public_id: UUID, data: EventIn) -> Any:
    return _do(request, public_id, actions.record_event, **data.model_dump())


@endpoints.post(f"{ONE}/pause", ASSIGN, summary="Tạm dừng", answer=AssignmentDetailOut)
def pause(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    return _do(request, public_id, actions.pause, reason=data.reason)


@endpoints.post(f"{ONE}/resume", ASSIGN, summary="Tiếp tục", answer=AssignmentDetailOut)
def resume(request: HttpRequest, public_id: UUID, data: OptionalReasonIn) -> Any:
    return _do(request, public_id, actions.resume, reason=data.reason)


@endpoints.post(f"{ONE}/cancel", ASSIGN, summary="Hủy, cùng việc đã giao xuống", answer=AssignmentDetailOut)
def cancel(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    return _do(request, public_id, actions.cancel, reason=data.reason)
