"""Points and levels, worked by hand against the text of 4725/QĐ-BGDĐT and the files under data/maturity."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.maturity.bodies import FULL, GATES, NO, YES, amount, body, ratio, rubric
from thongsuot.modules.maturity.domain.rubric import level_of, parse
from thongsuot.modules.maturity.domain.scoring import Answer, check, item_points, score
from thongsuot.modules.maturity.types import RubricFault, WrongAnswer

D = Decimal
R = rubric()


def points(code, answer):
    return item_points(R.item(code), answer)


def without(*codes, **changed):
    answers = {k: v for k, v in FULL.items() if k not in codes}
    return answers | {k.replace("_", "."): v for k, v in changed.items()}


def test_everything_there():
    found = score(R, FULL)
    assert found.points_of() == {"1": "100", "2": "90"}
    assert (found.level, found.level_name, found.missing) == (3, "Mức đáp ứng tốt", ())


def test_exactly_75_is_level_2_by_the_words_of_the_decision():
    # Group 1: 100 - 15 (1.5.1) - 5 (1.5.2) - 5 (1.7.3) = 75.
    found = score(R, without("1.5.1", "1.5.2", "1.7.3"))
    assert [one.points for one in found.groups] == [75, 90]
    assert [one.level for one in found.groups] == [2, 3]
    assert found.level == 2
    # One point more in the same group, and it is above 75.
    assert score(R, without("1.5.2", "1.7.3", **{"1_5_1": amount(1)})).level == 3


def test_exactly_50_is_level_2_and_a_little_less_is_not():
    # Group 2: 90 - 40 = 50: without 2.3.3 (10), 2.3.5 (10), 2.3.6 (10), 2.4.3 (10).
    found = score(R, without("2.3.3", "2.3.5", "2.3.6", "2.4.3"))
    assert [one.points for one in found.groups] == [100, 50]
    assert found.level == 2
    assert score(R, without("2.3.3", "2.3.5", "2.3.6", "2.4.3", "2.3.1")).level == 1


def test_the_lower_group_decides():
    found = score(R, {**GATES, **{k: v for k, v in FULL.items() if k.startswith("2.")}})
    assert [one.level for one in found.groups] == [1, 3]
    assert (found.level, found.points) == (1, 0)


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_missing_gate_is_level_1_whatever_the_points(gate):
    for answers in (without(gate), without(gate) | {gate: NO}):
        found = score(R, answers)
        assert (found.level, found.missing) == (1, (gate,))
        assert found.points_of() == {"1": "100", "2": "90"}


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        ("1.3.1", YES, 6),
        ("1.3.1", NO, 0),
        ("1.1", YES, 0),
        ("1.4", amount(0), 0),
        ("1.4", amount(19), 3),
        ("1.4", amount(20), 7),
        ("1.4", amount(40), 7),
        ("1.4", amount(41), 10),
        ("1.6.1", ratio(0, 30), 0),
        ("1.6.1", ratio(8, 30), 2),  # 26.67 %
        ("1.6.1", ratio(9, 30), 5),  # exactly 30 %
        ("1.6.1", ratio(18, 30), 5),  # exactly 60 %
        ("1.6.1", ratio(19, 30), 7),  # 63.33 %
        ("1.6.3", ratio(16, 40), 4),  # exactly 40 %
        ("1.7.1", ratio(0, 0), 0),  # nothing to divide by
        ("1.7.2", amount("4"), 4),
        ("1.7.2", Answer(), 0),
    ],
)
def test_points_of_one_item(code, answer, expected):
    assert points(code, answer) == expected


def test_shares_are_rounded_half_up_to_hundredths_before_the_bands():
    # 59.995 % and 60.005 %: half up gives 60.00, still the middle band, and 60.01, the highest.
    assert points("1.6.1", ratio("59.995", 100)) == 5
    assert points("1.6.1", ratio("60.005", 100)) == 7


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("1.6.1", ratio(31, 30)),
        ("1.5.1", amount(16)),
        ("1.5.1", amount("0.5")),
        ("1.4", amount(-1)),
        ("1.4", amount("NaN")),
    ],
)
def test_answers_that_make_no_sense(code, answer):
    with pytest.raises(WrongAnswer):
        check(R.item(code), answer)


def test_own_levels_of_a_criterion_are_reported_only():
    # 1.3: 10 to 20 is level 2 (V): two items of 6 are 12.
    found = score(R, {"1.3.1": YES, "1.3.2": YES})
    criterion = next(c for c in found.groups[0].criteria if c.criterion.code == "1.3")
    assert (criterion.points, criterion.level, found.level) == (12, 2, 1)


def test_3806_has_one_scale():
    one = rubric("3806")
    answers = {
        "1.1.1": YES,
        "1.1.2": YES,
        "1.2.1": YES,
        "1.2.2": ratio(80, 100),
        "2.1.1": ratio(40, 100),  # below half: 6
        "2.1.2": ratio(25, 100),  # 8
    }
    found = score(one, answers)
    assert found.points_of() == {"1": "40", "2": "14"}
    assert (found.points, found.level) == (54, 2)
    assert [part.level for part in found.groups] == [None, None]


def test_what_is_not_certain_is_marked():
    assert R.item("1.6.1").is_provisional and not R.item("1.3.1").is_provisional
    assert R.unsure == ("combination", "gate")
    assert R.sums() == [("2.3", D(70), D(60))]
    assert not rubric("3276").enabled


@pytest.mark.parametrize("code", ["4725", "3276", "3806"])
def test_the_files_are_right(code):
    one = rubric(code)
    assert one.code == code
    assert sum(group.max for group in one.groups) == (100 if one.combination == "sum" else 200)


def broken(change):
    one = body("4725")
    change(one)
    return one


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: b["groups"][0]["criteria"][2]["items"][0].update(max="nhiều"), "mục 1.3.1: “max”"),
        (lambda b: b["groups"][0]["criteria"][2]["items"][0].update(kind="?"), "mục 1.3.1: kiểu"),
        (lambda b: b["groups"][0]["criteria"][2]["items"][0].update(code="1.3.2"), "bị lặp: 1.3.2"),
        (lambda b: b["groups"][0]["criteria"][3]["items"][0]["bands"].reverse(), "mục 1.4: các khoảng"),
        (lambda b: b["groups"][0]["criteria"][3]["items"][0].update(max=5), "lớn hơn điểm tối đa 5"),
        (lambda b: b["levels"].reverse(), "các mức phải tăng dần"),
        (lambda b: b.update(schema=9), "“schema”"),
        (lambda b: b.update(groups=[]), "chưa có mục"),
        (lambda b: b.update(issued_on="30/12/2022"), "issued_on"),
    ],
)
def test_a_fault_names_its_place(change, said):
    with pytest.raises(RubricFault) as refused:
        parse(broken(change))
    assert said in refused.value.message


def answers_of(item):
    number = st.integers(0, 60)
    if item.kind == "ratio":
        return st.tuples(st.integers(0, 40), st.integers(1, 40)).map(
            lambda p: ratio(min(p), max(p)) if max(p) else Answer()
        )
    if item.kind == "count":
        return number.map(amount)
    if item.kind == "graded":
        return st.integers(0, int(item.max)).map(amount)
    return st.booleans().map(lambda yes: Answer(yes=yes))


everything = st.fixed_dictionaries({item.code: answers_of(item) for item in R.items()})


def better(item, answer):
    """The same answer with a little more in it."""
    if item.kind == "ratio":
        return ratio(min(answer.numerator + 1, answer.denominator), answer.denominator)
    if item.kind == "count":
        return amount(answer.amount + 1)
    if item.kind == "graded":
        return amount(min(answer.amount + 1, item.max))
    return YES


@given(everything, st.sampled_from([item.code for item in R.items()]))
def test_more_is_never_less(answers, code):
    item = R.item(code)
    after = score(R, answers | {code: better(item, answers[code])})
    before = score(R, answers)
    assert after.level >= before.level
    assert all(b.points >= a.points for a, b in zip(before.groups, after.groups, strict=True))


@given(everything, st.randoms())
def test_order_is_of_no_account(answers, rng):
    shuffled = list(answers.items())
    rng.shuffle(shuffled)
    assert score(R, dict(shuffled)) == score(R, answers)


@given(everything)
def test_groups_are_the_sum_of_their_items(answers):
    found = score(R, answers)
    for one in found.groups:
        assert one.points == sum(found.items[item.code] for item in one.group.items) <= one.group.max


@given(st.decimals(0, 100, places=2))
def test_the_bands_of_levels(value):
    expected = 1 if value < 50 else 2 if value <= 75 else 3
    assert level_of(R.levels, value) == expected
