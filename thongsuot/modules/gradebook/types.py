"""Words of the module: levels of results, outcomes of a year, reasons, what is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class GradingFault(Refused):
    """A file of rules or of marks says something that cannot be; the message names the place, the field, the reason."""

    code = "grading_fault"


class BadRules(Refused):
    """A set of rules cannot be used; faults: by field of the document ("learning.0.every"), in words."""

    code = "bad_rules"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {said}" for field, said in faults.items()))
        self.faults = dict(faults)


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


class TimetableState(TextChoices):
    DRAFT = "draft", _("Đang lập")
    PUBLISHED = "published", _("Đã ban hành")
    ARCHIVED = "archived", _("Không còn áp dụng")


class NoticeAudience(TextChoices):
    TEACHER = "teacher", _("Giáo viên")
    HOMEROOM = "homeroom", _("Chủ nhiệm")
    FAMILY = "family", _("Gia đình")


class TimetableClash(Refused):
    """A lesson cannot stand there: its class, teacher or room is taken. The message says by what."""

    code = "timetable_clash"


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
    # What keeps a level from being the next better one.
    TOO_LOW = "too_low"
    TOO_FEW = "too_few"
    COMMENTS_FAILED = "comments_failed"
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


@dataclass(frozen=True)
class CellChange:
    """One cell as a page saw it and as it shall be. Texts as they stand in the cell: "" empty, "7.5" (or "7,5"), "Đ",
    "CĐ", "T", "V" (absent without leave), "1" (exempt).

    column: "regular.0" ..., "regular_level.0" ..., "midterm", "final", "midterm_level", "final_level", "remark", "exempt".
    """

    student_id: int
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class CellSaved:
    """value: as it is kept and will be compared from now on ("7,5" was typed, "7.5" is kept)."""

    student_id: int
    column: str
    value: str


@dataclass(frozen=True)
class CellConflict:
    """Somebody else has written the cell since the page read it: `value` stands there, `typed` was not saved."""

    student_id: int
    column: str
    value: str
    typed: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class CellFault:
    """What was typed cannot be; reason in Vietnamese. Nothing of this cell was saved."""

    student_id: int
    column: str
    typed: str
    reason: str


@dataclass(frozen=True)
class EntryOutcome:
    """versions: of the rows that were written, by pupil."""

    saved: tuple[CellSaved, ...] = ()
    conflicts: tuple[CellConflict, ...] = ()
    faults: tuple[CellFault, ...] = ()
    versions: Mapping[int, int] = field(default_factory=dict)


class ColumnKind(StrEnum):
    MARK = "mark"  # 0-10 with the decimals of the rules
    TEST = "test"  # 0-10, whole
    LEVEL = "level"  # one of `choices`
    REMARK = "remark"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class GridColumn:
    """A column of the entry grid. choices: of a level; may_be_absent: "V" may stand there."""

    key: str
    title: str
    short: str
    kind: ColumnKind
    choices: tuple[str, ...] = ()
    may_be_absent: bool = False


@dataclass(frozen=True)
class GridRow:
    """A pupil's line. cells: column -> text; result: of the term as it stands now, "" while something is missing.

    has_left: no longer in the class; shown because marks are kept, closed for writing. carried: column -> the school that
    wrote it before the pupil came; closed for writing.
    """

    student_id: int
    public_id: UUID | None
    name: str
    birth_date: date | None
    cells: Mapping[str, str]
    result: str
    version: int
    has_left: bool = False
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LockState:
    """is_open: closed, and opened again for this subject until `open_until`."""

    is_locked: bool
    locked_at: datetime | None = None
    locked_by: str = ""
    lock_id: int | None = None
    open_until: datetime | None = None
    is_asked: bool = False

    @property
    def is_open(self) -> bool:
        return self.open_until is not None

    @property
    def may_write(self) -> bool:
        return not self.is_locked or self.is_open


@dataclass(frozen=True)
class Grid:
    """class_subject: the row of the subject, with class, unit and year."""

    class_subject: Any
    term: int
    rules: str
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    lock: LockState
    may_enter: bool


@dataclass(frozen=True)
class MarkChange:
    """One change of one cell: 7.5 -> 8.0, who, when, why."""

    at: datetime
    who: str
    role: str
    reason: str
    student_id: int
    column: str
    title: str
    old: str
    new: str


@dataclass(frozen=True)
class TermRecord:
    """A term of a subject as it is read out: marks and levels as texts ("7.5", "Đ", "V"), result of the term."""

    regular: tuple[str, ...]
    midterm: str
    final: str
    midterm_level: str
    final_level: str
    result: str
    remark: str


@dataclass(frozen=True)
class SubjectRecord:
    """A subject of a pupil's year. year, after: "8.0", "Đ", "T", "" ; reasons: sentences."""

    code: str
    name: str
    form: str
    periods: int
    terms: tuple[TermRecord, TermRecord]
    year: str
    after: str
    reassessed: str
    is_exempt: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PupilRecord:
    """The whole year of one pupil at one school: what a transcript and a report to parents are made of.

    learning: (term 1, term 2, year) of types.Learning or, in primary school, ("", "", types.PrimaryLearning);
    learning_after: with re-assessments in place. conduct: the same of types.Conduct. traits: moment -> code -> level.
    absences: sessions with and without leave; counted from `excused` and `unexcused` unless the school stated a number.
    remarks: of the homeroom teacher for term 1, term 2, the year. is_locked: all terms closed; is_stale: not computed
    since something changed.
    """

    student_id: int
    public_id: UUID | None
    name: str
    unit_id: int
    school_year_id: int
    class_id: int
    class_name: str
    grade: int
    level: str
    rules: str
    subjects: tuple[SubjectRecord, ...]
    learning: tuple[str, str, str]
    learning_after: str
    conduct: tuple[str, str, str]
    traits: Mapping[str, Mapping[str, str]]
    outcome: str
    award: str
    again: tuple[str, ...]
    absences: int | None
    excused: int
    unexcused: int
    remarks: tuple[str, str, str]
    reasons: tuple[str, ...]
    is_locked: bool
    is_stale: bool
    computed_at: datetime | None
    published_at: datetime | None
    # Schools where a part of the year was spent before, the first one first.
    carried_from: tuple[str, ...] = ()
