from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.periods import (
    YearDates,
    add_months,
    due_series,
    following,
    period_bounds,
    period_label,
    preceding,
)
from thongsuot.modules.directives.types import Period

YEARS = (
    YearDates(
        date(2025, 9, 5),
        date(2026, 5, 31),
        ((date(2025, 9, 5), date(2026, 1, 17)), (date(2026, 1, 19), date(2026, 5, 31))),
    ),
)
CALENDAR = [Period.WEEK, Period.MONTH, Period.QUARTER, Period.HALF_YEAR, Period.YEAR]
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("period", "on", "first", "last", "label"),
    [
        (Period.WEEK, date(2026, 3, 18), date(2026, 3, 16), date(2026, 3, 22), "Tuần 12/2026"),
        (Period.MONTH, date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29), "Tháng 2/2028"),
        (Period.QUARTER, date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31), "Quý IV/2026"),
        (Period.HALF_YEAR, date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        (Period.YEAR, date(2026, 6, 30), date(2026, 1, 1), date(2026, 12, 31), "Năm 2026"),
        (Period.TERM, date(2025, 12, 1), date(2025, 9, 5), date(2026, 1, 17), "Học kỳ I năm học 2025-2026"),
        (Period.TERM, date(2026, 1, 18), date(2025, 9, 5), date(2026, 1, 17), "Học kỳ I năm học 2025-2026"),
        (Period.TERM, date(2026, 6, 20), date(2026, 1, 19), date(2026, 5, 31), "Học kỳ II năm học 2025-2026"),
        (Period.SCHOOL_YEAR, date(2026, 2, 1), date(2025, 9, 5), date(2026, 5, 31), "Năm học 2025-2026"),
        (Period.SCHOOL_YEAR, date(2030, 2, 1), date(2029, 9, 1), date(2030, 8, 31), "Năm học 2029-2030"),
    ],
)
def test_worked_examples(period, on, first, last, label):
    assert period_bounds(period, on, YEARS) == (first, last)
    assert period_label(period, first, YEARS) == label


@given(st.sampled_from([*CALENDAR, Period.SCHOOL_YEAR]), days)
def test_every_day_lies_in_its_period(period, on):
    first, last = period_bounds(period, on)
    assert first <= on <= last
    assert period_bounds(period, first) == period_bounds(period, last) == (first, last)


@given(st.sampled_from([*CALENDAR, Period.SCHOOL_YEAR]), days)
def test_periods_follow_without_a_gap(period, on):
    first, last = period_bounds(period, on)
    after = following(period, first)
    assert after[0] == last + timedelta(days=1)
    assert preceding(period, after[0]) == (first, last)


@given(days, st.integers(-60, 60))
def test_months_are_added_without_drift(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert abs(found.day - day.day) <= 3 or found.day <= day.day or day.day >= 28


@pytest.mark.parametrize(
    ("period", "first_due", "offset", "expected"),
    [
        # The 5th of each month is about the month before, the 25th about the month itself.
        (
            Period.MONTH,
            date(2026, 1, 5),
            0,
            [(date(2026, 1, 5), "Tháng 12/2025"), (date(2026, 2, 5), "Tháng 1/2026")],
        ),
        (
            Period.MONTH,
            date(2026, 1, 25),
            0,
            [(date(2026, 1, 25), "Tháng 1/2026"), (date(2026, 2, 25), "Tháng 2/2026")],
        ),
        (
            Period.MONTH,
            date(2026, 1, 31),
            0,
            [(date(2026, 1, 31), "Tháng 1/2026"), (date(2026, 2, 28), "Tháng 2/2026")],
        ),
        (Period.TERM, date(2026, 1, 10), 0, [(date(2026, 1, 10), "Học kỳ I năm học 2025-2026")]),
        (Period.QUARTER, None, 10, [(date(2026, 1, 10), "Quý IV/2025")]),
    ],
)
def test_due_days(period, first_due, offset, expected):
    found = due_series(
        period,
        first_due_on=first_due,
        offset_days=offset,
        start=date(2026, 1, 1),
        until=date(2026, 3, 1),
        school_years=YEARS,
    )
    assert [(due.due_on, due.label) for due in found] == expected


@given(st.sampled_from(Period.values), days, st.integers(0, 20))
def test_due_days_are_the_same_however_often_asked(period, start, offset):
    whole = due_series(
        period, first_due_on=None, offset_days=offset, start=start, until=start + timedelta(days=800)
    )
    parts = due_series(
        period, first_due_on=None, offset_days=offset, start=start, until=start + timedelta(days=300)
    )
    assert whole[: len(parts)] == parts
    assert len({due.due_on for due in whole}) == len(whole)


@given(st.sampled_from(CALENDAR), days)
def test_no_period_is_left_out(period, first_due):
    dues = due_series(
        period, first_due_on=first_due, offset_days=0, start=first_due, until=first_due + timedelta(days=1500)
    )
    assert dues[0].due_on == first_due
    labels = [due.label for due in dues]
    assert len(set(labels)) >= len(labels) - 1
