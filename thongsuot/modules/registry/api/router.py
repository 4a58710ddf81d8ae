"""API v1 of the registry: each endpoint is one query or one action."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.api.paging import paged
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of

from .. import actions, queries
from .schemas import (
    ClassOut,
    EnrolmentOut,
    StaffOut,
    StudentDetailOut,
    StudentIn,
    StudentOut,
    StudentPatch,
)

router = Router(tags=["Hồ sơ ngành"])
VIEW, EDIT = "registry.view", "registry.edit"
SEARCH = Query("", max_length=120, description="Tên không dấu, mã, ngày sinh, lớp")
DAY = Query(None, description="Số liệu vào ngày này; mặc định hôm nay")
RUNNING = Query(None, description="Chỉ những gì đang có hiệu lực vào ngày này")


def scopes(*names: str) -> dict[str, Any]:
    return {
        "description": "Phạm vi của khoá: " + ", ".join(f"`{name}`" for name in names) + ".",
        "openapi_extra": {"x-scopes": list(names)},
    }


def _require(request: HttpRequest, *rights: str) -> Actor:
    """The caller; NotAllowed, answered 404, unless the key has one of the rights."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not any(actor.can(right) for right in rights):
        raise NotAllowed("Khoá không có phạm vi này.")
    return actor


@router.get(
    "/students", response=list[StudentOut], summary="Học sinh trong phạm vi của chủ khoá", **scopes(VIEW)
)
@paged
def students(
    request: HttpRequest,
    q: str = SEARCH,
    unit_id: int | None = None,
    class_id: int | None = None,
    as_of: date | None = RUNNING,
) -> Any:
    actor = _require(request, VIEW, "registry.view_own_classes")
    sought = queries.SoughtStudents(actor, q.replace("\x00", ""))
    everybody = queries.listed_students(actor)
    if sought.has_window and unit_id is None and class_id is None and as_of is None:
        return queries.FoundRows(sought, everybody)
    rows = sought.among(everybody)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if as_of is not None or class_id is not None:
        spells = queries.enrolments(actor, on=as_of or timezone.localdate())
        spells = spells if class_id is None else spells.filter(school_class_id=class_id)
        rows = rows.filter(pk__in=spells.order_by().values("student_id"))
    return rows.order_by("sort_key", "id")


def _detail(request: HttpRequest, actor: Actor, public_id: UUID, *, full: bool) -> Any:
    row = queries.listed_students(actor).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    row.edition, row.sensitive = queries.edition_of(row), None
    if full:
        dossier = queries.student_dossier(actor, row, full=True)
        if not dossier.is_full:
            raise NotAllowed("Khoá không có phạm vi này.")
        record_reading(
            by=actor, subject=row, purpose="API: đọc đầy đủ hồ sơ học sinh", ip=origin_of(request).ip
        )
        row.sensitive = {
            "personal_id": dossier.personal_id,
            "ethnicity": row.ethnicity,
            "religion": row.religion,
        }
    return row


@router.get("/students/{uuid:public_id}", response=StudentDetailOut, summary="Một học sinh", **scopes(VIEW))
def student(request: HttpRequest, public_id: UUID, full: bool = False) -> Any:
    actor = _require(request, VIEW, "registry.view_own_classes")
    return _detail(request, actor, public_id, full=full)


@router.post("/students", response={201: StudentDetailOut}, summary="Thêm học sinh", **scopes(EDIT))
def create_student(request: HttpRequest, data: StudentIn) -> Any:
    actor = _require(request, EDIT)
    with transaction.atomic():
        made = actions.create_student(
            by=actor, unit_id=data.unit_id, facts=data.facts("unit_id", "class_id", "entered_on")
        )
        if data.class_id is not None:
            chosen = queries.classes(actor, unit_id=data.unit_id).filter(pk=data.class_id).first()
            if chosen is None:
                raise Http404
            day = data.entered_on or max(
                chosen.valid_from, min(timezone.localdate(), chosen.school_year.ends_on)
            )
            actions.enrol(by=actor, student=made, school_class=chosen, on=day)
    return Status(201, _detail(request, actor, made.public_id, full=False))


@router.patch(
    "/students/{uuid:public_id}", response=StudentDetailOut, summary="Sửa những mục được gửi", **scopes(EDIT)
)
def update_student(request: HttpRequest, public_id: UUID, data: StudentPatch) -> Any:
    actor = _require(request, EDIT)
    found = queries.student(actor, public_id)
    if found is None:
        raise Http404
    actions.update_student(by=actor, student=found, changes=data.facts("edition"), seen=data.edition)
    return _detail(request, actor, public_id, full=False)


@router.get("/classes", response=list[ClassOut], summary="Lớp, với sĩ số vào một ngày", **scopes(VIEW))
@paged
def classes(
    request: HttpRequest, school_year: str = "", unit_id: int | None = None, as_of: date | None = DAY
) -> Any:
    actor = _require(request, VIEW, "registry.view_own_classes")
    rows = queries.listed_classes(actor, on=as_of or timezone.localdate())
    if school_year:
        rows = rows.filter(school_year__name=school_year)
    return rows if unit_id is None else rows.filter(unit_id=unit_id)


@router.get("/enrolments", response=list[EnrolmentOut], summary="Quá trình học", **scopes(VIEW))
@paged
def enrolments(
    request: HttpRequest,
    unit_id: int | None = None,
    class_id: int | None = None,
    as_of: date | None = RUNNING,
) -> Any:
    actor = _require(request, VIEW, "registry.view_own_classes")
    rows = queries.enrolments(actor, on=as_of).select_related("student")
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if class_id is not None:
        rows = rows.filter(school_class_id=class_id)
    return rows.order_by("pk")


@router.get("/staff", response=list[StaffOut], summary="Cán bộ, giáo viên, nhân viên", **scopes(VIEW))
@paged
def staff(
    request: HttpRequest, q: str = SEARCH, unit_id: int | None = None, as_of: date | None = RUNNING
) -> Any:
    actor = _require(request, VIEW)
    sought = queries.SoughtStaff(actor, q.replace("\x00", ""))
    everybody = queries.listed_staff(actor)
    if sought.has_window and unit_id is None and as_of is None:
        return queries.FoundRows(sought, everybody)
    rows = sought.among(everybody)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if as_of is not None:
        rows = rows.filter(pk__in=queries.employed_on(actor, on=as_of).order_by().values("staff_id"))
    return rows.order_by("sort_key", "id")
