"""Records of one list found in another, or twice in one list."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from .blocks import pairs
from .compare import LEVELS, compare
from .keys import prepare
from .weights import Table, Weights, learn

# Pairs compared at a time: bounds the memory, whatever the number of pairs.
GROUP = 1_000_000
BLANK = {"l": pl.UInt32, "r": pl.UInt32, **dict.fromkeys(LEVELS, pl.Int8), "name_set": pl.String}


@dataclass(frozen=True)
class Linked:
    """scored: left_id, right_id, score (bits; 0 = as likely as not) and the step of each field, best first."""

    scored: pl.DataFrame
    weights: Weights


def duplicates(records: pl.DataFrame, *, start: Table, least: float = 0.0) -> Linked:
    """Pairs of records of one list that score at least `least` bits. Columns of `records`: keys.GIVEN."""
    keys = prepare(records)
    compared = _compared(keys, keys, pairs(keys, keys, same=True))
    weights = learn(keys, keys, compared, start, same=True)
    scored = weights.score(compared).filter(pl.col("score") >= least)
    return Linked(_named(scored, keys, keys), weights)


def matches(records: pl.DataFrame, population: pl.DataFrame, *, start: Table, least: float = 0.0) -> Linked:
    """For each record the person of `population` it belongs to, where the score is at least `least` bits.

    One record has one person and one person one record: the best pair takes both, and rivals lower its score. Whoever
    agrees in everything that tells people apart is settled first; the wide search is for the rest.
    """
    left, right = prepare(records), prepare(population)
    settled = _settled(left, right)
    rest = pairs(left, right, same=False, without=settled)
    compared = pl.concat([_compared(left, right, settled), _compared(left, right, rest)])
    weights = learn(left, right, compared, start, same=False)
    best = one_to_one(_against_rivals(weights.score(compared)).filter(pl.col("score") >= least))
    return Linked(_named(best, left, right), weights)


def _settled(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs (l, r) of equal personal id and equal words of the name or equal birth date; equal name, birth date and
    mother. Only where both are alone in this on their side.
    """
    found = [
        _equal(left, right, ["personal_id", "name_set"]),
        _equal(left, right, ["personal_id", "birth_date"]),
        _equal(left, right, ["name_set", "birth_date", "mother"]),
    ]
    together = pl.concat(found).unique().sort("l", "r")
    return together.unique("l", keep="none", maintain_order=True).unique(
        "r", keep="none", maintain_order=True
    )


def _equal(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    ours = left.lazy().with_row_index("l").select("l", *keys).drop_nulls()
    theirs = right.lazy().with_row_index("r").select("r", *keys).drop_nulls()
    return ours.join(theirs, on=keys, how="inner").select("l", "r").collect()


def _compared(left: pl.DataFrame, right: pl.DataFrame, pairs_: pl.DataFrame) -> pl.DataFrame:
    groups = [compare(left, right, pairs_[start : start + GROUP]) for start in range(0, len(pairs_), GROUP)]
    return pl.concat(groups) if groups else pl.DataFrame(schema=BLANK)


def _against_rivals(scored: pl.DataFrame) -> pl.DataFrame:
    """A record that fits two people equally well fits neither for sure: odds against all its other candidates."""
    odds = (2.0 ** pl.col("score").clip(-60, 60)).alias("odds")
    rivals = pl.col("odds").sum().over("l") - pl.col("odds")
    lowered = pl.col("score") - (1 + rivals.clip(0)).log(2)
    return scored.with_columns(odds).with_columns(lowered.alias("score")).drop("odds")


def one_to_one(scored: pl.DataFrame) -> pl.DataFrame:
    """The pairs that are the best of both their sides."""
    ranked = scored.sort("score", "l", "r", descending=[True, False, False])
    best_left = ranked.unique("l", keep="first", maintain_order=True)
    return best_left.unique("r", keep="first", maintain_order=True)


def _named(scored: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Ids in place of row numbers, in an order that does not hang on how threads worked."""
    named = scored.with_columns(
        left["id"][scored["l"]].alias("left_id"), right["id"][scored["r"]].alias("right_id")
    )
    return named.drop("l", "r", "name_set").sort(
        "score", "left_id", "right_id", descending=[True, False, False]
    )
