from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.statistics.domain.comparing import bins, place_of, robust_outliers, size_band

NUMBERS = st.lists(st.integers(0, 400).map(D), min_size=1, max_size=30)


def test_bands_begin_at_their_bound():
    bounds = [0, 200, 500]
    assert [size_band(D(n), bounds) for n in (0, 199, 200, 499, 500, 9000)] == [0, 0, 1, 1, 2, 2]


def test_one_value_far_from_the_rest_by_hand():
    # Median 30, deviations 2 1 1 0 0 1 2 30: their median is 1; z of 60 is 30 / 1.4826 = 20.2.
    values = dict(enumerate(map(D, (28, 29, 29, 30, 30, 31, 32, 60))))
    found = robust_outliers(values, D("3.5"), 8)
    assert {key: (one.z, one.median) for key, one in found.items()} == {7: (D("20.2"), D(30))}


def test_where_most_are_equal_the_mean_deviation_stands_in():
    # Nine zeros and a ten: MAD 0, mean deviation 1, z = 10 / 1.2533 = 8.0.
    values = {number: D(0) for number in range(9)} | {9: D(10)}
    assert {key: one.z for key, one in robust_outliers(values, D("3.5"), 8).items()} == {9: D("8.0")}


def test_few_or_equal_values_say_nothing():
    assert robust_outliers({1: D(1), 2: D(100)}, D("3.5"), 8) == {}
    assert robust_outliers(dict.fromkeys(range(20), D(5)), D("3.5"), 8) == {}


def test_place_by_hand():
    place = place_of(D(20), [D(10), D(20), D(20), D(40)], higher_is_better=True)
    assert (place.place, place.of, place.median, place.lower, place.upper) == (2, 4, D(20), D(10), D(20))
    assert place_of(D(20), [D(10), D(20), D(20), D(40)], higher_is_better=False).place == 2


@given(NUMBERS)
def test_bins_hold_every_value_once_and_the_own_one_in_one_of_them(values):
    found = bins(values, values[0])
    assert sum(one.count for one in found) == len(values)
    (mine,) = [one for one in found if one.holds_own]
    assert mine.low <= values[0] <= mine.high + D("0.000001")


@given(NUMBERS)
def test_the_best_is_first_and_nobody_stands_behind_the_last(values):
    assert place_of(max(values), values, higher_is_better=True).place == 1
    assert place_of(min(values), values, higher_is_better=False).place == 1
    assert place_of(min(values), values, higher_is_better=True).place <= len(values)
