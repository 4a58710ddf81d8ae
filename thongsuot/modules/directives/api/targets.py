"""Targets: where they stand, values reported and decided on."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, Query, Schema, UploadedFile
from pydantic import Field

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.queries import describe

from .. import actions, queries
from ..actions.targets import ReportedFigure
from ..queries.values import reported_values
from .endpoints import Endpoints
from .given import actor_of, kept, now, today
from .schemas_shared import NoteIn, ReasonIn
from .schemas_targets import (
    IndicatorIn,
    StandingOut,
    TargetDetailOut,
    TargetOut,
    ValueIn,
    ValueOut,
    WaitingValueOut,
)
from .values import Search, invalid

endpoints = Endpoints("Chỉ tiêu")
SEE = "directives.view_unit"
ONE = "/targets/{uuid:public_id}"


class TargetFilters(Schema):
    q: Search = Field("", description="Từ trong chỉ tiêu")
    directive_id: UUID | None = None
    automatic: bool | None = Field(None, description="Số liệu lấy từ chỉ số")


def _one(actor: Actor, public_id: UUID) -> Any:
    row = queries.target(actor, public_id)
    if row is None:
        raise Http404
    return row


def _detail(actor: Actor, public_id: UUID) -> dict[str, Any]:
    row = _one(actor, public_id)
    found = queries.target_detail(actor, row, today=today())
    fields = {name: getattr(row, name) for name in TargetOut.model_fields if name != "id"}
    return fields | {
        "id": row.public_id,
        "current": found.value,
        "met": found.met,
        "how": found.how,
        "trend": [{"day": day, "value": value} for day, value in found.trend],
        "course": found.course,
        "can_manage": found.can_manage,
        "reports_for": [unit.pk for unit in found.reports_for],
    }


def _value(actor: Actor, value_id: int) -> dict[str, Any]:
    row = queries.target_value(actor, value_id)
    found = reported_values(actor, row.target).filter(pk=value_id).first() if row is not None else None
    if found is None:
        raise Http404
    return _shown(found, describe([found.file_id]))


def _shown(row: Any, files: dict[int, Any]) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in ValueOut.model_fields if name != "file"}
    return {**fields, "file": files.get(row.file_id)}


@endpoints.get("/targets", SEE, summary="Chỉ tiêu", answer=list[TargetOut], many=True)
def targets(request: HttpRequest, filters: Query[TargetFilters]) -> Any:
    rows = queries.targets(actor_of(request))
    for word in filters.q.split()[:8]:
        rows = rows.filter(text__icontains=word)
    if filters.directive_id:
        rows = rows.filter(directive__public_id=filters.directive_id)
    if filters.automatic is not None:
        rows = rows.exclude(indicator_code="") if filters.automatic else rows.filter(indicator_code="")
    return rows


@endpoints.get(ONE, SEE, summary="Một chỉ tiêu: giá trị hiện tại, diễn biến", answer=TargetDetailOut)
def target(request: HttpRequest, public_id: UUID) -> Any:
    return _detail(actor_of(request), public_id)


@endpoints.get(
    f"{ONE}/units",
    SEE,
    summary="Từng đơn vị được giao đang ở đâu; missing: chỉ những đơn vị chưa đạt",
    answer=list[StandingOut],
    many=True,
)
def standings(request: HttpRequest, public_id: UUID, missing: bool = False) -> Any:
    actor = actor_of(request)
    found = queries.target_detail(actor, _one(actor, public_id), today=today())
    return found.missing if missing else found.standings


@endpoints.get(f"{ONE}/values", SEE, summary="Số liệu mà đơn vị đã báo cáo", answer=list[ValueOut], many=True)
def values(request: HttpRequest, public_id: UUID) -> Any:
    actor = actor_of(request)
    rows = list(reported_values(actor, _one(actor, public_id)))
    files = describe(row.file_id for row in rows)
    return [_shown(row, files) for row in rows]


@endpoints.post(
    f"{ONE}/values",
    "directives.report",
    SEE,
    summary="Báo cáo số liệu với tệp hoặc liên kết minh chứng",
    answer=ValueOut,
    status=201,
)
def report(
    request: HttpRequest, public_id: UUID, data: Form[ValueIn], file: File[UploadedFile | None] = None
) -> Any:
    actor = actor_of(request)
    row = _one(actor, public_id)
    mine = {u.pk: u for u in queries.target_detail(actor, row, today=today()).reports_for}
    if data.unit_id is None and len(mine) > 1:
        raise invalid("unit_id", "missing")
    unit = mine.get(data.unit_id) if data.unit_id else next(iter(mine.values()), None)
    if unit is None:
        raise Http404
    made = actions.report_value(
        by=actor,
        target=row,
        unit=unit,
        figure=ReportedFigure(data.as_of, data.value, data.numerator, data.denominator),
        file=kept(actor, file, unit.pk),
        link=data.link,
        note=data.note,
        now=now(),
    )
    return _value(actor, made.pk)


@endpoints.post(
    f"{ONE}/indicator", "directives.confirm", SEE, summary="Gắn với chỉ số", answer=TargetDetailOut
)
def bind(request: HttpRequest, public_id: UUID, data: IndicatorIn) -> Any:
    actor = actor_of(request)
    actions.bind_indicator(by=actor, target=_one(actor, public_id), code=data.code)
    return _detail(actor, public_id)


@endpoints.get(
    "/target-values/waiting",
    "directives.approve_value",
    summary="Số liệu chờ chủ khoá duyệt",
    answer=list[WaitingValueOut],
    many=True,
)
def waiting(request: HttpRequest) -> Any:
    return queries.values_to_approve(actor_of(request))


@endpoints.post(
    "/target-values/{int:value_id}/approve",
    "directives.approve_value",
    SEE,
    summary="Duyệt số liệu",
    answer=ValueOut,
)
def approve(request: HttpRequest, value_id: int, data: NoteIn) -> Any:
    actor = actor_of(request)
    row = queries.target_value(actor, value_id)
    if row is None:
        raise Http404
    actions.approve_value(by=actor, value=row, note=data.note, now=now())
    return _value(actor, value_id)


@endpoints.post(
    "/target-values/{int:value_id}/return",
    "directives.approve_value",
    SEE,
    summary="Trả lại số liệu với lý do",
    answer=ValueOut,
)
def give_back(request: HttpRequest, value_id: int, data: ReasonIn) -> Any:
    actor = actor_of(request)
    row = queries.target_value(actor, value_id)
    if row is None:
        raise Http404
    actions.return_value(by=actor, value=row, reason=data.reason, now=now())
    return _value(actor, value_id)
