"""Targets and what units report of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from ..types import Operator, TargetValueState
from .schemas_shared import DirectiveRef, FileOut, PersonRef, Public, UnitRef
from .values import Body, Day, Key, Line, Lines, Link


class TargetOut(Public):
    text: str
    operator: Operator
    value: Decimal | None = Field(description="Giá trị giao")
    measure: str = Field(description="Đơn vị tính")
    period: str
    due_on: date | None
    indicator_code: str = Field(description="Chỉ số gắn với chỉ tiêu; trống: đơn vị tự báo cáo")
    directive: DirectiveRef
    owner_unit: UnitRef
    unit_count: int = Field(description="Số đơn vị được giao")
    reported_count: int = Field(description="Số đơn vị đã có số liệu được duyệt")


class StandingOut(Schema):
    unit: UnitRef
    value: Decimal | None
    as_of: date | None
    met: bool | None
    pending: bool = Field(description="Có số liệu chờ duyệt")


class TrendPoint(Schema):
    day: date
    value: Decimal


class CourseOut(Schema):
    """Đường thẳng từ lúc giao đến hạn; cách tính của phần mềm, không phải quy định của văn bản."""

    begins: date
    start: Decimal = Field(description="Giá trị lúc bắt đầu")
    ends: date
    aim: Decimal = Field(description="Giá trị giao")
    expected: Decimal = Field(description="Giá trị cần có hôm nay theo tiến độ")
    value: Decimal = Field(description="Giá trị mới nhất đem so")
    gap: Decimal = Field(description="Khoảng cách đến giá trị cần có, không âm")
    is_on: bool = Field(description="true: đúng tiến độ; false: chậm tiến độ")


class TargetDetailOut(TargetOut):
    current: Decimal | None = Field(description="Giá trị hiện tại")
    met: bool | None
    how: str = Field(description="Giá trị hiện tại được tính thế nào")
    trend: list[TrendPoint]
    course: CourseOut | None = Field(
        description="Tiến độ; null khi chưa có gì để so (thiếu hạn, thiếu số đầu kỳ)"
    )
    can_manage: bool
    reports_for: list[int] = Field(description="Đơn vị mà chủ khoá báo cáo thay được")


class ValueOut(Schema):
    id: int
    unit: UnitRef
    approver_unit: UnitRef
    as_of: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal
    note: str
    link: str
    file: FileOut | None
    state: TargetValueState
    reported_by: PersonRef
    reported_at: datetime
    decided_at: datetime | None
    decision_note: str


class WaitingValueOut(Schema):
    id: int
    target_id: UUID
    target_text: str
    unit: UnitRef
    as_of: date
    value: Decimal
    reported_at: datetime

    @staticmethod
    def resolve_target_id(row: Any) -> UUID:
        found: UUID = row.target.public_id
        return found

    @staticmethod
    def resolve_target_text(row: Any) -> str:
        return str(row.target.text)


class ValueIn(Schema):
    """Giá trị, hoặc tử số và mẫu số; kèm tệp hoặc liên kết minh chứng."""

    unit_id: Key | None = Field(None, description="Để trống khi chủ khoá chỉ báo cáo cho một đơn vị")
    as_of: Day
    value: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    numerator: Decimal | None = Field(None, max_digits=14, decimal_places=2)
    denominator: Decimal | None = Field(None, max_digits=14, decimal_places=2)
    link: Link = ""
    note: Lines = Field("", max_length=2000)


class IndicatorIn(Body):
    code: Line = Field(max_length=80, description="Mã chỉ số; trống để bỏ gắn")
