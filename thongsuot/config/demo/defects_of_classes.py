"""Defects of the classes of the running year. See defects.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.registry.classes import LIMITS

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

Fits = Callable[["Workshop", Any], bool]
ROOM_CAPACITY = 45


def _change(change: Callable[[Workshop, Any], None], fits: Fits = lambda shop, row: True) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        row: Any = shop.take("classes", lambda one: fits(shop, one))
        if row is None:
            return False
        change(shop, row)
        shop.truth.add("class", row.id, code)
        return True

    return spoil


def _set(**values: Any) -> Callable[[Workshop, Any], None]:
    def change(shop: Workshop, row: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    return change


def _two(change: Callable[[Any, Any], None], fits: Fits, alike: Callable[[Any, Any], bool]) -> Any:
    """What is wrong between two classes of a school: both are found."""

    def spoil(shop: Workshop, code: str) -> bool:
        def other(row: Any) -> Any:
            return next((one for one in shop.at("classes", row.unit_id)
                         if one is not row and shop.is_free("class", one.id) and fits(shop, one) and alike(row, one)), None)  # fmt: skip

        row: Any = shop.take("classes", lambda one: fits(shop, one) and other(one) is not None)
        if row is None:
            return False
        second = other(row)
        shop.touch("class", second.id)
        change(row, second)
        for one in (row, second):
            shop.truth.add("class", one.id, code)
        return True

    return spoil


# -- how many sit there ------------------------------------------------------------------------------


def _too_full(shop: Workshop, code: str) -> bool:
    """Pupils of parallel classes are put into one until it holds more than the limit."""
    parallels: dict[tuple[int, int], list[Any]] = {}
    for row in shop.pool_rows("classes"):
        parallels.setdefault((row.unit_id, row.grade), []).append(row)
    for (_, grade), group in sorted(parallels.items()):
        if len(group) > 1 and shop.counts[group[0].id] + shop.counts[group[1].id] > LIMITS[grade] + 9:
            full, giving = group[0], group[1]
            break
    else:
        return False
    # A few more than one too many: one of them may get another defect.
    wanted = LIMITS[full.grade] + 4 - shop.counts[full.id]
    for seat in shop.sitting_in(giving.id)[:wanted]:
        seat.spell.school_class_id = full.id
        shop.counts[full.id] += 1
        shop.counts[giving.id] -= 1
    for row in (full, giving):
        shop.touch("class", row.id)
    shop.truth.add("class", full.id, code)
    shop.truth.follow("class.size.own_limit", full.id, code)
    is_housed = full.room_id is not None and shop.is_free("room", full.room_id)
    shop.touch("room", full.room_id or 0)
    if is_housed and shop.counts[full.id] > ROOM_CAPACITY:
        shop.truth.follow("class.room.crowded", full.id, code)
    return True


def _fewer_places(shop: Workshop, row: Any) -> None:
    row.max_students = shop.counts[row.id] - 4


# -- classes that should not be there ----------------------------------------------------------------


def _added(change: Callable[[Workshop, Any], None], fits: Fits = lambda shop, row: True) -> Any:
    """One more class, in which nobody sits: the pupils stay clean. One for each school, or its rooms are too few."""

    def spoil(shop: Workshop, code: str) -> bool:
        like: Any = shop.take(
            "classes", lambda one: _has_room(shop, one) and one.grade <= 12 and fits(shop, one)
        )
        if like is None:
            return False
        shop.aspects.setdefault(like.unit_id, set()).add("rooms")
        made = replace(like, id=len(shop.rows.classes) + 1, homeroom_teacher_id=None, room_id=None)
        change(shop, made)
        shop.rows.classes.append(made)
        shop.counts[made.id] = 0
        shop.truth.add("class", made.id, code)
        for rule in ("class.size.empty", "class.homeroom.missing"):
            if code != "class.students.empty" or rule != "class.size.empty":
                shop.truth.follow(rule, made.id, code)
        if made.grade <= 12:
            shop.truth.follow("class.teaching.missing", made.id, code)
        return True

    return spoil


def _has_room(shop: Workshop, row: Any) -> bool:
    return "rooms" not in shop.aspects.setdefault(row.unit_id, set())


def _copied(shop: Workshop, row: Any) -> None:
    row.code, row.name = f"{row.code}T", f"{row.name}T"


def _of_other_level(shop: Workshop, row: Any) -> None:
    """A preschool group at a school that has none."""
    row.code, row.name, row.grade = f"{row.code}X", "Mầm 9", 16


def _after_the_year(shop: Workshop, row: Any) -> None:
    row.code, row.name = f"{row.code}N", f"{row.name}N"
    row.valid_from = shop.world.year.ends_on + timedelta(days=40)


# -- name, grade, teacher, room ----------------------------------------------------------------------


def _misnamed(shop: Workshop, row: Any) -> None:
    # A name of its own: two classes of a grade may be misnamed, and only that is to be wrong with them.
    row.name = f"{row.grade + 1}Z{row.code[-2:]}"


def _same_name(row: Any, second: Any) -> None:
    second.name = row.name


def _many_classes(shop: Workshop, row: Any) -> bool:
    """One grade less known must not disturb the figures of the school."""
    known = [one for one in shop.at("classes", row.unit_id) if one.grade is not None]
    same = [one for one in known if (one.grade > 12) == (row.grade > 12)]
    return len(same) > 5


def _teacher_elsewhere(shop: Workshop, row: Any) -> None:
    """The teacher went to another school."""
    jobs = shop.rows.employments
    while True:
        job = jobs[shop.rng.randrange(len(jobs))]
        here = any(one.unit_id == row.unit_id for one in shop.jobs_of(job.staff_id))
        is_free = shop.is_free("staff", job.staff_id)
        if job.group == "teacher" and job.valid_to is None and is_free and not here:
            shop.touch("staff", job.staff_id)
            row.homeroom_teacher_id = job.staff_id
            return


def _no_lessons(shop: Workshop, row: Any) -> None:
    for one in shop.lessons_in(row.id):
        shop.drop("teaching", one)


def _can_lose_lessons(shop: Workshop, row: Any) -> bool:
    """Every teacher of the class teaches elsewhere too, or leads it: nobody is left with nothing."""
    return row.grade <= 12 and all(
        one.staff_id == row.homeroom_teacher_id
        or any(other.school_class_id != row.id for other in shop.lessons_of(one.staff_id))
        for one in shop.lessons_in(row.id)
    )


def _room(shop: Workshop, row: Any) -> Any:
    return next((one for one in shop.at("rooms", row.unit_id) if one.id == row.room_id), None)


def _has_good_room(shop: Workshop, row: Any) -> bool:
    room = _room(shop, row)
    return room is not None and shop.is_free("room", room.id)


def _spoil_room(**values: Any) -> Callable[[Workshop, Any], None]:
    def change(shop: Workshop, row: Any) -> None:
        room = _room(shop, row)
        shop.touch("room", room.id)
        for name, value in values.items():
            setattr(room, name, value)
        shop.truth.add(
            "room", room.id, "class.room.broken" if "condition" in values else "class.room.crowded"
        )

    return change


def _broken(shop: Workshop, row: Any) -> None:
    shop.aspects[row.unit_id].add("rooms")
    _spoil_room(condition="broken")(shop, row)


def _crowded(shop: Workshop, row: Any) -> None:
    _spoil_room(capacity=shop.counts[row.id] - 5)(shop, row)


def _room_elsewhere(shop: Workshop, row: Any) -> None:
    while True:
        room = shop.rows.rooms[shop.rng.randrange(len(shop.rows.rooms))]
        is_good = room.kind == "classroom" and room.valid_to is None and shop.is_free("room", room.id)
        if room.unit_id != row.unit_id and is_good:
            shop.touch("room", room.id)
            row.room_id = room.id
            return


def _share_room(row: Any, second: Any) -> None:
    second.room_id = row.room_id


def _share_teacher(row: Any, second: Any) -> None:
    second.homeroom_teacher_id = row.homeroom_teacher_id


def _is_led(shop: Workshop, row: Any) -> bool:
    return row.homeroom_teacher_id is not None


def _may_clash(shop: Workshop, row: Any) -> bool:
    """Two classes with one room or one homeroom teacher have no timetable: not where the demo shows one."""
    return not shop.is_shown(row.unit_id)


def _is_small(shop: Workshop, row: Any) -> bool:
    return row.grade > 12 or "preschool" in shop.levels_of(row.unit_id)


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    ("class.size.over_limit", 0.004, _too_full),
    ("class.students.empty", 0.003, _added(_copied)),
    ("class.grade.outside_levels", 0.002, _added(_of_other_level, lambda shop, row: not _is_small(shop, row))),
    ("class.dates.year", 0.001, _added(_after_the_year)),
    ("class.room.broken", 0.002, _change(_broken, lambda s, row: _has_room(s, row) and _has_good_room(s, row))),
    ("class.room.crowded", 0.003, _change(_crowded, lambda s, row: _has_good_room(s, row) and s.counts[row.id] > 9)),
    ("class.room.other_school", 0.001, _change(_room_elsewhere, _has_good_room)),
    ("class.room.shared", 0.002, _two(
        _share_room, lambda s, row: row.is_two_sessions and _has_good_room(s, row) and _may_clash(s, row),
        lambda one, other: True)),
    ("class.homeroom_teacher.missing", 0.01, _change(_set(homeroom_teacher_id=None))),
    ("class.homeroom_teacher.gone", 0.004, _change(_teacher_elsewhere, _is_led)),
    ("class.homeroom_teacher.several", 0.003, _two(
        _share_teacher, lambda s, row: _is_led(s, row) and _may_clash(s, row), lambda one, other: True)),
    ("class.name.missing", 0.001, _change(_set(name=""))),
    ("class.name.twice", 0.002, _two(_same_name, lambda s, row: True, lambda one, other: one.grade == other.grade)),
    ("class.name.grade", 0.003, _change(_misnamed, lambda s, row: row.grade < 12)),
    ("class.grade.missing", 0.002, _change(_set(grade=None), _many_classes)),
    ("class.grade.mixed", 0.001, _change(_set(mixed_grades="hai, ba"), lambda s, row: row.grade <= 12)),
    ("class.size.own_limit", 0.003, _change(_fewer_places, lambda s, row: s.counts[row.id] > 9)),
    ("class.teaching.missing", 0.003, _change(_no_lessons, _can_lose_lessons)),
    ("class.sessions.contradiction", 0.003, _change(_set(sessions_per_week=5), lambda s, row: row.is_two_sessions)),
)  # fmt: skip
