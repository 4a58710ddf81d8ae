"""Orders and what was found in them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema
from pydantic import field_serializer

from ..types import DeadlineKind, DirectiveState, FindingKind, FindingState, Operator
from .schemas_shared import FileOut, PersonRef, Public, UnitRef
from .values import Body, Day, Key, Keys, Line, Lines, Said


class DirectiveBase(Public):
    number: str = Field(description="Số, ký hiệu")
    type: str = Field(description="Loại văn bản")
    issuer: str = Field(description="Cơ quan ban hành")
    issued_on: date | None
    subject: str = Field(description="Trích yếu")
    state: DirectiveState
    owner_unit: UnitRef = Field(description="Đơn vị theo dõi")
    imported_at: datetime


class DirectiveOut(DirectiveBase):
    assignments_total: int = Field(description="Số nhiệm vụ mà chủ khoá thấy, không kể tạm dừng và hủy")
    assignments_done: int


class ReviewOut(Schema):
    proposed: int
    accepted: int
    dropped: int
    unmatched: list[tuple[int, list[str]]] = Field(
        description="Nội dung đã nhận mà còn từ chỉ đơn vị chưa nhận ra: (mã nội dung, các từ)"
    )
    without_lead: list[int]
    may_review: bool
    may_confirm: bool
    is_ready: bool


class DirectiveDetailOut(DirectiveBase):
    place: str
    issuer_unit: UnitRef | None
    signer_name: str
    signer_title: str
    note: str
    recipient_words: list[str]
    legal_bases: list[dict[str, Any]]
    school_year: str | None
    imported_by: PersonRef
    confirmed_by: PersonRef | None
    confirmed_at: datetime | None
    file: FileOut | None
    review: ReviewOut | None = Field(description="Chỉ cho người được rà soát")


class TextOut(Schema):
    lines: list[str] = Field(description="Dòng thứ n của văn bản là phần tử n-1")


class HeaderIn(Body):
    """Chỉ những trường được gửi là được sửa."""

    number: Line = Field("", max_length=80)
    type: Line = Field("", max_length=80)
    issuer: Line = Field("", max_length=250)
    place: Line = Field("", max_length=120)
    issued_on: Day | None = None
    subject: Line = Field("", max_length=2000)
    signer_name: Line = Field("", max_length=120)
    signer_title: Line = Field("", max_length=160)
    note: Line = Field("", max_length=500)


class FindingOut(Schema):
    id: int
    kind: FindingKind
    state: FindingState
    position: int
    data: dict[str, Any] = Field(description="Nội dung, như đã đọc và đã sửa")
    original: dict[str, Any] | None = Field(description="Nội dung như máy đọc")
    units: dict[str, Any] = Field(description="lead, coordinating, to: mã đơn vị; unmatched: từ chưa nhận ra")
    is_edited: bool
    start_line: int | None
    end_line: int | None
    reviewed_at: datetime | None


class DeadlineIn(Body):
    raw: Line = Field("", max_length=400, description="Lời văn; để trống kind thì hệ thống tự hiểu lời văn")
    kind: DeadlineKind | None = None
    # "date" would hide the type of the same name.
    day: Day | None = Field(None, alias="date", description="Hạn cuối")

    @field_serializer("kind")
    def _kind(self, kind: DeadlineKind | None) -> str:
        return kind.value if kind else ""

    @field_serializer("day")
    def _day(self, day: date | None) -> str | None:
        return day.isoformat() if day else None


class FindingData(Body):
    """Trường của từng loại. task: text, section, group, product, authority, legal_basis, deadline.
    target: text, operator, value, unit, period. reporting: what, to, due, period.
    """

    text: Said | None = Field(None, max_length=4000)
    section: Line | None = Field(None, max_length=40)
    group: Line | None = Field(None, max_length=1000)
    product: Lines | None = Field(None, max_length=2000)
    authority: Lines | None = Field(None, max_length=2000)
    legal_basis: Lines | None = Field(None, max_length=2000)
    deadline: DeadlineIn | None = None
    operator: Operator | None = None
    value: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    unit: Line | None = Field(None, max_length=60)
    period: Line | None = Field(None, max_length=120)
    what: Said | None = Field(None, max_length=4000)
    to: Line | None = Field(None, max_length=400)
    due: Line | None = Field(None, max_length=300, description="Thời hạn báo cáo, bằng lời văn")

    @field_serializer("operator")
    def _operator(self, operator: Operator | None) -> str | None:
        return operator.value if operator else None

    @field_serializer("value")
    def _value(self, value: Decimal | None) -> int | float | None:
        if value is None:
            return None
        return int(value) if value == int(value) else float(value)


class FindingUnits(Body):
    lead: Keys | None = Field(None, description="Đơn vị chủ trì, thực hiện, báo cáo")
    coordinating: Keys | None = Field(None, description="Đơn vị phối hợp")
    to: Keys | None = Field(None, description="Nơi nhận báo cáo")


class FindingEdit(Body):
    data: FindingData = Field(default_factory=lambda: FindingData.model_validate({}))
    units: FindingUnits | None = None


class FindingAdd(Body):
    kind: FindingKind
    data: FindingData
    units: FindingUnits | None = None
    start_line: int | None = Field(None, ge=1, le=1_000_000)
    end_line: int | None = Field(None, ge=1, le=1_000_000)


class SplitIn(Body):
    parts: list[Said] = Field(min_length=2, max_length=50)


class MergeIn(Body):
    findings: list[Key] = Field(min_length=2, max_length=50)


class KindIn(Body):
    kind: FindingKind


class CountOut(Schema):
    count: int


class UnitShareOut(Schema):
    name: str
    lead: int
    coordinating: int
    reports: int


class ConfirmationOut(Schema):
    """Xác nhận văn bản lúc này thì sẽ tạo ra những gì."""

    tasks: int
    assignments: int = Field(description="Mỗi đơn vị chủ trì một nhiệm vụ")
    targets: int
    duties: int
    shares: list[UnitShareOut]
