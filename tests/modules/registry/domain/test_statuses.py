from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.registry.domain.statuses import SUMMER, status_of, term_on
from thongsuot.modules.registry.types import EntryType, ExitType

TERMS = [(1, date(2026, 9, 5), date(2027, 1, 16)), (2, date(2027, 1, 18), date(2027, 5, 31))]


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 9, 4), SUMMER),
        (date(2026, 9, 5), 1),
        (date(2027, 1, 17), 1),  # between the terms: the one that began last
        (date(2027, 1, 18), 2),
        (date(2027, 5, 31), 2),
        (date(2027, 6, 1), SUMMER),
    ],
)
def test_term_on_the_boundaries(day, term):
    assert term_on(day, TERMS) == term


@pytest.mark.parametrize(
    ("entry", "entered", "exit_type", "left", "code"),
    [
        ("new", date(2026, 9, 5), "", None, "01"),
        ("promoted", date(2026, 9, 5), "year_end", date(2027, 5, 31), "01"),
        ("transferred_in", date(2026, 10, 1), "", None, "02"),
        ("returned", date(2026, 10, 1), "", None, "03"),
        ("new", date(2026, 9, 5), "transferred_out", date(2026, 12, 1), "04"),
        ("new", date(2026, 9, 5), "dropped_out", date(2026, 12, 1), "05"),
        ("transferred_in", date(2027, 2, 1), "", None, "06"),
        ("returned", date(2027, 2, 1), "", None, "07"),
        ("new", date(2026, 9, 5), "transferred_out", date(2027, 3, 1), "08"),
        ("new", date(2026, 9, 5), "dropped_out", date(2027, 3, 1), "09"),
        ("transferred_in", date(2026, 8, 1), "", None, "10"),
        ("new", date(2026, 9, 5), "transferred_out", date(2027, 6, 15), "11"),
        ("new", date(2026, 9, 5), "dropped_out", date(2027, 7, 1), "12"),
        ("returned", date(2026, 8, 20), "", None, "01"),
    ],
)
def test_each_of_the_ministrys_twelve(entry, entered, exit_type, left, code):
    found = status_of(entry_type=entry, entered_on=entered, exit_type=exit_type, left_on=left, terms=TERMS)
    assert found == code


@given(
    st.sampled_from(EntryType.values),
    st.sampled_from(["", *ExitType.values]),
    st.integers(-100, 400),
    st.integers(0, 400),
)
def test_always_one_of_the_twelve(entry, exit_type, start, length):
    entered = date(2026, 9, 5) + timedelta(days=start)
    left = entered + timedelta(days=length) if exit_type else None
    found = status_of(entry_type=entry, entered_on=entered, exit_type=exit_type, left_on=left, terms=TERMS)
    assert found in {f"{n:02d}" for n in range(1, 13)}
    assert status_of(entry_type=entry, entered_on=entered, exit_type=exit_type, left_on=left, terms=[])
