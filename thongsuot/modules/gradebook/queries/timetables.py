"""Timetables as they are read: versions, the board of one (all that editing needs), the week of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from ..domain.timetable import ClassWeek, Placed, Slot, Week
from ..domain.timetable_clash import Arrangement
from ..domain.timetable_edit import block
from ..domain.timetable_problem import Load, Problem, Taught, build_problem
from ..domain.timetable_rules import TimetableRules
from ..models import Timetable, TimetableChange, TimetableEntry
from ..permissions import entries_own, timetables_visible
from ..types import DaySession, TimetableState
from .timetable_rules import timetable_rules

SESSIONS = (DaySession.MORNING.value, DaySession.AFTERNOON.value)


def timetables(actor: Actor) -> QuerySet[Timetable]:
    return Timetable.objects.filter(timetables_visible(actor)).select_related(
        "unit", "school_year", "made_by", "published_by"
    )


def timetable(actor: Actor, public_id: UUID) -> Timetable | None:
    return timetables(actor).filter(public_id=public_id).first()


def in_force(unit_id: int, on: date) -> QuerySet[Timetable]:
    """The published version that a school follows on a day: none or one."""
    held = Timetable.objects.filter(
        unit_id=unit_id,
        state=TimetableState.PUBLISHED,
        valid_from__lte=on,
        school_year__starts_on__lte=on,
        school_year__ends_on__gte=on,
    )
    return held.order_by("-valid_from")[:1]


def followed(rows: QuerySet[Timetable], on: date) -> QuerySet[Timetable]:
    """Of published versions, for each school the one that it follows on a day."""
    begun = rows.filter(
        state=TimetableState.PUBLISHED,
        valid_from__lte=on,
        school_year__starts_on__lte=on,
        school_year__ends_on__gte=on,
    )
    later = Timetable.objects.filter(
        unit_id=OuterRef("unit_id"),
        state=TimetableState.PUBLISHED,
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=on,
    )
    return begun.exclude(Exists(later))


def lessons(timetable: Timetable) -> QuerySet[TimetableEntry]:
    """All lessons of a timetable that the caller may see, class by class as the week runs."""
    return timetable.entries.select_related("school_class", "staff", "room").order_by(
        "school_class__grade", "school_class__name", "school_class_id", "day", "-session", "lesson", "strand"
    )


def slot_of_row(row: Any) -> Slot:
    return Slot(row.day, SESSIONS.index(row.session), row.lesson)


def placed_of(row: TimetableEntry) -> Placed:
    return Placed(
        row.school_class_id, row.subject, row.staff_id, slot_of_row(row), row.room_id, row.is_pinned
    )


@dataclass(frozen=True)
class Board:
    """A timetable with everything that editing, checking and solving need. placed: in the order of classes and slots."""

    timetable: Timetable
    rules: TimetableRules
    class_weeks: tuple[ClassWeek, ...]
    class_names: Mapping[int, str]
    staff_names: Mapping[int, str]
    room_names: Mapping[int, str]
    taught: tuple[Taught, ...]
    placed: tuple[Placed, ...]
    room_sites: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def problem(self) -> Problem:
        """With all that is placed as it is: its loads are the lessons that have no slot yet."""
        return self._problem(self.placed)

    def _problem(self, pinned: Sequence[Placed]) -> Problem:
        return build_problem(
            self.class_weeks,
            self.taught,
            self.rules,
            term=self.timetable.term,
            pinned=pinned,
            room_sites=self.room_sites,
        )

    @property
    def arrangement(self) -> Arrangement:
        return self.problem.arrangement

    @cached_property
    def to_solve(self) -> Problem:
        """With only what is pinned: all else is placed anew."""
        held = {one for p in self.placed if p.pinned for one in block(self.problem, self.placed, p)}
        return self._problem([one for one in self.placed if one in held])

    @property
    def week(self) -> Week:
        return self.problem.week

    @cached_property
    def left(self) -> Mapping[int, tuple[Load, ...]]:
        """Lessons without a slot, by class; activities of the whole school that nobody has put down among them."""
        found: dict[int, list[Load]] = {}
        for load in self.problem.loads:
            found.setdefault(load.class_id, []).append(load)
        for one in self.problem.fixed[len(self.placed) :]:
            found.setdefault(one.class_id, []).append(Load(one.class_id, one.subject, one.staff_id, 1))
        return {class_id: tuple(loads) for class_id, loads in found.items()}

    def at(self, class_id: int, slot: Slot) -> Placed | None:
        """The lesson of a class in a slot; of its groups the first."""
        return next(iter(self.all_at(class_id, slot)), None)

    def all_at(self, class_id: int, slot: Slot) -> tuple[Placed, ...]:
        return self._by_place.get((class_id, slot), ())

    @cached_property
    def _by_place(self) -> Mapping[tuple[int, Slot], tuple[Placed, ...]]:
        found: dict[tuple[int, Slot], tuple[Placed, ...]] = {}
        for one in self.placed:
            key = (one.class_id, one.slot)
            found[key] = (*found.get(key, ()), one)
        return found

    def rooms_of(self, subject: str) -> tuple[int, ...]:
        pool = self.rules.pool_of(subject)
        return pool.rooms if pool else ()


def board(actor: Actor, timetable: Timetable) -> Board:
    """All about a timetable that the actor sees; six statements, whatever its size."""
    classes = list(
        registry.classes(actor, school_year_id=timetable.school_year_id, unit_id=timetable.unit_id).filter(
            grade__isnull=False, grade__lte=12
        )
    )
    rules = timetable_rules(timetable.unit_id, timetable.school_year_id, [one.grade for one in classes])
    teaching = registry.unit_teaching(
        actor,
        unit_id=timetable.unit_id,
        school_year_id=timetable.school_year_id,
        on=max(timetable.valid_from, timetable.school_year.starts_on),
    )
    rows = list(
        timetable.entries.select_related("school_class", "staff", "room").order_by(
            "school_class__grade", "school_class__name", "day", "session", "lesson"
        )
    )
    staff_names = {staff_id: name for _class, _subject, staff_id, name, _lessons in teaching}
    staff_names |= {row.staff.pk: row.staff.full_name for row in rows if row.staff is not None}
    for one in classes:
        if one.homeroom_teacher is not None:
            staff_names[one.homeroom_teacher.pk] = one.homeroom_teacher.full_name
    class_names = {one.pk: one.name for one in classes}
    rooms = _rooms(actor, timetable.unit_id)
    return Board(
        timetable=timetable,
        rules=rules,
        class_weeks=tuple(_class_week(one, rules) for one in classes),
        class_names=class_names,
        staff_names=staff_names,
        room_names={pk: name for pk, name, _site in rooms},
        room_sites={pk: site for pk, _name, site in rooms if site is not None},
        taught=tuple(
            Taught(class_id, subject, staff_id, lessons)
            for class_id, subject, staff_id, _name, lessons in teaching
            if class_id in class_names
        ),
        placed=tuple(
            sorted((placed_of(row) for row in rows if row.school_class_id in class_names), key=_order)
        ),
    )


def _order(one: Placed) -> tuple[int, Slot, str, int]:
    return one.class_id, one.slot, one.subject, one.staff_id or 0


def _rooms(actor: Actor, unit_id: int) -> list[tuple[int, str, int | None]]:
    rows = registry.rooms(actor).filter(unit_id=unit_id, valid_to__isnull=True)
    return list(rows.order_by("kind", "name").values_list("pk", "name", "site_id"))


def _class_week(one: Any, rules: TimetableRules) -> ClassWeek:
    return ClassWeek(
        one.pk, one.grade, rules.parts_of(one.grade), one.homeroom_teacher_id, one.room_id, one.site_id
    )


def school_lists(actor: Actor, unit_id: int, school_year: Any) -> dict[str, Any]:
    """What the page of rules offers: grades, subjects and teachers of the year's assignments, rooms."""
    classes = list(registry.classes(actor, school_year_id=school_year.pk, unit_id=unit_id))
    teaching = registry.unit_teaching(
        actor, unit_id=unit_id, school_year_id=school_year.pk, on=school_year.starts_on
    )
    staff = {staff_id: name for _class, _subject, staff_id, name, _lessons in teaching}
    taught: dict[int, dict[str, dict[int, str]]] = {}
    for class_id, subject, staff_id, name, _lessons in teaching:
        taught.setdefault(class_id, {}).setdefault(subject, {})[staff_id] = name
    return {
        "classes": {one.pk: one.name for one in classes},
        "taught": taught,
        "lessons": {(c, subject, staff_id): many for c, subject, staff_id, _name, many in teaching},
        "sites": dict(
            organization.sites_of(actor, unit_id).order_by("-is_main", "name", "pk").values_list("pk", "name")
        ),
        "grades": sorted({one.grade for one in classes if one.grade is not None and one.grade <= 12}),
        "subjects": sorted({subject for _class, subject, *_rest in teaching}),
        "staff": staff,
        "rooms": {pk: name for pk, name, _site in _rooms(actor, unit_id)},
    }


def changes(timetable: Timetable, many: int = 20) -> list[TimetableChange]:
    return list(timetable.changes.select_related("by")[:many])


def last_change(timetable: Timetable) -> TimetableChange | None:
    """The one that would be taken back next."""
    return timetable.changes.filter(undone_at__isnull=True).first()


# -- the week of a person ---------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnLesson:
    slot: Slot
    subject: str
    class_id: int
    class_name: str
    teacher: str
    room: str
    is_mine: bool = False
    entry_id: int = 0


@dataclass(frozen=True)
class OwnWeek:
    """A week in force: of a teacher (class_id None), or of a class (a pupil's, or one that a teacher teaches)."""

    title: str
    class_id: int | None
    version: int
    valid_from: date
    timetable_id: int
    lessons: tuple[OwnLesson, ...] = field(default=())

    @property
    def days(self) -> list[int]:
        return sorted({one.slot.day for one in self.lessons})


def teacher_weeks(actor: Actor, on: date) -> list[OwnWeek]:
    """The actor's own lessons first, then the classes that he or she leads or teaches. A few statements."""
    if actor.user_id is None:
        return []
    current = [t.pk for unit_id in sorted(actor.own_unit_ids) for t in in_force(unit_id, on)]
    rows = _lessons(TimetableEntry.objects.filter(entries_own(actor), timetable_id__in=current))
    mine = [row for row in rows if row.staff is not None and row.staff.account_id == actor.user_id]
    weeks = [_week("", None, mine, actor)] if mine else []
    by_class: dict[int, list[TimetableEntry]] = {}
    for row in rows:
        by_class.setdefault(row.school_class_id, []).append(row)
    mine_only = {row.pk for row in mine}
    for class_id, some in by_class.items():
        if any(row.pk not in mine_only for row in some):
            weeks.append(_week(some[0].school_class.name, class_id, some, actor))
    return weeks


def family_weeks(actor: Actor, on: date) -> list[OwnWeek]:
    """The weeks of the actor's children, or of the pupil who asks: read as the system, as registry.queries.family does;
    nothing but the lessons of their own classes comes out.
    """
    found = []
    for child in registry.own_children(actor):
        class_id = child.class_id
        with act_as(Actor.system()):
            if class_id is None:
                continue
            current = in_force(child.unit_id, on).first()
            if current is None:
                continue
            rows = _lessons(current.entries.filter(school_class_id=class_id))
        if rows:
            found.append(_week(child.full_name, class_id, rows, actor))
    return found


def coming_day(actor: Actor, today: date) -> date | None:
    """The first day after today on which another published version begins to hold for the actor or a child."""
    units = set(actor.own_unit_ids) if actor.user_id is not None else set()
    with act_as(Actor.system()):
        units |= {child.unit_id for child in registry.own_children(actor)}
        rows = Timetable.objects.filter(
            unit_id__in=units, state=TimetableState.PUBLISHED, valid_from__gt=today
        )
        return rows.order_by("valid_from").values_list("valid_from", flat=True).first()


def _lessons(rows: QuerySet[TimetableEntry]) -> list[TimetableEntry]:
    return list(
        rows.select_related("school_class", "staff", "room", "timetable").order_by(
            "school_class__grade", "school_class__name", "school_class_id", "day", "session", "lesson"
        )
    )


def _week(title: str, class_id: int | None, rows: list[TimetableEntry], actor: Actor) -> OwnWeek:
    lessons = tuple(
        sorted(
            (
                OwnLesson(
                    slot_of_row(row),
                    row.subject,
                    row.school_class_id,
                    row.school_class.name,
                    row.staff.full_name if row.staff else "",
                    row.room.name if row.room else "",
                    row.staff is not None and row.staff.account_id == actor.user_id,
                    row.pk,
                )
                for row in rows
            ),
            key=lambda one: one.slot,
        )
    )
    first = rows[0].timetable
    return OwnWeek(title, class_id, first.version, first.valid_from, first.pk, lessons)


def today() -> date:
    return timezone.localdate()


def session_of(slot: Slot) -> str:
    return SESSIONS[slot.part]
