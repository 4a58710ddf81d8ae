import pytest

from thongsuot.modules.registry.domain.promotion import (
    YearOutcome,
    next_grade,
    possible_outcomes,
    proposed_outcome,
    shifted,
    usual_outcome,
)
from thongsuot.modules.registry.types import Outcome, OutcomeReason

PRIMARY, PRESCHOOL = frozenset(range(1, 6)), frozenset(range(13, 19))


@pytest.mark.parametrize(
    ("text", "grade", "following", "said"),
    [
        ("1A", 1, 2, "2A"),
        ("Lớp 9/10", 9, 10, "Lớp 10/10"),
        ("10A10", 10, 11, "11A10"),
        ("11B", 1, 2, "11B"),
        ("5A15", 5, 6, "6A15"),
        ("Mầm 2", 16, 17, "Chồi 2"),
        ("chồi A", 17, 18, "Lá A"),
        ("Hoa Hồng", 16, 17, "Hoa Hồng"),
    ],
)
def test_a_name_moves_up(text, grade, following, said):
    assert shifted(text, grade, following, {16: "Mầm", 17: "Chồi", 18: "Lá"}) == said


def test_a_group_is_called_as_the_place_calls_it():
    assert shifted("Bé 2", 16, 17, {16: "Bé", 17: "Nhỡ", 18: "Lớn"}) == "Nhỡ 2"
    assert shifted("Mầm 2", 16, 17, {16: "Bé", 17: r"Nhỡ\1", 18: "Lớn"}) == "Mầm 2"
    assert shifted("Bé 2", 16, 17, {16: "Bé", 17: r"Nhỡ\1", 18: "Lớn"}) == r"Nhỡ\1 2"


def test_grades_go_on_to_the_end_of_school():
    assert [next_grade(grade) for grade in (1, 5, 9, 12, 13, 17, 18, None)] == [
        2,
        6,
        10,
        None,
        14,
        18,
        1,
        None,
    ]


@pytest.mark.parametrize(
    ("grade", "taught", "outcome"),
    [
        (1, PRIMARY, Outcome.PROMOTED),
        (5, PRIMARY, Outcome.GRADUATED),
        (5, frozenset(range(1, 10)), Outcome.PROMOTED),
        (12, frozenset(range(10, 13)), Outcome.GRADUATED),
        (18, PRESCHOOL, Outcome.GRADUATED),
        (None, PRIMARY, Outcome.PROMOTED),
    ],
)
def test_the_usual(grade, taught, outcome):
    assert usual_outcome(grade, taught) == outcome
    assert outcome in possible_outcomes(grade, taught)


def test_nobody_completes_a_level_in_the_middle_of_it():
    assert Outcome.GRADUATED not in possible_outcomes(3, PRIMARY)
    assert Outcome.PROMOTED not in possible_outcomes(5, PRIMARY)
    assert Outcome.GRADUATED in possible_outcomes(5, frozenset(range(1, 10)))


@pytest.mark.parametrize(
    ("said", "grade", "outcome", "reason"),
    [
        (None, 2, "promoted", "no_result"),
        ({}, 2, "promoted", "no_result"),
        ({"promotion": "promoted"}, 2, "promoted", "promoted"),
        ({"promotion": "promoted"}, 5, "graduated", "promoted"),
        ({"promotion": "retained", "is_completed": True}, 2, "retained", "retained"),
        ({"promotion": "again"}, 5, "waiting", "again"),
        # A decision weighs more than what it was taken from.
        ({"promotion": "promoted", "learning": "not_passed"}, 2, "promoted", "promoted"),
        ({"is_completed": True, "learning": "done"}, 2, "promoted", "completed"),
        ({"is_completed": False, "learning": "not_done"}, 2, "waiting", "not_completed"),
        ({"learning": "not_done"}, 2, "waiting", "not_completed"),
        ({"learning": "not_passed", "conduct": "good"}, 2, "waiting", "learning_failed"),
        ({"learning": "good", "conduct": "not_passed"}, 2, "waiting", "conduct_failed"),
        ({"learning": "not_passed", "conduct": "not_passed"}, 2, "waiting", "both_failed"),
        ({"learning": "passed", "conduct": "passed"}, 2, "promoted", "passed"),
    ],
)
def test_what_a_result_means(said, grade, outcome, reason):
    result = None if said is None else YearOutcome(**said)
    assert proposed_outcome(result, grade, PRIMARY, 45) == (outcome, reason)
    assert outcome in possible_outcomes(grade, PRIMARY)


def test_a_group_of_preschool_is_not_assessed_again():
    assert proposed_outcome(YearOutcome(promotion="again"), 18, PRESCHOOL, 45) == (
        Outcome.GRADUATED,
        OutcomeReason.AGAIN,
    )
    assert Outcome.WAITING not in possible_outcomes(18, PRESCHOOL)


@pytest.mark.parametrize(
    ("said", "grade", "outcome", "reason"),
    [
        ({"learning": "good", "conduct": "good", "absent": 45}, 7, "promoted", "passed"),
        ({"learning": "good", "conduct": "good", "absent": 46}, 7, "retained", "too_absent"),
        ({"absent": 46}, 12, "retained", "too_absent"),
        ({"absent": 45}, 7, "promoted", "no_result"),
        # No re-assessment mends what was not attended; a decision holds all the same.
        ({"learning": "not_passed", "absent": 46}, 9, "retained", "too_absent"),
        ({"promotion": "promoted", "absent": 60}, 7, "promoted", "promoted"),
        # Primary school knows no such limit.
        ({"is_completed": True, "absent": 60}, 3, "promoted", "completed"),
    ],
)
def test_absences_hold_back_from_grade_six_on(said, grade, outcome, reason):
    assert proposed_outcome(YearOutcome(**said), grade, frozenset(range(1, 13)), 45) == (outcome, reason)
