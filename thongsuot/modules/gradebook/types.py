"""Words of the module: levels of results, outcomes of a year, reasons, what is refused. Pure."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class GradingFault(Refused):
    """A file of rules or of marks says something that cannot be; the message names the place, the field, the reason."""

    code = "grading_fault"


class BookLocked(Refused):
    """The marks of the term are locked; writing needs an unlock that the principal grants."""

    code = "book_locked"


class StateConflict(Refused):
    """What is asked for does not fit the state in which the thing is."""

    code = "state_conflict"


class BadValue(Refused):
    """A value that cannot be; `field` names it."""

    code = "bad_value"


class SubjectForm(TextChoices):
    SCORE = "score", _("Nhận xét và điểm số")
    COMMENT = "comment", _("Nhận xét")


class Moment(TextChoices):
    """Moments of assessment in primary school (TT 27/2020 Điều 7): GK1, CK1 in term 1; GK2, CN in term 2."""

    MID_1 = "GK1", _("Giữa học kỳ I")
    END_1 = "CK1", _("Cuối học kỳ I")
    MID_2 = "GK2", _("Giữa học kỳ II")
    YEAR = "CN", _("Cuối năm")


class DaySession(TextChoices):
    MORNING = "morning", _("Sáng")
    AFTERNOON = "afternoon", _("Chiều")


class UnlockState(TextChoices):
    ASKED = "asked", _("Chờ quyết định")
    GRANTED = "granted", _("Đã mở")
    REFUSED = "refused", _("Không mở")


class Learning(StrEnum):
    """Kết quả học tập in lower and upper secondary school (TT 22/2021 Điều 9), best first."""

    GOOD = "good"
    FAIR = "fair"
    PASSED = "passed"
    NOT_PASSED = "not_passed"


class Conduct(StrEnum):
    """Kết quả rèn luyện (TT 22/2021 Điều 8), best first."""

    GOOD = "good"
    FAIR = "fair"
    PASSED = "passed"
    NOT_PASSED = "not_passed"


class PrimaryLearning(StrEnum):
    """Mức kết quả giáo dục cuối năm in primary school (TT 27/2020 Điều 9), best first."""

    EXCELLENT = "excellent"
    WELL_DONE = "well_done"
    DONE = "done"
    NOT_DONE = "not_done"


class Outcome(StrEnum):
    """What becomes of the pupil after the year."""

    PROMOTED = "promoted"
    COMPLETED = "completed"  # the last grade of the level
    REASSESS = "reassess"  # again in some subjects, in summer
    TRAIN = "train"  # conduct: a plan for the summer
    SUPPORT = "support"  # primary: help, then assessed again
    REPEAT = "repeat"
    UNDECIDED = "undecided"  # something is missing


class Award(StrEnum):
    EXCELLENT = "excellent"  # Học sinh Xuất sắc
    GOOD = "good"  # Học sinh Giỏi
    OUTSTANDING = "outstanding"  # Học sinh Tiêu biểu (primary)


class Why(StrEnum):
    """Reasons, each with its article; the words are in queries/words.py."""

    TERM_AVERAGE = "term_average"
    TERM_COMMENT = "term_comment"
    YEAR_AVERAGE = "year_average"
    YEAR_COMMENT = "year_comment"
    REGULAR_MISSING = "regular_missing"
    REGULAR_MORE = "regular_more"
    PERIODIC_MISSING = "periodic_missing"
    ABSENT_COUNTS = "absent_counts"
    EXEMPT = "exempt"
    LEVEL_MET = "level_met"
    RAISED = "raised"
    CONDUCT_MATRIX = "conduct_matrix"
    CONDUCT_TRAINED = "conduct_trained"
    CONDUCT_MISSING = "conduct_missing"
    REASSESSED = "reassessed"
    ABSENCES = "absences"
    BOTH_FAILED = "both_failed"
    LEARNING_FAILED = "learning_failed"
    CONDUCT_FAILED = "conduct_failed"
    SUBJECTS_MISSING = "subjects_missing"
    TRAITS_MISSING = "traits_missing"
    TESTS_MISSING = "tests_missing"
    ABSENCES_MISSING = "absences_missing"
    PRIMARY_LEVEL = "primary_level"
    PRIMARY_FAILED = "primary_failed"
    OWN_PLAN = "own_plan"
