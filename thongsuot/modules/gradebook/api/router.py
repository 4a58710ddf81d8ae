"""API v1 of timetables: reading only. Versions and lessons of schools within reach; one's own week."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.api.paging import paged

from ..permissions import ENTER, KEEP, VIEW, VIEW_OWN
from ..queries import timetables as queries
from ..types import DaySession, TimetableState

router = Router(tags=["Thời khoá biểu"])
UNIT = Query(None, description="Chỉ của trường này")
YEAR = Query("", max_length=9, description="Năm học, ví dụ 2026-2027")
STATE = Query(None, description="Trạng thái; bản đang lập chỉ trường đó thấy")
FOLLOWED = Query(None, description="Chỉ bản đang áp dụng vào ngày này")
CLASS = Query(None, description="Chỉ của lớp này")
TEACHER = Query(None, description="Chỉ của giáo viên này")
DAY = Query(None, description="Tuần áp dụng vào ngày này; mặc định hôm nay")


def scopes(*names: str) -> dict[str, Any]:
    return {
        "description": "Phạm vi của khoá: " + ", ".join(f"`{name}`" for name in names) + ".",
        "openapi_extra": {"x-scopes": list(names)},
    }


def _require(request: HttpRequest, *rights: str) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not any(actor.can(right) for right in rights):
        raise NotAllowed("Khoá không có phạm vi này.")
    return actor


class TimetableOut(Schema):
    id: UUID
    unit_id: int
    unit_name: str
    school_year: str
    term: int
    version: int
    state: TimetableState
    note: str
    valid_from: date = Field(description="Áp dụng từ ngày này đến khi có bản sau")

    @staticmethod
    def resolve_id(row: Any) -> UUID:
        return row.public_id

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        return str(row.unit.name)

    @staticmethod
    def resolve_school_year(row: Any) -> str:
        return str(row.school_year.name)


class LessonOut(Schema):
    class_id: int
    class_name: str
    subject: str
    staff_id: UUID | None
    teacher: str
    room: str
    day: int = Field(description="2 là thứ Hai, 8 là Chủ nhật")
    session: DaySession
    lesson: int = Field(description="Tiết trong buổi, từ 1")
    group: int = Field(description="0; từ 1: nhóm thứ hai trở đi của lớp học cùng giờ")

    @staticmethod
    def resolve_class_id(row: Any) -> int:
        return int(row.school_class_id)

    @staticmethod
    def resolve_class_name(row: Any) -> str:
        return str(row.school_class.name)

    @staticmethod
    def resolve_staff_id(row: Any) -> UUID | None:
        return row.staff.public_id if row.staff is not None else None

    @staticmethod
    def resolve_teacher(row: Any) -> str:
        return row.staff.full_name if row.staff is not None else ""

    @staticmethod
    def resolve_room(row: Any) -> str:
        return row.room.name if row.room is not None else ""

    @staticmethod
    def resolve_group(row: Any) -> int:
        return int(row.strand)


class OwnLessonOut(Schema):
    class_name: str
    subject: str
    teacher: str
    room: str
    day: int
    session: DaySession
    lesson: int
    is_mine: bool = Field(description="Chủ khoá dạy tiết này")


class OwnWeekOut(Schema):
    title: str = Field(description="Trống: tiết chủ khoá dạy; còn lại: lớp, hoặc học sinh")
    class_id: int | None
    version: int
    valid_from: date
    lessons: list[OwnLessonOut]


@router.get(
    "/timetables",
    response=list[TimetableOut],
    summary="Các bản thời khoá biểu trong phạm vi của chủ khoá",
    **scopes(VIEW, KEEP),
)
@paged
def timetables(
    request: HttpRequest,
    unit_id: int | None = UNIT,
    school_year: str = YEAR,
    state: TimetableState | None = STATE,
    followed_on: date | None = FOLLOWED,
) -> Any:
    rows = queries.timetables(_require(request, VIEW, KEEP))
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if school_year:
        rows = rows.filter(school_year__name=school_year)
    if state is not None:
        rows = rows.filter(state=state)
    return rows if followed_on is None else queries.followed(rows, followed_on)


@router.get("/timetables/mine", response=list[OwnWeekOut], summary="Tuần của mình", **scopes(ENTER, VIEW_OWN))
def own_weeks(request: HttpRequest, on: date | None = DAY) -> Any:
    actor = _require(request, ENTER, VIEW_OWN)
    day = on or timezone.localdate()
    weeks = queries.teacher_weeks(actor, day) if actor.can(ENTER) else []
    if actor.can(VIEW_OWN):
        weeks = [*weeks, *queries.family_weeks(actor, day)]
    return [_own_week(one) for one in weeks]


def _own_week(week: queries.OwnWeek) -> dict[str, Any]:
    return {
        "title": week.title,
        "class_id": week.class_id,
        "version": week.version,
        "valid_from": week.valid_from,
        "lessons": [
            {
                "class_name": one.class_name,
                "subject": one.subject,
                "teacher": one.teacher,
                "room": one.room,
                "day": one.slot.day,
                "session": queries.session_of(one.slot),
                "lesson": one.slot.lesson,
                "is_mine": one.is_mine,
            }
            for one in week.lessons
        ],
    }


def _timetable(request: HttpRequest, public_id: UUID) -> Any:
    found = queries.timetable(_require(request, VIEW, KEEP), public_id)
    if found is None:
        raise Http404
    return found


@router.get(
    "/timetables/{uuid:public_id}",
    response=TimetableOut,
    summary="Một bản thời khoá biểu",
    **scopes(VIEW, KEEP),
)
def timetable(request: HttpRequest, public_id: UUID) -> Any:
    return _timetable(request, public_id)


@router.get(
    "/timetables/{uuid:public_id}/lessons",
    response=list[LessonOut],
    summary="Các tiết của một bản",
    **scopes(VIEW, KEEP),
)
@paged
def lessons(
    request: HttpRequest, public_id: UUID, class_id: int | None = CLASS, staff_id: UUID | None = TEACHER
) -> Any:
    rows = queries.lessons(_timetable(request, public_id))
    if class_id is not None:
        rows = rows.filter(school_class_id=class_id)
    return rows if staff_id is None else rows.filter(staff__public_id=staff_id)
