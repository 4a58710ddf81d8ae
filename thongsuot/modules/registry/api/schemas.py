"""What the API of the registry gives and takes. Sensitive fields are left out of lists; of one record they are given on
request (`full`) to whoever may read them, and the reading is recorded."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, field_validator


class PersonOut(Schema):
    id: UUID
    full_name: str
    birth_date: date | None
    is_birth_year_only: bool
    gender: str = Field(description="male, female hoặc rỗng")
    local_code: str
    ministry_code: str
    provisional_code: str
    unit_id: int
    identity_status: str
    phone: str
    email: str
    updated_at: datetime

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        found: UUID = row.public_id
        return found


class StudentOut(PersonOut):
    class_id: int | None = None
    class_name: str | None = None
    grade: int | None = Field(None, description="1 đến 12; 13 đến 18 là nhóm tuổi mầm non")
    status: str | None = Field(None, description="Danh mục trang_thai_hoc_sinh")
    current_address: str

    @staticmethod
    def resolve_grade(row: Any) -> int | None:
        return getattr(row, "grade_now", None)

    @staticmethod
    def resolve_status(row: Any) -> str | None:
        return getattr(row, "status_now", None)


class SensitiveOut(Schema):
    personal_id: str
    ethnicity: str
    religion: str


class StudentDetailOut(StudentOut):
    edition: str = Field(description="Gửi lại khi sửa, để không ghi đè sửa đổi của người khác")
    sensitive: SensitiveOut | None = Field(None, description="Chỉ khi full=true và có quyền")


class ClassOut(Schema):
    id: int
    unit_id: int
    school_year: str
    code: str
    name: str
    grade: int | None
    mixed_grades: str
    size: int = Field(description="Sĩ số vào ngày as_of")
    max_students: int | None
    homeroom_teacher_id: UUID | None
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_school_year(row: Any) -> str:
        return str(row.school_year.name)

    @staticmethod
    def resolve_homeroom_teacher_id(row: Any) -> UUID | None:
        return row.homeroom_teacher.public_id if row.homeroom_teacher else None


class EnrolmentOut(Schema):
    id: int
    student_id: UUID
    student_name: str
    unit_id: int
    class_id: int | None
    grade: int | None
    status: str
    entry_type: str
    entered_on: date
    exit_type: str
    exit_reason: str
    left_on: date | None

    @staticmethod
    def resolve_student_id(row: Any) -> UUID:
        found: UUID = row.student.public_id
        return found

    @staticmethod
    def resolve_class_id(row: Any) -> int | None:
        found: int | None = row.school_class_id
        return found


class StaffOut(PersonOut):
    group: str | None = None
    position: str | None = None
    status: str | None = None
    subjects: list[str] | None = None
    degree: str

    @staticmethod
    def resolve_group(row: Any) -> Any:
        return row.post_group

    @staticmethod
    def resolve_position(row: Any) -> Any:
        return row.post_position

    @staticmethod
    def resolve_status(row: Any) -> Any:
        return row.post_status

    @staticmethod
    def resolve_subjects(row: Any) -> Any:
        return row.post_subjects


class StudentChanges(Schema):
    """Only what is sent is changed. A field that does not exist is a mistake of the caller."""

    model_config = ConfigDict(extra="forbid")

    full_name: str | None = Field(None, max_length=120)
    birth_date: date | None = None
    is_birth_year_only: bool | None = None
    gender: str | None = Field(None, max_length=8)
    ethnicity: str | None = Field(None, max_length=4)
    religion: str | None = Field(None, max_length=4)
    nationality: str | None = Field(None, max_length=3)
    personal_id: str | None = Field(None, max_length=20)
    ministry_code: str | None = Field(None, max_length=20)
    local_code: str | None = Field(None, max_length=30)
    birth_place: str | None = Field(None, max_length=200)
    home_town: str | None = Field(None, max_length=200)
    residence_commune_code: str | None = Field(None, max_length=5)
    residence_address: str | None = Field(None, max_length=300)
    current_address: str | None = Field(None, max_length=300)
    phone: str | None = Field(None, max_length=20)
    email: str | None = Field(None, max_length=254)

    @field_validator("*")
    @classmethod
    def _without_nul(cls, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("NUL")
        return value

    def facts(self, *apart: str) -> dict[str, Any]:
        """What was sent; null empties a date and is no value for a text."""
        sent = self.model_dump(exclude_unset=True, exclude=set(apart))
        return {name: value for name, value in sent.items() if value is not None or name == "birth_date"}


class StudentIn(StudentChanges):
    unit_id: int = Field(description="Trường giữ hồ sơ", ge=1, le=2**31 - 1)
    class_id: int | None = Field(None, description="Xếp ngay vào lớp này", ge=1, le=2**62)
    entered_on: date | None = None


class StudentPatch(StudentChanges):
    edition: str = Field("", max_length=40, description="Bản đã đọc; khác bản hiện tại thì không ghi (409)")
