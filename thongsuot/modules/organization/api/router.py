"""API v1 of the organisation: reading only."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from thongsuot.kit.api.paging import paged

from .. import queries
from ..types import EducationLevel, UnitKind

router = Router(tags=["Tổ chức"])


class UnitOut(Schema):
    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    administrative_unit_code: str | None
    address: str
    email: str
    phone: str
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_administrative_unit_code(unit: Any) -> str | None:
        return unit.administrative_unit.code if unit.administrative_unit else None


class SchoolOut(Schema):
    id: int
    code: str
    name: str
    ministry_code: str
    levels: list[str]
    school_type: str
    managed_by_id: int | None
    administrative_unit_code: str | None
    is_boarding: bool
    is_hard_area: bool
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_id(school: Any) -> int:
        return school.unit_id

    @staticmethod
    def resolve_code(school: Any) -> str:
        return school.unit.code

    @staticmethod
    def resolve_name(school: Any) -> str:
        return school.unit.name

    @staticmethod
    def resolve_managed_by_id(school: Any) -> int | None:
        return school.unit.parent_id

    @staticmethod
    def resolve_administrative_unit_code(school: Any) -> str | None:
        place = school.unit.administrative_unit
        return place.code if place else None

    @staticmethod
    def resolve_valid_from(school: Any) -> date:
        return school.unit.valid_from

    @staticmethod
    def resolve_valid_to(school: Any) -> date | None:
        return school.unit.valid_to


class AdministrativeUnitOut(Schema):
    code: str
    name: str
    full_name: str
    kind: str
    level: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_parent_code(unit: Any) -> str | None:
        return unit.parent.code if unit.parent else None


class TermOut(Schema):
    number: int
    starts_on: date
    ends_on: date


class SchoolYearOut(Schema):
    name: str
    starts_on: date
    ends_on: date
    terms: list[TermOut]


class CodeListOut(Schema):
    code: str
    name: str
    source: str
    confidence: str
    size: int
    to_check: int


class CodeValueOut(Schema):
    code: str
    name: str
    confidence: str
    is_corrected: bool
    valid_from: date | None
    valid_to: date | None


def _require(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    actor.require("organization.view")
    return actor


@router.get("/units", response=list[UnitOut], summary="Đơn vị mà chủ khoá được thấy")
@paged
def units(
    request: HttpRequest,
    kind: UnitKind | None = None,
    parent_id: int | None = None,
    q: str = "",
    active: bool = True,
) -> Any:
    actor = _require(request)
    found = queries.units_visible(actor, today=timezone.localdate() if active else None, words=q)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(parent_id=parent_id) if parent_id else found


@router.get("/units/{unit_id}", response=UnitOut, summary="Một đơn vị")
def unit(request: HttpRequest, unit_id: int) -> Any:
    found = queries.unit_detail(_require(request), unit_id)
    if found is None:
        raise Http404
    return found


@router.get("/schools", response=list[SchoolOut], summary="Trường mà chủ khoá được thấy")
@paged
def schools(
    request: HttpRequest,
    level: EducationLevel | None = None,
    managed_by_id: int | None = None,
    q: str = "",
    active: bool = True,
) -> Any:
    return queries.schools(
        _require(request),
        today=timezone.localdate() if active else None,
        words=q,
        levels=[level] if level else [],
        parent_id=managed_by_id,
    )


@router.get(
    "/administrative-units", response=list[AdministrativeUnitOut], summary="Tỉnh, xã, phường, đặc khu"
)
@paged
def administrative_units(
    request: HttpRequest, level: str = "", parent_code: str = "", q: str = "", active: bool = True
) -> Any:
    _require(request)
    today = timezone.localdate() if active else None
    return queries.administrative_units(today=today, level=level, parent_code=parent_code, words=q)


@router.get("/school-years", response=list[SchoolYearOut], summary="Năm học và học kỳ")
def school_years(request: HttpRequest) -> Any:
    _require(request)
    return queries.school_years()


@router.get("/code-lists", response=list[CodeListOut], summary="Danh mục mã")
@paged
def code_lists(request: HttpRequest, q: str = "") -> Any:
    _require(request)
    return queries.code_lists(words=q)


@router.get("/code-lists/{code}/values", response=list[CodeValueOut], summary="Giá trị của một danh mục")
@paged
def code_values(request: HttpRequest, code: str, active: bool = True) -> Any:
    _require(request)
    if queries.code_list(code) is None:
        raise Http404
    return queries.code_values(code, today=timezone.localdate() if active else None)
