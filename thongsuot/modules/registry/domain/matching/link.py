"""Records of one list found in another, or twice in one list."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from .blocks import pairs
from .compare import compare
from .keys import prepare
from .weights import Table, Weights, learn


@dataclass(frozen=True)
class Linked:
    """scored: left_id, right_id, score (bits; 0 = as likely as not) and the step of each field, best first."""

    scored: pl.DataFrame
    weights: Weights


def duplicates(records: pl.DataFrame, *, start: Table, least: float = 0.0) -> Linked:
    """Pairs of records of one list that score at least `least` bits. Columns of `records`: keys.GIVEN."""
    keys = prepare(records)
    return _linked(keys, keys, start=start, least=least, same=True)


def matches(records: pl.DataFrame, population: pl.DataFrame, *, start: Table, least: float = 0.0) -> Linked:
    """For each record the person of `population` it belongs to, where the score is at least `least` bits.

    One record has one person and one person one record: the best pair takes both.
    """
    found = _linked(prepare(records), prepare(population), start=start, least=least, same=False)
    return Linked(one_to_one(found.scored), found.weights)


def one_to_one(scored: pl.DataFrame) -> pl.DataFrame:
    """The pairs that are the best of both their sides."""
    ranked = scored.sort("score", "left_id", "right_id", descending=[True, False, False])
    best_left = ranked.unique("left_id", keep="first", maintain_order=True)
    return best_left.unique("right_id", keep="first", maintain_order=True)


def _linked(left: pl.DataFrame, right: pl.DataFrame, *, start: Table, least: float, same: bool) -> Linked:
    compared = compare(left, right, pairs(left, right, same=same))
    weights = learn(left, right, compared, start, same=same)
    scored = weights.score(compared).filter(pl.col("score") >= least).drop("name_set")
    named = scored.with_columns(
        left["id"][scored["l"]].alias("left_id"), right["id"][scored["r"]].alias("right_id")
    )
    # The same records give the same list, whatever order the threads worked in.
    order = named.drop("l", "r").sort("score", "left_id", "right_id", descending=[True, False, False])
    return Linked(order, weights)
