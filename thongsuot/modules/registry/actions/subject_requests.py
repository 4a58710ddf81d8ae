"""What the law lets a person ask about personal data: use restricted, data erased; each with its clock.

Legal source: Luật 91/2025/QH15; NĐ 356/2025/NĐ-CP Điều 5 (read in secondary sources; clocks in data/registry/subject_requests.json).
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..models import Student, SubjectRequest
from ..permissions import can_handle_requests
from ..types import BadValue, StateConflict, SubjectRequestKind
from .checking import locked
from .erasing import erase_student


def _clocks() -> dict[str, Any]:
    path = settings.DATA_DIR / "registry" / "subject_requests.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def register_request(
    *,
    by: Actor,
    student: Student,
    kind: str,
    requested_by_name: str,
    basis: str,
    received_on: date,
    today: date,
) -> SubjectRequest:
    """Write down what was asked, by whom, on which paper, and by when it is to be answered and carried out.

    Raises NotAllowed, BadValue (kind, name, paper, day), StateConflict (the same is open; the dossier is erased).
    """
    _require(by, student.unit_id)
    name, basis = clean_text(requested_by_name), clean_text(basis)
    if kind not in SubjectRequestKind.values:
        raise BadValue(_("Chọn loại yêu cầu."), field="kind")
    if not name:
        raise BadValue(_("Cần ghi họ tên người yêu cầu."), field="requested_by_name")
    if not basis:
        raise BadValue(_("Cần ghi đơn, giấy tờ làm căn cứ."), field="basis")
    if received_on > today:
        raise BadValue(_("Ngày này chưa tới."), field="received_on")
    row = locked(by=by, row=student)
    if row.erased_at or row.merged_into_id:
        raise StateConflict(_("Hồ sơ này đã gộp vào hồ sơ khác hoặc đã xóa."))
    if SubjectRequest.objects.filter(student=row, kind=kind, done_at=None, refused_reason="").exists():
        raise StateConflict(_("Yêu cầu như vậy đã có và chưa xử lý xong."))
    clocks = _clocks()
    return SubjectRequest.objects.create(
        student=row,
        kind=kind,
        requested_by_name=name[:120],
        basis=basis[:300],
        received_on=received_on,
        answer_due_on=organization.work_calendar().add(received_on, clocks["answer"]["working_days"]),
        due_on=received_on + timedelta(days=clocks[kind]["days"]),
    )


def _require(by: Actor, unit_id: int) -> None:
    if not can_handle_requests(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xử lý yêu cầu về dữ liệu cá nhân."))


def _open(by: Actor, request: SubjectRequest) -> SubjectRequest:
    _require(by, request.student.unit_id)
    row = locked(by=by, row=request)
    if row.done_at or row.refused_reason:
        raise StateConflict(_("Yêu cầu này đã xử lý xong."))
    return row


@transaction.atomic
def answer_request(*, by: Actor, request: SubjectRequest, now: datetime) -> SubjectRequest:
    """The person was told that the request is accepted and by when it is carried out. Raises NotAllowed, StateConflict."""
    row = _open(by, request)
    if row.answered_at:
        raise StateConflict(_("Đã ghi nhận trả lời."))
    row.answered_at = now
    row.save(update_fields=["answered_at"])
    return row


@transaction.atomic
def refuse_request(*, by: Actor, request: SubjectRequest, reason: str, now: datetime) -> SubjectRequest:
    """Not carried out, because a law orders the data to be kept or the paper proves nothing.

    Raises NotAllowed, BadValue (no reason), StateConflict.
    """
    row = _open(by, request)
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do không thực hiện."), field="reason")
    row.refused_reason, row.answered_at = clean_text(reason)[:500], row.answered_at or now
    row.done_by_id = by.user_id
    row.save(update_fields=["refused_reason", "answered_at", "done_by"])
    return row


@transaction.atomic
def carry_out(*, by: Actor, request: SubjectRequest, now: datetime) -> SubjectRequest:
    """Restrict the use of the dossier, or erase it (erasing.erase_student says what stays).

    Raises NotAllowed, StateConflict (done; a pupil who still sits in a class cannot be erased).
    """
    row = _open(by, request)
    student = locked(by=by, row=request.student)
    if row.kind == SubjectRequestKind.ERASE:
        erase_student(by=by, student=student, now=now)
    elif student.restricted_at is None:
        student.restricted_at = now
        student.save(update_fields=["restricted_at", "updated_at"])
    row.done_at, row.done_by_id, row.answered_at = now, by.user_id, row.answered_at or now
    row.save(update_fields=["done_at", "done_by", "answered_at"])
    return row


@transaction.atomic
def lift_restriction(*, by: Actor, request: SubjectRequest, now: datetime) -> SubjectRequest:
    """The reason of the restriction is gone: the dossier is used again. Raises NotAllowed, StateConflict."""
    _require(by, request.student.unit_id)
    row = locked(by=by, row=request)
    student = locked(by=by, row=request.student)
    if row.kind != SubjectRequestKind.RESTRICT or row.done_at is None or row.lifted_at is not None:
        raise StateConflict(_("Hồ sơ này không bị hạn chế theo yêu cầu này."))
    row.lifted_at = now
    row.save(update_fields=["lifted_at"])
    others = SubjectRequest.objects.filter(
        student=student, kind=SubjectRequestKind.RESTRICT, done_at__isnull=False, lifted_at=None
    )
    if not others.exists():
        student.restricted_at = None
        student.save(update_fields=["restricted_at", "updated_at"])
    return row
