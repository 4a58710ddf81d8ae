"""Cohort survival: examples by hand, and what must hold of any numbers."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from thongsuot.modules.statistics.domain.forecast import (
    ORDER,
    History,
    Method,
    TooFewYears,
    WhatIf,
    band,
    fit,
    project,
)
from thongsuot.modules.statistics.domain.forecast_needs import Needs, Norm, needs
from thongsuot.modules.statistics.domain.forecast_trial import trial

FEW = Method(draws=40)


def at(grade):
    return ORDER.index(grade)


def history(*years, communes=1, first=2021):
    """Each year: {(commune, grade): pupils}."""
    pupils = np.zeros((len(years), communes, len(ORDER)))
    for index, year in enumerate(years):
        for (commune, grade), number in year.items():
            pupils[index, commune, at(grade)] = number
    return History(tuple(range(first, first + len(years))), tuple(range(communes)), pupils)


def test_a_ratio_by_hand():
    """One step: commune 0 had 100 in grade 1, then 90 in grade 2; commune 1 had 300, then 290.
    Province 380/400 = 0.95. With a prior of 100: (95 + 90)/(100 + 100) = 0.925; (95 + 290)/(100 + 300) = 0.9625."""
    seen = history({(0, 1): 100, (1, 1): 300}, {(0, 2): 90, (1, 2): 290, (0, 1): 80, (1, 1): 200}, communes=2)
    found = fit(seen, FEW)
    assert found.province[at(2)] == pytest.approx(0.95)
    assert found.ratio[:, at(2)] == pytest.approx([0.925, 0.9625])
    ahead = project(seen, FEW, 1).expected[0]
    assert ahead[:, at(2)] == pytest.approx([80 * 0.925, 200 * 0.9625])


def test_two_years_weighed_by_hand():
    """Memory 0.5: ratios 80/100 (weight 0.5) and 90/100 (weight 1): province (40 + 90)/(50 + 100) = 0.8667, the same
    for the only commune: (86.67 + 130)/(100 + 150) = 0.8667."""
    seen = history({(0, 1): 100}, {(0, 1): 100, (0, 2): 80}, {(0, 1): 100, (0, 2): 90})
    assert fit(seen, Method(memory=0.5)).ratio[0, at(2)] == pytest.approx(130 / 150)


def test_upper_secondary_is_shared_out():
    """150 of 200 pupils of grade 9 go on (0.75), all to commune 1 where the school is; next year 0.75 * 180 = 135."""
    seen = history({(0, 9): 120, (1, 9): 80}, {(1, 10): 150, (0, 9): 100, (1, 9): 80}, communes=2)
    assert project(seen, FEW, 1).expected[0][:, at(10)] == pytest.approx([0, 135])


def test_children_of_three_follow_the_trend():
    """100, then 110: growth ln 1.1, damped by 0.8: 1.1 ** 0.8. The level weighs both years brought to today: 110."""
    seen = history({(0, 16): 100}, {(0, 16): 110})
    made = project(seen, FEW, 2).expected[:, 0, at(16)]
    assert made == pytest.approx([110 * 1.1**0.8, 110 * 1.1 ** (0.8 + 0.64)])


def test_births_change_a_group_when_its_children_come():
    seen = history({(0, 13): 50, (0, 16): 100}, {(0, 13): 50, (0, 16): 100})
    plain, more = (project(seen, FEW, 4, one).expected[:, 0] for one in (WhatIf(), WhatIf(births=0.1)))
    assert (more / np.where(plain > 0, plain, 1))[:, at(13)] == pytest.approx([1.1**n for n in (1, 2, 3, 4)])
    assert more[:, at(16)] == pytest.approx([100, 100, 100, 110])


def test_one_year_is_too_few():
    with pytest.raises(TooFewYears):
        fit(history({(0, 1): 100}), FEW)


def test_years_must_follow_each_other():
    with pytest.raises(ValueError, match="in a row"):
        History((2021, 2023), (1,), np.zeros((2, 1, len(ORDER))))


NUMBERS = arrays(np.float64, (3, 2, len(ORDER)), elements=st.integers(0, 400).map(float))


@given(st.lists(st.integers(0, 500), min_size=len(ORDER), max_size=len(ORDER)))
def test_nobody_is_lost_when_all_go_on(cohorts):
    """Every cohort keeps its number: grade g of this year is grade g - 1 of last year, in the forecast as well."""
    rows = [[cohorts[(g - year) % len(ORDER)] for g in range(len(ORDER))] for year in range(4)]
    seen = History((2021, 2022, 2023, 2024), (0,), np.array(rows, dtype=float)[:, None, :])
    made = project(seen, FEW, 3).expected[:, 0]
    before = seen.pupils[-1, 0]
    for year in made:
        for g in range(at(17), len(ORDER)):
            ever = seen.pupils[:-1, 0, g - 1].sum() > 0
            assert year[g] == pytest.approx(before[g - 1] if ever else 0)
        before = year


@given(NUMBERS)
def test_a_ratio_lies_between_the_commune_and_the_province(pupils):
    seen = History((2021, 2022, 2023), (0, 1), pupils)
    found = fit(seen, FEW)
    weight = np.array([FEW.memory, 1.0])
    for g in range(at(17), len(ORDER)):
        if ORDER[g] in FEW.pooled:
            continue
        for c in range(2):
            lower = (weight * pupils[:-1, c, g - 1]).sum()
            own = (weight * pupils[1:, c, g]).sum() / lower if lower else None
            ends = sorted([found.province[g], own]) if own is not None else [found.province[g]] * 2
            if own is not None:
                assert ends[0] - 1e-9 <= found.ratio[c, g] <= ends[1] + 1e-9


@given(NUMBERS, st.integers(1, 100))
def test_more_pupils_now_are_never_fewer_later(pupils, more):
    """The same ratios from a larger class: nowhere fewer, and more people moving in never make fewer either."""
    seen = History((2021, 2022, 2023), (0, 1), pupils)
    found = fit(seen, FEW)
    grown = History(seen.years, seen.communes, pupils + np.array([0, 0, more])[:, None, None])
    plain = project(seen, FEW, 3, found=found).expected
    assert (project(grown, FEW, 3, found=found).expected >= plain - 1e-9).all()
    assert (project(seen, FEW, 3, WhatIf(migration=0.02), found=found).expected >= plain - 1e-9).all()


@given(NUMBERS)
def test_bands_hold_the_expected_and_widen_with_coverage(pupils):
    seen = History((2021, 2022, 2023), (0, 1), pupils)
    made = project(seen, FEW, 3)
    assert np.isfinite(made.draws).all()
    assert (made.draws >= 0).all()
    everything = range(2), range(len(ORDER))
    expected, low, high = band(made, FEW, *everything)
    _same, lower, higher = band(made, Method(draws=40, coverage=0.95), *everything)
    assert (low <= expected).all()
    assert (expected <= high).all()
    assert (lower <= low + 1e-6).all()
    assert (high <= higher + 1e-6).all()
    assert expected == pytest.approx(made.expected.sum((1, 2)))


def test_the_same_forecast_twice():
    seen = history({(0, 1): 100}, {(0, 2): 90, (0, 1): 80})
    assert (project(seen, FEW, 3).draws == project(seen, FEW, 3).draws).all()


def world(years=8, communes=30, seed=1):
    """A province whose ratios differ by commune and year: cohorts of 20 to 300."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(20, 300, communes)
    ratio = np.clip(rng.normal(0.99, 0.02, (communes, len(ORDER))), 0.85, 1.1)
    born = rng.normal(1, 0.12, years + len(ORDER))
    pupils = np.zeros((years, communes, len(ORDER)))
    pupils[0] = size[:, None] * born[None, len(ORDER) : 0 : -1]
    for year in range(1, years):
        pupils[year, :, 1:] = rng.binomial(pupils[year - 1, :, :-1].astype(int), np.minimum(ratio[:, 1:], 1))
        for index, grade in enumerate(ORDER[:4]):
            pupils[year, :, index] = rng.poisson(size * born[len(ORDER) + year - index] * 0.99**index)
            assert grade in FEW.entry
    return History(tuple(range(2017, 2017 + years)), tuple(range(communes)), np.floor(pupils))


def test_it_beats_the_naive_floor_and_covers_what_it_says():
    """Known truth: the cohorts of the world above. Better than "as last year" by far, and four in five within the band."""
    lines = trial(world(), Method(draws=200), 3)
    assert [one.horizon for one in lines] == [1, 2, 3]
    for one in lines:
        assert one.weighted < 0.75 * one.naive_weighted
        assert one.mape < one.naive_mape
        assert 65 <= one.covered <= 97


def test_a_trial_of_two_years_says_nothing():
    assert trial(history({(0, 1): 100}, {(0, 2): 90}), FEW, 3) == []


SMALL, LARGE = Norm(35, Decimal("1.5")), Norm(45, Decimal("1.9"), 2)


def test_needs_by_hand():
    """71 pupils at 35: 3 classes, 4.5 teachers, 3 rooms; 90 at 45: 2 classes, 3.8 teachers, 1 room. 8.3 teachers are 9."""
    found = needs([(Decimal(71), SMALL), (Decimal(90), LARGE)])
    assert found == Needs(pupils=161, classes=5, teachers=9, rooms=4)


def test_a_full_class_is_one_class():
    assert [needs([(Decimal(n), SMALL)]).classes for n in (0, 1, 35, 36)] == [0, 1, 1, 2]


@given(st.integers(0, 5000), st.integers(1, 60), st.integers(1, 60))
def test_smaller_classes_never_need_less(pupils, size, other):
    small, large = sorted([size, other])
    one, two = (needs([(Decimal(pupils), Norm(n, Decimal("1.5")))]) for n in (small, large))
    assert one.classes >= two.classes
    assert one.teachers >= two.teachers
    assert one.rooms >= two.rooms
    assert two.classes * large >= pupils
