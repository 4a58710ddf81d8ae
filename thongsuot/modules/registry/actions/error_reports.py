"""Families say what is wrong in a dossier; the school looks and answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text

from ..models import ErrorReport, Student
from ..queries.facts import registry_fact
from ..queries.family import is_family_of
from ..types import BadValue, ErrorReportState, StateConflict
from .checking import locked, require_edit

# What can be reported.
REPORTABLE = (
    "full_name", "birth_date", "gender", "personal_id", "ethnicity", "religion", "birth_place", "home_town",
    "residence_address", "current_address", "phone", "contacts", "enrolments", "characteristics", "other",
)  # fmt: skip


@transaction.atomic
def report_error(*, by: Actor, student: Student, field: str, said: str) -> ErrorReport:
    """A parent or the pupil says what should stand there. Legal source: Luật 91/2025/QH15 (right of correction).

    Raises NotAllowed (not one's own child), BadValue, StateConflict (too many unanswered).
    """
    if by.user_id is None or not is_family_of(by, student):
        raise NotAllowed(_("Anh/chị không có quyền làm việc này."))
    said = clean_text(said)
    if field not in REPORTABLE:
        raise BadValue(_("Chọn mục cần sửa."), field="field")
    if not said or len(said) > 500:
        raise BadValue(_("Hãy ghi nội dung đúng, không quá 500 ký tự."), field="said")
    # A family has no unit of its own in reach: the row goes to the school that holds the dossier.
    with act_as(Actor.system()):
        mine = ErrorReport.objects.filter(student=student, reported_by_id=by.user_id)
        if mine.filter(state=ErrorReportState.OPEN).count() >= registry_fact(by, "open_reports").value:
            raise StateConflict(_("Đã có nhiều đề nghị chưa được trả lời. Hãy chờ nhà trường trả lời."))
        return ErrorReport.objects.create(
            student=student,
            unit_id=student.unit_id,
            field=field,
            said=said,
            reported_by_id=by.user_id,
            reported_at=timezone.now(),
        )


@transaction.atomic
def answer_report(*, by: Actor, report: ErrorReport, state: str, answer: str) -> ErrorReport:
    """The school has looked: mended, or kept with a reason. Raises NotAllowed, BadValue, StateConflict (answered)."""
    require_edit(by=by, unit_id=report.unit_id)
    row = locked(by=by, row=report)
    if row.state != ErrorReportState.OPEN:
        raise StateConflict(_("Đề nghị này đã được trả lời."))
    if state not in (ErrorReportState.MENDED, ErrorReportState.DECLINED):
        raise BadValue(_("Chọn đã sửa hoặc giữ nguyên."), field="state")
    answer = clean_text(answer)
    if state == ErrorReportState.DECLINED and not answer:
        raise BadValue(_("Giữ nguyên thì cần ghi lý do."), field="answer")
    row.state, row.answer = state, answer
    row.answered_by_id, row.answered_at = by.user_id, timezone.now()
    row.save()
    return row
