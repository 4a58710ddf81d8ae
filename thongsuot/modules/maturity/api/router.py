"""API v1 of digital maturity: rubrics, assessments, the register, the overview. Read only."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api.paging import paged

from .. import queries
from ..types import AssessmentState

router = Router(tags=["Mức độ chuyển đổi số"])
VIEW = "maturity.view"


class RubricOut(Schema):
    id: UUID
    code: str
    number: int
    decision: str
    title: str
    is_enabled: bool
    body: dict[str, Any] = Field(description="Theo data/maturity/README.md")

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        return row.public_id


class AssessmentOut(Schema):
    id: UUID
    unit_id: int
    unit_name: str
    school_year: str
    rubric: str
    state: str
    self_level: int | None
    self_points: dict[str, str]
    external_level: int | None = Field(description="null khi đoàn chưa gửi kết quả")
    external_points: dict[str, str]
    submitted_at: datetime | None

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        return row.public_id

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return str(row.unit.name)

    @staticmethod
    def resolve_school_year(row: Any) -> str:
        return str(row.round.school_year.name)

    @staticmethod
    def resolve_rubric(row: Any) -> str:
        return str(row.rubric.decision)


class ItemOut(Schema):
    code: str
    name: str
    own_points: Decimal
    known_points: Decimal | None = Field(description="Theo số liệu của hệ thống")
    external_points: Decimal | None
    from_registry: bool
    evidence: int


class SheetOut(Schema):
    assessment: AssessmentOut
    level: int
    missing: list[str] = Field(description="Điều kiện bắt buộc còn thiếu")
    items: list[ItemOut]
    next_steps: list[str] = Field(description="Mã mục cần làm để lên mức sau, ít công sức nhất trước")


class LevelOut(Schema):
    unit_id: int
    unit_name: str
    school_year: str
    level: int
    decision: str
    signed_on: date
    is_live: bool

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return str(row.unit.name)

    @staticmethod
    def resolve_school_year(row: Any) -> str:
        return str(row.decision.round.school_year.name)

    @staticmethod
    def resolve_decision(row: Any) -> str:
        return str(row.decision)

    @staticmethod
    def resolve_signed_on(row: Any) -> date:
        found: date = row.decision.signed_on
        return found


class AreaOut(Schema):
    unit_id: int
    name: str
    area_code: str = Field(description="Mã đơn vị hành chính, để đặt lên bản đồ")
    schools: int
    begun: int
    handed_in: int
    concluded: int
    levels: dict[str, int] = Field(description="Số trường theo mức đã công bố")
    reached: Decimal | None = Field(description="Tỉ lệ trường đạt mức 2 trở lên (%)")
    reached_before: Decimal | None = Field(description="Tỉ lệ ấy của năm học trước; null khi chưa có")
    gain: Decimal | None = Field(description="Tăng, giảm so với năm học trước (điểm %)")

    @staticmethod
    def resolve_levels(row: Any) -> dict[str, int]:
        return {str(level): number for level, number in row.levels.items()}


def _scopes(*rights: str) -> dict[str, Any]:
    return {
        "openapi_extra": {"x-scopes": list(rights)},
        "description": "Phạm vi của khoá: " + ", ".join(f"`{right}`" for right in rights) + ".",
    }


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(VIEW)
    return actor


@router.get("/maturity/rubrics", response=list[RubricOut], summary="Bộ chỉ số hiện hành", **_scopes(VIEW))
@paged
def rubrics(request: HttpRequest) -> Any:
    _actor(request)
    return queries.current_rubrics()


@router.get("/maturity/assessments", response=list[AssessmentOut], summary="Phiếu đánh giá", **_scopes(VIEW))
@paged
def assessments(request: HttpRequest, year: str = "", state: AssessmentState | None = None) -> Any:
    rows = queries.assessments(_actor(request))
    rows = rows.filter(round__school_year__name=year) if year else rows
    return rows.filter(state=state) if state else rows


@router.get(
    "/maturity/assessments/{uuid:public_id}",
    response=SheetOut,
    summary="Một phiếu với từng mục",
    **_scopes(VIEW),
)
def assessment(request: HttpRequest, public_id: UUID) -> Any:
    row = queries.assessment(_actor(request), public_id)
    if row is None:
        raise Http404
    sheet = queries.sheet(row, today=timezone.localdate())
    told = row.state != AssessmentState.EXTERNAL
    return {
        "assessment": row,
        "level": sheet.own.level,
        "missing": list(sheet.own.missing),
        "items": [
            {
                "code": line.item.code,
                "name": line.item.name,
                "own_points": line.own_points,
                "known_points": line.known_points,
                "external_points": line.external_points if told else None,
                "from_registry": line.from_registry,
                "evidence": len(line.proofs),
            }
            for line in sheet.lines.values()
        ],
        "next_steps": [step.item.code for step in sheet.plan.steps] if sheet.plan else [],
    }


@router.get("/maturity/levels", response=list[LevelOut], summary="Mức đã công nhận", **_scopes(VIEW))
@paged
def levels(request: HttpRequest, year: str = "") -> Any:
    rows = queries.register(_actor(request))
    return rows.filter(decision__round__school_year__name=year) if year else rows


@router.get("/maturity/overview", response=list[AreaOut], summary="Tiến độ và mức theo xã", **_scopes(VIEW))
@paged
def overview(request: HttpRequest, year: str = "") -> Any:
    actor = _actor(request)
    round = queries.round_of_year(year) if year else queries.current_round()
    if round is None:
        return []
    return queries.by_area(actor, round, today=timezone.localdate())
