"""Pupils of the coming years by cohort survival: who sits in a grade this year sits in the next one a year later.

For each commune c and grade g the *progression ratio* is pupils of g this year / pupils of the grade below last year:
it holds promotion, repeating, dropping out and moving in one number. Small communes borrow from the province:

    ratio(c, g) = (prior * R(g) + sum w * pupils(c, g, t)) / (prior + sum w * pupils(c, g - 1, t - 1))

with R(g) the ratio of the province, w = memory ** (years ago) and `prior` a number of pupils: a commune whose grade has
as many lies half-way. The youngest groups have no grade below: their number goes on along the province's trend, damped.
The first grade of upper secondary is pooled: its pupils come from all communes to the few that have such a school.

Intervals come from simulation: a shock of the year common to all communes, an error of each ratio that stays through a
run, and the scatter of each commune's number, all three with the sizes seen in the past. Pure; numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Groups of preschool and grades in the order in which a child goes through them, by the ministry's numbers.
ORDER = (13, 14, 15, 16, 17, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
LEAST_YEARS = 2
# A ratio or trend seen over two or three years may hide how much years differ; no band is narrower than this.
LEAST_SHOCK = 0.005
# Variance over mean of a class in which one in twenty does not go on.
LEAST_SCATTER = 0.05


class TooFewYears(ValueError):
    """A ratio needs two years in a row."""


@dataclass(frozen=True)
class History:
    """Pupils as of 30 September. pupils[year, commune, grade], years in a row, grades in the order of ORDER."""

    years: tuple[int, ...]
    communes: tuple[int, ...]
    pupils: Floats

    def __post_init__(self) -> None:
        if self.pupils.shape != (len(self.years), len(self.communes), len(ORDER)):
            raise ValueError("years, communes and numbers do not match")
        if any(later != year + 1 for year, later in zip(self.years, self.years[1:], strict=False)):
            raise ValueError("years are not in a row")

    def until(self, index: int) -> History:
        """What was known at the end of this year (by index)."""
        return replace(self, years=self.years[: index + 1], pupils=self.pupils[: index + 1])


@dataclass(frozen=True)
class Method:
    """Settings of the method; none is law, all may be set.

    entry      groups without a grade below them, by number -> age in years
    pooled     grades whose pupils come from the whole province
    prior      pupils; memory, damping between 0 and 1; coverage of the interval, e.g. 0.8; draws of the simulation
    """

    entry: dict[int, int] = field(default_factory=lambda: {13: 0, 14: 1, 15: 2, 16: 3})
    pooled: frozenset[int] = frozenset({10})
    prior: float = 100.0
    memory: float = 0.7
    damping: float = 0.8
    coverage: float = 0.8
    draws: int = 400
    seed: int = 30_09


@dataclass(frozen=True)
class WhatIf:
    """Changes a year as shares (0.01 = one in a hundred more each year): pupils moving in, children born."""

    migration: float = 0.0
    births: float = 0.0


@dataclass(frozen=True)
class Fit:
    """ratio[commune, grade] (for entry groups: the number to go on from), growth[grade] a year as a logarithm, shares
    [commune, grade] of pooled grades, shock[grade] and error[commune, grade] relative, scatter[grade] as variance/mean."""

    ratio: Floats
    province: Floats
    growth: Floats
    shares: Floats
    shock: Floats
    error: Floats
    scatter: Floats


@dataclass(frozen=True)
class Projection:
    """expected[year, commune, grade] and draws[draw, year, commune, grade] of the years that follow the last known one."""

    years: tuple[int, ...]
    expected: Floats
    draws: npt.NDArray[Any]


def fit(history: History, method: Method) -> Fit:
    """Ratios, trends and how far off they were. Raises TooFewYears under two years."""
    if len(history.years) < LEAST_YEARS:
        raise TooFewYears(len(history.years))
    before, after = history.pupils[:-1], history.pupils[1:]
    steps = len(after)
    weight = method.memory ** np.arange(steps - 1, -1, -1.0)
    below = np.concatenate([np.zeros_like(before[..., :1]), before[..., :-1]], axis=-1)
    upper, lower = _weighted(after, weight), _weighted(below, weight)
    province = _share(upper.sum(0), lower.sum(0))
    ratio = (method.prior * province + upper) / (method.prior + lower)
    mass, predicted = method.prior + lower, below * ratio
    growth = np.zeros(len(ORDER))
    weights = method.memory ** np.arange(steps, -1, -1.0)
    for number in method.entry:
        g = ORDER.index(number)
        growth[g] = _growth(history.pupils.sum(1)[:, g], weights)
        since = np.arange(steps, -1, -1.0)[:, None]
        ratio[:, g] = (weights[:, None] * history.pupils[..., g] * np.exp(growth[g] * since)).sum(
            0
        ) / weights.sum()
        predicted[..., g] = ratio[:, g] * np.exp(growth[g] * (since[1:] * -1))
        mass[:, g] = ratio[:, g] * weights.sum() + 1
        province[g] = 1.0
    shares = _share(_weighted(after, weight), _weighted(after, weight).sum(0))
    for number in method.pooled:
        g = ORDER.index(number)
        ratio[:, g] = province[g]
        predicted[..., g] = below[..., g].sum(1, keepdims=True) * province[g] * shares[:, g]
    shock = _shock(after.sum(1), predicted.sum(1))
    scatter = _scatter(after, predicted)
    error = np.sqrt(scatter / np.maximum(mass, 1.0))
    return Fit(ratio, province, growth, shares, shock, error, scatter)


def project(
    history: History, method: Method, horizon: int, what_if: WhatIf | None = None, *, found: Fit | None = None
) -> Projection:
    """The years after the last known one. The same history, method and change give the same numbers each time."""
    found, change = found or fit(history, method), what_if or WhatIf()
    last = history.pupils[-1]
    years = tuple(history.years[-1] + step for step in range(1, horizon + 1))
    expected = _run(last[None], found, method, change, horizon, None)[0]
    draws = _run(last[None], found, method, change, horizon, np.random.default_rng(method.seed))
    return Projection(years, expected, draws)


def band(projection: Projection, method: Method, communes: Any, grades: Any) -> tuple[Floats, Floats, Floats]:
    """(expected, low, high) by year of some communes and grades together (indices); bounds of a sum are those of the
    simulated sums, not sums of bounds. The expected number always lies within."""
    chosen = np.ix_(range(len(projection.years)), list(communes), list(grades))
    expected = projection.expected[chosen].sum((1, 2))
    sums = projection.draws[(slice(None), *chosen)].sum((2, 3), dtype=np.float64)
    tail = (1 - method.coverage) / 2
    low, high = np.quantile(sums, [tail, 1 - tail], axis=0)
    return expected, np.minimum(low, expected), np.maximum(high, expected)


def _run(
    last: Floats, found: Fit, method: Method, change: WhatIf, horizon: int, rng: np.random.Generator | None
) -> npt.NDArray[Any]:
    """[draw, year, commune, grade]; without a generator one run along the expected path."""
    draws = method.draws if rng is not None else 1
    now = np.repeat(last, draws, axis=0)
    shape = now.shape
    lasting = np.ones(shape)
    if rng is not None:
        lasting = np.exp(rng.standard_normal(shape) * found.error - found.error**2 / 2)
    years = []
    for step in range(1, horizon + 1):
        now = _next(now, found, method, change, step) * lasting
        if rng is not None:
            common = rng.standard_normal((draws, 1, shape[2]))
            now = now * np.exp(common * found.shock - found.shock**2 / 2)
            now = np.maximum(now + rng.standard_normal(shape) * np.sqrt(found.scatter * now), 0.0)
        # Half the memory, and a pupil more or less is not what 32 bits lose.
        years.append(now.astype(np.float32) if rng is not None else now)
    return np.stack(years, axis=1)


def _next(now: Floats, found: Fit, method: Method, change: WhatIf, step: int) -> Floats:
    """One year on: [draw, commune, grade]."""
    later = np.zeros_like(now)
    later[..., 1:] = now[..., :-1] * found.ratio[:, 1:]
    for number in method.pooled:
        g = ORDER.index(number)
        total = now[..., g - 1].sum(1, keepdims=True) * found.province[g]
        later[..., g] = total * found.shares[:, g]
    later *= 1 + change.migration
    for number, age in method.entry.items():
        g = ORDER.index(number)
        damped = sum(method.damping**k for k in range(1, step + 1))
        # Children who will be of this age next year are born already: births change the group only later.
        born = (1 + change.births) ** max(step - age, 0)
        moved = (1 + change.migration) ** step
        later[..., g] = found.ratio[:, g] * np.exp(found.growth[g] * damped) * born * moved
    return later


def _weighted(numbers: Floats, weight: Floats) -> Floats:
    return np.tensordot(weight, numbers, axes=1)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)


def _growth(totals: Floats, weights: Floats) -> float:
    """The weighted slope of the logarithm; none where a year had nobody."""
    if (totals <= 0).any():
        return 0.0
    return float(np.polyfit(np.arange(len(totals)), np.log(totals), 1, w=np.sqrt(weights))[0])


def _shock(seen: Floats, predicted: Floats) -> Floats:
    """How far off the province as a whole was, relative, by grade; never below LEAST_SHOCK."""
    known = (seen > 0) & (predicted > 0)
    off = np.where(known, np.log(np.where(known, seen, 1.0) / np.where(known, predicted, 1.0)), 0.0)
    # Two ratios fitted to n years leave n - 1 to judge by.
    free = np.maximum(known.sum(0) - 1, 1)
    return np.maximum(np.sqrt((off**2).sum(0) / free), LEAST_SHOCK)


def _scatter(seen: Floats, predicted: Floats) -> Floats:
    """Variance over mean of a commune's number around what was to be expected, by grade; never below LEAST_SCATTER."""
    known = predicted >= 1
    squares = np.where(known, (seen - predicted) ** 2 / np.where(known, predicted, 1.0), 0.0)
    return np.maximum(squares.sum((0, 1)) / np.maximum(known.sum((0, 1)) - 1, 1), LEAST_SCATTER)
