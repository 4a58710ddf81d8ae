"""Rows of the generated registry. Field names are column names (`unit_id`, not `unit`), so that a row can be copied as it is.

Rows may be changed until they are written: that is how the seeded defects come in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(slots=True)
class PersonRow:
    """What pupils and staff share. `personal_id` lies open here and is sealed when it is written."""

    id: int
    unit_id: int
    public_id: UUID
    full_name: str
    birth_date: date | None
    gender: str
    ethnicity: str
    personal_id: str
    religion: str = "00"
    nationality: str = "VN"
    is_birth_year_only: bool = False
    ministry_code: str = ""
    provisional_code: str = ""
    identity_status: str = "not_sent"
    identity_checked_at: datetime | None = None
    birth_place: str = ""
    home_town: str = ""
    residence_commune_code: str = ""
    residence_address: str = ""
    current_address: str = ""
    phone: str = ""
    email: str = ""
    local_code: str = ""
    account_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(slots=True)
class StudentRow(PersonRow):
    is_father_minority: bool = False
    is_mother_minority: bool = False


@dataclass(slots=True)
class StaffRow(PersonRow):
    degree: str = ""
    major: str = ""
    political_theory: str = ""
    foreign_language: str = ""
    informatics: str = ""
    professional_standard: str = ""
    recruited_on: date | None = None
    is_party_member: bool = False
    has_digital_skills: bool = False


@dataclass(slots=True)
class ClassRow:
    id: int
    unit_id: int
    school_year_id: int
    code: str
    name: str
    grade: int | None
    valid_from: date
    valid_to: date | None
    site_id: int | None = None
    homeroom_teacher_id: int | None = None
    room_id: int | None = None
    mixed_grades: str = ""
    sessions_per_week: int | None = None
    is_two_sessions: bool = False
    is_boarding: bool = False
    foreign_language: str = ""
    max_students: int | None = None


@dataclass(slots=True)
class EnrolmentRow:
    id: int
    student_id: int
    unit_id: int
    school_year_id: int
    school_class_id: int | None
    grade: int | None
    entered_on: date
    student_name: str
    entry_type: str = "new"
    status: str = "01"
    exit_type: str = ""
    exit_reason: str = ""
    left_on: date | None = None
    other_school: str = ""


@dataclass(slots=True)
class CharacteristicRow:
    id: int
    student_id: int
    unit_id: int
    kind: str
    code: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""


@dataclass(slots=True)
class ContactRow:
    id: int
    student_id: int
    relation: str
    full_name: str
    birth_year: int | None = None
    occupation: str = ""
    phone: str = ""
    email: str = ""
    account_id: int | None = None


@dataclass(slots=True)
class TransferRow:
    id: int
    student_id: int
    from_unit_id: int
    to_unit_id: int | None
    state: str
    student_name: str
    grade: int | None
    effective_on: date
    requested_at: datetime
    to_name: str = ""
    reason: str = ""
    requested_by_id: int | None = None
    decided_by_id: int | None = None
    decided_at: datetime | None = None
    answer: str = ""
    completed_at: datetime | None = None
    from_name: str = ""
    place: str = ""
    is_abroad: bool = False
    document_number: str = ""
    papers: str = "[]"
    made: str = "{}"


@dataclass(slots=True)
class SubmissionRow:
    """An object on its way to the ministry's database."""

    id: int
    unit_id: int
    school_year_id: int
    kind: str
    object_id: int
    status: str
    reason: str = ""
    sent_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(slots=True)
class EmploymentRow:
    id: int
    staff_id: int
    unit_id: int
    group: str
    position: str
    valid_from: date
    valid_to: date | None = None
    contract: str = "1"
    rank: str = ""
    salary_step: str = ""
    status: str = "working"
    subjects: list[str] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TeachingRow:
    id: int
    staff_id: int
    school_class_id: int
    unit_id: int
    subject: str
    lessons_per_week: Decimal
    valid_from: date
    valid_to: date | None = None


@dataclass(slots=True)
class AssetRow:
    id: int
    unit_id: int
    name: str
    valid_from: date
    site_id: int | None = None
    valid_to: date | None = None
    note: str = ""


@dataclass(slots=True)
class LandRow(AssetRow):
    area: Decimal = Decimal(0)
    has_certificate: bool = True


@dataclass(slots=True)
class RoomRow(AssetRow):
    kind: str = "classroom"
    build: str = "solid"
    condition: str = "good"
    area: Decimal | None = None
    built_year: int | None = None
    capacity: int | None = None


@dataclass(slots=True)
class EquipmentRow(AssetRow):
    kind: str = "teaching"
    use: str = "teaching"
    measure: str = "chiếc"
    quantity: int = 0
    needed: int | None = None
    broken: int = 0
    is_connected: bool = False


@dataclass(slots=True)
class LineRow(AssetRow):
    provider: str = ""
    technology: str = ""
    bandwidth: int | None = None
    is_for_teaching: bool = True


@dataclass
class Rows:
    """Everything that is generated, table by table, and the next key of each."""

    students: list[StudentRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    classes: list[ClassRow] = field(default_factory=list)
    enrolments: list[EnrolmentRow] = field(default_factory=list)
    characteristics: list[CharacteristicRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    transfers: list[TransferRow] = field(default_factory=list)
    employments: list[EmploymentRow] = field(default_factory=list)
    teaching: list[TeachingRow] = field(default_factory=list)
    land: list[LandRow] = field(default_factory=list)
    rooms: list[RoomRow] = field(default_factory=list)
    equipment: list[EquipmentRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    submissions: list[SubmissionRow] = field(default_factory=list)

    def add(self, table: str, make: Any, /, **values: Any) -> Any:
        """A new row at the end of a table. Keys count from 1: what is filled was empty."""
        rows = getattr(self, table)
        row = make(id=len(rows) + 1, **values)
        rows.append(row)
        return row
