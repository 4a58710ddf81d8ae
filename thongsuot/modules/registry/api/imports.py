"""API v1: files and rows brought in by programs. The same checks, rows and undoing as on the page of imports."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, File, Form, Header, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.api.paging import paged
from thongsuot.kit.importing import queries
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.queries import is_busy
from thongsuot.kit.importing.types import RowState

from ..actions import file_imports

router = Router(tags=["Nhập liệu"])
EDIT = "registry.edit"
KINDS = {
    "students": "registry.students",
    "classes": "registry.classes",
    "staff": "registry.staff",
    "results": "registry.results",
}
Kind = Literal["students", "classes", "staff", "results"]
KEY = Header(
    "", alias="Idempotency-Key", max_length=100, description="Gửi lại cùng khóa thì không nhập lần nữa"
)
SCOPED: dict[str, Any] = {
    "description": "Phạm vi của khoá: `registry.edit`.",
    "openapi_extra": {"x-scopes": [EDIT]},
}


class Answers(Schema):
    """What is asked beside the rows."""

    model_config = ConfigDict(extra="forbid")

    year: str = Field(description="Năm học, ví dụ 2026-2027", max_length=20)
    unit_id: int | None = Field(None, description="Trường; bỏ trống khi mỗi dòng ghi mã trường", ge=1)
    effective_on: date | None = Field(None, description="Thay đổi tính từ ngày; mặc định hôm nay")
    make_classes: bool = Field(False, description="Tạo lớp còn thiếu (chỉ với học sinh)")
    dry_run: bool = Field(True, description="Chỉ kiểm tra; gọi /apply để ghi")

    def said(self) -> dict[str, Any]:
        return {
            "unit": self.unit_id,
            "year": self.year,
            "effective_on": self.effective_on,
            "make_classes": self.make_classes,
        }


class RowsIn(Answers):
    rows: list[dict[str, str | int | float | bool | None]] = Field(
        description="Mỗi dòng là {khóa của cột: giá trị}; ngày ghi dd/mm/yyyy hoặc yyyy-mm-dd"
    )


class ImportOut(Schema):
    id: UUID
    kind: str
    state: str = Field(description="uploaded, planned, applied, undone")
    is_running: bool
    progress: float | None = Field(None, description="Phần đã xong của việc đang chạy, 0 đến 1")
    counts: dict[str, int] = Field(
        description="Số dòng theo kết quả: new, changed, moved, unchanged, rejected …"
    )
    message: str

    @staticmethod
    def resolve_id(run: ImportRun) -> UUID:
        return run.public_id

    @staticmethod
    def resolve_kind(run: ImportRun) -> str:
        return run.kind.removeprefix("registry.")

    @staticmethod
    def resolve_is_running(run: ImportRun) -> bool:
        return is_busy(run)

    @staticmethod
    def resolve_progress(run: ImportRun) -> float | None:
        job = run.job
        return None if job is None or not is_busy(run) or not job.total else min(1.0, job.done / job.total)


class RejectedOut(Schema):
    row: int = Field(description="Dòng của tệp (tính từ 1); với dòng JSON: thứ tự trong rows, tính từ 1")
    errors: list[dict[str, str]] = Field(description="field, label, value, reason của từng lỗi")

    @staticmethod
    def resolve_row(row: Any) -> int:
        return row.number - 1 if row.run.options.get("api", {}).get("rows") else row.number


def _by(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(EDIT):
        raise NotAllowed("Khoá không có phạm vi này.")
    return actor


def _run(by: Actor, public_id: UUID) -> ImportRun:
    """An import of the key's own person. Raises Http404."""
    found = queries.runs(by).filter(public_id=public_id, kind__in=KINDS.values()).first()
    if found is None:
        raise Http404
    return found


def _answer(run: ImportRun) -> Any:
    """202 while a worker is at it."""
    run.refresh_from_db()
    return Status(202 if is_busy(run) else 200, run)


BOTH = {200: ImportOut, 202: ImportOut}


@router.post("/imports/{kind}/file", response=BOTH, summary="Nhập một tệp xlsx, csv, ods", **SCOPED)
def import_file(
    request: HttpRequest, kind: Kind, data: Form[Answers], file: File[UploadedFile], key: str = KEY
) -> Any:
    run = file_imports.start_import(
        by=_by(request), kind=KINDS[kind], upload=file, answers=data.said(), dry_run=data.dry_run, key=key
    )
    return _answer(run)


@router.post("/imports/{kind}/rows", response=BOTH, summary="Nhập các dòng JSON", **SCOPED)
def import_rows(request: HttpRequest, kind: Kind, data: RowsIn, key: str = KEY) -> Any:
    run = file_imports.start_rows(
        by=_by(request), kind=KINDS[kind], rows=data.rows, answers=data.said(), dry_run=data.dry_run, key=key
    )
    return _answer(run)


@router.get("/imports/{uuid:public_id}", response=ImportOut, summary="Một lần nhập", **SCOPED)
def get_import(request: HttpRequest, public_id: UUID) -> Any:
    return _run(_by(request), public_id)


@router.get(
    "/imports/{uuid:public_id}/rejected", response=list[RejectedOut], summary="Các dòng bị từ chối", **SCOPED
)
@paged
def rejected_rows(request: HttpRequest, public_id: UUID) -> Any:
    by = _by(request)
    rows = queries.rows_of_run(by, _run(by, public_id)).filter(state=RowState.REJECTED)
    return rows.select_related("run")


@router.post("/imports/{uuid:public_id}/apply", response=BOTH, summary="Ghi những gì đã kiểm tra", **SCOPED)
def apply_import(request: HttpRequest, public_id: UUID) -> Any:
    by = _by(request)
    return _answer(file_imports.apply_import(by=by, run=_run(by, public_id)))


@router.post("/imports/{uuid:public_id}/cancel", response=BOTH, summary="Dừng việc đang chạy", **SCOPED)
def cancel_import(request: HttpRequest, public_id: UUID) -> Any:
    by = _by(request)
    return _answer(file_imports.cancel_import(by=by, run=_run(by, public_id)))


@router.post("/imports/{uuid:public_id}/undo", response=BOTH, summary="Hoàn tác", **SCOPED)
def undo_import(request: HttpRequest, public_id: UUID) -> Any:
    by = _by(request)
    return _answer(file_imports.undo_import(by=by, run=_run(by, public_id)))
