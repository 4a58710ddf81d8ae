"""Properties of the rules of secondary school, and what happens while something is missing or after the summer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.modules.gradebook.domain.test_worked_examples import LOWER, upper_year
from thongsuot.modules.gradebook.domain import secondary
from thongsuot.modules.gradebook.domain.marks import half_up
from thongsuot.modules.gradebook.domain.secondary import SubjectMarks, TermMarks
from thongsuot.modules.gradebook.types import Award, Conduct, Learning, Outcome, Why

D = Decimal
tenths = st.integers(0, 100).map(lambda n: D(n) / 10)
LEVELS = list(Learning)


def rank(level):
    """0 is the best."""
    return LEVELS.index(level)


results = st.tuples(
    st.lists(tenths, min_size=1, max_size=10), st.lists(st.sampled_from(["Đ", "CĐ"]), max_size=4)
).map(lambda two: {f"s{i}": m for i, m in enumerate(two[0])} | {f"c{i}": m for i, m in enumerate(two[1])})


@given(results, st.data())
def test_a_better_mark_never_worsens_a_level(found, data):
    code = data.draw(st.sampled_from(sorted(found)))
    better = "Đ" if isinstance(found[code], str) else max(found[code], data.draw(tenths))
    before, _why = secondary.learning_level(LOWER, found)
    after, _why = secondary.learning_level(LOWER, {**found, code: better})
    assert rank(after) <= rank(before)


@given(results, st.randoms())
def test_the_order_of_subjects_does_not_matter(found, random):
    shuffled = list(found.items())
    random.shuffle(shuffled)
    assert secondary.learning_level(LOWER, dict(shuffled)) == secondary.learning_level(LOWER, found)


@given(results)
def test_an_adjustment_is_one_step_up_and_only_for_one_subject(found):
    base, (level, why) = secondary.plain_level(LOWER, found), secondary.learning_level(LOWER, found)
    assert rank(base) - rank(level) in (0, 1)
    if level is not base:
        culprit = why[0].about
        perfect = {**found, culprit: "Đ" if isinstance(found[culprit], str) else D(10)}
        assert rank(base) - rank(secondary.plain_level(LOWER, perfect)) >= 2


# Only with three regular assessments, a weight of 8, does a quotient ever lie on a half.
PERIODS = {2: 35, 3: 70, 4: 140}


@given(
    st.sampled_from(sorted(PERIODS)).flatmap(lambda n: st.lists(tenths, min_size=n, max_size=n)),
    tenths,
    tenths,
)
@example([D("7"), D("7"), D("7")], D("7"), D("6.6"))  # 6.85 to 6.9: half to even makes it 6.8
def test_a_term_is_rounded_half_up_of_the_exact_quotient(regular, midterm, final):
    periods, weight = PERIODS[len(regular)], len(regular) + 5
    subject = SubjectMarks("x", "score", periods, (TermMarks(tuple(regular), midterm, final), TermMarks()))
    result, _why = secondary.term_result(LOWER, subject, 0)
    total = int((sum(regular) + 2 * midterm + 3 * final) * 10)  # tenths
    assert int(result * 10) == (2 * total + weight) // (2 * weight)  # floor(total / weight + 1/2)
    assert min(*regular, midterm, final) <= result <= max(*regular, midterm, final)


@given(st.lists(tenths, min_size=4, max_size=4), tenths, tenths, tenths)
def test_a_better_assessment_never_worsens_a_term(regular, midterm, final, more):
    def average(last):
        one = SubjectMarks("x", "score", 140, (TermMarks(tuple(regular), midterm, last), TermMarks()))
        return secondary.term_result(LOWER, one, 0)[0]

    assert average(max(final, more)) >= average(final)


@pytest.mark.parametrize(
    ("value", "wanted"), [("8.95", "9.0"), ("6.25", "6.3"), ("8.949", "8.9"), ("0.05", "0.1"), ("10", "10.0")]
)
def test_half_up(value, wanted):
    assert str(half_up(D(value), 1)) == wanted


def test_better_conduct_never_worsens_the_year():
    order = list(Conduct)
    for first in order:
        for second in order:
            for better in order[: order.index(second) + 1]:
                now = secondary.year_conduct(LOWER, first, second)
                then = secondary.year_conduct(LOWER, first, better)
                assert order.index(then) <= order.index(now), (first, second, better)


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (TermMarks((D(8),) * 3, D(8), D(8)), Why.REGULAR_MISSING),
        (TermMarks((D(8),) * 4, None, D(8)), Why.PERIODIC_MISSING),
        (TermMarks((D(8),) * 4, D(8), None), Why.PERIODIC_MISSING),
    ],
)
def test_nothing_is_guessed_while_an_assessment_is_missing(term, why):
    result, reasons = secondary.term_result(LOWER, SubjectMarks("x", "score", 140, (term, TermMarks())), 0)
    assert result is None
    assert reasons[-1].why is why


def test_a_test_missed_without_leave_counts_nought():
    term = TermMarks((D(8),) * 4, D(8), "absent")
    result, reasons = secondary.term_result(LOWER, SubjectMarks("x", "score", 140, (term, TermMarks())), 0)
    assert result == D("5.3")  # (32 + 16 + 0) / 9
    assert [one.why for one in reasons] == [Why.ABSENT_COUNTS, Why.TERM_AVERAGE]
    said = TermMarks(("Đ", "Đ"), "Đ", "absent")
    assert secondary.term_result(LOWER, SubjectMarks("x", "comment", 70, (said, TermMarks())), 0)[0] == "CĐ"


def test_a_comment_subject_takes_the_second_term():
    terms = (TermMarks(("Đ", "Đ"), "CĐ", "Đ"), TermMarks(("Đ", "Đ"), "Đ", "Đ"))
    found = secondary.subject_result(LOWER, SubjectMarks("arts", "comment", 70, terms))
    assert (found.terms, found.year) == (("CĐ", "Đ"), "Đ")


GOOD_YEAR = "8.0 8.0 8.0 8.0 8.0 8.0 7.0 7.0 7.0"
WEAK_YEAR = "6.0 6.0 6.0 6.0 6.0 6.0 6.0 3.0 3.0"


def outcome(pupil, **kwargs):
    return secondary.year_outcome(LOWER, pupil, is_last_grade=False, **kwargs)


def test_two_weak_subjects_may_be_taken_again():
    found = outcome(upper_year(WEAK_YEAR))
    assert (found.learning[2], found.outcome, found.again) == (
        Learning.NOT_PASSED,
        Outcome.REASSESS,
        ("s7", "s8"),
    )

    def after(**again):
        pupil = upper_year(WEAK_YEAR)
        subjects = [replace(one, reassessed=again.get(one.code)) for one in pupil.subjects]
        return outcome(replace(pupil, subjects=subjects))

    passed = after(s7=D("5.0"), s8=D("6.0"))
    assert (passed.learning[2], passed.after, passed.outcome, passed.award) == (
        Learning.NOT_PASSED, Learning.PASSED, Outcome.PROMOTED, None)  # fmt: skip
    assert after(s7=D("2.0"), s8=D("3.0")).outcome is Outcome.REPEAT


def test_conduct_is_mended_in_summer():
    pupil = upper_year(GOOD_YEAR, conduct=Conduct.NOT_PASSED)
    assert outcome(pupil).outcome is Outcome.TRAIN
    trained = outcome(replace(pupil, trained=Conduct.PASSED))
    assert (trained.conduct, trained.outcome, trained.award) == (Conduct.PASSED, Outcome.PROMOTED, None)
    assert outcome(replace(pupil, trained=Conduct.NOT_PASSED)).outcome is Outcome.REPEAT
    both = upper_year(WEAK_YEAR, conduct=Conduct.NOT_PASSED)
    assert outcome(both).outcome is Outcome.REPEAT


def test_awards_want_both_results_good():
    assert outcome(upper_year(GOOD_YEAR)).award is Award.GOOD
    assert outcome(upper_year(GOOD_YEAR, conduct=Conduct.FAIR)).award is None


def test_undecided_until_everything_is_there():
    pupil = upper_year(GOOD_YEAR)
    assert outcome(replace(pupil, absences=None)).outcome is Outcome.UNDECIDED
    assert outcome(replace(pupil, conduct=(Conduct.GOOD, None))).outcome is Outcome.UNDECIDED
    assert outcome(pupil, missing=["Toán"]).learning == (None, None, None)
    first_term_only = [replace(one, terms=(one.terms[0], TermMarks())) for one in pupil.subjects]
    half = outcome(replace(pupil, subjects=first_term_only))
    assert half.learning == (Learning.GOOD, None, None)
    assert half.outcome is Outcome.UNDECIDED


def test_an_exempt_subject_is_left_out():
    pupil = upper_year(GOOD_YEAR)
    first = SubjectMarks("c0", "comment", 70, is_exempt=True)
    found = outcome(replace(pupil, subjects=[first, *pupil.subjects[:-3], *pupil.subjects[-2:]]))
    assert found.learning[2] is Learning.GOOD
    assert found.subjects[0].reasons[0].why is Why.EXEMPT
