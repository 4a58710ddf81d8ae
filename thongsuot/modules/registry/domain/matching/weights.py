"""What an agreement is worth: log2 of how much more often it is met between records of one person than between strangers
(Fellegi and Sunter, 1969). How often between strangers is counted on random pairs; how often within one person is learnt
from the pairs themselves (expectation and maximisation), starting from data/registry/matching.json. No marked examples.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from .compare import LEVELS, UNKNOWN, compare

Table = Mapping[str, Sequence[float]]
SAMPLED_PAIRS = 400_000
ROUNDS = 12
# No share is ever learnt to be nought: a first case may come tomorrow.
LEAST_SHARE = 1e-5


@dataclass(frozen=True)
class Weights:
    """m: share of each step within one person; u: between strangers; prior: log2 odds that a pair is one person;
    name_shares: for each set of words of a name, the share of people who bear it.
    """

    m: Table
    u: Table
    prior: float
    name_shares: pl.DataFrame = field(repr=False)

    def of(self, name: str, step: int) -> float:
        """Weight in bits of one step of one field; 0 where a record does not say."""
        return 0.0 if step == UNKNOWN else math.log2(self.m[name][step] / self.u[name][step])

    def score(self, compared: pl.DataFrame) -> pl.DataFrame:
        """`compared` with `score`: bits of evidence, prior included; 0 = as likely as not.

        A rare name says more than a common one: for equal names the share of its bearers stands for the mean.
        """
        scored = compared.join(self.name_shares, on="name_set", how="left", maintain_order="left")
        parts = [
            pl.col(name).replace_strict(
                {step: self.of(name, step) for step in range(-1, len(steps))}, return_dtype=pl.Float64
            )
            for name, steps in LEVELS.items()
        ]
        equal = pl.col("name").is_in([0, 1])
        rare = (math.log2(self.u["name"][0]) - pl.col("share").log(2)).clip(-6, 6)
        rarity = pl.when(equal & pl.col("share").is_not_null()).then(rare).otherwise(0.0)
        return scored.with_columns((pl.sum_horizontal(parts) + rarity + self.prior).alias("score")).drop(
            "share"
        )


def learn(
    left: pl.DataFrame, right: pl.DataFrame, compared: pl.DataFrame, start: Table, *, same: bool
) -> Weights:
    """Weights for these records. `compared`: the pairs of all blocks; start: shares to begin with, by field."""
    # Sorted: sums come out the same to the last bit, whatever order the threads worked in.
    shares = (
        right.group_by("name_set")
        .len()
        .sort("name_set")
        .select("name_set", (pl.col("len") / len(right)).alias("share"))
    )
    u = _between_strangers(left, right, shares)
    possible = max(len(left) * (len(left) - 1) / 2 if same else len(left) * len(right), 2.0)
    patterns = compared.group_by(list(LEVELS)).len().sort(list(LEVELS))
    rows = [tuple(row) for row in patterns.iter_rows()]
    m: Table = start
    expected = min(len(left), len(right)) * (0.01 if same else 0.8)
    for _ in range(ROUNDS):
        m, expected = _round(rows, m, u, min(expected / possible, 0.5))
    return Weights(m, u, math.log2(max(expected, 1) / possible), shares)


def _between_strangers(left: pl.DataFrame, right: pl.DataFrame, shares: pl.DataFrame) -> Table:
    """Shares of the steps between two people taken at random."""
    if not len(left) or not len(right):
        return {name: [1 / len(steps)] * len(steps) for name, steps in LEVELS.items()}
    number = min(SAMPLED_PAIRS, 20 * len(left) * len(right))
    pairs = pl.DataFrame(
        {
            "l": pl.select(pl.int_range(number, dtype=pl.UInt32) * 7919 % len(left)).to_series(),
            "r": pl.select(
                (pl.int_range(number, dtype=pl.UInt64) * 104_729 + 12_345) % len(right)
            ).to_series(),
        }
    ).with_columns(pl.all().cast(pl.UInt32))
    compared = compare(left, right, pairs)
    u = {name: _shares(compared[name], len(steps)) for name, steps in LEVELS.items()}
    # Too rare to be met in a sample: computed from how often each value stands in the data.
    u["name"][0] = max(shares.select((pl.col("share") ** 2).sum()).item(), LEAST_SHARE / 100)
    dates = right["birth_date"].drop_nulls().value_counts().sort("birth_date")
    u["birth_date"][0] = max(float(((dates["count"] / max(len(right), 1)) ** 2).sum()), LEAST_SHARE)
    u["personal_id"][0] = 1 / max(len(right), 100)
    return u


def _shares(steps: pl.Series, number: int) -> list[float]:
    counts = dict(steps.value_counts().iter_rows())
    known = sum(count for step, count in counts.items() if step != UNKNOWN)
    return [(counts.get(step, 0) + 0.5) / (known + number / 2) for step in range(number)]


def _round(
    rows: Sequence[tuple[int, ...]], m: Table, u: Table, share: float
) -> tuple[dict[str, list[float]], float]:
    """One step of learning over patterns of steps with their counts: new m, expected number of true pairs."""
    sums = {name: [LEAST_SHARE] * len(steps) for name, steps in LEVELS.items()}
    expected = 0.0
    for *pattern, count in rows:
        odds = share / (1 - share)
        for (name, _), step in zip(LEVELS.items(), pattern, strict=True):
            if step != UNKNOWN:
                odds *= m[name][step] / u[name][step]
        weight = count * odds / (1 + odds)
        expected += weight
        for (name, _), step in zip(LEVELS.items(), pattern, strict=True):
            if step != UNKNOWN:
                sums[name][step] += weight
    return {name: [value / sum(values) for value in values] for name, values in sums.items()}, expected
