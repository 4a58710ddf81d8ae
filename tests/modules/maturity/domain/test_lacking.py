"""The cheapest way to the next level: by hand, and against trying everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modules.maturity.bodies import FULL, GATES, YES, amount, body, ratio, rubric
from tests.modules.maturity.domain.test_scoring import answers_of
from thongsuot.modules.maturity.domain.lacking import lacking, steps_of
from thongsuot.modules.maturity.domain.rubric import parse
from thongsuot.modules.maturity.domain.scoring import Answer, score

R = rubric()


def test_nothing_is_lacking_at_the_top():
    assert lacking(R, FULL) is None


def test_gates_alone():
    plan = lacking(R, {k: v for k, v in FULL.items() if k not in ("1.1", "2.2")})
    assert (plan.level, [s.item.code for s in plan.steps], plan.effort) == (2, ["1.1", "2.2"], 2)


def test_one_point_is_bought_where_it_costs_least():
    # 75 in group 1 (without 1.5.1, 1.5.2, 1.7.3): one point of 1.5.1 (effort 1) beats the studio (6) and the link (3).
    plan = lacking(R, {k: v for k, v in FULL.items() if k not in ("1.5.1", "1.5.2", "1.7.3")})
    (step,) = plan.steps
    assert (plan.level, step.item.code, step.gain, step.effort) == (3, "1.5.1", 1, 1)


def test_it_says_how_many_more():
    answers = GATES | {"1.6.1": ratio(8, 24)}  # 33.33 %: 5 points; above 60 % begins with 15 of 24 (62.5 %)
    (step,) = steps_of(R.item("1.6.1"), answers["1.6.1"])
    assert (step.needed, step.gain, step.points) == (7, 2, 7)
    low, high = steps_of(R.item("1.4"), amount(12))
    assert (low.needed, low.points, high.needed, high.points) == (8, 7, 29, 10)
    (twenty_percent, _more) = steps_of(R.item("1.6.3"), ratio(1, 10))
    assert twenty_percent.needed == 1


def test_a_rubric_that_cannot_be_reached_says_so():
    one = body("4725")
    one["levels"][1]["from"] = 95
    one["levels"][2]["from"] = 99
    plan = lacking(parse(one), FULL)
    assert not plan.reachable and plan.level == 2


def small(items, cut):
    """A rubric of one group with few items, and its second level at `cut` points."""
    return parse(
        {
            "schema": 1, "code": "x", "decision": "x", "title": "x", "issued_on": "2026-01-01", "subject": "school",
            "enabled": True, "combination": "sum", "gate_level": 1,
            "levels": [{"level": 1, "from": 0}, {"level": 2, "from": cut, "above": True}],
            "groups": [{"code": "1", "name": "x", "max": 100, "criteria": [
                {"code": "1", "name": "x", "max": 100, "items": items}]}],
        }
    )  # fmt: skip


def item(number, kind, most, effort):
    made = {"code": f"i{number}", "name": "x", "kind": kind, "max": most, "effort": effort, "confidence": "V"}
    if kind == "count":
        made["bands"] = [
            {"from": 1, "points": most // 2, "effort": effort},
            {"from": 9, "points": most, "effort": effort + 1},
        ]
    return made


items = st.lists(
    st.tuples(st.sampled_from(["yes_no", "count", "graded"]), st.integers(2, 6), st.integers(0, 5)),
    min_size=1,
    max_size=4,
).map(lambda rows: [item(n, *row) for n, row in enumerate(rows)])


@settings(max_examples=80)
@given(items, st.integers(0, 20))
def test_no_other_way_is_cheaper(rows, cut):
    one = small(rows, cut)
    plan = lacking(one, {})
    choices = [[None, *steps_of(i, Answer())] for i in one.items()]
    ways = [[s for s in way if s] for way in product(*choices)]
    enough = [sum(s.effort for s in way) for way in ways if sum(s.gain for s in way) > cut]
    assert plan is not None
    assert plan.reachable == bool(enough)
    if enough:
        assert plan.effort == min(enough)
        assert sum(s.gain for s in plan.steps) > cut


def done(step):
    """The answer once the step is taken."""
    if step.item.kind in ("gate", "yes_no"):
        return YES
    if step.item.kind == "graded":
        return amount(step.points)
    return None


everything = st.fixed_dictionaries({i.code: answers_of(i) for i in R.items()})


@settings(max_examples=30)
@given(everything)
def test_taking_the_steps_brings_the_level(answers):
    plan = lacking(R, answers)
    if plan is None or not plan.reachable:
        return
    after = dict(answers)
    for step in plan.steps:
        code, before = step.item.code, answers[step.item.code]
        made = done(step)
        if made is None and step.item.kind == "count":
            made = amount((before.amount or 0) + step.needed)
        elif made is None:
            made = ratio(before.numerator + step.needed, before.denominator)
        after[code] = made
    assert score(R, after).level >= plan.level
