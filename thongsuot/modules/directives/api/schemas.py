"""What goes over the wire. Ids of orders, tasks, targets and reports are UUIDs; of units, the numbers of /units."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from ..types import DeadlineKind, FindingKind, Period


class DirectiveOut(Schema):
    public_id: UUID
    number: str
    type: str
    issuer: str
    issued_on: date | None
    subject: str
    state: str
    owner_unit_id: int
    imported_at: datetime


class DirectiveDetailOut(DirectiveOut):
    place: str
    signer_name: str
    signer_title: str
    recipient_words: list[str]
    legal_bases: list[Any]
    source_text: str
    confirmed_at: datetime | None


class HeaderIn(Schema):
    number: str | None = None
    type: str | None = None
    issuer: str | None = None
    place: str | None = None
    issued_on: date | None = None
    subject: str | None = None
    signer_name: str | None = None
    signer_title: str | None = None


class UnitsIn(Schema):
    lead: list[int] = []
    coordinating: list[int] = []
    to: list[int] = []


class FindingIn(Schema):
    """`data` in the shape of the extraction; only the fields that change."""

    data: dict[str, Any] = {}
    units: UnitsIn | None = None


class NewFindingIn(FindingIn):
    kind: FindingKind
    start_line: int | None = None
    end_line: int | None = None


class PartsIn(Schema):
    parts: list[str]


class FindingsIn(Schema):
    findings: list[int]


class ReasonIn(Schema):
    reason: str = ""


class FindingOut(Schema):
    id: int
    kind: str
    position: int
    state: str
    is_edited: bool
    data: dict[str, Any]
    original: dict[str, Any] | None
    units: dict[str, Any]
    start_line: int | None
    end_line: int | None


class CountOut(Schema):
    count: int


class AssignmentOut(Schema):
    public_id: UUID
    directive_number: str | None
    section: str
    text: str
    unit_id: int
    unit_name: str
    assigned_by_unit_id: int
    assigned_on: date
    deadline_kind: str
    due_on: date | None
    days_left: int | None
    state: str
    timeliness: str
    progress: int
    completed_on: date | None
    children_total: int
    children_done: int


class StoryOut(Schema):
    at: datetime
    verb: str
    detail: str
    who: str
    unit_name: str


class SubmissionOut(Schema):
    id: int
    number: str
    symbol: str
    issued_on: date | None
    subject: str
    link: str
    note: str
    state: str
    submitted_at: datetime
    decision_note: str


class ExtensionOut(Schema):
    id: int
    old_due_on: date | None
    new_due_on: date
    reason: str
    state: str
    granted_due_on: date | None
    decision_note: str


class DifficultyOut(Schema):
    id: int
    text: str
    proposal: str
    raised_by_unit_id: int
    routed_to_id: int
    raised_at: datetime
    decision: str
    decided_at: datetime | None


class AssignmentDetailOut(AssignmentOut):
    group: str
    legal_basis: str
    responsibility: str
    product: str
    authority: str
    deadline_words: str
    deadline_event: str
    event_occurred_on: date | None
    first_due_on: date | None
    parent_id: UUID | None
    coordinating_unit_ids: list[int]
    open_steps: list[str]
    submissions: list[SubmissionOut]
    extensions: list[ExtensionOut]
    difficulties: list[DifficultyOut]
    story: list[StoryOut]


class AssignmentIn(Schema):
    text: str = Field(min_length=1, max_length=4000)
    unit_ids: list[int] = Field(min_length=1, max_length=5000)
    coordinating_ids: list[int] = []
    product: str = ""
    legal_basis: str = ""
    responsibility: str = ""
    authority: str = ""
    deadline_kind: DeadlineKind = DeadlineKind.NONE
    due_on: date | None = None
    deadline_event: str = ""
    period: Period | None = None


class HandDownIn(Schema):
    unit_ids: list[int] = Field(min_length=1, max_length=5000)
    text: str = ""
    product: str = ""
    due_on: date | None = None


class ProgressIn(Schema):
    percent: int = Field(ge=0, le=100)
    note: str
    difficulties: str = ""
    proposal: str = ""


class NoteIn(Schema):
    note: str = ""


class SubmissionIn(Schema):
    """The evidence is a link, or a file that was sent to /evidence before."""

    subject: str
    number: str = ""
    symbol: str = ""
    issued_on: date | None = None
    link: str = ""
    file_id: UUID | None = None
    note: str = ""


class ExtensionIn(Schema):
    new_due_on: date
    reason: str


class DecisionIn(Schema):
    granted: bool
    granted_due_on: date | None = None
    note: str = ""


class EventIn(Schema):
    occurred_on: date
    document: str = ""
    due_on: date | None = None


class DifficultyIn(Schema):
    text: str
    proposal: str = ""


class AnswerIn(Schema):
    decision: str


class EvidenceOut(Schema):
    file_id: UUID
    name: str
    size: int


class TargetOut(Schema):
    public_id: UUID
    text: str
    operator: str
    value: Decimal | None
    measure: str
    period: str
    due_on: date | None
    indicator_code: str
    unit_count: int
    reported_count: int


class StandingOut(Schema):
    unit_id: int
    unit_name: str
    value: Decimal | None
    as_of: date | None
    met: bool | None
    pending: bool

    @staticmethod
    def resolve_unit_id(row: Any) -> int:
        return int(row.unit.pk)

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return str(row.unit.name)


class TargetDetailOut(Schema):
    target: TargetOut
    current: Decimal | None
    met: bool | None
    trend: list[tuple[date, Decimal]]
    units: list[StandingOut]
    missing_unit_ids: list[int]


class ValueIn(Schema):
    unit_id: int
    as_of: date
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    link: str = ""
    file_id: UUID | None = None
    note: str = ""


class ValueOut(Schema):
    id: int
    unit_id: int
    as_of: date
    value: Decimal
    state: str


class IndicatorIn(Schema):
    code: str


class ObligationOut(Schema):
    public_id: UUID
    what: str
    unit_id: int
    to_unit_id: int
    period_label: str
    due_on: date
    state: str
    timeliness: str
    submitted_at: datetime | None
    summary: str
    decision_note: str

    @staticmethod
    def resolve_what(row: Any) -> str:
        return str(row.duty.what)


class ReportIn(Schema):
    summary: str = ""
    file_id: UUID | None = None
    # Ids of reports from below that are sent along (a commune's schools).
    gathered: list[UUID] = []


class DutyOut(Schema):
    public_id: UUID
    what: str
    owner_unit_id: int
    period: str
    first_due_on: date | None
    last_due_on: date | None
    owed: int
    handed_in: int
    late: int


class CalendarOut(Schema):
    due_on: date
    duty_id: UUID
    what: str
    total: int
    handed_in: int
    late: int
    obligation_id: UUID | None


class CountsOut(Schema):
    total: int
    finished: int
    done_on_time: int
    done_late: int
    done: int
    on_time: int
    due_soon: int
    late: int
    no_deadline: int
    ongoing: int
    waiting: int
    stopped: int
    on_time_rate: Decimal | None
    completion_rate: Decimal | None


class UnitLineOut(Schema):
    unit_id: int
    name: str
    kind: str
    counts: CountsOut


class DirectiveLineOut(Schema):
    public_id: UUID
    number: str
    subject: str
    counts: CountsOut


class BottleneckOut(Schema):
    unit_id: int
    unit_name: str
    state: str
    number: int
    days_late: int


class DashboardOut(Schema):
    unit_id: int
    unit_name: str
    is_province: bool
    today: date
    counts: CountsOut
    by_unit: list[UnitLineOut]
    by_office: list[UnitLineOut]
    by_directive: list[DirectiveLineOut]
    bottlenecks: list[BottleneckOut]


class RankedOut(Schema):
    rank: int
    unit_id: int
    unit_name: str
    counts: CountsOut

    @staticmethod
    def resolve_unit_id(row: Any) -> int:
        return int(row.counts.unit_id)

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return str(row.counts.unit_name)


class WaitingItemOut(Schema):
    kind: str
    public_id: UUID
    title: str
    detail: str
    due_on: date | None


class WaitingOut(Schema):
    code: str
    title: str
    count: int
    items: list[WaitingItemOut]


class HitOut(Schema):
    kind: str
    public_id: UUID
    title: str
    detail: str
