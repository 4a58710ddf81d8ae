"""The year's results in the registry: looked at, handed over, taken back; the summer; why a result became another."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories.gradebook import fill_year
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.modules.gradebook.actions import (
    SummerCell,
    compute_results,
    enter_marks,
    judge_year,
    lock_term,
    publish_year_results,
    record_summer,
    set_regular_counts,
    take_back_publication,
)
from thongsuot.modules.gradebook.models import ClassSubject, MarkLock, PupilYear, Reassessment, SubjectMarks
from thongsuot.modules.gradebook.queries.columns import column_board
from thongsuot.modules.gradebook.queries.publishing import preview
from thongsuot.modules.gradebook.queries.result_history import result_changes
from thongsuot.modules.gradebook.queries.summer import summer_pupils, years_with_summer
from thongsuot.modules.gradebook.types import BadValue, CellChange, StateConflict
from thongsuot.modules.registry.models import YearResult


def judged(world, student, absences=0):
    judge_year(
        by=world.homeroom, school_class=world.secondary.school_class, student_id=student.pk, absences=absences
    )


@pytest.fixture
def ended(world):
    """The first pupil is promoted, the second failed in mathematics; nothing is locked."""
    made = world.secondary
    first, second = made.students
    fill_year(made, first, "8.4")
    fill_year(made, second, "7.0")
    for term in (1, 2):
        SubjectMarks.objects.filter(
            class_subject__in=[made.subjects["mathematics"], made.subjects["natural_science"]],
            student=second,
            term=term,
        ).update(final=Decimal("0.5"), midterm=Decimal("0.5"), regular=[Decimal("1.0")] * 4)
    for student in made.students:
        judged(world, student)
    # All of a test is one moment for the database: the results are those of yesterday.
    before = world.now - timedelta(days=1)
    compute_results(by=None, unit=world.school, school_year=world.year, now=before)
    return world


def close(world):
    for term in (1, 2):
        lock_term(by=world.principal, unit=world.school, school_year=world.year, term=term, now=world.now)


def test_handed_over_as_it_was_seen_and_taken_back(ended):
    world, (first, second) = ended, ended.secondary.students
    asked = {"unit": world.school, "school_year": world.year}
    seen = preview(world.principal, **asked)
    assert (seen.pupils, seen.new, seen.changed, seen.same, seen.is_closed) == (2, 2, 0, 0, False)
    with pytest.raises(StateConflict):
        publish_year_results(by=world.principal, **asked, now=world.now)
    close(world)
    with pytest.raises(NotAllowed):
        publish_year_results(by=world.office, **asked, now=world.now)
    # Something changes while the principal looks.
    judged(world, first, absences=3)
    with pytest.raises(StateConflict):
        publish_year_results(by=world.principal, **asked, now=world.now, seen=seen.seen)
    assert preview(world.principal, **asked).stale == 1
    compute_results(by=None, **asked)
    seen = preview(world.principal, **asked)
    one = publish_year_results(by=world.principal, **asked, now=world.now, seen=seen.seen)
    assert (one.pupils, len(one.changes)) == (2, 2)
    kept = dict(YearResult.objects.values_list("student_id", "promotion"))
    assert kept == {first.pk: "promoted", second.pk: "again"}
    assert preview(world.principal, **asked).same == 2
    # A second time only what differs; then somebody mends one by hand.
    judged(world, first, absences=4)
    compute_results(by=None, **asked)
    two = publish_year_results(by=world.principal, **asked, now=world.now + timedelta(hours=1))
    assert [change["student"] for change in two.changes] == [first.pk]
    with pytest.raises(StateConflict):
        take_back_publication(by=world.principal, publication=one, now=world.now + timedelta(hours=2))
    with pytest.raises(NotAllowed):
        take_back_publication(by=world.office, publication=two, now=world.now + timedelta(hours=2))
    _row, left = take_back_publication(
        by=world.principal, publication=two, now=world.now + timedelta(hours=2)
    )
    assert left == 0
    assert YearResult.objects.get(student=first).days_absent == 3
    assert set(PupilYear.objects.values_list("published_at", flat=True)) == {world.now}
    YearResult.objects.filter(student=second).update(awards="Giải nhì cấp tỉnh")
    _row, left = take_back_publication(
        by=world.principal, publication=one, now=world.now + timedelta(hours=3)
    )
    assert left == 1
    assert list(YearResult.objects.values_list("student_id", flat=True)) == [second.pk]
    with pytest.raises(StateConflict):
        take_back_publication(by=world.principal, publication=one, now=world.now + timedelta(hours=4))


def test_who_is_missing_and_why(world):
    made = world.secondary
    fill_year(made, made.students[0])
    compute_results(by=None, unit=world.school, school_year=world.year)
    found = preview(world.principal, world.school, world.year)
    assert {one.name for one in found.missing} == {one.full_name for one in made.students}
    assert any("buổi nghỉ" in reason for one in found.missing for reason in one.reasons)
    assert preview(world.stranger, world.school, world.year).pupils == 0


def test_the_summer(ended):
    world, second = ended, ended.secondary.students[1]
    maths, science = (ended.secondary.subjects[code] for code in ("mathematics", "natural_science"))
    close(world)
    asked = {"unit": world.school, "school_year": world.year}
    day = world.year.starts_on
    assert years_with_summer(world.principal, world.school.pk) == [world.year.pk]
    (row,) = summer_pupils(world.principal, world.school.pk, world.year.pk)
    assert (row.student_id, row.before, row.outcome, row.is_waiting) == (
        second.pk,
        "Chưa đạt",
        "reassess",
        True,
    )
    assert [one.name for one in row.subjects] == ["Toán", "Khoa học tự nhiên"]
    # Whoever teaches mathematics there sees and writes that one; another school's principal nothing.
    (own,) = summer_pupils(world.maths, world.school.pk, world.year.pk)
    assert [(one.name, one.may_write) for one in own.subjects] == [("Toán", True)]
    assert (own.conduct, own.outcome_name) == ("", "")
    assert summer_pupils(world.stranger, world.school.pk, world.year.pk) == []
    cell = SummerCell("again", maths.pk, second.pk, "", "7,5")
    bad = SummerCell("again", science.pk, second.pk, "", "75")
    found = record_summer(by=world.office, **asked, cells=[cell, bad], on=day)
    assert (found.written, [one.column for one in found.faults]) == (0, [f"again-{science.pk}"])
    assert not Reassessment.objects.exists()
    with pytest.raises(NotAllowed):
        record_summer(
            by=world.maths, **asked, cells=[SummerCell("again", science.pk, second.pk, "", "6")], on=day
        )
    assert record_summer(by=world.maths, **asked, cells=[cell], on=day).written == 1
    # The page of the office is older.
    stale = SummerCell("again", maths.pk, second.pk, "", "8")
    assert "7.5" in record_summer(by=world.office, **asked, cells=[stale], on=day).faults[0].reason
    both = [
        SummerCell("again", science.pk, second.pk, "", "5"),
        SummerCell("again", maths.pk, second.pk, "7.5", "7,5"),
    ]
    assert record_summer(by=world.office, **asked, cells=both, on=day).written == 1
    (row,) = summer_pupils(world.principal, world.school.pk, world.year.pk)
    assert (row.outcome, row.is_waiting) == ("promoted", False)
    assert row.after in ("Khá", "Đạt")


def test_which_mark_made_another_result(ended):
    world, first = ended, ended.secondary.students[0]
    where = world.secondary.school_class
    assert result_changes(world.principal, where, first.pk) == []
    changes = [CellChange(first.pk, column, "8.4", "0") for column in ("midterm", "final")]
    subject = world.secondary.subjects["mathematics"]
    with acting(world.maths, reason="Chấm lại"):
        assert len(enter_marks(by=world.maths, class_subject=subject, term=2, changes=changes).saved) == 2
    compute_results(by=world.office, unit=world.school, school_year=world.year)
    (one,) = result_changes(world.principal, where, first.pk)
    steps = {step.what: (step.old, step.new) for step in one.steps}
    assert steps["Học tập cả năm"] == ("Tốt", "Khá")
    assert steps["Toán, cả năm"] == ("8,4", "5,3")
    assert "Toán, sau đánh giá lại" not in steps
    said = {cause.said: cause for cause in one.causes}
    assert set(list(said)[:2]) == {"Toán, Giữa kì: 8,4 → 0,0", "Toán, Cuối kì: 8,4 → 0,0"}
    assert (one.causes[0].who, one.causes[0].reason) == (world.maths.name, "Chấm lại")
    # The same again is no change, nor is a result that was only missing.
    compute_results(by=None, unit=world.school, school_year=world.year, everybody=True)
    assert len(result_changes(world.principal, where, first.pk)) == 1
    assert result_changes(world.maths, where, first.pk) == []


def test_columns_of_regular_assessments(world):
    made = world.secondary
    maths, music = made.subjects["mathematics"], made.subjects["arts"]
    board = column_board(world.office, world.school.pk, world.year.pk)
    classes, lines = board[8]
    assert [one.pk for one in classes] == [made.school_class.pk]
    assert {line.name: line.wanted for line in lines}["Toán"] == 4
    assert column_board(world.maths, world.school.pk, world.year.pk) == {}
    set_regular_counts(by=world.office, numbers={maths.pk: 6, music.pk: 2})
    assert ClassSubject.objects.get(pk=maths.pk).regular_count == 6
    SubjectMarks.objects.create(
        unit=world.school,
        class_subject=maths,
        student=made.students[0],
        term=1,
        regular=[None] * 4 + [Decimal("7.0")],
    )
    for number, said in ((3, "từ 4 đến"), (4, "cột 5 đã có điểm"), (21, "từ 4 đến")):
        with pytest.raises(BadValue, match=said):
            set_regular_counts(by=world.office, numbers={maths.pk: number})
    with pytest.raises(NotAllowed):
        set_regular_counts(by=world.maths, numbers={maths.pk: 5})
    with pytest.raises(NotAllowed):
        set_regular_counts(by=world.stranger, numbers={maths.pk: 5})
    assert MarkLock.objects.count() == 0
