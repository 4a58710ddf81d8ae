"""Targets, reports, dashboards, ranking, search."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Status

from thongsuot.kit.api.paging import paged
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..actions.targets import ReportedFigure
from ..types import ObligationState
from .calls import actor_of, found, stored
from .schemas import (
    CalendarOut,
    DashboardOut,
    DutyOut,
    HitOut,
    IndicatorIn,
    NoteIn,
    ObligationOut,
    RankedOut,
    ReasonIn,
    ReportIn,
    TargetDetailOut,
    TargetOut,
    ValueIn,
    ValueOut,
    WaitingOut,
)

router = Router(tags=["Chỉ tiêu, báo cáo, điều hành"])


# -- targets -------------------------------------------------------------------------------------


def _target(request: HttpRequest, public_id: UUID) -> Any:
    return found(queries.target(actor_of(request), public_id))


@router.get("/targets", response=list[TargetOut], summary="Chỉ tiêu")
@paged
def targets(request: HttpRequest, directive: UUID | None = None) -> Any:
    rows = queries.targets(actor_of(request))
    return rows.filter(directive__public_id=directive) if directive else rows


@router.get(
    "/targets/{uuid:public_id}", response=TargetDetailOut, summary="Giá trị, xu hướng, đơn vị còn thiếu"
)
def target(request: HttpRequest, public_id: UUID) -> Any:
    row = _target(request, public_id)
    detail = queries.target_detail(actor_of(request), row, today=timezone.localdate())
    missing = [line.unit.pk for line in detail.missing]
    shown = {"current": detail.value, "met": detail.met, "trend": detail.trend, "units": detail.standings}
    return {"target": row, "missing_unit_ids": missing, **shown}


@router.put("/targets/{uuid:public_id}/indicator", response=TargetOut, summary="Gắn chỉ số")
def bind(request: HttpRequest, public_id: UUID, data: IndicatorIn) -> Any:
    actions.bind_indicator(by=actor_of(request), target=_target(request, public_id), code=data.code)
    return _target(request, public_id)


@router.post(
    "/targets/{uuid:public_id}/values", response={201: ValueOut}, summary="Báo cáo số liệu kèm minh chứng"
)
def report_value(request: HttpRequest, public_id: UUID, data: ValueIn) -> Any:
    actor = actor_of(request)
    unit = found(organization.unit_detail(actor, data.unit_id))
    figure = ReportedFigure(data.as_of, data.value, data.numerator, data.denominator)
    evidence = {"file": stored(request, data.file_id), "link": data.link, "note": data.note}
    made = actions.report_value(
        by=actor, target=_target(request, public_id), unit=unit, figure=figure, now=timezone.now(), **evidence
    )
    return Status(201, made)


@router.post("/target-values/{int:pk}/approve", response=ValueOut, summary="Duyệt số liệu")
def approve_value(request: HttpRequest, pk: int, data: NoteIn) -> Any:
    actor = actor_of(request)
    value = found(queries.target_value(actor, pk))
    return actions.approve_value(by=actor, value=value, note=data.note, now=timezone.now())


@router.post("/target-values/{int:pk}/return", response=ValueOut, summary="Trả lại số liệu")
def return_value(request: HttpRequest, pk: int, data: ReasonIn) -> Any:
    actor = actor_of(request)
    value = found(queries.target_value(actor, pk))
    return actions.return_value(by=actor, value=value, reason=data.reason, now=timezone.now())


# -- reports -------------------------------------------------------------------------------------


def _obligation(request: HttpRequest, public_id: UUID) -> Any:
    return found(queries.obligation(actor_of(request), public_id, today=timezone.localdate()))


@router.get("/reports", response=list[ObligationOut], summary="Báo cáo phải nộp, phải nhận")
@paged
def reports(
    request: HttpRequest,
    state: ObligationState | None = None,
    unit_id: int | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
) -> Any:
    exact = {"state": state, "unit_id": unit_id, "due_on__gte": due_from, "due_on__lte": due_to}
    rows = queries.obligations(actor_of(request), today=timezone.localdate())
    return rows.filter(**{name: value for name, value in exact.items() if value is not None})


@router.get("/reports/{uuid:public_id}", response=ObligationOut, summary="Một báo cáo")
def report(request: HttpRequest, public_id: UUID) -> Any:
    return _obligation(request, public_id)


@router.post(
    "/reports/{uuid:public_id}/submit", response=ObligationOut, summary="Nộp báo cáo, kèm báo cáo cấp dưới"
)
def submit(request: HttpRequest, public_id: UUID, data: ReportIn) -> Any:
    actor, row = actor_of(request), _obligation(request, public_id)
    said = {"summary": data.summary, "file": stored(request, data.file_id), "now": timezone.now()}
    if data.gathered:
        below = [_obligation(request, one).pk for one in data.gathered]
        actions.forward_reports(by=actor, obligation=row, gathered=below, **said)
    else:
        actions.submit_report(by=actor, obligation=row, **said)
    return _obligation(request, public_id)


@router.post("/reports/{uuid:public_id}/accept", response=ObligationOut, summary="Nhận báo cáo")
def accept(request: HttpRequest, public_id: UUID, data: NoteIn) -> Any:
    row = _obligation(request, public_id)
    actions.accept_report(by=actor_of(request), obligation=row, note=data.note, now=timezone.now())
    return _obligation(request, public_id)


@router.post("/reports/{uuid:public_id}/return", response=ObligationOut, summary="Trả lại báo cáo")
def give_back(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    row = _obligation(request, public_id)
    actions.return_report(by=actor_of(request), obligation=row, reason=data.reason, now=timezone.now())
    return _obligation(request, public_id)


@router.post("/reports/{uuid:public_id}/waive", response=ObligationOut, summary="Miễn báo cáo")
def waive(request: HttpRequest, public_id: UUID, data: ReasonIn) -> Any:
    row = _obligation(request, public_id)
    actions.waive(by=actor_of(request), obligation=row, reason=data.reason, now=timezone.now())
    return _obligation(request, public_id)


@router.get("/reporting-duties", response=list[DutyOut], summary="Chế độ báo cáo")
@paged
def duties(request: HttpRequest) -> Any:
    return queries.duties(actor_of(request), today=timezone.localdate())


@router.get("/calendar", response=list[CalendarOut], summary="Lịch báo cáo (nhiều nhất 400 ngày)")
def calendar(request: HttpRequest, first: date, last: date) -> Any:
    if not 0 <= (last - first).days <= 400:
        raise Http404
    return queries.calendar(actor_of(request), first=first, last=last, today=timezone.localdate())


# -- figures -------------------------------------------------------------------------------------


@router.get("/dashboard", response=DashboardOut, summary="Bảng điều hành của một đơn vị")
def dashboard(request: HttpRequest, unit_id: int) -> Any:
    return queries.dashboard(actor_of(request), unit_id=unit_id, today=timezone.localdate())


@router.get("/ranking", response=list[RankedOut], summary="Xếp hạng: office, commune, school")
def ranking(request: HttpRequest, level: str) -> Any:
    return queries.ranking(actor_of(request), level=level, today=timezone.localdate())


@router.get("/waiting", response=list[WaitingOut], summary="Việc chờ chủ khoá")
def waiting(request: HttpRequest) -> Any:
    return queries.waiting_for_me(actor_of(request), timezone.localdate())


@router.get("/search", response=list[HitOut], summary="Tìm không dấu trong văn bản, nhiệm vụ, chỉ tiêu")
def search(request: HttpRequest, q: str) -> Any:
    return queries.search(actor_of(request), q)
