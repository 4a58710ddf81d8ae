"""Defects of schools: who they are, who leads them, what they count, what they have. See defects.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.registry.cohorts import moment
from thongsuot.config.demo.registry.rows import SubmissionRow

if TYPE_CHECKING:
    from thongsuot.config.demo.registry.world import DemoSchool
    from thongsuot.config.demo.workshop import Workshop

Change = Callable[["Workshop", "DemoSchool", str], None]
Fits = Callable[["Workshop", "DemoSchool"], bool]
# Code of a commune of before July 2025 that the demo adds to the list, ended (build.py).
ENDED_COMMUNE = "ended"
# Teachers for each class, in hundredths, as the rule reads them (Thông tư 20/2023/TT-BGDĐT, from memory).
NORMS = {"preschool": 220, "primary": 150, "lower_secondary": 190, "upper_secondary": 225, "continuing": 225}
HEADS, DEPUTIES = ("01", "05"), ("02", "06")


def _school(aspect: str, change: Change, fits: Fits = lambda shop, school: True) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        school = shop.take_school(aspect, lambda one: fits(shop, one))
        if school is None:
            return False
        change(shop, school, code)
        shop.truth.add("school", school.unit_id, code)
        return True

    return spoil


def _correct(model: str, field: str, value: Any) -> Change:
    return lambda shop, school, code: shop.correct(model, school.unit_id, field, value)


def _same_code(shop: Workshop, code: str) -> bool:
    """The code of one school stands at another as well."""
    first = shop.take_school("code")
    second = first and shop.take_school("code")
    if not second:
        return False
    for school in (first, second):
        shop.correct("school", school.unit_id, "ministry_code", f"519{90000 + first.unit_id % 10000}")
        shop.truth.add("school", school.unit_id, code)
    return True


# -- heads -------------------------------------------------------------------------------------------


def _post(shop: Workshop, school: DemoSchool, positions: tuple[str, ...]) -> Any:
    return next(
        (j for j in shop.at("jobs", school.unit_id) if j.position in positions and j.status == "working"),
        None,
    )


def _two_heads(shop: Workshop, school: DemoSchool, code: str) -> None:
    """The deputy of a school is written down as a second head."""
    job = _post(shop, school, DEPUTIES)
    job.position = "01" if job.position == "02" else "05"
    shop.touch("staff", job.staff_id)
    shop.truth.add("staff", job.staff_id, code)


def _no_head(shop: Workshop, school: DemoSchool, code: str) -> None:
    job = _post(shop, school, HEADS)
    job.position = ""
    shop.touch("staff", job.staff_id)
    shop.truth.add("staff", job.staff_id, "staff.position.missing")


# -- teachers against classes ------------------------------------------------------------------------


def _norm(shop: Workshop, school: DemoSchool) -> float:
    return sum(NORMS[_level(row.grade, school)] for row in shop.at("classes", school.unit_id)) / 100


def _level(grade: int, school: DemoSchool) -> str:
    if grade > 12:
        return "preschool"
    return "primary" if grade <= 5 else "lower_secondary" if grade <= 9 else "upper_secondary"


def _teachers(shop: Workshop, school: DemoSchool) -> list[Any]:
    jobs = shop.at("jobs", school.unit_id)
    return [job for job in jobs if job.group == "teacher" and job.status == "working"]


def _few_teachers(shop: Workshop, school: DemoSchool, code: str) -> None:
    """Half of the teachers were entered as clerks."""
    jobs = _teachers(shop, school)
    for job in jobs[: len(jobs) - int(_norm(shop, school) / 2 - 1)]:
        job.group, job.position = "employee", "16"
        shop.touch("staff", job.staff_id)
        shop.truth.add("staff", job.staff_id, code)


def _many_teachers(shop: Workshop, school: DemoSchool, code: str) -> None:
    """Those who left long ago came back with an old file, as if they still worked. They teach nothing."""
    jobs = _teachers(shop, school)
    like: Any = next(one for one in shop.rows.staff if one.id == jobs[0].staff_id)
    for _ in range(ceil(_norm(shop, school) * 1.5) + 8 - len(jobs)):
        persons = shop.persons
        member = replace(
            like,
            id=len(shop.rows.staff) + 1,
            public_id=persons.public_id(),
            full_name=persons.name(like.ethnicity, like.gender),
            personal_id=persons.personal_id(like.birth_date, like.gender, like.personal_id[:3]),
            ministry_code=persons.ministry_code(school.commune),
            phone=persons.phone(),
            account_id=None,
        )
        member.local_code = f"CB{member.id:06d}"
        member.email = f"cb{member.id:06d}@{like.email.split('@')[1]}"
        shop.rows.staff.append(member)
        shop.rows.employments.append(
            replace(jobs[0], id=len(shop.rows.employments) + 1, staff_id=member.id, duties=[])
        )
        shop.touch("staff", member.id)
        shop.truth.add("staff", member.id, code)
        shop.truth.follow("staff.teaching.none", member.id, code)


def _fewest_classes(shop: Workshop, school: DemoSchool) -> bool:
    """A small school with teachers without anything wrong: few people are changed."""
    classes = len(shop.at("classes", school.unit_id))
    limit = sorted(len(shop.at("classes", one.unit_id)) for one in shop.world.schools if one.weight)
    return 0 < classes <= limit[len(limit) // 2] and "continuing" not in school.levels


# -- pupils ------------------------------------------------------------------------------------------


def _lost_year(shop: Workshop, school: DemoSchool, code: str) -> None:
    """Half of last year's spells were never entered; a preschool, whose grades are not compared."""
    spells = [
        one
        for seat in shop.seats
        if seat.spell is not None
        and seat.spell.unit_id == school.unit_id
        and (one := shop.spell_before(seat)) is not None
        and one.unit_id == school.unit_id
    ]
    for one in spells[: len(spells) * 3 // 4]:
        shop.drop("enrolments", one)


def _lost_is_enough(shop: Workshop, school: DemoSchool) -> bool:
    return school.levels == ("preschool",) and bool(shop.at("classes", school.unit_id))


def _flow(shop: Workshop, code: str) -> bool:
    """Newcomers were written down as promoted, until more came up than had sat in the grade below."""
    found = _cheapest_flow(shop)
    if found is None:
        return False
    unit_id, spells = found
    for spell in spells:
        spell.entry_type = "promoted"
        shop.truth.add("enrolment", spell.id, code)
        shop.truth.add("student", spell.student_id, code)
    _hold(shop, unit_id, spells[0].grade)
    shop.aspects.setdefault(unit_id, set()).update(("flow", "students"))
    shop.truth.add("school", unit_id, code)
    return True


def _hold(shop: Workshop, unit_id: int, grade: int) -> None:
    """One more is little: of those who are counted, this year and in the grade below before, nobody is spoiled later."""
    this = shop.world.year.id
    last = shop.world.years[-2].id
    for one in shop.rows.enrolments:
        if one.unit_id == unit_id and (one.school_year_id, one.grade) in {(this, grade), (last, grade - 1)}:
            shop.touch("student", one.student_id)


def _cheapest_flow(shop: Workshop) -> tuple[int, list[Any]] | None:
    promoted, sat = flows(shop.world, shop.rows.enrolments)
    others: dict[tuple[int, int], list[Any]] = {}
    for seat in shop.seats:
        spell = seat.spell
        if spell is None or spell.grade is None or not shop.is_free("student", seat.student.id):
            continue
        if spell.entry_type != "promoted" and spell.grade <= 12:
            others.setdefault((spell.unit_id, spell.grade), []).append(spell)
    shown = {one.unit_id for one in shop.pool_of_schools()}
    best: tuple[int, list[Any]] | None = None
    for (unit_id, grade), spells in sorted(others.items()):
        below = sat[unit_id, grade - 1]
        wanted = below - promoted[unit_id, grade] + 1
        if (
            not below
            or len(spells) < wanted
            or unit_id not in shown
            or {"flow", "students"} & shop.aspects.get(unit_id, set())
        ):
            continue
        if best is None or wanted < len(best[1]):
            best = unit_id, spells[:wanted]
    return best


def flows(world: Any, spells: list[Any]) -> tuple[Counter[Any], Counter[Any]]:
    """(promoted this year, ended last year), by unit and grade."""
    promoted: Counter[Any] = Counter()
    sat: Counter[Any] = Counter()
    last = world.years[-2].id if len(world.years) > 1 else None
    for one in spells:
        if one.school_year_id == world.year.id:
            promoted[one.unit_id, one.grade] += one.entry_type == "promoted"
        elif one.school_year_id == last:
            sat[one.unit_id, one.grade] += one.exit_type in ("year_end", "graduated")
    return promoted, sat


def _stale(shop: Workshop, school: DemoSchool, code: str) -> None:
    """Nobody has opened a dossier there for ten weeks."""
    day = moment(shop.world.today - timedelta(days=75), 9)
    pupils: list[Any] = shop.rows.students
    for one in pupils:
        if one.unit_id == school.unit_id:
            one.updated_at = min(one.updated_at, day)
            one.created_at = min(one.created_at, one.updated_at)


def _no_new_dossiers(shop: Workshop, school: DemoSchool) -> bool:
    return "preschool" not in school.levels and bool(shop.at("classes", school.unit_id))


def _refused(shop: Workshop, school: DemoSchool, code: str) -> None:
    seats = [one for row in shop.at("classes", school.unit_id)[:2] for one in shop.sitting_in(row.id)][:4]
    sent = moment(shop.world.today - timedelta(days=9), 15)
    for seat in seats:
        shop.rows.add(
            "submissions",
            SubmissionRow,
            unit_id=school.unit_id,
            school_year_id=shop.world.year.id,
            kind="student",
            object_id=seat.student.id,
            status="refused",
            reason="Mã định danh không thuộc trường gửi dữ liệu",
            sent_at=sent,
            answered_at=sent + timedelta(days=1),
        )


# -- what they have ----------------------------------------------------------------------------------


def _without(shop: Workshop, rows: Iterator[Any] | list[Any], table: str, kind: str) -> None:
    for row in list(rows):
        shop.drop(table, row)
        shop.touch(kind, row.id)


def _classrooms(shop: Workshop, school: DemoSchool) -> list[Any]:
    return [one for one in shop.at("rooms", school.unit_id) if one.kind == "classroom"]


def _without_rooms(shop: Workshop, school: DemoSchool, rooms: list[Any]) -> None:
    _without(shop, rooms, "rooms", "room")
    gone = {one.id for one in rooms}
    for row in shop.at("classes", school.unit_id):
        if row.room_id in gone:
            row.room_id = None


def _no_rooms(shop: Workshop, school: DemoSchool, code: str) -> None:
    _without_rooms(shop, school, _classrooms(shop, school))


def _few_rooms(shop: Workshop, school: DemoSchool, code: str) -> None:
    """Only a third of the classrooms was entered."""
    rooms = _classrooms(shop, school)
    _without_rooms(shop, school, rooms[max(len(rooms) // 3, 1) :])


def _no_support(shop: Workshop, school: DemoSchool, code: str) -> None:
    _without(shop, (r for r in shop.at("rooms", school.unit_id) if r.kind == "library"), "rooms", "room")


def _no_land(shop: Workshop, school: DemoSchool, code: str) -> None:
    _without(shop, shop.at("land", school.unit_id), "land", "land")


def _no_line(shop: Workshop, school: DemoSchool, code: str) -> None:
    _without(shop, shop.at("lines", school.unit_id), "lines", "line")


def _not_for_teaching(shop: Workshop, school: DemoSchool, code: str) -> None:
    for one in shop.at("lines", school.unit_id):
        one.is_for_teaching = False


def _no_computers(shop: Workshop, school: DemoSchool, code: str) -> None:
    rows = (r for r in shop.at("equipment", school.unit_id) if r.kind == "computer" and r.use == "teaching")
    _without(shop, rows, "equipment", "equipment")


def _all_broken(shop: Workshop, school: DemoSchool, code: str) -> None:
    """Nearly half of everything: no single line is mostly broken."""
    for one in shop.at("equipment", school.unit_id):
        one.broken = one.quantity * 48 // 100
        shop.touch("equipment", one.id)


def _much_equipment(shop: Workshop, school: DemoSchool) -> bool:
    rows = shop.at("equipment", school.unit_id)
    return sum(r.quantity * 48 // 100 for r in rows) * 100 > sum(r.quantity for r in rows) * 34


def _is_general(shop: Workshop, school: DemoSchool) -> bool:
    return school.levels != ("preschool",)


def _one_level_more(shop: Workshop, school: DemoSchool, code: str) -> None:
    missing = next(
        one for one in ("primary", "lower_secondary", "upper_secondary") if one not in school.levels
    )
    shop.correct("school", school.unit_id, "levels", [*school.levels, missing])


def _has_classes(shop: Workshop, school: DemoSchool) -> bool:
    return len(shop.at("classes", school.unit_id)) > 2


def _plain_levels(shop: Workshop, school: DemoSchool) -> bool:
    return _is_general(shop, school) and "continuing" not in school.levels


SHARE = 0.002
# Before anything else is spoiled: they change many rows of one school.
DEFECTS: tuple[tuple[str, float, Any], ...] = (
    ("school.teachers.few", SHARE, _school("teachers", _few_teachers, _fewest_classes)),
    ("school.teachers.many", SHARE, _school("teachers", _many_teachers, _fewest_classes)),
    ("school.students.change", SHARE, _school("students", _lost_year, _lost_is_enough)),
    ("school.students.flow", SHARE, _flow),
    ("school.classes.level", SHARE, _school("levels", _one_level_more, _plain_levels)),
    ("school.rooms.none", SHARE, _school("rooms", _no_rooms, _has_classes)),
    ("school.rooms.few", SHARE, _school("rooms", _few_rooms, _has_classes)),
    ("school.rooms.support", 0.004, _school("support", _no_support)),
    ("school.devices.computers", 0.004, _school("devices", _no_computers, _is_general)),
    ("school.devices.broken", 0.004, _school("devices", _all_broken, _much_equipment)),
    ("school.internet.missing", 0.003, _school("lines", _no_line)),
    ("school.internet.teaching", 0.004, _school("lines", _not_for_teaching)),
    ("school.land.missing", 0.004, _school("land", _no_land)),
    ("school.headteacher.more_than_one", 0.01, _school("head", _two_heads, lambda s, one: _post(s, one, DEPUTIES))),
    ("school.headteacher.missing", 0.005, _school("head", _no_head, lambda s, one: _post(s, one, HEADS))),
    ("school.ministry_code.missing", SHARE, _school("code", _correct("school", "ministry_code", ""))),
    ("school.ministry_code.format", SHARE, _school("code", lambda shop, one, code: shop.correct(
        "school", one.unit_id, "ministry_code", f"9{one.unit_id}"))),
    ("school.ministry_code.twice", SHARE, _same_code),
    ("school.commune.missing", SHARE, _school("commune", _correct("unit", "administrative_unit", None))),
    ("school.commune.ended", SHARE, _school("commune", _correct("unit", "administrative_unit", ENDED_COMMUNE))),
    ("school.contact.missing", 0.01, _school("contact", _correct("unit", "phone", ""))),
    ("school.contact.email", 0.004, _school("contact", _correct("unit", "email", "truong.demo.invalid"))),
    ("school.site.main", 0.003, _school("site", _correct("site", "is_main", False))),
    ("school.submission.refused", 0.004, _school("submission", _refused, _has_classes)),
)  # fmt: skip
# After everything else: it looks at all pupils of the school, those of other defects too.
LAST: tuple[tuple[str, float, Any], ...] = (
    ("school.students.stale", SHARE, _school("stale", _stale, _no_new_dossiers)),
)
