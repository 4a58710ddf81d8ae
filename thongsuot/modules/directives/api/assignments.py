"""Tasks: given, done, decided on."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from thongsuot.kit.api.paging import paged
from thongsuot.kit.files.actions import store_upload

from .. import actions, queries
from ..types import AssignmentState, Timeliness
from .calls import actor_of, assignment_of, stored
from .schemas import (
    AnswerIn,
    AssignmentDetailOut,
    AssignmentIn,
    AssignmentOut,
    DecisionIn,
    DifficultyIn,
    DifficultyOut,
    EventIn,
    EvidenceOut,
    ExtensionIn,
    HandDownIn,
    NoteIn,
    ProgressIn,
    ReasonIn,
    SubmissionIn,
)

router = Router(tags=["Nhiệm vụ"])


@router.get("/assignments", response=list[AssignmentOut], summary="Nhiệm vụ mà chủ khoá được thấy")
@paged
def assignments(
    request: HttpRequest,
    q: str = "",
    timeliness: Timeliness | None = None,
    state: AssignmentState | None = None,
    unit_id: int | None = None,
    directive: UUID | None = None,
    parent: UUID | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
) -> Any:
    today = timezone.localdate()
    rows = queries.assignments(actor_of(request), today=today)
    exact = {
        "state": state,
        "unit_id": unit_id,
        "directive__public_id": directive,
        "parent__public_id": parent,
    }
    exact |= {"due_on__gte": due_from, "due_on__lte": due_to}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    rows = queries.with_timeliness(rows, timeliness, today) if timeliness else rows
    return queries.matching(rows, q) if q else rows


@router.post("/assignments", response={201: list[AssignmentOut]}, summary="Giao nhiệm vụ không từ văn bản")
def create(request: HttpRequest, data: AssignmentIn) -> Any:
    said = data.dict()
    said["period"] = said["period"] or ""
    made = actions.create_assignment(by=actor_of(request), now=timezone.now(), **said)
    return Status(201, _again(request, made))


def _again(request: HttpRequest, made: list[Any]) -> Any:
    rows = queries.assignments(actor_of(request), today=timezone.localdate())
    return rows.filter(pk__in=[one.pk for one in made])


def _detail(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    actor, row = actor_of(request), assignment_of(request, public_id)
    story = queries.assignment_story(actor, row)
    shown = {name: getattr(row, name) for name in AssignmentDetailOut.model_fields if hasattr(row, name)}
    return {
        **shown,
        "parent_id": row.parent.public_id if row.parent else None,
        "coordinating_unit_ids": [unit.pk for unit in story.coordinators],
        "open_steps": sorted(queries.open_steps(actor, row)),
        "submissions": story.submissions,
        "extensions": story.extensions,
        "difficulties": story.difficulties,
        "story": story.log,
    }


@router.get(
    "/assignments/{uuid:public_id}", response=AssignmentDetailOut, summary="Một nhiệm vụ và lịch sử của nó"
)
def detail(request: HttpRequest, public_id: UUID) -> Any:
    return _detail(request, public_id)


def _done(request: HttpRequest, public_id: UUID, act: Any, **said: Any) -> dict[str, Any]:
    """One action on the task, then the task as it is now."""
    act(by=actor_of(request), assignment=assignment_of(request, public_id), now=timezone.now(), **said)
    return _detail(request, public_id)


@router.post("/assignments/{uuid:public_id}/start", response=AssignmentDetailOut, summary="Bắt đầu")
def start(request: HttpRequest, public_id: UUID) -> Any:
    return _done(request, public_id, actions.start)


@router.post(
    "/assignments/{uuid:public_id}/progress", response=AssignmentDetailOut, summary="Cập nhật tiến độ"
)
def progress(request: HttpRequest, public_id: UUID, data: ProgressIn) -> Any:
    return _done(request, public_id, actions.report_progress, **data.dict())


@router.post(
    "/assignments/{uuid:public_id}/confirm-period", response=AssignmentDetailOut, summary="Xác nhận kỳ"
)
def confirm_period(request: HttpRequest, public_id: UUID, data: NoteIn) -> Any:
    return _done(request, public_id, actions.confirm_period, note=data.note)


@router.post("/assignments/{uuid:public_id}/submit", response=AssignmentDetailOut, summary="Nộp sản phẩm")
def submit(request: HttpRequest, public_id: UUID, data: SubmissionIn) -> Any:
    said = data.dict(exclude={"file_id"})
    return _done(request, public_id, actions.submit_result, file=stored(request, data.file_id), **said)


@router.post("/assignments/{uuid:public_id}/accept", response=AssignmentDetailOut, summary="Nghiệm thu")
def accept(request: HttpRequest, public_id: UUID, data: NoteIn) -> Any:
    return _done(request, public_id, actions.accept_result, note=data.note)


@router.post("/assignments/{uuid:public_id}/return", response=AssignmentDetailOut, summary="Trả lại")
def give_back(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    return _done(request, public_id, actions.return_result, reason=data.reason)


@router.post("/assignments/{uuid:public_id}/extension", response=AssignmentDetailOut, summary="Xin gia hạn")
def extension(request: HttpRequest, public_id: UUID, data: ExtensionIn) -> Any:
    return _done(request, public_id, actions.request_extension, **data.dict())


@router.post(
    "/assignments/{uuid:public_id}/extension/decide",
    response=AssignmentDetailOut,
    summary="Quyết định gia hạn",
)
def decide_extension(request: HttpRequest, public_id: UUID, data: DecisionIn) -> Any:
    actor, row = actor_of(request), assignment_of(request, public_id)
    pending = queries.assignment_story(actor, row).pending_extension
    if pending is None:
        raise Http404
    actions.decide_extension(by=actor, request=pending, now=timezone.now(), **data.dict())
    return _detail(request, public_id)


@router.post(
    "/assignments/{uuid:public_id}/event",
    response=AssignmentDetailOut,
    summary="Điều kiện của thời hạn đã xảy ra",
)
def event(request: HttpRequest, public_id: UUID, data: EventIn) -> Any:
    return _done(request, public_id, actions.record_event, **data.dict())


@router.post(
    "/assignments/{uuid:public_id}/hand-down",
    response={201: list[AssignmentOut]},
    summary="Giao xuống cấp dưới",
)
def hand_down(request: HttpRequest, public_id: UUID, data: HandDownIn) -> Any:
    row = assignment_of(request, public_id)
    made = actions.hand_down(by=actor_of(request), assignment=row, now=timezone.now(), **data.dict())
    return Status(201, _again(request, made))


@router.post("/assignments/{uuid:public_id}/pause", response=AssignmentDetailOut, summary="Tạm dừng")
def pause(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    return _done(request, public_id, actions.pause, reason=data.reason)


@router.post("/assignments/{uuid:public_id}/resume", response=AssignmentDetailOut, summary="Tiếp tục")
def resume(request: HttpRequest, public_id: UUID) -> Any:
    return _done(request, public_id, actions.resume)


@router.post("/assignments/{uuid:public_id}/cancel", response=AssignmentDetailOut, summary="Hủy")
def cancel(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    return _done(request, public_id, actions.cancel, reason=data.reason)


@router.post(
    "/assignments/{uuid:public_id}/difficulties",
    response=AssignmentDetailOut,
    summary="Nêu khó khăn, kiến nghị",
)
def raise_difficulty(request: HttpRequest, public_id: UUID, data: DifficultyIn) -> Any:
    return _done(request, public_id, actions.raise_difficulty, **data.dict())


@router.get("/difficulties", response=list[DifficultyOut], summary="Khó khăn, vướng mắc")
@paged
def difficulties(request: HttpRequest, open: bool | None = None) -> Any:
    return queries.difficulties(actor_of(request), is_open=open)


@router.post("/difficulties/{int:pk}/decide", response=DifficultyOut, summary="Giải quyết khó khăn")
def decide_difficulty(request: HttpRequest, pk: int, data: AnswerIn) -> Any:
    actor = actor_of(request)
    row = queries.difficulty(actor, pk)
    return actions.decide_difficulty(by=actor, difficulty=row, decision=data.decision, now=timezone.now())


@router.post("/difficulties/{int:pk}/forward", response=DifficultyOut, summary="Chuyển lên cấp trên")
def forward_difficulty(request: HttpRequest, pk: int, data: NoteIn) -> Any:
    actor = actor_of(request)
    row = queries.difficulty(actor, pk)
    return actions.forward_difficulty(by=actor, difficulty=row, note=data.note, now=timezone.now())


@router.post("/evidence", response={201: EvidenceOut}, summary="Gửi tệp minh chứng, dùng khi nộp")
def evidence(request: HttpRequest, file: File[UploadedFile], unit_id: Form[int]) -> Any:
    kept = store_upload(by=actor_of(request), upload=file, owner_unit_id=unit_id, kind="directives.evidence")
    return Status(201, {"file_id": kept.public_id, "name": kept.original_name, "size": kept.size})
