"""Results worked out by hand from TT 22/2021 and TT 27/2020, a number for each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from thongsuot.modules.gradebook.domain import primary, secondary
from thongsuot.modules.gradebook.domain.primary import PrimaryYear, SubjectMoment
from thongsuot.modules.gradebook.domain.rules import rules_for
from thongsuot.modules.gradebook.domain.secondary import PupilYear, SubjectMarks, TermMarks
from thongsuot.modules.gradebook.queries import file_rules, programme
from thongsuot.modules.gradebook.types import Award, Conduct, Learning, Outcome, PrimaryLearning, Why

D = Decimal
LOWER = rules_for(file_rules(), "lower_secondary", 8, 2026)
PRIMARY = rules_for(file_rules(), "primary", 3, 2026)
TRAITS = (*PRIMARY.qualities, *PRIMARY.competences)


def marks(text):
    return tuple(map(D, text.split()))


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "periods", "wanted"),
    [
        ("8 7.5 9 8", "7.5", "8.3", 140, "8.0"),  # 1
        ("6 7", "5.5", "6", 35, "6.0"),  # 2
        ("9 8 10", "8.8", "9", 70, "9.0"),  # 3: 8.95, which a binary float makes 8.9
        ("5 4.5 6 7", "3.5", "4.3", 140, "4.7"),  # 4
        ("7 7 7", "7", "6.8", 52, "6.9"),  # 5
    ],
)
def test_term_average(regular, midterm, final, periods, wanted):
    term = TermMarks(marks(regular), D(midterm), D(final))
    subject = SubjectMarks("mathematics", "score", periods, (term, TermMarks()))
    result, reasons = secondary.term_result(LOWER, subject, 0)
    assert str(result) == wanted
    assert [one.why for one in reasons] == [Why.TERM_AVERAGE]


def year_of(first, second):
    """A subject whose terms come to these averages: all marks alike."""
    terms = tuple(TermMarks((D(mark),) * 4, D(mark), D(mark)) for mark in (first, second))
    return secondary.subject_result(LOWER, SubjectMarks("literature", "score", 140, terms))


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("6.4", "6.5", "6.5"),  # 6
        ("8.0", "7.9", "7.9"),  # 7
        ("4.9", "5.0", "5.0"),  # 8
        ("3.5", "3.4", "3.4"),  # 9
    ],
)
def test_year_average(first, second, wanted):
    assert str(year_of(first, second).year) == wanted


@pytest.mark.parametrize(
    ("scores", "failed", "wanted", "raised_for"),
    [
        ("8.6 8.0 8.2 8.1 7.0 8.4 8.0 6.5", 0, Learning.GOOD, None),  # 10
        ("8.6 8.0 8.2 8.1 7.9 8.4 7.0 6.5", 0, Learning.FAIR, None),  # 11
        ("8.6 8.0 8.2 8.1 8.3 8.4 9.0 4.8", 0, Learning.FAIR, "s7"),  # 12
        ("8.6 8.0 8.2 8.1 8.3 8.4 9.0 3.2", 0, Learning.PASSED, "s7"),  # 13
        ("8.6 8.0 8.2 8.1 8.3 8.4 9.0 7.0", 1, Learning.FAIR, "c0"),  # 14
        ("8.6 8.0 8.2 8.1 8.3 8.4 9.0 7.0", 2, Learning.NOT_PASSED, None),  # 15
        ("8.6 8.0 8.2 8.1 8.3 8.4 9.0 6.4", 0, Learning.FAIR, None),  # 16
        ("6.6 6.5 7.0 6.8 7.1 6.9 5.2 3.4", 0, Learning.PASSED, "s7"),  # 17
    ],
)
def test_level_of_learning(scores, failed, wanted, raised_for):
    results = {f"s{place}": mark for place, mark in enumerate(marks(scores))}
    results |= {f"c{place}": "CĐ" if place < failed else "Đ" for place in range(4)}
    level, (reason, *short) = secondary.learning_level(LOWER, results)
    assert level is wanted
    assert bool(short) == (level is not Learning.GOOD and reason.why is Why.LEVEL_MET)
    assert (reason.about if reason.why is Why.RAISED else None) == raised_for


@pytest.mark.parametrize(
    ("scores", "failed", "wanted"),
    [
        ("8.6 8.0 8.2 8.1 7.0 8.4 8.0 6.5", 0, []),  # 10
        ("8.6 8.0 8.2 8.1 7.9 8.4 7.0 6.5", 0, [(Why.TOO_FEW, "good", 5)]),  # 11
        (
            "8.6 8.0 8.2 8.1 8.3 8.4 9.0 7.0",
            2,
            [(Why.COMMENTS_FAILED, "passed", ["c0", "c1"])],
        ),  # 15
        ("8.6 8.0 8.2 8.1 8.3 8.4 9.0 6.4", 0, [(Why.TOO_LOW, "good", ["s7"])]),  # 16
        (
            "5.5 5.5 5.5 5.5 5.5 3.4 3.4 3.0",
            0,
            [(Why.TOO_LOW, "passed", ["s5", "s6", "s7"]), (Why.TOO_FEW, "passed", 5)],
        ),
    ],
)
def test_what_keeps_a_level_from_being_better(scores, failed, wanted):
    results = {f"s{place}": mark for place, mark in enumerate(marks(scores))}
    results |= {f"c{place}": "CĐ" if place < failed else "Đ" for place in range(4)}
    _level, (_first, *short) = secondary.learning_level(LOWER, results)
    found = [(one.why, one.said["level"], one.said.get("names") or one.said["given"]) for one in short]
    assert found == wanted


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("good", "passed", "fair"),  # 18
        ("not_passed", "good", "fair"),  # 19
    ],
)
def test_conduct_of_the_year(first, second, wanted):
    assert secondary.year_conduct(LOWER, Conduct(first), Conduct(second)) is Conduct(wanted)


def primary_year(grade, levels, tests, traits=None):
    """A pupil of primary school: all T but for `levels`, all traits T but for `traits`."""
    stage = programme().stage("primary")
    subjects = {
        one.code: SubjectMoment(levels.get(one.code, "T"), tests.get(one.code))
        for one in stage.subjects
        if one.periods.get(grade)
    }
    return PrimaryYear(grade, subjects, dict.fromkeys(TRAITS, "T") | (traits or {}))


TESTS_3 = {"vietnamese": 9, "mathematics": 10, "foreign_language_1": 9, "informatics_technology": 8}
TESTS_5 = {
    **TESTS_3, "informatics_technology": 9, "history_geography": 9, "science": 10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "wanted", "outcome", "award"),
    [
        (primary_year(3, {}, TESTS_3), PrimaryLearning.WELL_DONE, Outcome.PROMOTED, None),  # 20
        (
            primary_year(5, {"physical_education": "H"}, TESTS_5),
            PrimaryLearning.DONE,
            Outcome.COMPLETED,
            None,
        ),  # 21
        (
            primary_year(
                2,
                dict.fromkeys(("ethics", "arts"), "H"),
                {"vietnamese": 6, "mathematics": 7},
                {"honesty": "C"},
            ),
            PrimaryLearning.NOT_DONE,
            Outcome.SUPPORT,
            None,
        ),  # 22
        (primary_year(5, {}, TESTS_5), PrimaryLearning.EXCELLENT, Outcome.COMPLETED, Award.EXCELLENT),
    ],
)
def test_primary_school(year, wanted, outcome, award):
    found = primary.year_outcome(PRIMARY, year, is_last_grade=year.grade == 5)
    assert (found.learning, found.outcome, found.award) == (wanted, outcome, award)


def upper_year(averages, *, absences=0, conduct=Conduct.GOOD):
    """A pupil of grade 11 whose subjects come to these averages, all comment subjects Đạt."""
    scored = [
        SubjectMarks(f"s{place}", "score", 105, (TermMarks((mark,) * 4, mark, mark),) * 2)
        for place, mark in enumerate(marks(averages))
    ]
    said = [
        SubjectMarks(f"c{place}", "comment", 70, (TermMarks(("Đ", "Đ"), "Đ", "Đ"),) * 2) for place in range(3)
    ]
    return PupilYear(11, [*scored, *said], (conduct, conduct), absences=absences)


def test_excellent_pupil():  # 23
    rules = rules_for(file_rules(), "upper_secondary", 11, 2026)
    pupil = upper_year("9.2 9.0 9.4 9.1 9.0 8.9 9.5 8.2 8.8")
    found = secondary.year_outcome(rules, pupil, is_last_grade=False)
    assert (found.learning[2], found.award, found.outcome) == (
        Learning.GOOD,
        Award.EXCELLENT,
        Outcome.PROMOTED,
    )


def test_too_many_absences():  # 24
    rules = rules_for(file_rules(), "upper_secondary", 11, 2026)
    pupil = upper_year("7.0 7.0 7.0 7.0 7.0 7.0 6.0 6.0 6.0", absences=46)
    found = secondary.year_outcome(rules, pupil, is_last_grade=False)
    assert (found.learning[2], found.conduct, found.outcome) == (
        Learning.FAIR,
        Conduct.GOOD,
        Outcome.REPEAT,
    )
    assert found.reasons[-1].said == {"number": 46, "most": 45}
    kept = secondary.year_outcome(
        rules, upper_year("7.0 7.0 7.0 7.0 7.0 7.0 6.0 6.0 6.0", absences=45), is_last_grade=False
    )
    assert kept.outcome is Outcome.PROMOTED
