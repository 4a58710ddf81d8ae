"""API v1 of the forms: which there are, one with its rows and cells, the values of a unit on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..domain.form import Form
from ..permissions import VIEW
from ..queries.forms import form, forms
from ..queries.forms_sheet import live_sheet, sheet_json, unit_for_form
from ..types import NoForm

router = Router(tags=["Thống kê"])
DAY = Query(None, description="Ngày của số liệu; mặc định hôm nay")
SCOPES: dict[str, Any] = {
    "description": f"Phạm vi của khoá: `{VIEW}`.",
    "openapi_extra": {"x-scopes": [VIEW]},
}


class FormLineOut(Schema):
    code: str
    slug: str
    name: str
    version: int
    period: str
    legal_source: str
    confidence: str


class RowOut(Schema):
    code: str
    name: str
    unit: str
    indent: int
    decimals: int
    confidence: str


class ColumnOut(Schema):
    code: str
    name: str
    group: str


class SectionOut(Schema):
    code: str
    name: str
    columns: list[ColumnOut]
    rows: list[RowOut]


class FormOut(FormLineOut):
    sections: list[SectionOut]


class UnitOut(Schema):
    code: str
    name: str


class FindingOut(Schema):
    kind: str
    code: str
    cells: list[str]
    message: str


class ValuesOut(Schema):
    """cells: number by code of the cell; null where it has no value."""

    form: str
    version: int
    name: str
    unit: UnitOut
    as_of: date
    cells: dict[str, float | None]
    findings: list[FindingOut]


def _require(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(VIEW):
        raise NotAllowed("Khoá không có phạm vi này.")
    return actor


def _form(code: str, day: date) -> Form:
    try:
        return form(code, day)
    except NoForm as error:
        raise Http404 from error


@router.get(
    "/statistics/forms", response=list[FormLineOut], summary="Các biểu thống kê đang hiệu lực", **SCOPES
)
def form_list(request: HttpRequest, as_of: date | None = DAY) -> Any:
    _require(request)
    return forms(as_of or timezone.localdate())


@router.get("/statistics/forms/{code}", response=FormOut, summary="Một biểu: các phần, hàng, cột", **SCOPES)
def form_detail(request: HttpRequest, code: str, as_of: date | None = DAY) -> Any:
    _require(request)
    return _form(code, as_of or timezone.localdate())


@router.get(
    "/statistics/forms/{code}/values",
    response=ValuesOut,
    summary="Số liệu sống của một đơn vị tại một ngày",
    **SCOPES,
)
def form_values(request: HttpRequest, code: str, unit_id: int, as_of: date | None = DAY) -> Any:
    actor = _require(request)
    day = min(as_of or timezone.localdate(), timezone.localdate())
    unit = unit_for_form(actor, unit_id)
    if unit is None:
        raise Http404
    return sheet_json(live_sheet(_form(code, day), unit, day))
