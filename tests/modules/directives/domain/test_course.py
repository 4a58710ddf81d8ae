"""The straight line from where a target began to the day on which it should be met."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.course import course

BEGINS, ENDS, TODAY = date(2026, 9, 1), date(2026, 12, 10), date(2026, 10, 21)


def line(trend, *, operator=">=", aim=100, begins=BEGINS, ends=ENDS, today=TODAY):
    points = [(day, Decimal(str(value))) for day, value in trend]
    return course(
        operator=operator,
        aim=None if aim is None else Decimal(aim),
        ends=ends,
        begins=begins,
        trend=points,
        today=today,
    )


def test_half_of_the_time_asks_for_half_of_the_way():
    found = line([(BEGINS, 60), (TODAY, 79.99)])
    assert (found.start, found.expected, found.gap, found.is_on) == (
        60,
        Decimal("80.00"),
        Decimal("0.01"),
        False,
    )
    assert line([(BEGINS, 60), (TODAY, 80)]).is_on
    assert found.expected_on(ENDS + timedelta(days=9)) == 100
    assert found.expected_on(BEGINS - timedelta(days=9)) == 60


@pytest.mark.parametrize(
    ("trend", "begins", "start"),
    [
        # The last value known by the day on which it was given.
        ([(date(2026, 7, 1), 40), (date(2026, 8, 31), 50), (TODAY, 90)], BEGINS, (BEGINS, 50)),
        # Nothing was known by then: the first value after it.
        ([(date(2026, 9, 11), 55), (TODAY, 90)], BEGINS, (date(2026, 9, 11), 55)),
        ([(date(2026, 7, 1), 40), (TODAY, 90)], None, (date(2026, 7, 1), 40)),
    ],
)
def test_where_the_line_begins(trend, begins, start):
    found = line(trend, begins=begins)
    assert (found.begins, found.start) == start


@pytest.mark.parametrize(
    "changes",
    [{"aim": None}, {"ends": None}, {"ends": BEGINS}, {"today": BEGINS}],
)
def test_no_line(changes):
    assert line([(BEGINS, 60)], **changes) is None
    assert line([], **changes) is None


def test_less_is_better():
    # From 30 to 10: half way at 20.
    assert line([(BEGINS, 30), (TODAY, 20)], operator="<=", aim=10).is_on
    late = line([(BEGINS, 30), (TODAY, 20.5)], operator="<=", aim=10)
    assert (late.is_on, late.expected) == (False, 20)


def test_an_exact_number_is_come_to_from_either_side():
    assert line([(BEGINS, 30), (TODAY, 20)], operator="=", aim=10).is_on
    assert not line([(BEGINS, 30), (TODAY, 21)], operator="=", aim=10).is_on
    assert line([(BEGINS, 0), (TODAY, 5)], operator="=", aim=10).is_on


def test_what_was_met_at_first_must_stay_met():
    lost = line([(BEGINS, 100), (TODAY, 95)], aim=98)
    assert (lost.is_on, lost.expected) == (False, 98)
    assert line([(BEGINS, 100), (TODAY, 98)], aim=98).is_on


values = st.decimals(0, 100, places=2)


@given(values, values, st.decimals(0, 100, places=2), st.integers(1, 300), st.integers(1, 300))
def test_the_line_stays_between_its_ends_and_never_turns_back(start, now, aim, passed, whole):
    found = line(
        [(BEGINS, start), (BEGINS + timedelta(days=passed), now)], aim=aim, ends=BEGINS + timedelta(days=whole),
        today=BEGINS + timedelta(days=passed),
    )  # fmt: skip
    if found is None:
        return
    low, high = sorted((found.start, found.aim))
    assert low <= found.expected <= high
    days = [found.expected_on(BEGINS + timedelta(days=day)) for day in range(0, whole, 7)]
    assert days == sorted(days)
    # Once it is due nothing less than what was given is on course.
    if passed >= whole:
        assert found.is_on == (now >= aim)
