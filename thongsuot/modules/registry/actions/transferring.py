"""A pupil is asked for by another school: looked for through a narrow door, asked for, let go or not.

The receiving school cannot read the dossier of the other one. What it may know at each step is decided here: before the
release the name of the school, after it what stands in the row of the transfer, after receiving the dossier itself.
Legal source: the school charter (TT 15/2026/TT-BGDĐT, in place of TT 28/2020 and TT 32/2020) and the procedure that the
province publishes for chuyển trường; how many looks a day and how far a day may lie are facts of
data/registry/journeys.json.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.queries import readings
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.vietnamese import clean_text, fold
from thongsuot.modules.organization import queries as organization

from ..domain import persons
from ..domain.grades import grades_of
from ..models import Student, Transfer
from ..permissions import can_transfer
from ..queries.facts import registry_fact
from ..types import (
    OPEN_TRANSFER,
    BadValue,
    Looked,
    NotFoundElsewhere,
    Sought,
    StateConflict,
    TransferPending,
    TransferState,
    Whereabouts,
)
from .checking import locked

# One text for all answers, so that the log does not tell what the asker was not told; counted for the limit.
LOOKED_FOR = "Tìm học sinh để nhận chuyển trường"


@transaction.atomic
def look_for_student(
    *, by: Actor, to_unit_id: int, sought: Sought, now: datetime, ip: str | None = None
) -> Whereabouts:
    """Whether a pupil of the province answers to what the school knows, and at which school. Always traced.

    The name has to agree besides the number, code or birth date: a number alone tells nothing. Who has asked for
    the use of the data to be restricted is not found. Raises NotAllowed, BadValue (too little is known), StateConflict
    (too many looks today).
    """
    _require_receiving(by, to_unit_id)
    _require_enough(sought)
    require_looks_left(by=by, now=now)
    with act_as(Actor.system()):
        found = list(_found(sought).select_related("unit")[:2])
    record_reading(by=by, subject=found[0] if found else _unit(by, to_unit_id), purpose=LOOKED_FOR, ip=ip)
    if not found:
        return Whereabouts(Looked.NONE)
    if len(found) > 1:
        return Whereabouts(Looked.SEVERAL)
    if found[0].unit_id == to_unit_id:
        return Whereabouts(Looked.OWN)
    return Whereabouts(Looked.FOUND, found[0].unit.name)


def require_looks_left(*, by: Actor, now: datetime) -> None:
    """Raise StateConflict when the person has looked for pupils of other schools too often in the last 24 hours."""
    if by.user_id is None:
        return
    since = now - timedelta(days=1)
    today = readings(by).filter(purpose=LOOKED_FOR, user_id=by.user_id, at__gt=since)
    if today.count() >= registry_fact(by, "looks_per_day").value:
        raise StateConflict(_("Hôm nay anh/chị đã tìm quá nhiều lần. Hãy thử lại vào ngày mai."))


def require_near(*, by: Actor, day: date, today: date, field: str) -> None:
    """Raise BadValue for a day so far off that the year must be a slip of the keyboard."""
    most = registry_fact(by, "farthest_transfer_days").value
    if abs((day - today).days) > most:
        raise BadValue(_("Ngày này cách hôm nay hơn %(most)d ngày.") % {"most": most}, field=field)


def _require_receiving(by: Actor, to_unit_id: int) -> None:
    if not can_transfer(by, to_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền nhận học sinh cho trường này."))


def _require_enough(sought: Sought) -> None:
    if not persons.is_name(sought.full_name):
        raise BadValue(_("Cần họ và tên bằng chữ, không có chữ số."), field="full_name")
    if sought.personal_id and not persons.is_personal_id(persons.clean_personal_id(sought.personal_id)):
        raise BadValue(_("Số định danh cá nhân gồm đúng 12 chữ số."), field="personal_id")
    if not (sought.personal_id or sought.ministry_code or sought.birth_date):
        raise BadValue(_("Cần thêm số định danh, mã của Bộ hoặc ngày sinh."), field="birth_date")


def _found(sought: Sought) -> QuerySet[Student]:
    """Those who answer to all that was given; read as the system, whoever asks."""
    rows = Student.objects.filter(
        name_fold=fold(sought.full_name), merged_into=None, erased_at=None, restricted_at=None
    )
    if sought.personal_id:
        rows = rows.filter(personal_id_digest=digest(persons.clean_personal_id(sought.personal_id)))
    if sought.ministry_code:
        rows = rows.filter(ministry_code=persons.clean_code(sought.ministry_code))
    if sought.birth_date:
        rows = rows.filter(birth_date=sought.birth_date, is_birth_year_only=False)
    return rows.order_by("pk")


def _unit(by: Actor, unit_id: int) -> Any:
    unit = organization.unit_detail(by, unit_id)
    if unit is None:
        raise NotAllowed(_("Anh/chị không có quyền nhận học sinh cho trường này."))
    return unit


@transaction.atomic
def request_transfer(
    *,
    by: Actor,
    to_unit_id: int,
    sought: Sought,
    grade: int | None,
    effective_on: date,
    now: datetime,
    reason: str = "",
) -> Transfer:
    """The receiving school asks for a pupil. effective_on: the first day at the new school; grade: as the asker knows it.

    Raises NotAllowed, BadValue (grade, day), NotFoundElsewhere (nobody or several; the own school's), TransferPending.
    """
    _require_receiving(by, to_unit_id)
    _require_enough(sought)
    school = getattr(_unit(by, to_unit_id), "school", None)
    if school is not None and grade is not None and grade not in grades_of(school.levels):
        raise BadValue(_("Trường không dạy khối này."), field="grade")
    require_near(by=by, day=effective_on, today=now.date(), field="effective_on")
    with act_as(Actor.system()):
        student = _only(sought, to_unit_id)
        # Two schools at once: the second waits here and then sees the first one's request.
        student = locked(by=by, row=student)
        if Transfer.objects.filter(student=student, state__in=OPEN_TRANSFER).exists():
            raise TransferPending(_("Học sinh này đang có một đề nghị chuyển trường chưa xong."))
        return Transfer.objects.create(
            student=student,
            from_unit_id=student.unit_id,
            to_unit_id=to_unit_id,
            state=TransferState.REQUESTED,
            reason=clean_text(reason),
            student_name=persons.clean_name(sought.full_name),
            grade=grade,
            effective_on=effective_on,
            requested_by_id=by.user_id,
            requested_at=now,
        )


def _only(sought: Sought, to_unit_id: int) -> Student:
    found = list(_found(sought)[:2])
    if not found:
        raise NotFoundElsewhere(_("Không có học sinh nào khớp. Hãy kiểm tra lại thông tin với gia đình."))
    if len(found) > 1:
        raise NotFoundElsewhere(
            _("Có từ hai học sinh khớp: cần số định danh hoặc mã của Bộ."), field="personal_id"
        )
    if found[0].unit_id == to_unit_id:
        raise NotFoundElsewhere(_("Học sinh này đã có hồ sơ ở trường mình."))
    return found[0]


@transaction.atomic
def release_transfer(*, by: Actor, transfer: Transfer, now: datetime, answer: str = "") -> Transfer:
    """The sending school lets the pupil go: its name and grade stand in the row from now on. The pupil stays in class
    until the other school receives. Raises NotAllowed, StateConflict.
    """
    row = _to_answer(by, transfer, TransferState.REQUESTED)
    student = locked(by=by, row=row.student)
    if student.unit_id != row.from_unit_id or student.merged_into_id or student.erased_at:
        raise StateConflict(_("Hồ sơ này không còn ở trường."))
    spell = student.enrolments.filter(left_on__isnull=True).first()
    row.student_name = student.full_name
    row.grade = spell.grade if spell is not None and spell.grade is not None else row.grade
    return _answered(by, row, TransferState.RELEASED, answer, now)


@transaction.atomic
def refuse_transfer(*, by: Actor, transfer: Transfer, reason: str, now: datetime) -> Transfer:
    """The sending school does not let go, or takes its word back before the other has received.

    Raises NotAllowed, BadValue (no reason), StateConflict.
    """
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do không đồng ý."), field="reason")
    row = _to_answer(by, transfer, *OPEN_TRANSFER)
    return _answered(by, row, TransferState.REFUSED, reason, now)


def _to_answer(by: Actor, transfer: Transfer, *states: str) -> Transfer:
    if transfer.from_unit_id is None or not can_transfer(by, transfer.from_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền trả lời đề nghị này."))
    row = locked(by=by, row=transfer)
    if row.state not in states:
        raise StateConflict(_("Đề nghị này đã được trả lời hoặc đã rút."))
    return row


def _answered(by: Actor, row: Transfer, state: TransferState, answer: str, now: datetime) -> Transfer:
    row.state, row.answer = state, clean_text(answer)
    row.decided_by_id, row.decided_at = by.user_id, now
    row.save(update_fields=["state", "answer", "decided_by", "decided_at", "student_name", "grade"])
    return row


@transaction.atomic
def cancel_transfer(*, by: Actor, transfer: Transfer, reason: str = "") -> Transfer:
    """The receiving school withdraws what it asked for. Raises NotAllowed, StateConflict (received already, ended)."""
    if transfer.to_unit_id is None or not can_transfer(by, transfer.to_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền rút đề nghị này."))
    row = locked(by=by, row=transfer)
    if row.state not in OPEN_TRANSFER:
        raise StateConflict(_("Đề nghị này đã kết thúc."))
    row.state = TransferState.CANCELLED
    row.reason = clean_text(reason) or row.reason
    row.save(update_fields=["state", "reason"])
    return row


def require_no_open_transfer(*, by: Actor, student: Student) -> None:
    """Raise TransferPending while another school waits for the pupil."""
    if Transfer.objects.filter(student=student, state__in=OPEN_TRANSFER).exists():
        raise TransferPending(_("Học sinh này đang có một đề nghị chuyển trường chưa xong."))
