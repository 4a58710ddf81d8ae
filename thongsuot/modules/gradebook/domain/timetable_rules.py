"""What a timetable must keep to, as data: data/timetable/*.json, then each school's own. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from .rules import Plain
from .timetable import AFTERNOON, MORNING, MOST_LESSONS, PARTS, ClassWeek, Slot, Week

Sessions = Literal["morning", "afternoon", "both"]
Lessons = Annotated[int, Field(ge=0, le=MOST_LESSONS)]
PARTS_OF: dict[str, tuple[int, ...]] = {
    "morning": (MORNING,),
    "afternoon": (AFTERNOON,),
    "both": (MORNING, AFTERNOON),
}


class Frame(Plain):
    """The week: days 2..8 (8: Sunday), lessons of a morning and an afternoon, half-days that differ ("7C": 0)."""

    days: Annotated[tuple[Annotated[int, Field(ge=2, le=8)], ...], Field(min_length=1)] = (2, 3, 4, 5, 6, 7)
    morning: Lessons = 5
    afternoon: Lessons = 0
    other: dict[Annotated[str, Field(pattern="^[2-8][SC]$")], Lessons] = {}

    def week(self) -> Week:
        usual = (self.morning, self.afternoon)
        return Week(
            {
                (day, part): self.other.get(f"{day}{PARTS[part]}", usual[part])
                for day in sorted(set(self.days))
                for part in (MORNING, AFTERNOON)
            }
        )


class FixedActivity(Plain):
    """What all classes have at one time (chào cờ, sinh hoạt lớp). day, lesson: first, last or a number, in the class's
    main half-day. part_of: subjects whose lessons it is counted in, where the class has one of them.
    """

    name: str = Field(min_length=1, max_length=40)
    day: Literal["first", "last"] | Annotated[int, Field(ge=2, le=8)]
    lesson: Literal["first", "last"] | Annotated[int, Field(ge=1, le=MOST_LESSONS)]
    teacher: Literal["homeroom", "none"] = "homeroom"
    part_of: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()

    def slot(self, week: Week, of: ClassWeek) -> Slot | None:
        """None where the week of the class has no such slot."""
        slots = week.slots(of.parts[:1])
        days = [slot.day for slot in slots]
        if not days:
            return None
        day = {"first": min(days), "last": max(days)}.get(str(self.day), self.day)
        lessons = [slot.lesson for slot in slots if slot.day == day]
        if not lessons:
            return None
        lesson = {"first": 1, "last": max(lessons)}.get(str(self.lesson), self.lesson)
        found = Slot(int(day), of.parts[0], int(lesson))
        return found if found in slots else None


class SubjectRule(Plain):
    """per_day: most lessons a class has of it in a day (None: as few as the week allows); doubles: at least so many
    times two lessons one after the other; forbidden: patterns of slots ("*S1").
    """

    per_day: Annotated[int, Field(ge=1, le=10)] | None = None
    doubles: Annotated[int, Field(ge=0, le=5)] = 0
    forbidden: tuple[str, ...] = ()


class RoomPool(Plain):
    """Rooms that subjects are taught in. rooms: of the registry; none: a place that takes `at_once` classes at a time."""

    name: str = Field(min_length=1, max_length=60)
    subjects: tuple[str, ...]
    rooms: tuple[int, ...] = ()
    at_once: Annotated[int, Field(ge=1, le=50)] = 1

    @property
    def capacity(self) -> int:
        return len(self.rooms) or self.at_once


class TeacherRule(Plain):
    """off: patterns of slots in which he or she cannot teach; per_day: most lessons a day; free_days: at least so many
    of the week's days without a lesson.
    """

    off: tuple[str, ...] = ()
    per_day: Annotated[int, Field(ge=1, le=12)] | None = None
    free_days: Annotated[int, Field(ge=0, le=6)] = 0


class TimetableRules(Plain):
    """grades: in which half-day a grade is at school (missing: `sessions`). half_lessons: what 1.5 lessons a week
    become in a term. no_gaps: classes begin with lesson 1 and have no empty lesson in between.
    """

    code: str = ""
    title: str = ""
    legal_source: str = ""
    confidence: Literal["V", "V2", "M", "I"] = "I"
    note: str = ""
    frame: Frame = Frame()
    sessions: Sessions = "morning"
    grades: dict[int, Sessions] = {}
    fixed: tuple[FixedActivity, ...] = ()
    forbidden: tuple[str, ...] = ()
    subjects: dict[str, SubjectRule] = {}
    pools: tuple[RoomPool, ...] = ()
    teachers: dict[int, TeacherRule] = {}
    teacher_per_day: Annotated[int, Field(ge=1, le=12)] | None = None
    half_lessons: dict[Literal["1", "2"], Literal["up", "down"]] = {"1": "up", "2": "down"}
    no_gaps: bool = True
    together: bool = True

    @field_validator("forbidden")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        Week({}).matching(patterns)
        return patterns

    def parts_of(self, grade: int) -> tuple[int, ...]:
        return PARTS_OF[self.grades.get(grade, self.sessions)]

    def subject(self, name: str) -> SubjectRule:
        return self.subjects.get(name, SubjectRule())

    def teacher(self, staff_id: int | None) -> TeacherRule:
        return self.teachers.get(staff_id or 0, TeacherRule())

    def pool_of(self, subject: str) -> RoomPool | None:
        return next((pool for pool in self.pools if subject in pool.subjects), None)

    def whole(self, lessons: Decimal, term: int) -> int:
        """Lessons of an ordinary week of the term: 1.5 is 2 where half lessons go up, 1 where they go down."""
        way = self.half_lessons.get("1" if term == 1 else "2", "up")
        return int(lessons.to_integral_value(ROUND_CEILING if way == "up" else ROUND_FLOOR))


# Groups of the general programme's names and what schools write in a cell; see data/timetable/words.json.
class SubjectWords(Plain):
    """Short names of subjects as school timetables write them -> the names they may stand for."""

    note: str = ""
    short: dict[str, tuple[str, ...]]
