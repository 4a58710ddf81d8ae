"""Parts that several answers have in common."""

from typing import Any
from uuid import UUID

from ninja import Field, Schema

from .values import Body, Lines, Said


class Public(Schema):
    """Something known to the outside by its public id."""

    id: UUID

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        found: UUID = row["id"] if isinstance(row, dict) else row.public_id
        return found


class UnitRef(Schema):
    id: int
    name: str
    kind: str


class PersonRef(Schema):
    id: int
    name: str

    @staticmethod
    def resolve_name(person: Any) -> str:
        return str(getattr(person, "full_name", "") or getattr(person, "name", ""))


class DirectiveRef(Public):
    number: str
    type: str


class FileOut(Public):
    """Tải bằng GET /files/{id}."""

    name: str
    size: int = Field(description="Số byte")
    content_type: str


class ReasonIn(Body):
    reason: Said = Field(description="Lý do")


class OptionalReasonIn(Body):
    reason: Lines = Field("", description="Lý do")


class NoteIn(Body):
    note: Lines = Field("", description="Nhận xét")
