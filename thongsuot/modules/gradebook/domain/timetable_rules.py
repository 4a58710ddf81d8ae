"""What a timetable must keep to, as data: data/timetable/*.json, then each school's own. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from .rules import Plain
from .timetable import AFTERNOON, MORNING, MOST_LESSONS, PARTS, ClassWeek, Slot, Week
from .timetable_bells import Bells
from .timetable_clash import Bond, Member

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


class BondMember(Plain):
    """All lessons of a class, subject and teacher. room: where it is not the class's own or one of the subject's."""

    class_id: int
    subject: str = Field(min_length=1, max_length=40)
    staff_id: int | None = None
    room: int | None = None

    @property
    def key(self) -> Member:
        return Member(self.class_id, self.subject, self.staff_id)


class BondRule(Plain):
    """Lessons that always stand in the same slot: groups of a class, each with its own teacher; classes that sit together
    with one teacher and the same subject.
    """

    name: str = Field("", max_length=60)
    members: Annotated[tuple[BondMember, ...], Field(min_length=2, max_length=20)]

    @model_validator(mode="after")
    def _can_be_at_once(self) -> BondRule:
        if len({one.key for one in self.members}) < len(self.members):
            raise ValueError("the same lessons twice")
        taught: dict[int, str] = {}
        for one in self.members:
            if one.staff_id is not None and taught.setdefault(one.staff_id, one.subject) != one.subject:
                raise ValueError("one teacher, two subjects")
        teachers = {(one.class_id, one.staff_id) for one in self.members if one.staff_id is not None}
        if len(teachers) < sum(1 for one in self.members if one.staff_id is not None):
            raise ValueError("one teacher for two groups of a class")
        return self

    @property
    def bond(self) -> Bond:
        rooms = {one.key: one.room for one in self.members if one.room is not None}
        return Bond(self.name, tuple(one.key for one in self.members), rooms)


class Way(Plain):
    """Lessons a teacher must have free between two sites of the school in one half-day."""

    sites: tuple[int, int]
    free: Annotated[int, Field(ge=0, le=5)]


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
    bells: Bells = Bells()
    sessions: Sessions = "morning"
    grades: dict[int, Sessions] = {}
    fixed: tuple[FixedActivity, ...] = ()
    forbidden: tuple[str, ...] = ()
    subjects: dict[str, SubjectRule] = {}
    pools: tuple[RoomPool, ...] = ()
    teachers: dict[int, TeacherRule] = {}
    teacher_per_day: Annotated[int, Field(ge=1, le=12)] | None = None
    bonds: tuple[BondRule, ...] = ()
    usual_way: Annotated[int, Field(ge=0, le=5)] = 1
    ways: tuple[Way, ...] = ()
    half_lessons: dict[Literal["1", "2"], Literal["up", "down"]] = {"1": "up", "2": "down"}
    no_gaps: bool = True
    together: bool = True

    @field_validator("forbidden")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        Week({}).matching(patterns)
        return patterns

    @field_validator("bonds")
    @classmethod
    def _held_once(cls, bonds: tuple[BondRule, ...]) -> tuple[BondRule, ...]:
        held = [one.key for bond in bonds for one in bond.members]
        if len(set(held)) < len(held):
            raise ValueError("lessons in two bonds")
        return bonds

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
