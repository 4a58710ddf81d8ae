"""Tasks and their story."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from ..types import (
    AssignmentState,
    DeadlineKind,
    DecisionState,
    Period,
    SubmissionState,
    Timeliness,
)
from .schemas_shared import DirectiveRef, FileOut, PersonRef, Public, UnitRef
from .values import Body, Day, Key, Keys, Line, Lines, Link, Said


class AssignmentOut(Public):
    section: str
    text: str = Field(description="Việc")
    group: str
    product: str = Field(description="Sản phẩm, kết quả")
    unit: UnitRef = Field(description="Đơn vị chủ trì")
    assigned_by_unit: UnitRef = Field(description="Đơn vị giao")
    person: PersonRef | None = Field(description="Người thực hiện")
    leader: PersonRef | None = Field(description="Lãnh đạo phụ trách")
    directive: DirectiveRef | None
    parent_id: UUID | None = Field(description="Nhiệm vụ cấp trên, nếu chủ khoá thấy được")
    assigned_on: date
    deadline_kind: DeadlineKind
    deadline_words: str
    deadline_event: str = Field(description="Điều kiện làm bắt đầu thời hạn")
    event_occurred_on: date | None
    period: str
    due_on: date | None = Field(description="Hạn đang có hiệu lực")
    first_due_on: date | None = Field(description="Hạn ban đầu")
    days_left: int | None = Field(description="Số ngày còn lại, âm khi đã quá")
    timeliness: Timeliness = Field(description="Suy ra từ hạn và ngày hoàn thành, không ai nhập")
    state: AssignmentState
    progress: int
    started_on: date | None
    completed_on: date | None
    last_activity_at: datetime
    children_total: int
    children_done: int

    @staticmethod
    def resolve_parent_id(row: Any) -> UUID | None:
        found: UUID | None = row["parent_id"] if isinstance(row, dict) else row.parent_public_id
        return found


class StoryLineOut(Schema):
    at: datetime
    verb: str
    detail: str
    who: str
    unit_name: str


class NoteOut(Schema):
    at: datetime
    by: PersonRef
    progress: int
    note: str
    period_start: date | None
    period_end: date | None
    file: FileOut | None

    @staticmethod
    def resolve_file(note: Any) -> Any:
        return note.attached


class SubmissionOut(Schema):
    id: int
    number: str
    symbol: str
    issued_on: date | None
    subject: str
    file: FileOut | None
    link: str
    note: str
    submitted_by: PersonRef
    submitted_at: datetime
    state: SubmissionState
    decided_by: PersonRef | None
    decided_at: datetime | None
    decision_note: str

    @staticmethod
    def resolve_file(submission: Any) -> Any:
        return submission.attached


class ExtensionOut(Schema):
    id: int
    old_due_on: date | None
    new_due_on: date
    reason: str
    requested_by: PersonRef
    requested_at: datetime
    state: DecisionState
    granted_due_on: date | None
    decision_note: str
    decided_by: PersonRef | None
    decided_at: datetime | None


class DifficultyBase(Schema):
    id: int
    text: str
    proposal: str
    raised_by_unit: UnitRef
    raised_by: PersonRef
    raised_at: datetime
    routed_to: UnitRef = Field(description="Nơi đang được đề nghị giải quyết")
    decision: str
    decided_by: PersonRef | None
    decided_at: datetime | None


class DifficultyOut(DifficultyBase):
    assignment_id: UUID
    assignment_text: str

    @staticmethod
    def resolve_assignment_id(row: Any) -> UUID:
        found: UUID = row.assignment.public_id
        return found

    @staticmethod
    def resolve_assignment_text(row: Any) -> str:
        return str(row.assignment.text)


class AssignmentDetailOut(AssignmentOut):
    legal_basis: str
    responsibility: str
    authority: str
    event_document: str
    coordinators: list[UnitRef] = Field(description="Đơn vị phối hợp")
    open_steps: list[str] = Field(description="Việc mà chủ khoá làm được lúc này")
    log: list[StoryLineOut] = Field(description="Lịch sử, mới nhất trước")
    notes: list[NoteOut]
    submissions: list[SubmissionOut]
    extensions: list[ExtensionOut]
    difficulties: list[DifficultyBase]


class AssignmentIn(Body):
    """Một nhiệm vụ cho mỗi đơn vị chủ trì."""

    text: Said = Field(max_length=4000)
    unit_ids: Keys = Field(min_length=1, description="Đơn vị chủ trì")
    coordinating_ids: Keys = Field([], description="Đơn vị phối hợp")
    directive_id: UUID | None = None
    section: Line = Field("", max_length=40)
    group: Line = Field("", max_length=1000)
    product: Lines = Field("", max_length=2000)
    legal_basis: Lines = Field("", max_length=2000)
    responsibility: Lines = Field("", max_length=2000)
    authority: Lines = Field("", max_length=2000)
    deadline_kind: DeadlineKind = DeadlineKind.NONE
    due_on: Day | None = Field(None, description="Ngày cuối, hoặc một ngày trong tháng, quý, năm đó")
    deadline_words: Line = Field("", max_length=400)
    deadline_event: Line = Field("", max_length=400)
    period: Period | None = None


class HandDownIn(Body):
    unit_ids: Keys = Field(min_length=1)
    text: Lines = Field("", max_length=4000, description="Để trống: giao nguyên việc")
    product: Lines = Field("", max_length=2000)
    due_on: Day | None = None
    person_id: Key | None = None
    leader_id: Key | None = None


class PeopleIn(Body):
    """Thiếu một trường là xoá người đó."""

    person_id: Key | None = None
    leader_id: Key | None = None


class DifficultyIn(Body):
    text: Said = Field(max_length=4000)
    proposal: Lines = Field("", max_length=4000)


class DecisionIn(Body):
    decision: Said = Field(max_length=4000)


class ExtensionIn(Body):
    new_due_on: Day
    reason: Said = Field(max_length=2000)


class ExtensionDecisionIn(Body):
    granted: bool
    granted_due_on: Day | None = Field(None, description="Để trống: đúng ngày đã xin")
    note: Lines = Field("", max_length=2000, description="Bắt buộc khi không đồng ý")


class EventIn(Body):
    occurred_on: Day
    document: Line = Field("", max_length=200, description="Văn bản làm phát sinh")
    due_on: Day | None = Field(None, description="Khi văn bản không nêu số ngày")


class ProgressIn(Schema):
    percent: int = Field(ge=0, le=100)
    note: Said = Field(max_length=4000)
    difficulties: Lines = Field("", max_length=4000)
    proposal: Lines = Field("", max_length=4000)


class PeriodIn(Schema):
    note: Said = Field(max_length=4000)
    period_start: Day | None = Field(None, description="Để trống: kỳ gần nhất đã hết")


class ResultIn(Schema):
    subject: Said = Field(max_length=2000, description="Trích yếu hoặc tên sản phẩm")
    number: Line = Field("", max_length=20)
    symbol: Line = Field("", max_length=60)
    issued_on: Day | None = None
    link: Link = Field("", description="Liên kết minh chứng, khi không gửi tệp")
    note: Lines = Field("", max_length=2000)


class LogOut(Schema):
    at: datetime
    verb: str
    detail: str
    by: PersonRef | None
    by_unit: UnitRef | None
    assignment_id: UUID
    assignment_text: str

    @staticmethod
    def resolve_assignment_id(row: Any) -> UUID:
        found: UUID = row.assignment.public_id
        return found

    @staticmethod
    def resolve_assignment_text(row: Any) -> str:
        return str(row.assignment.text)
