"""Which pairs are worth comparing. One coarse block makes tens of millions of pairs; several narrow ones find the same
people. Each block is a list of columns that must agree; a block whose key is missing proposes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

# Every kind of damage leaves at least one of these whole: accents, order and dropped words of a name; a typing error in
# one word; day and month swapped; a wrong date; a missing or mistyped personal id.
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("personal_id",),
    ("name_set", "year"),
    ("name_set", "mother"),
    ("year", "low", "high", "last"),
    ("year", "low", "high", "first", "gender"),
    ("birth_date", "mother"),
    ("last", "first", "mother", "year"),
    ("name_set", "low", "high"),
)
# A key that more records share than this tells nobody apart (a placeholder, 1 January of a year).
MOST_IN_A_BLOCK = 400


def pairs(
    left: pl.DataFrame,
    right: pl.DataFrame,
    *,
    same: bool,
    without: pl.DataFrame | None = None,
    blocks: Sequence[tuple[str, ...]] = BLOCKS,
) -> pl.DataFrame:
    """Row numbers (l, r) of all pairs that some block proposes, each once.

    same: both frames are one; l < r. without: pairs (l, r) that are settled; neither side is looked at again.
    """
    ours, theirs = left.lazy().with_row_index("l"), right.lazy().with_row_index("r")
    if without is not None:
        ours, theirs = (
            side.join(without.lazy(), on=key, how="anti") for side, key in ((ours, "l"), (theirs, "r"))
        )
    found = [_of_block(ours, theirs, list(block)) for block in blocks]
    together = pl.concat(found)
    if same:
        together = together.filter(pl.col("l") < pl.col("r"))
    return together.unique().sort("l", "r")


def _of_block(left: pl.LazyFrame, right: pl.LazyFrame, keys: list[str]) -> pl.DataFrame:
    crowded = right.group_by(keys).len().filter(pl.col("len") > MOST_IN_A_BLOCK).select(keys)
    return (
        left.select("l", *keys)
        .drop_nulls(keys)
        .join(crowded, on=keys, how="anti")
        .join(right.select("r", *keys), on=keys, how="inner")
        .select("l", "r")
        .collect()
    )
