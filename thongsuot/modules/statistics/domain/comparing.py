"""Comparing schools with their like: bands of size, the place of one among many, what lies far from the rest. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TypeVar

K = TypeVar("K")
# Makes the median of absolute deviations as wide as a standard deviation where values are normally spread
# (Iglewicz and Hoaglin 1993); the second takes the mean deviation, where more than half of the values are equal.
OF_MEDIAN, OF_MEAN = Decimal("1.4826"), Decimal("1.2533")


@dataclass(frozen=True)
class Bin:
    """Values from `low` up to, without, `high`; the last one with it."""

    low: Decimal
    high: Decimal
    count: int
    holds_own: bool


@dataclass(frozen=True)
class Place:
    """Where one value stands among its like: 1 is the best; ties share a place."""

    place: int
    of: int
    median: Decimal
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Outlier:
    z: Decimal
    median: Decimal


def size_band(pupils: Decimal, bounds: Sequence[int]) -> int:
    """The number of the band: the last bound that is not above the pupils. bounds: ascending, from 0."""
    return max((number for number, bound in enumerate(bounds) if pupils >= bound), default=0)


def robust_outliers(values: Mapping[K, Decimal], limit: Decimal, least: int) -> dict[K, Outlier]:
    """Values whose robust z, (value - median) / (1.4826 * MAD), is at least `limit` either way.

    Where more than half of the values are the same the MAD is zero and the mean deviation stands in; where all are the
    same nothing lies apart. Fewer than `least` values say nothing of each other: none.
    """
    if len(values) < least:
        return {}
    middle = Decimal(median(values.values()))
    away = {key: abs(value - middle) for key, value in values.items()}
    spread = Decimal(median(away.values())) * OF_MEDIAN
    if spread == 0:
        spread = sum(away.values(), Decimal(0)) / len(away) * OF_MEAN
    if spread == 0:
        return {}
    found = {}
    for key, value in values.items():
        z = (value - middle) / spread
        if abs(z) >= limit:
            found[key] = Outlier(z.quantize(Decimal("0.1"), ROUND_HALF_UP), middle)
    return found


def place_of(own: Decimal, values: Sequence[Decimal], *, higher_is_better: bool) -> Place:
    """Place of `own` among `values`, which hold it too. Quartiles are those of the values in order (nearest rank)."""
    ordered = sorted(values)
    better = sum(1 for one in ordered if (one > own if higher_is_better else one < own))
    return Place(
        better + 1,
        len(ordered),
        Decimal(median(ordered)),
        ordered[_rank(len(ordered), 25)],
        ordered[_rank(len(ordered), 75)],
    )


def bins(values: Sequence[Decimal], own: Decimal | None, most: int = 8) -> list[Bin]:
    """The spread of the values in equal steps, at most `most` of them; all equal: one."""
    if not values:
        return []
    low, high = min(values), max(values)
    if low == high:
        return [Bin(low, high, len(values), own is not None)]
    step = (high - low) / most
    counts = [0] * most
    for one in values:
        counts[_bin(one, low, step, most)] += 1
    mine = None if own is None else _bin(own, low, step, most)
    return [
        Bin(low + step * number, low + step * (number + 1), count, number == mine)
        for number, count in enumerate(counts)
    ]


def _bin(value: Decimal, low: Decimal, step: Decimal, most: int) -> int:
    return max(0, min(int((value - low) / step), most - 1))


def _rank(count: int, percent: int) -> int:
    return max(0, -(-count * percent // 100) - 1)
