"""Results of real rows: the same as the rules', incremental, told with their reasons, handed to the registry."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories import registry
from tests.factories.gradebook import fill_year, make_line, make_open_class
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.gradebook.actions import (
    AbsenceEntry,
    ConductEntry,
    TraitEntry,
    compute_results,
    enter_marks,
    judge_year,
    lock_term,
    publish_year_results,
    reassess,
    record_absences,
    set_conduct,
    set_traits,
)
from thongsuot.modules.gradebook.domain import secondary
from thongsuot.modules.gradebook.domain.secondary import PupilYear as Year
from thongsuot.modules.gradebook.domain.secondary import SubjectMarks as Marks
from thongsuot.modules.gradebook.domain.secondary import TermMarks
from thongsuot.modules.gradebook.models import PupilYear, SubjectMarks, SubjectResult
from thongsuot.modules.gradebook.queries import class_records, pupil_year, rules_of
from thongsuot.modules.gradebook.queries.telling import subject_reasons, year_reasons
from thongsuot.modules.gradebook.types import BadValue, BookLocked, CellChange, Conduct, StateConflict
from thongsuot.modules.registry.models import YearResult


def compute(world, unit=None, **more):
    return compute_results(by=None, unit=unit or world.school, school_year=world.year, **more).pupils


def test_as_the_rules_say(world):
    """Every column and every reason of a year with something of everything in it."""
    made = world.secondary
    first, second = made.students
    fill_year(made, first, "8.4")
    fill_year(made, second, "4.2", conduct="passed")
    _disturb(made, first)
    reads = {"by": world.office, "school_class": made.school_class}
    judge_year(**reads, student_id=second.pk, absences=12)
    record_absences(**reads, entries=[
        AbsenceEntry(first.pk, date(2026, 10, 5), "morning", excused=True),
        AbsenceEntry(first.pk, date(2026, 10, 5), "afternoon"),
        AbsenceEntry(first.pk, date(2026, 10, 6), "morning", lesson=2),
    ])  # fmt: skip
    assert compute(world) == 2
    for student, absences in ((first, 1), (second, 12)):
        _same(made, student, absences)
    failed = PupilYear.objects.get(student=second)
    assert (failed.outcome, "mathematics" in failed.again) == ("reassess", True)


def _disturb(made, student):
    def line(code, term):
        return SubjectMarks.objects.filter(class_subject=made.subjects[code], student=student, term=term)

    line("mathematics", 1).update(
        regular=[Decimal("5"), Decimal("4.5"), Decimal("6"), Decimal("7"), Decimal("9")]
    )
    line("literature", 1).update(midterm=None)
    line("civics", 2).update(final=None, final_absent=True)
    line("informatics", 1).update(regular=[Decimal("9")])
    line("technology", 2).delete()
    line("arts", 2).update(regular_levels=["Đ", "CĐ"])
    line("physical_education", 1).update(exempt=True)


def _same(made, student, absences):
    rules = rules_of("lower_secondary", 8, 2026)
    rows = {(one.class_subject.code, one.term): one for one in SubjectMarks.objects.filter(student=student)}
    subjects = sorted(made.subjects.values(), key=lambda one: one.position)
    given = [_given(rows, one) for one in subjects]
    conduct = Conduct.GOOD if absences == 1 else Conduct.PASSED
    wanted = secondary.year_outcome(
        rules, Year(8, given, (conduct, conduct), None, absences), is_last_grade=False
    )
    year = PupilYear.objects.get(student=student)
    assert (year.learning_term1, year.learning_term2, year.learning) == tuple(
        one or "" for one in wanted.learning
    )
    assert (year.conduct, year.outcome, year.award) == (wanted.conduct, wanted.outcome, wanted.award or "")
    results = {one.class_subject.code: one for one in SubjectResult.objects.filter(student=student)}
    assert year_reasons(year, rules, results) == list(wanted.reasons)
    for subject, one in zip(subjects, wanted.subjects, strict=True):
        row = results[subject.code]
        names = ("term1", "term2", "year", "after")
        is_comment = subject.form == "comment"
        found = [(getattr(row, f"{n}_level") or None) if is_comment else getattr(row, n) for n in names]
        assert found == [*one.terms, one.year, one.after], subject.code
        number = rules.regular_number(subject.form, subject.periods)
        assert subject_reasons(row, subject.code, subject.form, number) == list(one.reasons)


def _given(rows, subject):
    lines = [rows.get((subject.code, term)) for term in (1, 2)]
    terms = []
    for line in lines:
        if line is None:
            terms.append(TermMarks())
        elif subject.form == "comment":
            terms.append(TermMarks(line.regular_levels, line.midterm_level or None, line.final_level or None))
        else:
            final = "absent" if line.final_absent else line.final
            terms.append(TermMarks(line.regular, line.midterm, final))
    exempt = any(line is not None and line.exempt for line in lines)
    return Marks(subject.code, subject.form, subject.periods, tuple(terms), exempt)


def test_only_what_has_changed_is_computed(world):
    made = world.secondary
    first, second = made.students
    for student in made.students:
        fill_year(made, student)
        judge_year(by=world.homeroom, school_class=made.school_class, student_id=student.pk, absences=0)
    assert compute(world) == 2
    assert compute(world) == 0
    subject = made.subjects["mathematics"]
    enter_marks(
        by=world.maths, class_subject=subject, term=2, changes=[CellChange(first.pk, "final", "8", "3")]
    )
    assert list(PupilYear.objects.filter(is_stale=True).values_list("student_id", flat=True)) == [first.pk]
    assert compute(world) == 1
    result = SubjectResult.objects.get(class_subject=subject, student=first)
    assert (result.term1, result.term2, result.year) == (Decimal("8.0"), Decimal("6.3"), Decimal("6.9"))
    # To another class of the school: the marks come along, results of the class that was left go.
    other = make_open_class(world.school, world.year, grade=8, pupils=0)
    second.enrolments.update(left_on=date(2027, 2, 1), exit_type="moved_class")
    registry.make_enrolment(second, other.school_class, entered_on=date(2027, 2, 2))
    assert compute(world) == 1
    moved = SubjectResult.objects.filter(student=second)
    assert {one.class_subject.school_class_id for one in moved} == {other.school_class.pk}
    assert moved.get(class_subject=other.subjects["mathematics"]).year == Decimal("8.0")
    # Gone from the school: nothing is kept as a result.
    first.enrolments.update(left_on=date(2027, 2, 1), exit_type="transferred_out")
    compute(world)
    assert not PupilYear.objects.filter(student=first).exists()


def test_a_year_in_primary_school(world):
    made, school = world.primary, world.primary.unit
    first, second = made.students
    homeroom = world.primary_homeroom
    rules = rules_of("primary", 3, 2026)
    codes = (*rules.qualities, *rules.competences)
    for student, level, test in ((first, "T", 9), (second, "H", 6)):
        for subject in made.subjects.values():
            is_tested = subject.code in rules.tested(3, "CN")
            make_line(subject, student, 2, final_level=level, final=Decimal(test) if is_tested else None)
    asked = {"by": homeroom, "school_class": made.school_class, "moment": "CN"}
    set_traits(**asked, entries=[TraitEntry(first.pk, dict.fromkeys(codes, "T"))])
    assert compute(world, school) == 2
    year, open_year = (PupilYear.objects.get(student=one) for one in (first, second))
    assert (year.learning, year.outcome, year.award) == ("excellent", "promoted", "excellent")
    assert (open_year.outcome, open_year.reasons[0]["names"]) == ("undecided", list(codes))
    set_traits(**asked, entries=[TraitEntry(second.pk, {**dict.fromkeys(codes, "Đ"), "honesty": "C"})])
    assert compute(world, school) == 1
    open_year.refresh_from_db()
    assert (open_year.learning, open_year.outcome) == ("not_done", "support")
    assert open_year.reasons == [{"why": "primary_failed", "about": "honesty", "found": "C"}]
    judge_year(by=homeroom, school_class=made.school_class, student_id=second.pk, helped="done")
    compute(world, school)
    open_year.refresh_from_db()
    assert open_year.outcome == "promoted"
    with pytest.raises(BadValue):
        set_traits(**asked, entries=[TraitEntry(first.pk, {"honesty": "X"})])


def test_summer_then_the_registry(world):
    made, now = world.secondary, timezone.now()
    first, second = made.students
    for student, mark in ((first, "9.2"), (second, "4.2")):
        fill_year(made, student, mark)
        judge_year(by=world.homeroom, school_class=made.school_class, student_id=student.pk, absences=0)
    asked = {"by": world.principal, "unit": world.school, "school_year": world.year, "now": now}
    with pytest.raises(StateConflict):
        publish_year_results(**asked)
    for term in (1, 2):
        lock_term(**asked, term=term)
    with pytest.raises(BookLocked):
        set_conduct(
            by=world.homeroom,
            school_class=made.school_class,
            term=1,
            entries=[ConductEntry(first.pk, "fair")],
        )
    with pytest.raises(NotAllowed):
        publish_year_results(**{**asked, "by": world.office})
    assert publish_year_results(**asked).pupils == 2
    found = {one.student_id: one for one in YearResult.objects.all()}
    best, failed = found[first.pk], found[second.pk]
    assert (best.learning, best.promotion, best.awards, best.days_absent) == (
        "good",
        "promoted",
        "Học sinh Xuất sắc",
        0,
    )
    assert (failed.learning, failed.promotion) == ("not_passed", "again")
    for code in ("mathematics", "literature", "civics", "informatics", "technology", "natural_science"):
        reassess(
            by=world.office,
            class_subject=made.subjects[code],
            student_id=second.pk,
            result="5.5",
            on=date(2027, 7, 1),
        )
    with pytest.raises(StateConflict):
        reassess(
            by=world.office,
            class_subject=made.subjects["arts"],
            student_id=second.pk,
            result="Đ",
            on=date(2027, 7, 1),
        )
    publish_year_results(**asked)
    failed.refresh_from_db()
    assert (failed.learning, failed.promotion) == ("passed", "promoted")
    record = pupil_year(world.homeroom, second.pk, world.year)
    assert (record.learning[2], record.learning_after, record.is_locked, record.is_stale) == (
        "not_passed",
        "passed",
        True,
        False,
    )
    subject = next(one for one in record.subjects if one.code == "mathematics")
    assert (subject.year, subject.after, subject.reassessed, subject.terms[0].midterm) == (
        "4.2",
        "5.5",
        "5.5",
        "4.2",
    )
    assert subject.reasons[-1] == "đánh giá lại: 4,2 thành 5,5"


def test_records_of_a_class(world, django_assert_max_num_queries):
    made = world.secondary
    for student in made.students:
        fill_year(made, student)
    compute(world)
    with django_assert_max_num_queries(16):
        records = class_records(world.homeroom, made.school_class)
    assert [one.student_id for one in records] == [one.pk for one in made.students]
    assert all(len(one.subjects) == 12 for one in records)
    assert records[0].reasons[0].startswith("Kết quả học tập học kỳ I: Tốt")
    # Who teaches one subject sees that subject, not the pupils' whole year; strangers see nothing.
    assert class_records(world.maths, made.school_class) == []
    assert pupil_year(world.stranger, made.students[0].pk, world.year) is None


def test_a_day_outside_the_year(world):
    first = world.secondary.students[0]
    entry = AbsenceEntry(first.pk, world.year.starts_on - timedelta(days=3), "morning")
    with pytest.raises(BadValue):
        record_absences(by=world.maths, school_class=world.secondary.school_class, entries=[entry])
