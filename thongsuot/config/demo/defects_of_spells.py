"""Defects of spells: who sits where, since when, how it ended. See defects.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.registry.classes import LIMITS

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

OVERLAP_AFTER = 10
Follow = Callable[["Workshop", Any, str], None]


def _spell(change: Follow, fits: Callable[[Workshop, Any], bool] = lambda shop, seat: True) -> Any:
    """A defect of the spell that is open: change(shop, seat, code)."""

    def spoil(shop: Workshop, code: str) -> bool:
        seat: Any = shop.take("seats", lambda one: one.spell is not None and fits(shop, one))
        if seat is None:
            return False
        change(shop, seat, code)
        shop.truth.add("enrolment", seat.spell.id, code)
        # A pupil with a broken spell is not a clean pupil either.
        shop.truth.add("student", seat.student.id, code)
        return True

    return spoil


def _ended(exit_type: str, change: Follow, fits: Callable[[Workshop, Any], bool]) -> Any:
    """A defect of a spell of the year that has ended: change(shop, spell, code)."""

    def spoil(shop: Workshop, code: str) -> bool:
        spell: Any = shop.take("ended", lambda one: one.exit_type == exit_type and fits(shop, one))
        if spell is None:
            return False
        change(shop, spell, code)
        shop.truth.add("enrolment", spell.id, code)
        shop.truth.add("student", spell.student_id, code)
        return True

    return spoil


def _set(**values: Any) -> Follow:
    def change(shop: Workshop, seat: Any, code: str) -> None:
        for name, value in values.items():
            setattr(getattr(seat, "spell", seat), name, value)

    return change


# -- the class ---------------------------------------------------------------------------------------


def _no_class(shop: Workshop, seat: Any, code: str) -> None:
    seat.spell.school_class_id = None
    shop.truth.follow("school.students.totals", seat.spell.unit_id, code)


def _class_elsewhere(shop: Workshop, seat: Any, code: str) -> None:
    room = _elsewhere(shop, seat)
    shop.counts[room.id] += 1
    seat.spell.school_class_id = room.id


def _elsewhere(shop: Workshop, seat: Any) -> Any:
    for room in shop.rooms_of(seat.grade):
        if room.unit_id != seat.school.unit_id and shop.counts[room.id] < LIMITS[seat.grade] - 3:
            return room
    return None


def _class_of_last_year(shop: Workshop, seat: Any, code: str) -> None:
    old: Any = shop.class_before(seat)
    seat.spell.school_class_id = old.id
    shop.truth.follow("enrolment.school_class.closed", seat.spell.id, code)


def _closed_class(shop: Workshop, seat: Any, code: str) -> None:
    """One pupil is left behind in a class that was given up."""
    old = shop.classes[seat.spell.school_class_id]
    # Another pupil of the same class may have been left behind already.
    before = sum(
        one.unit_id == old.unit_id and one.code.startswith(f"{old.code}C") for one in shop.rows.classes
    )
    made = replace(
        old,
        id=len(shop.rows.classes) + 1,
        code=f"{old.code}C{before or ''}",
        name=f"{old.name} cũ {before or ''}".strip(),
        homeroom_teacher_id=None,
        room_id=None,
        valid_to=max(shop.world.today - timedelta(days=20), old.valid_from),
    )
    shop.rows.classes.append(made)
    seat.spell.school_class_id = made.id


# -- the grade ---------------------------------------------------------------------------------------


def _beside(seat: Any) -> int | None:
    """The grade below in the same school, else the one above."""
    return next((one for one in (seat.grade - 1, seat.grade + 1) if one in seat.school.grades), None)


def _outside(seat: Any) -> int | None:
    """A grade that the school does not teach."""
    if "continuing" in seat.school.levels:
        return None
    return next((one for one in (5, 6, 9) if one not in seat.school.grades), None)


def _other_grade(grade_of: Callable[[Any], int | None]) -> Follow:
    def change(shop: Workshop, seat: Any, code: str) -> None:
        seat.spell.grade = grade = grade_of(seat)
        # Without a grade of its own the class could not be compared.
        shop.touch("class", seat.spell.school_class_id)
        late = seat.grade - (grade or 0)
        rule = "too_young" if late < 0 else "late" if late <= 3 else "too_old"
        shop.truth.follow(f"student.age.{rule}", seat.student.id, code)
        if grade_of is _outside:
            shop.truth.follow("enrolment.grade.class", seat.spell.id, code)

    return change


def _not_promoted(shop: Workshop, seat: Any) -> bool:
    """Of those who moved up, a wrong grade would disturb the sums of the school as well."""
    return seat.spell.entry_type != "promoted" and seat.grade <= 12


# -- the dates ---------------------------------------------------------------------------------------


def _is_single(shop: Workshop, seat: Any) -> bool:
    return len(shop.spells_of(seat.student.id)) == 1


def _is_first(shop: Workshop, seat: Any) -> bool:
    """The only spell that the pupil ever had."""
    return _is_single(shop, seat) and seat.student.created_at.date() >= shop.world.year.starts_on - timedelta(
        days=9
    )


def _in_future(shop: Workshop, seat: Any, code: str) -> None:
    seat.spell.entered_on = shop.world.today + timedelta(days=90)
    if seat.spell.entered_on > shop.world.year.ends_on:
        shop.truth.follow("enrolment.entered_on.year", seat.spell.id, code)


def _before_birth(shop: Workshop, seat: Any, code: str) -> None:
    seat.spell.entered_on = date(seat.student.birth_date.year - 1, 9, 5)
    for rule in ("year", "class"):
        shop.truth.follow(f"enrolment.entered_on.{rule}", seat.spell.id, code)


def _in_spring(shop: Workshop, seat: Any, code: str) -> None:
    seat.spell.entered_on = shop.world.year.starts_on - timedelta(days=150)
    shop.truth.follow("enrolment.entered_on.class", seat.spell.id, code)


def _too_early(shop: Workshop, seat: Any, code: str) -> None:
    seat.spell.entered_on = shop.world.year.starts_on - timedelta(days=4)


def _overlap(shop: Workshop, code: str) -> bool:
    """Moved to the class beside, and written out of the old one some days after."""
    seat: Any = shop.take("seats", lambda one: one.spell is not None and _has_parallel(shop, one))
    if seat is None:
        return False
    new = seat.spell
    old = replace(new, id=len(shop.rows.enrolments) + 1)
    new.school_class_id = _parallel(shop, seat).id
    new.entry_type, new.entered_on = "moved_class", new.entered_on + timedelta(days=OVERLAP_AFTER)
    old.left_on, old.exit_type = new.entered_on + timedelta(days=3), "moved_class"
    shop.counts[new.school_class_id] += 1
    shop.rows.enrolments.append(old)
    shop.truth.add("enrolment", old.id, code)
    shop.truth.add("student", seat.student.id, code)
    return True


def _parallel(shop: Workshop, seat: Any) -> Any:
    return next(
        (
            row
            for row in shop.at("classes", seat.school.unit_id)
            if row.grade == seat.grade
            and row.id != seat.spell.school_class_id
            and shop.counts[row.id] < LIMITS[seat.grade] - 3
        ),
        None,
    )


def _has_parallel(shop: Workshop, seat: Any) -> bool:
    begun = seat.spell.entered_on + timedelta(days=OVERLAP_AFTER + 5) < shop.world.today
    return begun and _is_single(shop, seat) and _parallel(shop, seat) is not None


def _next(shop: Workshop, spell: Any) -> Any:
    later = [one for one in shop.spells_of(spell.student_id) if one.entered_on > spell.entered_on]
    return min(later, key=lambda one: one.entered_on, default=None)


def _lost_transfer(shop: Workshop, spell: Any, code: str) -> None:
    """Nobody wrote down that the pupil left the province."""
    for one in shop.transfers_of(spell.student_id):
        shop.drop("transfers", one)


def _left_long_ago(shop: Workshop, spell: Any) -> bool:
    return _next(shop, spell) is None and spell.left_on < shop.world.today - timedelta(days=31)


# -- the year ----------------------------------------------------------------------------------------


def _left_behind(shop: Workshop, seat: Any, code: str) -> None:
    """The school forgot the pupil when it moved up its classes: last year's spell still runs."""
    shop.drop("enrolments", seat.spell)
    seat.spell = shop.spell_before(seat)
    seat.spell.left_on, seat.spell.exit_type = None, ""
    shop.truth.follow("enrolment.school_class.closed", seat.spell.id, code)


def _was_here(shop: Workshop, seat: Any) -> bool:
    before = shop.spell_before(seat) if seat.spell.entry_type == "promoted" and seat.grade <= 12 else None
    return (
        before is not None
        and before.unit_id == seat.spell.unit_id
        and before.exit_type == "year_end"
        and _is_single(shop, seat)
    )


def _no_spell(shop: Workshop, code: str) -> bool:
    """Moved up, but put into no class of the new year: the dossier belongs to the school, the pupil sits nowhere."""
    seat: Any = shop.take("seats", lambda one: one.spell is not None and _was_here(shop, one))
    if seat is None:
        return False
    shop.drop("enrolments", seat.spell)
    seat.spell = None
    shop.truth.add("student", seat.student.id, code)
    return True


def _dossier_elsewhere(shop: Workshop, code: str) -> bool:
    seat: Any = shop.take("seats", lambda one: one.spell is not None and _elsewhere(shop, one) is not None)
    if seat is None:
        return False
    seat.student.unit_id = _elsewhere(shop, seat).unit_id
    shop.truth.add("student", seat.student.id, code)
    return True


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    ("enrolment.exit.not_received", 0.0001, _ended("transferred_out", _lost_transfer, _left_long_ago)),
    ("enrolment.exit.destination", 0.0001, _ended("transferred_out", _set(other_school=""), lambda shop, one: True)),
    ("enrolment.exit.reason", 0.0001, _ended("dropped_out", _set(exit_reason=""), lambda shop, one: True)),
    ("enrolment.exit.reason_code", 0.0001, _ended("dropped_out", _set(exit_reason="77"), lambda shop, one: True)),
    ("enrolment.entered_on.overlap", 0.0001, _overlap),
    ("enrolment.grade.class", 0.0003, _spell(
        _other_grade(_beside), lambda shop, seat: _not_promoted(shop, seat) and _beside(seat) is not None)),
    ("enrolment.grade.level", 0.0002, _spell(
        _other_grade(_outside), lambda shop, seat: _not_promoted(shop, seat) and _outside(seat) is not None
        and "levels" not in shop.aspects.get(seat.school.unit_id, ()))),
    ("enrolment.grade.missing", 0.0002, _spell(_set(grade=None))),
    ("enrolment.entered_on.before_birth", 0.0001, _spell(_before_birth, _is_first)),
    ("enrolment.school_class.missing", 0.0006, _spell(_no_class)),
    ("enrolment.school_class.other_school", 0.0001, _spell(
        _class_elsewhere, lambda shop, seat: _elsewhere(shop, seat) is not None)),
    ("enrolment.school_class.other_year", 0.0002, _spell(
        _class_of_last_year, lambda shop, seat: shop.class_before(seat) is not None)),
    ("enrolment.school_class.closed", 0.0001, _spell(_closed_class, lambda shop, seat: seat.spell.school_class_id)),
    ("enrolment.status.code", 0.0002, _spell(_set(status="99"))),
    ("enrolment.status.exit", 0.0002, _spell(_set(status="05"))),
    ("enrolment.entered_on.future", 0.0002, _spell(_in_future, _is_single)),
    ("enrolment.entered_on.year", 0.0002, _spell(
        _in_spring, lambda shop, seat: _is_single(shop, seat) and seat.grade <= 12)),
    ("enrolment.entered_on.class", 0.0002, _spell(_too_early, _is_single)),
    ("enrolment.school_year.over", 0.0002, _spell(_left_behind, _was_here)),
    ("student.enrolment.missing", 0.0003, _no_spell),
    ("student.enrolment.other_school", 0.0002, _dossier_elsewhere),
)  # fmt: skip
