"""Words of the module: kinds of items, states, what is refused. Pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class ItemKind(TextChoices):
    GATE = "gate", _("Điều kiện bắt buộc")
    YES_NO = "yes_no", _("Có hoặc không")
    RATIO = "ratio", _("Tỉ lệ")
    COUNT = "count", _("Số lượng")
    GRADED = "graded", _("Chấm điểm")


class Subject(TextChoices):
    SCHOOL = "school", _("Cơ sở giáo dục")
    DEPARTMENT = "department", _("Sở Giáo dục và Đào tạo")


class AssessmentState(TextChoices):
    DRAFT = "draft", _("Đang tự đánh giá")
    SUBMITTED = "submitted", _("Đã nộp, chờ xã")
    RETURNED = "returned", _("Bị trả lại")
    FORWARDED = "forwarded", _("Đã lên Sở, chờ đoàn")
    EXTERNAL = "external", _("Đoàn đang đánh giá")
    PROPOSED = "proposed", _("Chờ trường trả lời")
    CONCLUDED = "concluded", _("Đã thống nhất kết quả")
    RECOGNISED = "recognised", _("Đã công nhận")


# In these the school may still change what it says of itself.
OPEN_STATES = frozenset({AssessmentState.DRAFT, AssessmentState.RETURNED})


class EvidenceKind(TextChoices):
    FILE = "file", _("Tệp")
    LINK = "link", _("Đường dẫn")
    RECORD = "record", _("Bản ghi trên hệ thống")


class AppealState(TextChoices):
    FILED = "filed", _("Chờ giải quyết")
    UPHELD = "upheld", _("Chấp nhận, đổi mức")
    DISMISSED = "dismissed", _("Giữ nguyên mức")


class Origin(TextChoices):
    FILE = "file", _("Bộ cài đặt")
    CORRECTION = "correction", _("Sửa trên trang")


class Confidence(TextChoices):
    """How a point is known; whatever was not read in a text is to be compared with it."""

    READ = "V", _("Đã đọc trong văn bản")
    SECONDARY = "V2", _("Qua tài liệu thứ cấp")
    MEMORY = "M", _("Theo trí nhớ, cần đối chiếu")
    INFERRED = "I", _("Suy ra, cần đối chiếu")


PROVISIONAL = frozenset({Confidence.MEMORY, Confidence.INFERRED})


class RubricFault(Refused):
    """A rubric that cannot be used; the message names the place in it."""

    code = "rubric_fault"


class RubricClosed(Refused):
    """Nobody is assessed by this rubric: it is switched off, or it is not for this unit."""

    code = "rubric_closed"


class WrongAnswer(Refused):
    """An answer that makes no sense: a share above its whole, more points than there are."""

    code = "wrong_answer"


class AssessmentStep(Refused):
    """The assessment is not in a state that allows this."""

    code = "assessment_step"


class AssessmentIncomplete(Refused):
    """Something is lacking: evidence, a reason, a score of the team."""

    code = "assessment_incomplete"


class DecisionFault(Refused):
    """A decision that cannot be made: nothing in it, its number taken, signed already."""

    code = "decision_fault"


class AppealLate(Refused):
    """The time for an appeal is over, or one has been made."""

    code = "appeal_late"
