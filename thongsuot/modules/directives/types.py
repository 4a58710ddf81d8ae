"""Words of the module. States are stored; whether something is late is always derived (see domain/timeliness.py)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DirectiveState(TextChoices):
    REVIEWING = "reviewing", _("Đang rà soát")
    IN_FORCE = "in_force", _("Đang thực hiện")
    CLOSED = "closed", _("Đã kết thúc")
    WITHDRAWN = "withdrawn", _("Đã thu hồi")


class FindingKind(TextChoices):
    TASK = "task", _("Nhiệm vụ")
    TARGET = "target", _("Chỉ tiêu")
    REPORTING = "reporting", _("Chế độ báo cáo")


class FindingState(TextChoices):
    PROPOSED = "proposed", _("Chờ rà soát")
    ACCEPTED = "accepted", _("Đã nhận")
    DROPPED = "dropped", _("Đã bỏ")


class DeadlineKind(TextChoices):
    """Kinds of deadline in task tables of administrative documents."""

    DATE = "date", _("Ngày cụ thể")
    MONTH = "month", _("Tháng")
    QUARTER = "quarter", _("Quý")
    YEAR = "year", _("Năm")
    SCHOOL_YEAR = "school-year", _("Năm học")
    RECURRING = "recurring", _("Định kỳ")
    ONGOING = "ongoing", _("Thường xuyên")
    EVENT = "event", _("Có điều kiện")
    NONE = "none", _("Không nêu thời hạn")


class Period(TextChoices):
    WEEK = "week", _("Hằng tuần")
    MONTH = "month", _("Hằng tháng")
    QUARTER = "quarter", _("Hằng quý")
    TERM = "term", _("Mỗi học kỳ")
    HALF_YEAR = "half_year", _("Sáu tháng")
    YEAR = "year", _("Hằng năm")
    SCHOOL_YEAR = "school_year", _("Mỗi năm học")


class AssignmentState(TextChoices):
    ASSIGNED = "assigned", _("Chưa thực hiện")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    SUBMITTED = "submitted", _("Chờ duyệt")
    RETURNED = "returned", _("Trả lại, bổ sung")
    ACCEPTED = "accepted", _("Hoàn thành")
    PAUSED = "paused", _("Tạm dừng")
    CANCELLED = "cancelled", _("Đã hủy")


OPEN_STATES = (
    AssignmentState.ASSIGNED,
    AssignmentState.IN_PROGRESS,
    AssignmentState.SUBMITTED,
    AssignmentState.RETURNED,
)


class Timeliness(TextChoices):
    """Derived, never stored: where a task stands against its deadline on a given day."""

    ON_TIME = "on_time", _("Trong hạn")
    DUE_SOON = "due_soon", _("Sắp đến hạn")
    LATE = "late", _("Quá hạn")
    NO_DEADLINE = "no_deadline", _("Không hạn")
    WAITING = "waiting", _("Chờ điều kiện")
    DONE_ON_TIME = "done_on_time", _("Hoàn thành đúng hạn")
    DONE_LATE = "done_late", _("Hoàn thành quá hạn")
    DONE = "done", _("Hoàn thành")
    STOPPED = "stopped", _("Tạm dừng, hủy")


class DecisionState(TextChoices):
    PENDING = "pending", _("Chờ quyết định")
    GRANTED = "granted", _("Đồng ý")
    REFUSED = "refused", _("Không đồng ý")


class SubmissionState(TextChoices):
    PENDING = "pending", _("Chờ duyệt")
    ACCEPTED = "accepted", _("Đã duyệt")
    RETURNED = "returned", _("Trả lại")


class Operator(TextChoices):
    AT_LEAST = ">=", "≥"
    AT_MOST = "<=", "≤"
    EQUAL = "=", "="
    MORE = ">", ">"
    LESS = "<", "<"


class TargetValueState(TextChoices):
    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETURNED = "returned", _("Trả lại")


class ObligationState(TextChoices):
    OWED = "owed", _("Chưa nộp")
    SUBMITTED = "submitted", _("Đã nộp, chờ duyệt")
    RETURNED = "returned", _("Trả lại")
    ACCEPTED = "accepted", _("Đã nhận")
    WAIVED = "waived", _("Được miễn")
