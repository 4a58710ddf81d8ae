"""Cells: what is saved, what comes back and why; locks; the history of a mark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import registry
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.modules.gradebook.actions import (
    ask_unlock,
    decide_unlock,
    enter_marks,
    lock_term,
    unlock_term,
)
from thongsuot.modules.gradebook.models import SubjectMarks
from thongsuot.modules.gradebook.queries import class_grid, lock_state, mark_history
from thongsuot.modules.gradebook.types import BadValue, BookLocked, CellChange, StateConflict


def change(student, column, new, old=""):
    return CellChange(student.pk, column, old, new)


def cells(world, actor=None):
    grid = class_grid(actor or world.office, world.secondary.subjects["mathematics"], 1)
    return {row.student_id: dict(row.cells) for row in grid.rows}


def enter(world, *changes, by=None, subject="mathematics", term=1, made=None, **more):
    made = made or world.secondary
    by = by or world.maths
    # A request is inside such a block.
    with acting(by):
        return enter_marks(by=by, class_subject=made.subjects[subject], term=term, changes=changes, **more)


def test_good_cells_are_saved_bad_ones_come_back(world, django_assert_max_num_queries):
    first, second = world.secondary.students
    with django_assert_max_num_queries(14):
        done = enter(
            world,
            change(first, "regular.0", "8"),
            change(first, "regular.2", "7,5"),
            change(first, "midterm", "v"),
            change(first, "remark", "  Chăm   học "),
            change(second, "regular.0", "11"),
            change(second, "regular.1", "7.55"),
            change(second, "final", "sáu"),
            change(second, "regular.9", "5"),
            change(second, "midterm", "6"),
        )
    assert [(one.column, one.value) for one in done.saved] == [
        ("regular.0", "8.0"), ("regular.2", "7.5"), ("midterm", "V"), ("remark", "Chăm học"), ("midterm", "6.0"),
    ]  # fmt: skip
    assert [(one.student_id, one.column) for one in done.faults] == [
        (second.pk, column) for column in ("regular.0", "regular.1", "final", "regular.9")
    ]
    assert all(one.reason for one in done.faults)
    assert done.conflicts == ()
    assert done.versions == {first.pk: 1, second.pk: 1}
    row = SubjectMarks.objects.get(student=first)
    assert (row.regular[1], row.midterm, row.midterm_absent) == (None, None, True)
    stands = cells(world)[first.pk]
    assert {key: stands[key] for key in ("regular.0", "regular.1", "regular.2", "midterm")} == {
        "regular.0": "8.0", "regular.1": "", "regular.2": "7.5", "midterm": "V",
    }  # fmt: skip


def test_two_people_do_not_overwrite_each_other(world):
    first, _second = world.secondary.students
    enter(world, change(first, "midterm", "7"), change(first, "final", "6"))
    enter(world, change(first, "midterm", "8", "7"), by=world.office)
    done = enter(world, change(first, "midterm", "9", "7"), change(first, "final", "6.5", "6"))
    (conflict,) = done.conflicts
    assert (conflict.column, conflict.value, conflict.typed) == ("midterm", "8.0", "9")
    assert conflict.by == world.office.name
    assert conflict.at is not None
    assert [one.value for one in done.saved] == ["6.5"]
    # What stands already is no conflict, and writes nothing.
    again = enter(world, change(first, "midterm", "8", "7"))
    assert (again.conflicts, again.versions, [one.value for one in again.saved]) == ((), {}, ["8.0"])


def test_a_mark_has_a_history(world):
    first, second = world.secondary.students
    enter(world, change(first, "midterm", "7.5"), change(second, "midterm", "5"))
    enter(world, change(first, "midterm", "8", "7.5"), by=world.office, reason="Cộng sót điểm")
    subject = world.secondary.subjects["mathematics"]
    latest, earliest = mark_history(world.maths, subject, 1, student_id=first.pk, column="midterm")
    assert (latest.old, latest.new, latest.who, latest.reason) == (
        "7.5",
        "8.0",
        world.office.name,
        "Cộng sót điểm",
    )
    assert (earliest.old, earliest.new, earliest.title) == ("", "7.5", "Giữa kì")
    assert len(mark_history(world.maths, subject, 1)) == 3
    assert mark_history(world.stranger, subject, 1) == []


def test_comments_and_primary_levels(world):
    first, _second = world.secondary.students
    done = enter(world, change(first, "regular_level.0", "cđ"), change(first, "final_level", "Đ"),
                 change(first, "midterm", "8"), by=world.office, subject="arts")  # fmt: skip
    assert [one.value for one in done.saved] == ["CĐ", "Đ"]
    assert [one.column for one in done.faults] == ["midterm"]
    pupil, _other = world.primary.students
    done = enter(
        world, change(pupil, "final_level", "t"), change(pupil, "final", "9"), change(pupil, "final", "9.5"),
        change(pupil, "midterm", "8"), by=world.primary_homeroom, made=world.primary,
    )  # fmt: skip
    assert [one.value for one in done.saved] == ["T", "9"]
    # A primary test is a whole number, and grade 3 has none in the middle of a term.
    assert [(one.column, one.typed) for one in done.faults] == [("final", "9.5"), ("midterm", "8")]


def test_who_may(world):
    first, _second = world.secondary.students
    for by, subject in (
        (world.maths, "literature"),
        (world.homeroom, "mathematics"),
        (world.stranger, "mathematics"),
    ):
        with pytest.raises(NotAllowed):
            enter(world, change(first, "midterm", "8"), by=by, subject=subject)


def test_pupils_of_other_classes_and_those_who_left(world):
    first, _second = world.secondary.students
    other = registry.make_student(world.school)
    first.enrolments.update(left_on=world.year.starts_on + timedelta(days=9), exit_type="transferred_out")
    done = enter(world, change(other, "midterm", "8"), change(first, "midterm", "8"))
    assert len(done.faults) == 2
    assert not SubjectMarks.objects.exists()


def test_a_closed_book(world):
    first, second = world.secondary.students
    subject, now = world.secondary.subjects["mathematics"], timezone.now()
    with pytest.raises(NotAllowed):
        lock_term(by=world.office, unit=world.school, school_year=world.year, term=1, now=now)
    with pytest.raises(StateConflict):
        ask_unlock(by=world.maths, class_subject=subject, term=1, reason="x", now=now)
    asked = {"by": world.principal, "unit": world.school, "school_year": world.year, "term": 1, "now": now}
    lock = lock_term(**asked)
    assert lock_term(**asked) == lock
    with pytest.raises(BookLocked):
        enter(world, change(first, "midterm", "8"))
    enter(world, change(first, "midterm", "8"), term=2)
    with pytest.raises(BadValue):
        ask_unlock(by=world.maths, class_subject=subject, term=1, reason=" ", now=now)
    request = ask_unlock(by=world.maths, class_subject=subject, term=1, reason="Nhập nhầm cột", now=now)
    assert ask_unlock(by=world.maths, class_subject=subject, term=1, reason="Lần nữa", now=now) == request
    assert lock_state(subject, 1).is_asked
    with pytest.raises(NotAllowed):
        decide_unlock(by=world.maths, request=request, grant=True, now=now)
    decide_unlock(by=world.principal, request=request, grant=True, now=now)
    assert enter(world, change(first, "midterm", "8")).saved
    with pytest.raises(BookLocked):
        enter(world, change(first, "midterm", "8"), subject="literature", by=world.office)
    # After its time the book is closed again by itself.
    assert not lock_state(subject, 1, now=now + timedelta(days=3)).may_write
    unlock_term(by=world.principal, lock=lock, now=now)
    assert enter(world, change(second, "midterm", "8"), subject="literature", by=world.office).saved
