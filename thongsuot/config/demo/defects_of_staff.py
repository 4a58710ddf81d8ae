"""Defects of staff alone: posts, degrees, what they teach. See defects.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo import defects_of_persons

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

Change = Callable[["Workshop", Any], None]
Fits = Callable[["Workshop", Any], bool]


def _change(
    change: Change, fits: Fits = lambda shop, row: True, pool: str = "teachers", follows: str = ""
) -> Any:
    """follows: another rule that the same change breaks."""

    def spoil(shop: Workshop, code: str) -> bool:
        member: Any = shop.take(pool, lambda one: fits(shop, one))
        if member is None:
            return False
        change(shop, member)
        shop.truth.add("staff", member.id, code)
        if follows:
            shop.truth.follow(follows, member.id, code)
        return True

    return spoil


def _set(**values: Any) -> Change:
    def change(shop: Workshop, member: Any) -> None:
        for name, value in values.items():
            setattr(member, name, value)

    return change


def _job(**values: Any) -> Change:
    """Of the post at the own school."""

    def change(shop: Workshop, member: Any) -> None:
        for job in shop.jobs_of(member.id):
            for name, value in values.items():
                setattr(job, name, value)

    return change


def _shared(field: str, alike: Callable[[Any, Any], bool]) -> Any:
    """What belongs to one on another as well: both are found."""

    def spoil(shop: Workshop, code: str) -> bool:
        free = shop.pool_rows("teachers")
        first: Any = shop.take(
            "teachers",
            lambda one: getattr(one, field) and any(x is not one and alike(one, x) for x in free),
        )
        second: Any = first and shop.take("teachers", lambda one: alike(first, one))
        if second is None:
            return False
        if field == "personal_id":
            # The number fits both, so that nothing else is wrong with it.
            second.birth_date = second.birth_date.replace(
                year=first.birth_date.year, day=min(second.birth_date.day, 28)
            )
        setattr(second, field, getattr(first, field))
        for member in (first, second):
            shop.truth.add("staff", member.id, code)
        return True

    return spoil


def _same_age(first: Any, one: Any) -> bool:
    """Born a few years apart at most: one may be made as old as the other."""
    years = one.birth_date.year - first.birth_date.year
    return bool(one.gender == first.gender and abs(years) <= 3)


def _too_old(shop: Workshop, member: Any) -> None:
    member.birth_date = member.birth_date.replace(
        year=shop.world.year.year - 71, day=min(member.birth_date.day, 28)
    )
    member.personal_id = shop.persons.personal_id(member.birth_date, member.gender, member.personal_id[:3])


def _no_post(shop: Workshop, member: Any) -> None:
    for job in shop.jobs_of(member.id):
        shop.drop("employments", job)


def _two_posts(shop: Workshop, member: Any) -> None:
    """The post at a school of earlier years was never ended."""
    job = shop.jobs_of(member.id)[0]
    other = next(one for one in shop.world.schools if one.unit_id != member.unit_id and one.weight)
    shop.rows.employments.append(replace(job, id=len(shop.rows.employments) + 1, unit_id=other.unit_id))


def _only_post(shop: Workshop, member: Any) -> bool:
    """One post in a whole life, and no account that hangs on it."""
    return member.account_id is None and len(shop.all_jobs_of(member.id)) == 1


def _leads(shop: Workshop, member: Any) -> bool:
    return any(one.homeroom_teacher_id == member.id for one in shop.at("classes", member.unit_id))


def _can_stop(shop: Workshop, member: Any) -> bool:
    """Teaches, leads no class, and is not the only one who teaches those classes."""
    own = shop.lessons_of(member.id)
    return (
        bool(own)
        and not _leads(shop, member)
        and all(
            any(other.staff_id != member.id for other in shop.lessons_in(one.school_class_id)) for one in own
        )
    )


def _no_lessons(shop: Workshop, member: Any) -> None:
    for one in shop.lessons_of(member.id):
        shop.drop("teaching", one)


def _too_many_lessons(shop: Workshop, member: Any) -> None:
    shop.lessons_of(member.id)[0].lessons_per_week = Decimal(45)


def _can_have_too_many(shop: Workshop, member: Any) -> bool:
    """Not at the schools of the demo's accounts: a week of 45 lessons leaves them without a timetable."""
    return bool(shop.lessons_of(member.id)) and not shop.is_shown(member.unit_id)


def _general(shop: Workshop, member: Any) -> bool:
    return shop.levels_of(member.unit_id) != ("preschool",)


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    # First what fits few.
    ("staff.personal_id.duplicate_in_school", 0.001, _shared(
        "personal_id", lambda first, one: one.unit_id == first.unit_id and _same_age(first, one))),
    ("staff.personal_id.duplicate", 0.001, _shared(
        "personal_id", lambda first, one: one.unit_id != first.unit_id and _same_age(first, one))),
    ("staff.teaching.none", 0.003, _change(_no_lessons, _can_stop)),
    ("staff.teaching.on_leave", 0.002, _change(_job(status="on_leave"), _can_stop)),
    ("staff.teaching.lessons", 0.002, _change(_too_many_lessons, _can_have_too_many)),
    ("staff.subjects.missing", 0.01, _change(_job(subjects=[]), _general)),
    ("staff.employment.missing", 0.002, _change(_no_post, _only_post, "employees")),
    ("staff.employment.several", 0.002, _change(_two_posts, _only_post, "employees")),
    ("staff.position.code", 0.002, _change(_job(position="88"), pool="employees")),
    ("staff.position.missing", 0.003, _change(_job(position=""), pool="employees")),
    ("staff.position.group", 0.001, _change(_job(position="02"))),
    ("staff.contract.missing", 0.003, _change(_job(contract=""))),
    ("staff.contract.code", 0.001, _change(_job(contract="99"))),
    ("staff.degree.below_standard", 0.01, _change(_set(degree="18"))),
    ("staff.degree.missing", 0.003, _change(_set(degree=""))),
    ("staff.degree.code", 0.001, _change(_set(degree="77"), follows="staff.degree.standard")),
    ("staff.professional_standard.code", 0.001, _change(_set(professional_standard="9"))),
    ("staff.email.duplicate", 0.003, _shared("email", lambda first, one: bool(one.email))),
    ("staff.email.missing", 0.002, _change(_set(email=""))),
    ("staff.phone.missing", 0.003, _change(_set(phone=""))),
    ("staff.ministry_code.duplicate", 0.001, _shared("ministry_code", lambda first, one: True)),
    ("staff.birth_date.too_old", 0.001, _change(_too_old)),
    ("staff.recruited_on.missing", 0.002, _change(_set(recruited_on=None))),
    ("staff.recruited_on.future", 0.001, _change(
        lambda shop, one: setattr(one, "recruited_on", shop.world.today + timedelta(days=100)))),
    ("staff.recruited_on.too_young", 0.001, _change(
        lambda shop, one: setattr(one, "recruited_on", one.birth_date + timedelta(days=365 * 12)))),
    *defects_of_persons.of("staff"),
)  # fmt: skip
