"""Reports owed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from ..types import ObligationState, Period, Timeliness
from .schemas_shared import DirectiveRef, FileOut, Public, UnitRef
from .values import Body, Day, Key, Keys, Lines, Said


class DutyOut(Public):
    what: str = Field(description="Báo cáo gì")
    owner_unit: UnitRef = Field(description="Đơn vị yêu cầu")
    directive: DirectiveRef | None
    who_words: str
    to_words: str
    due_words: str
    period: str
    first_due_on: date | None
    last_due_on: date | None
    owed: int = Field(description="Số báo cáo phải nộp")
    handed_in: int
    late: int


class DutyRef(Public):
    what: str
    period: str


class ObligationOut(Public):
    duty: DutyRef
    directive: DirectiveRef | None
    unit: UnitRef = Field(description="Đơn vị báo cáo")
    to_unit: UnitRef = Field(description="Nơi nhận")
    period_label: str
    due_on: date
    timeliness: Timeliness
    state: ObligationState
    submitted_at: datetime | None

    @staticmethod
    def resolve_directive(row: Any) -> Any:
        return row["directive"] if isinstance(row, dict) else row.duty.directive


class StepsOut(Schema):
    submit: bool
    decide: bool
    waive: bool
    forward: bool


class ReportLogOut(Schema):
    at: datetime
    verb: str
    detail: str
    who: str


class GatheredOut(Schema):
    key: int = Field(description="Dùng trong gathered khi tổng hợp")
    id: UUID
    unit: UnitRef
    state: ObligationState
    summary: str


class ObligationDetailOut(ObligationOut):
    summary: str
    file: FileOut | None
    decision_note: str
    steps: StepsOut = Field(description="Việc mà chủ khoá làm được lúc này")
    log: list[ReportLogOut]
    gathered: list[GatheredOut] = Field(description="Báo cáo cấp dưới đã tổng hợp vào đây")
    to_gather: list[GatheredOut] = Field(description="Báo cáo cấp dưới có thể tổng hợp")


class DutyIn(Body):
    what: Said = Field(max_length=2000)
    unit_ids: Keys = Field(min_length=1, description="Ai báo cáo")
    period: Period | None = Field(None, description="Để trống: một lần")
    first_due_on: Day
    last_due_on: Day | None = None


class ReportIn(Schema):
    summary: Lines = Field("", description="Nội dung tóm tắt; cần có nội dung hoặc tệp")


class ForwardIn(Schema):
    gathered: list[Key] = Field([], max_length=5000, description="key của các báo cáo cấp dưới đã nhận")
    summary: Lines = Field("")
