"""Overviews: dashboard, ranking, calendars, what waits, search."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from .schemas_shared import Public


class CountsOut(Schema):
    total: int = Field(description="Không kể tạm dừng và hủy")
    finished: int
    open: int
    done_on_time: int
    done_late: int
    done: int = Field(description="Hoàn thành, không có hạn để so")
    on_time: int
    due_soon: int = Field(description="Đến hạn trong 7 ngày")
    late: int
    no_deadline: int
    ongoing: int
    waiting: int = Field(description="Chờ điều kiện")
    stopped: int
    on_time_rate: Decimal | None = Field(description="Phần trăm, một chữ số thập phân")
    completion_rate: Decimal | None


class UnitLineOut(Schema):
    unit_id: int
    name: str
    kind: str
    counts: CountsOut


class DirectiveLineOut(Public):
    number: str
    subject: str
    counts: CountsOut


class BottleneckOut(Schema):
    unit_id: int
    unit_name: str
    state: str = Field(description="submitted: chờ đơn vị này nghiệm thu; khác: chờ đơn vị này làm")
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


class MonthOut(Schema):
    month: date = Field(description="Ngày đầu tháng")
    on_time: int
    late: int
    undated: int


class RankedOut(Schema):
    rank: int
    unit_id: int
    unit_name: str
    counts: CountsOut

    @staticmethod
    def resolve_unit_id(line: Any) -> int:
        found: int = line.counts.unit_id
        return found

    @staticmethod
    def resolve_unit_name(line: Any) -> str:
        return str(line.counts.unit_name)


class CalendarOut(Schema):
    due_on: date
    duty_id: UUID
    what: str
    total: int
    handed_in: int
    late: int
    obligation_id: UUID | None = Field(description="Khi dòng này chỉ có một báo cáo")


class DueDayOut(Schema):
    due_on: date
    total: int
    open: int


class WaitingItemOut(Public):
    kind: str = Field(description="assignment, directive, obligation hoặc target")
    title: str
    detail: str
    due_on: date | None


class WaitingGroupOut(Schema):
    code: str
    title: str
    count: int
    items: list[WaitingItemOut] = Field(description="Vài mục đầu")


class HitOut(Public):
    kind: str
    title: str
    detail: str
