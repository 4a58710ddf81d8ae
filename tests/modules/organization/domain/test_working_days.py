"""Deadlines in working days: weekends, Tết, days worked instead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.organization.domain.working_days import WorkCalendar
from thongsuot.modules.organization.queries.working_days import days_of_file

TET = WorkCalendar(
    free=frozenset(date(2027, 2, day) for day in range(5, 12)), worked=frozenset({date(2027, 2, 13)})
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # Monday to Monday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # found on a Saturday
        (date(2027, 2, 4), 1, date(2027, 2, 12)),  # Thursday before Tết: the Friday after it
        (date(2027, 2, 4), 2, date(2027, 2, 13)),  # a Saturday that is worked
        (date(2027, 2, 4), 3, date(2027, 2, 15)),
        (date(2027, 1, 29), 10, date(2027, 2, 18)),
    ],
)
def test_by_hand(day, count, expected):
    assert TET.add(day, count) == expected


def test_count_below_zero():
    with pytest.raises(ValueError, match="count"):
        WorkCalendar().add(date(2026, 11, 23), -1)


@given(DAYS, st.integers(0, 40))
def test_lands_on_a_working_day_after_so_many(day, count):
    due = TET.add(day, count)
    assert count == 0 or TET.is_working_day(due)
    assert TET.between(day, due) == count


@given(DAYS, st.integers(0, 20), st.integers(0, 20))
def test_adds_up(day, first, second):
    assert TET.add(TET.add(day, first), second) == TET.add(day, first + second)


@given(DAYS, st.integers(1, 40))
def test_a_holiday_never_brings_a_deadline_forward(day, count):
    assert TET.add(day, count) >= WorkCalendar(worked=TET.worked).add(day, count)


def test_the_file_names_each_day_once_and_covers_tet():
    days = [one.day for one in days_of_file()]
    assert len(days) == len(set(days))
    assert {date(2027, 2, 5) + timedelta(days=n) for n in range(5)} <= set(days)


@given(DAYS, st.integers(1, 30), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_day_worked_instead_never_puts_a_deadline_off(day, count, swapped):
    more = WorkCalendar(free=TET.free, worked=TET.worked | {swapped})
    assert more.add(day, count) <= TET.add(day, count)
    assert more.is_working_day(swapped)


@given(DAYS, st.integers(0, 40))
def test_between_counts_the_working_days_one_by_one(day, length):
    last = day + timedelta(days=length)
    days = (day + timedelta(days=n) for n in range(1, length + 1))
    assert TET.between(day, last) == sum(map(TET.is_working_day, days))


def test_days_worked_instead_lie_on_weekends():
    """A slip of the pen in the file would move deadlines: what is worked instead would be free otherwise."""
    worked = [one.day for one in days_of_file() if one.is_working]
    assert worked
    assert all(day.weekday() >= 5 for day in worked)
