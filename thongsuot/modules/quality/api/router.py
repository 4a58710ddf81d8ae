"""API v1 of the quality of data: the index, its ranking and trend, rules, cases and what is done with them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api.paging import paged
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..domain.index import Layer, shown
from ..tasks import start_check
from ..types import BOOK, CaseState, Severity

router = Router(tags=["Chất lượng dữ liệu"])
VIEW, MEND, RUN = "quality.view", "quality.mend", "quality.run"
Key = Annotated[int, Field(ge=1, le=2**62)]


class LayerOut(Schema):
    key: str = Field(description="Mã dữ liệu, trường, tiêu chí hoặc quy tắc; rỗng ở gốc")
    value: Decimal | None = Field(description="0 đến 100, một chữ số thập phân; null khi chưa đánh giá")
    weight: Decimal
    assessed: int
    failed: int
    incidents: int = Field(description="Số lỗi ở mã định danh: phải bằng 0")
    below: "list[LayerOut]"


class IndexOut(Schema):
    unit_id: int
    day: date
    colour: str | None
    schools: int
    index: LayerOut


class PointOut(Schema):
    day: date
    value: Decimal | None


class RankedOut(Schema):
    rank: int | None
    unit_id: int
    name: str
    value: Decimal | None
    colour: str | None
    failed: int
    incidents: int


class RuleOut(Schema):
    code: str
    dataset: str
    field: str
    title: str
    group: str
    word: str
    severity: str
    source: str
    message: str
    repair: str
    is_on: bool
    weight: Decimal
    sla_days: int
    identifier: bool
    numbers: dict[str, int]


class CaseOut(Schema):
    id: UUID
    rule: str
    dataset: str
    field: str
    severity: str
    state: str
    unit_id: int
    unit_name: str
    owner_name: str
    opened_on: date
    due_on: date
    closed_on: date | None
    reopened: int
    explanation: str

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        return row["id"] if isinstance(row, dict) else row.public_id

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return row.unit.name

    @staticmethod
    def resolve_owner_name(row: Any) -> str:
        return row.owner.full_name if row.owner else ""

    @staticmethod
    def resolve_closed_on(row: Any) -> date | None:
        return timezone.localtime(row.closed_at).date() if row.closed_at else None


class CasesAsked(Schema):
    state: CaseState | None = Field(None, description="Bỏ trống: đang mở")
    severity: Severity | None = None
    rule: str = ""
    dataset: str = ""
    unit_id: Key | None = Field(None, description="Kể cả đơn vị cấp dưới")
    due_before: date | None = None


class ExplainIn(Schema):
    model_config = ConfigDict(extra="forbid")
    explanation: str = Field(max_length=500)


class CheckIn(Schema):
    model_config = ConfigDict(extra="forbid")
    unit_id: Key | None = Field(None, description="Bỏ trống: toàn tỉnh")


class CheckOut(Schema):
    job_id: UUID


def _scopes(*rights: str) -> dict[str, Any]:
    return {
        "openapi_extra": {"x-scopes": list(rights)},
        "description": "Phạm vi của khoá: " + ", ".join(f"`{right}`" for right in rights) + ".",
    }


def _actor(request: HttpRequest, right: str) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(right)
    return actor


def _unit(actor: Actor, unit_id: int | None) -> int:
    if unit_id is not None:
        return unit_id
    if actor.acting is None:
        raise Http404
    place = organization.unit_places([actor.acting.unit_id])[actor.acting.unit_id]
    is_office = place.kind in organization.OFFICE_KINDS and place.parent_id is not None
    return int(place.parent_id or 0) if is_office else place.id


def _case(actor: Actor, public_id: UUID) -> Any:
    found = queries.case(actor, public_id)
    if found is None:
        raise Http404
    return found


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "key": layer.key,
        "value": shown(layer.value),
        "weight": layer.weight,
        "assessed": layer.assessed,
        "failed": layer.failed,
        "incidents": layer.incidents,
        "below": [_layer(one) for one in layer.below],
    }


@router.get(
    "/quality/index", response=IndexOut, summary="Chỉ số chất lượng của một đơn vị, bốn lớp", **_scopes(VIEW)
)
def index(request: HttpRequest, unit_id: Key | None = None, day: date | None = None) -> Any:
    actor, day = _actor(request, VIEW), day or timezone.localdate()
    found = queries.index_of(actor, unit_id=_unit(actor, unit_id), day=day)
    return {
        "unit_id": found.unit_id,
        "day": day,
        "colour": found.colour,
        "schools": found.schools,
        "index": _layer(found.layer),
    }


@router.get("/quality/trend", response=list[PointOut], summary="Chỉ số theo ngày", **_scopes(VIEW))
def trend(request: HttpRequest, unit_id: Key | None = None) -> Any:
    actor = _actor(request, VIEW)
    points = queries.trend(actor, unit_id=_unit(actor, unit_id), until=timezone.localdate())
    return [{"day": one.day, "value": shown(one.value)} for one in points]


@router.get("/quality/ranking", response=list[RankedOut], summary="Xếp hạng xã hoặc trường", **_scopes(VIEW))
@paged
def ranking(request: HttpRequest, level: Literal["commune", "school"]) -> Any:
    found = queries.ranking(_actor(request, VIEW), level=level, day=timezone.localdate())
    return [
        {**{name: getattr(one, name) for name in RankedOut.model_fields}, "value": shown(one.value)}
        for one in found
    ]


@router.get("/quality/rules", response=list[RuleOut], summary="Quy tắc như đang thiết lập", **_scopes(VIEW))
@paged
def rules(request: HttpRequest) -> Any:
    _actor(request, VIEW)
    return [
        {
            **{
                name: getattr(one.rule, name)
                for name in ("code", "dataset", "field", "sla_days", "identifier")
            },
            **{name: str(getattr(one.rule, name)) for name in ("title", "source", "message", "repair")},
            **{name: getattr(one.rule, name).value for name in ("group", "word", "severity")},
            "is_on": one.is_on,
            "weight": one.weight,
            "numbers": one.numbers,
        }
        for one in queries.set_rules(timezone.localdate())
    ]


@router.get("/quality/cases", response=list[CaseOut], summary="Lỗi dữ liệu, gấp nhất trước", **_scopes(VIEW))
@paged
def cases(request: HttpRequest, asked: Query[CasesAsked]) -> Any:
    rows = queries.cases(_actor(request, VIEW)).order_by("due_on", "id")
    rows = rows.filter(state=asked.state) if asked.state else rows.filter(closed_at__isnull=True)
    for name in ("severity", "rule", "dataset"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.unit_id is not None:
        rows = rows.filter(unit_id__in=organization.unit_ids_below(asked.unit_id))
    return rows.filter(due_on__lt=asked.due_before) if asked.due_before else rows


@router.get("/quality/cases/{uuid:public_id}", response=CaseOut, summary="Một lỗi dữ liệu", **_scopes(VIEW))
def case(request: HttpRequest, public_id: UUID) -> Any:
    return _case(_actor(request, VIEW), public_id)


@router.post(
    "/quality/cases/{uuid:public_id}/take", response=CaseOut, summary="Nhận xử lý", **_scopes(VIEW, MEND)
)
def take(request: HttpRequest, public_id: UUID) -> Any:
    actor = _actor(request, MEND)
    return actions.take_case(by=actor, case=_case(actor, public_id))


@router.post(
    "/quality/cases/{uuid:public_id}/claim",
    response=CaseOut,
    summary="Báo đã sửa: kiểm tra lại ngay, chỉ đóng khi dữ liệu đúng",
    **_scopes(VIEW, MEND),
)
def claim(request: HttpRequest, public_id: UUID) -> Any:
    actor = _actor(request, MEND)
    with transaction.atomic():
        return actions.claim_mended(by=actor, case=_case(actor, public_id), today=timezone.localdate())


@router.post(
    "/quality/cases/{uuid:public_id}/explain",
    response=CaseOut,
    summary="Giải trình cảnh báo",
    **_scopes(VIEW, MEND),
)
def explain(request: HttpRequest, public_id: UUID, said: ExplainIn) -> Any:
    actor = _actor(request, MEND)
    return actions.explain_case(by=actor, case=_case(actor, public_id), explanation=said.explanation)


@router.post("/quality/checks", response={202: CheckOut}, summary="Chạy kiểm tra ở nền", **_scopes(VIEW, RUN))
def check(request: HttpRequest, asked: CheckIn) -> Any:
    actor = _actor(request, RUN)
    with transaction.atomic():
        job = start_check(
            by=actor, unit_id=asked.unit_id, title=f"Kiểm tra dữ liệu: {len(BOOK.rules)} quy tắc"
        )
    return Status(202, {"job_id": job.public_id})
