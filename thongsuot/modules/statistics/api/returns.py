"""API v1 of periods and returns: what is due, where each return stands, its frozen values by version."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from thongsuot.kit.api.paging import paged

from ..queries.forms_sheet import values_json
from ..queries.frozen import decimals
from ..queries.returns import finding_lines, form_of_return, periods, return_by_id, returns, versions
from ..types import PeriodState, ReturnState
from .forms import SCOPES, UnitOut, _require

router = Router(tags=["Thống kê"])
FORM = Query("", alias="form", description="Ký hiệu biểu")


class PeriodOut(Schema):
    """kỳ báo cáo: counts are of the returns that the key's owner sees."""

    id: UUID = Field(alias="public_id")
    kind: str
    name: str
    as_of: date
    forms: list[str]
    school_due_on: date
    commune_due_on: date
    department_due_on: date
    state: PeriodState
    frozen_at: datetime | None
    closed_at: datetime | None
    return_count: int
    owed_count: int = Field(description="Số biểu đơn vị chưa xác nhận")
    signed_count: int = Field(description="Số biểu Sở đã duyệt")


class ReturnOut(Schema):
    id: UUID = Field(alias="public_id")
    period_id: UUID = Field(alias="period.public_id")
    form: str = Field(alias="form_code")
    form_version: int
    form_name: str
    unit: UnitOut
    to_unit: UnitOut | None = Field(description="Nơi duyệt; null với biểu của Sở")
    due_on: date
    state: ReturnState
    version: int = Field(description="Bản mới nhất; 0 khi kỳ chưa chốt")
    confirmed_at: datetime | None


class VersionOut(Schema):
    number: int
    cause: str
    reason: str
    made_at: datetime
    signed_off_at: datetime | None


class ReturnFindingOut(Schema):
    kind: str
    key: str
    cells: list[str]
    message: str = Field(alias="said")
    reason: str = Field(description="Lý do đơn vị nêu; rỗng khi chưa nêu")


class ReturnValuesOut(ReturnOut):
    """cells: number by code of the cell in the version asked for, null where it has no value."""

    as_of: date
    shown_version: int | None
    cells: dict[str, float | None]
    findings: list[ReturnFindingOut]
    versions: list[VersionOut]


@router.get("/statistics/periods", response=list[PeriodOut], summary="Các kỳ báo cáo thống kê", **SCOPES)
@paged
def period_list(request: HttpRequest, state: PeriodState | None = None) -> Any:
    rows = periods(_require(request)).order_by("-as_of", "-pk")
    return rows.filter(state=state) if state else rows


@router.get(
    "/statistics/returns", response=list[ReturnOut], summary="Báo cáo thống kê của các đơn vị", **SCOPES
)
@paged
def return_list(
    request: HttpRequest,
    period: UUID | None = None,
    state: ReturnState | None = None,
    form_code: str = FORM,
    unit_id: int | None = None,
) -> Any:
    rows = returns(_require(request))
    asked = {"period__public_id": period, "state": state, "form_code": form_code, "unit_id": unit_id}
    return rows.filter(**{name: value for name, value in asked.items() if value})


@router.get(
    "/statistics/returns/{uuid:public_id}",
    response=ReturnValuesOut,
    summary="Một báo cáo: số đã chốt của một bản, kết quả kiểm tra, các bản",
    **SCOPES,
)
def return_detail(request: HttpRequest, public_id: UUID, version: int | None = None) -> Any:
    """version: its number; the newest where it is not given. 404 for one that there is not."""
    one = return_by_id(_require(request), public_id)
    if one is None:
        raise Http404
    made = versions(one)
    wanted = one.version if version is None else version
    shown = next((row for row in made if row.number == wanted), None)
    if shown is None and (made or version is not None):
        raise Http404
    cells = values_json(form_of_return(one), decimals(shown.values)) if shown else {}
    plain = {name: getattr(one, name) for name in _PLAIN}
    return SimpleNamespace(
        **plain,
        as_of=one.period.as_of,
        shown_version=shown.number if shown else None,
        cells=cells,
        findings=finding_lines(shown) if shown else [],
        versions=made,
    )


_PLAIN = (
    "public_id", "period", "form_code", "form_version", "form_name", "unit", "to_unit", "due_on", "state", "version",
    "confirmed_at",
)  # fmt: skip
