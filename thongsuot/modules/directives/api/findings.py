"""What was found in an order: a person (or a program on their behalf) takes, mends, adds, drops."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from .. import actions, queries
from ..types import FindingKind, FindingState
from .endpoints import Endpoints
from .given import actor_of, known_units, now
from .schemas_directives import (
    CountOut,
    FindingAdd,
    FindingData,
    FindingEdit,
    FindingOut,
    FindingUnits,
    KindIn,
    MergeIn,
    SplitIn,
)
from .schemas_shared import OptionalReasonIn
from .values import invalid

endpoints = Endpoints("Rà soát văn bản")
RIGHT = "directives.import"
ALL = "/directives/{uuid:public_id}/findings"
ONE = f"{ALL}/{{int:finding_id}}"

FIELDS = {
    FindingKind.TASK: {"text", "section", "group", "product", "authority", "legal_basis", "deadline"},
    FindingKind.TARGET: {"text", "operator", "value", "unit", "period"},
    FindingKind.REPORTING: {"what", "to", "due", "period"},
}


def _one(request: HttpRequest, public_id: UUID, finding_id: int) -> Any:
    actor = actor_of(request)
    return queries.finding(actor, queries.directive(actor, public_id), finding_id)


def _shape(kind: str, data: FindingData) -> dict[str, Any]:
    """The fields that were sent, in the shape of the extraction."""
    said = data.model_dump(exclude_unset=True, by_alias=True)
    for name in sorted(set(said) - FIELDS[FindingKind(kind)]):
        raise invalid(f"data.{name}", "extra_forbidden")
    for name, value in said.items():
        if value is None and name not in ("value", "deadline"):
            said[name] = ""
    if said.get("text") == "" or said.get("what") == "":
        raise invalid("data.text" if "text" in said else "data.what", "missing")
    return said


def _units(units: FindingUnits | None) -> dict[str, list[int]] | None:
    if units is None:
        return None
    given = units.model_dump(exclude_unset=True, exclude_none=True)
    return {role: known_units(ids, f"units.{role}") for role, ids in given.items()}


@endpoints.get(ALL, RIGHT, summary="Nội dung tìm thấy trong văn bản", answer=list[FindingOut], many=True)
def findings(
    request: HttpRequest, public_id: UUID, kind: FindingKind | None = None, state: FindingState | None = None
) -> Any:
    actor = actor_of(request)
    rows = queries.findings(actor, queries.directive(actor, public_id), kind)
    return rows.filter(state=state) if state else rows


@endpoints.post(ALL, RIGHT, summary="Thêm nội dung mà máy không thấy", answer=FindingOut, status=201)
def add(request: HttpRequest, public_id: UUID, data: FindingAdd) -> Any:
    actor = actor_of(request)
    shape = _shape(data.kind, data.data)
    name = "what" if data.kind == FindingKind.REPORTING else "text"
    if not shape.get(name):
        raise invalid(f"data.{name}", "missing")
    if data.start_line and data.end_line and data.start_line > data.end_line:
        raise invalid("end_line", "greater_than_equal")
    return actions.add_finding(
        by=actor,
        directive=queries.directive(actor, public_id),
        kind=data.kind.value,
        data=shape,
        units=_units(data.units),
        start_line=data.start_line,
        end_line=data.end_line,
        now=now(),
    )


@endpoints.post(f"{ALL}/accept-all", RIGHT, summary="Nhận mọi nội dung đã đủ của một loại", answer=CountOut)
def accept_all(request: HttpRequest, public_id: UUID, data: KindIn) -> Any:
    actor = actor_of(request)
    row = queries.directive(actor, public_id)
    return {"count": actions.accept_all(by=actor, directive=row, kind=data.kind.value, now=now())}


@endpoints.post(f"{ALL}/merge", RIGHT, summary="Gộp nhiều nội dung thành một", answer=FindingOut)
def merge(request: HttpRequest, public_id: UUID, data: MergeIn) -> Any:
    actor = actor_of(request)
    wanted = set(data.findings)
    rows = list(queries.findings(actor, queries.directive(actor, public_id)).filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Http404
    return actions.merge_findings(by=actor, findings=rows, now=now())


@endpoints.get(ONE, RIGHT, summary="Một nội dung", answer=FindingOut)
def finding(request: HttpRequest, public_id: UUID, finding_id: int) -> Any:
    return _one(request, public_id, finding_id)


@endpoints.patch(ONE, RIGHT, summary="Sửa và nhận một nội dung", answer=FindingOut)
def edit(request: HttpRequest, public_id: UUID, finding_id: int, data: FindingEdit) -> Any:
    row = _one(request, public_id, finding_id)
    shape, units = _shape(row.kind, data.data), _units(data.units)
    return actions.edit_finding(by=actor_of(request), finding=row, data=shape, units=units, now=now())


@endpoints.post(f"{ONE}/accept", RIGHT, summary="Nhận nguyên như đã đọc", answer=FindingOut)
def accept(request: HttpRequest, public_id: UUID, finding_id: int) -> Any:
    row = _one(request, public_id, finding_id)
    return actions.accept_finding(by=actor_of(request), finding=row, now=now())


@endpoints.post(f"{ONE}/drop", RIGHT, summary="Bỏ một nội dung", answer=FindingOut)
def drop(request: HttpRequest, public_id: UUID, finding_id: int, data: OptionalReasonIn) -> Any:
    row = _one(request, public_id, finding_id)
    return actions.drop_finding(by=actor_of(request), finding=row, reason=data.reason, now=now())


@endpoints.post(f"{ONE}/restore", RIGHT, summary="Lấy lại nội dung đã bỏ", answer=FindingOut)
def restore(request: HttpRequest, public_id: UUID, finding_id: int) -> Any:
    row = _one(request, public_id, finding_id)
    return actions.restore_finding(by=actor_of(request), finding=row, now=now())


@endpoints.post(f"{ONE}/split", RIGHT, summary="Tách một nội dung thành nhiều", answer=list[FindingOut])
def split(request: HttpRequest, public_id: UUID, finding_id: int, data: SplitIn) -> Any:
    row = _one(request, public_id, finding_id)
    return actions.split_finding(by=actor_of(request), finding=row, parts=data.parts, now=now())
