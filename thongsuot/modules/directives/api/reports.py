"""Reports owed: who owes which to whom, handed in, returned, gathered."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import File, Form, Query, Schema, UploadedFile
from pydantic import Field

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.queries import describe

from .. import actions, queries
from ..types import ObligationState
from .endpoints import Endpoints
from .given import actor_of, home_body, kept, known_units, now, today
from .schemas_reports import DutyIn, DutyOut, ForwardIn, ObligationDetailOut, ObligationOut, ReportIn
from .schemas_shared import NoteIn, ReasonIn
from .values import Day, Key, Search, invalid

endpoints = Endpoints("Chế độ báo cáo")
SEE = "directives.view_unit"
ONE = "/report-obligations/{uuid:public_id}"


class ObligationFilters(Schema):
    q: Search = Field("", description="Từ trong tên báo cáo")
    state: list[ObligationState] = Field([])
    unit_id: Key | None = Field(None, description="Đơn vị báo cáo")
    to_unit_id: Key | None = Field(None, description="Nơi nhận")
    duty_id: UUID | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    late: bool = Field(False, description="Chỉ những báo cáo đang quá hạn")


def narrowed(rows: QuerySet[Any], asked: ObligationFilters) -> QuerySet[Any]:
    plain = {
        "state__in": asked.state or None,
        "unit_id": asked.unit_id,
        "to_unit_id": asked.to_unit_id,
        "duty__public_id": asked.duty_id,
        "due_on__gte": asked.due_from,
        "due_on__lte": asked.due_to,
    }
    rows = rows.filter(**{k: v for k, v in plain.items() if v is not None})
    if asked.late:
        rows = rows.filter(state__in=(ObligationState.OWED, ObligationState.RETURNED), due_on__lt=today())
    for word in asked.q.split()[:8]:
        rows = rows.filter(duty__what__icontains=word)
    return rows


def _one(actor: Actor, public_id: UUID) -> Any:
    row = queries.obligation(actor, public_id, today=today())
    if row is None:
        raise Http404
    return row


def _detail(actor: Actor, public_id: UUID) -> dict[str, Any]:
    row = _one(actor, public_id)
    story = queries.obligation_story(actor, row, today=today())
    fields = {n: getattr(row, n) for n in ObligationOut.model_fields if n not in ("id", "directive")}
    return fields | {
        "id": row.public_id,
        "directive": row.duty.directive,
        "summary": row.summary,
        "file": describe([row.file_id]).get(row.file_id or 0),
        "decision_note": row.decision_note,
        "steps": story.steps,
        "log": [
            {
                "at": line.at,
                "verb": line.verb,
                "detail": line.detail,
                "who": line.by.full_name if line.by else "",
            }
            for line in story.log
        ],
        "gathered": [_below(one) for one in story.gathered],
        "to_gather": [_below(one) for one in story.to_gather],
    }


def _below(row: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("unit", "state", "summary")}
    return {"key": row.pk, "id": row.public_id, **shown}


@endpoints.get("/reporting-duties", SEE, summary="Chế độ báo cáo", answer=list[DutyOut], many=True)
def duties(request: HttpRequest, q: Search = "", directive_id: UUID | None = None) -> Any:
    rows = queries.duties(actor_of(request), today=today())
    for word in q.split()[:8]:
        rows = rows.filter(what__icontains=word)
    return rows.filter(directive__public_id=directive_id) if directive_id else rows


@endpoints.post(
    "/reporting-duties",
    "directives.assign",
    summary="Đặt một chế độ báo cáo về đơn vị của chủ khoá",
    answer=DutyOut,
    status=201,
)
def create_duty(request: HttpRequest, data: DutyIn) -> Any:
    actor = actor_of(request)
    body = home_body(actor)
    units = known_units(data.unit_ids, "unit_ids")
    # An action lets a body ask anybody; whom the key may give work to is what it may ask.
    if any(not actor.can("directives.assign", unit) for unit in units):
        raise invalid("unit_ids", "unit_unknown")
    if data.last_due_on and data.last_due_on < data.first_due_on:
        raise invalid("last_due_on", "greater_than_equal")
    made = actions.create_duty(
        by=actor,
        owner_unit=body,
        what=data.what,
        owing=[(unit, body.pk) for unit in units],
        period=data.period.value if data.period else "",
        first_due_on=data.first_due_on,
        last_due_on=data.last_due_on,
        now=now(),
    )
    return queries.duties(actor, today=today()).get(pk=made.pk)


@endpoints.get(
    "/report-obligations",
    SEE,
    summary="Báo cáo phải nộp, phải nhận; hạn gần trước",
    answer=list[ObligationOut],
    many=True,
)
def obligations(request: HttpRequest, filters: Query[ObligationFilters]) -> Any:
    return narrowed(queries.obligations(actor_of(request), today=today()), filters)


@endpoints.get(ONE, SEE, summary="Một báo cáo với lịch sử", answer=ObligationDetailOut)
def obligation(request: HttpRequest, public_id: UUID) -> Any:
    return _detail(actor_of(request), public_id)


@endpoints.post(f"{ONE}/submit", "directives.report", SEE, summary="Nộp báo cáo", answer=ObligationDetailOut)
def submit(
    request: HttpRequest, public_id: UUID, data: Form[ReportIn], file: File[UploadedFile | None] = None
) -> Any:
    actor = actor_of(request)
    row = _one(actor, public_id)
    stored = kept(actor, file, row.unit_id)
    actions.submit_report(by=actor, obligation=row, summary=data.summary, file=stored, now=now())
    return _detail(actor, public_id)


@endpoints.post(
    f"{ONE}/forward",
    "directives.report",
    SEE,
    summary="Tổng hợp báo cáo cấp dưới và nộp",
    answer=ObligationDetailOut,
)
def forward(
    request: HttpRequest, public_id: UUID, data: Form[ForwardIn], file: File[UploadedFile | None] = None
) -> Any:
    actor = actor_of(request)
    row = _one(actor, public_id)
    actions.forward_reports(
        by=actor,
        obligation=row,
        gathered=data.gathered,
        summary=data.summary,
        file=kept(actor, file, row.unit_id),
        now=now(),
    )
    return _detail(actor, public_id)


@endpoints.post(f"{ONE}/accept", "directives.accept", SEE, summary="Nhận báo cáo", answer=ObligationDetailOut)
def accept(request: HttpRequest, public_id: UUID, data: NoteIn) -> Any:
    actor = actor_of(request)
    actions.accept_report(by=actor, obligation=_one(actor, public_id), note=data.note, now=now())
    return _detail(actor, public_id)


@endpoints.post(
    f"{ONE}/return", "directives.accept", SEE, summary="Trả lại với lý do", answer=ObligationDetailOut
)
def give_back(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    actor = actor_of(request)
    actions.return_report(by=actor, obligation=_one(actor, public_id), reason=data.reason, now=now())
    return _detail(actor, public_id)


@endpoints.post(
    f"{ONE}/waive", "directives.accept", SEE, summary="Miễn báo cáo kỳ này", answer=ObligationDetailOut
)
def waive(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    actor = actor_of(request)
    actions.waive(by=actor, obligation=_one(actor, public_id), reason=data.reason, now=now())
    return _detail(actor, public_id)
