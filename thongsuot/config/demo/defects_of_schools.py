"""Defects of classes, staff, schools and what schools have: each spoils one thing. See defects.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.registry.classes import LIMITS

if TYPE_CHECKING:
    from thongsuot.config.demo.defects import Workshop


def _change(
    pool: str, kind: str, change: Callable[[Workshop, Any], None], fits: Callable[[Any], bool] | None = None
) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        row: Any = shop.take(pool, fits or (lambda one: True))
        if row is None:
            return False
        change(shop, row)
        shop.truth.add(kind, row.id, code)
        return True

    return spoil


def _set(field: str, value: Any) -> Callable[[Workshop, Any], None]:
    return lambda shop, row: setattr(row, field, value)


# -- classes ---------------------------------------------------------------------------------------


def _too_full(shop: Workshop, code: str) -> bool:
    """Pupils of parallel classes are put into one until it holds more than the limit."""
    parallels: dict[tuple[int, int], list[Any]] = {}
    for row in shop.pool_rows("classes"):
        parallels.setdefault((row.unit_id, row.grade), []).append(row)
    for (_, grade), group in sorted(parallels.items()):
        if len(group) > 1 and shop.counts[group[0].id] + shop.counts[group[1].id] > LIMITS[grade] + 3:
            full, giving = group[0], group[1]
            break
    else:
        return False
    wanted = LIMITS[full.grade] + 2 - shop.counts[full.id]
    for seat in shop.sitting_in(giving.id)[:wanted]:
        seat.spell.school_class_id = full.id
        shop.counts[full.id] += 1
        shop.counts[giving.id] -= 1
    for row in (full, giving):
        shop.remove("classes", row)
    shop.truth.add("class", full.id, code)
    return True


def _empty(shop: Workshop, code: str) -> bool:
    """A class was made and nobody sits in it."""
    like: Any = shop.take("classes", lambda row: row.grade <= 12)
    if like is None:
        return False
    made = replace(
        like,
        id=len(shop.rows.classes) + 1,
        code=f"{like.code}T",
        name=f"{like.name}T",
        homeroom_teacher_id=None,
        room_id=None,
    )
    shop.rows.classes.append(made)
    shop.counts[made.id] = 0
    shop.truth.add("class", made.id, code)
    shop.truth.add("class", made.id, "class.homeroom_teacher.missing")
    return True


def _outside_levels(shop: Workshop, code: str) -> bool:
    """A preschool group at a school that has none. Nobody sits in it: the pupils of the class stay clean."""
    like: Any = shop.take("classes", lambda row: row.grade <= 9)
    if like is None:
        return False
    made = replace(
        like,
        id=len(shop.rows.classes) + 1,
        code=f"{like.code}X",
        name="Mầm 9",
        grade=16,
        homeroom_teacher_id=None,
        room_id=None,
    )
    shop.rows.classes.append(made)
    for one in (code, "class.students.empty", "class.homeroom_teacher.missing"):
        shop.truth.add("class", made.id, one)
    return True


def _nameless(shop: Workshop, row: Any) -> None:
    row.name = "Lớp chọn"


# -- staff and heads -------------------------------------------------------------------------------


def _jobs(shop: Workshop, member: Any) -> list[Any]:
    return [job for job in shop.jobs_of(member.id) if job.valid_to is None]


def _no_subject(shop: Workshop, member: Any) -> None:
    for job in _jobs(shop, member):
        job.subjects = []


def _low_degree(shop: Workshop, member: Any) -> None:
    member.degree = "18"


def _same_email(shop: Workshop, code: str) -> bool:
    first: Any = shop.take("teachers")
    second: Any = shop.take("teachers")
    if first is None or second is None:
        return False
    second.email = first.email
    for member in (first, second):
        shop.truth.add("staff", member.id, code)
    return True


def _same_number(shop: Workshop, code: str) -> bool:
    first: Any = shop.take("teachers")
    second: Any = first and shop.take(
        "teachers", lambda one: one.gender == first.gender and one.birth_date.year == first.birth_date.year
    )
    if second is None:
        return False
    second.personal_id = first.personal_id
    for member in (first, second):
        shop.truth.add("staff", member.id, code)
    return True


def _two_heads(shop: Workshop, code: str) -> bool:
    """The deputy of a school is written down as a second head."""
    school: Any = shop.take("schools")
    for job in shop.rows.employments if school else ():
        if job.unit_id == school.unit_id and job.position in ("02", "06") and job.valid_to is None:
            job.position = "01" if job.position == "02" else "05"
            shop.truth.add("school", school.unit_id, code)
            shop.truth.add("staff", job.staff_id, code)
            return True
    return False


def _no_head(shop: Workshop, code: str) -> bool:
    school: Any = shop.take("schools")
    for job in shop.rows.employments if school else ():
        if job.unit_id == school.unit_id and job.position in ("01", "05") and job.valid_to is None:
            job.position = ""
            shop.truth.add("school", school.unit_id, code)
            shop.truth.add("staff", job.staff_id, "staff.position.missing")
            return True
    return False


def _too_old(shop: Workshop, member: Any) -> None:
    member.birth_date = member.birth_date.replace(
        year=shop.world.year.year - 71, day=min(member.birth_date.day, 28)
    )
    member.personal_id = shop.persons.personal_id(member.birth_date, member.gender, member.personal_id[:3])


def _not_recruited_yet(shop: Workshop, member: Any) -> None:
    member.recruited_on = member.birth_date + timedelta(days=365 * 12)


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    ("class.size.over_limit", 0.004, _too_full),
    ("class.students.empty", 0.003, _empty),
    ("class.homeroom_teacher.missing", 0.01, _change("classes", "class", _set("homeroom_teacher_id", None))),
    ("class.grade.missing", 0.002, _change("classes", "class", _set("grade", None))),
    ("class.grade.outside_levels", 0.002, _outside_levels),
    ("class.name.grade", 0.003, _change("classes", "class", _nameless, lambda row: (row.grade or 99) <= 12)),
    ("class.room.missing", 0.004, _change("classes", "class", _set("room_id", None))),
    ("staff.subjects.missing", 0.01, _change("teachers", "staff", _no_subject)),
    ("staff.degree.below_standard", 0.01, _change("teachers", "staff", _low_degree)),
    ("staff.degree.missing", 0.003, _change("teachers", "staff", _set("degree", ""))),
    ("staff.degree.code", 0.001, _change("teachers", "staff", _set("degree", "77"))),
    ("staff.email.duplicate", 0.003, _same_email),
    ("staff.email.missing", 0.002, _change("teachers", "staff", _set("email", ""))),
    ("staff.email.format", 0.001, _change("teachers", "staff", lambda shop, m: setattr(m, "email", m.email.replace("@", ".")))),
    ("staff.phone.format", 0.002, _change("teachers", "staff", lambda shop, m: setattr(m, "phone", m.phone[:6]))),
    ("staff.personal_id.missing", 0.003, _change("teachers", "staff", _set("personal_id", ""))),
    ("staff.personal_id.length", 0.002, _change("teachers", "staff", lambda shop, m: setattr(m, "personal_id", m.personal_id[:9]))),
    ("staff.personal_id.birth_year", 0.002, _change("teachers", "staff", lambda shop, m: setattr(
        m, "personal_id", f"{m.personal_id[:4]}{(int(m.personal_id[4:6]) + 9) % 100:02d}{m.personal_id[6:]}"))),
    ("staff.personal_id.duplicate", 0.001, _same_number),
    ("staff.ministry_code.missing", 0.002, _change("teachers", "staff", _set("ministry_code", ""))),
    ("staff.birth_date.missing", 0.001, _change("teachers", "staff", _set("birth_date", None))),
    ("staff.birth_date.too_old", 0.001, _change("teachers", "staff", _too_old)),
    ("staff.recruited_on.too_young", 0.001, _change("teachers", "staff", _not_recruited_yet)),
    ("staff.full_name.spaces", 0.001, _change("teachers", "staff", lambda shop, m: setattr(
        m, "full_name", m.full_name.replace(" ", "  ", 1)), lambda m: " " in m.full_name)),
    ("staff.full_name.capitals", 0.001, _change("teachers", "staff", lambda shop, m: setattr(
        m, "full_name", m.full_name.upper()), lambda m: len(m.full_name) > 6)),
    ("staff.identity.mismatched", 0.003, _change("teachers", "staff", _set("identity_status", "mismatched"))),
    ("school.headteacher.more_than_one", 0.01, _two_heads),
    ("school.headteacher.missing", 0.005, _no_head),
    ("room.area.missing", 0.003, _change("rooms", "room", _set("area", None))),
    ("room.area.out_of_range", 0.002, _change("rooms", "room", _set("area", Decimal(3)))),
    ("room.built_year.out_of_range", 0.002, _change("rooms", "room", _set("built_year", 2062))),
    ("room.built_year.missing", 0.002, _change("rooms", "room", _set("built_year", None))),
    ("land.area.out_of_range", 0.005, _change("land", "land", _set("area", Decimal(9)))),
    ("line.bandwidth.missing", 0.01, _change("lines", "line", _set("bandwidth", None))),
    ("equipment.needed.missing", 0.004, _change("equipment", "equipment", _set("needed", None))),
)  # fmt: skip
