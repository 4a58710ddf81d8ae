"""How far two records agree, field by field, in steps that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

# Field -> steps from the best; -1 stands for "one of the two does not say".
LEVELS: Mapping[str, tuple[str, ...]] = {
    "name": ("same", "other_order", "word_missing", "similar", "one_word_differs", "different"),
    "birth_date": ("same", "day_month_swapped", "two_parts_same", "year_same", "different"),
    "gender": ("same", "different"),
    "personal_id": ("same", "one_digit_differs", "different"),
    "mother": ("same", "similar", "different"),
}
UNKNOWN = -1
SIMILAR = 0.82


def compare(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (l, r) with one column for each field of LEVELS (its step, or UNKNOWN) and `name_set` of the right one."""
    ours = left.select(pl.all().name.suffix("_l"))[pairs["l"]]
    theirs = right.select(pl.all().name.suffix("_r"))[pairs["r"]]
    both = pl.concat([pairs, ours, theirs], how="horizontal")
    both = both.with_columns(
        _similarity(both["name_l"], both["name_r"]).alias("name_likeness"),
        _similarity(both["mother_l"], both["mother_r"]).alias("mother_likeness"),
        _similarity(both["personal_id_l"], both["personal_id_r"], digits=True).alias("id_likeness"),
    )
    return both.select(
        "l",
        "r",
        _name(),
        _birth_date(),
        _gender(),
        _personal_id(),
        _mother(),
        pl.col("name_set_r").alias("name_set"),
    )


def _similarity(left: pl.Series, right: pl.Series, *, digits: bool = False) -> pl.Series:
    """1 = equal, 0 = nothing in common; computed once for each two texts that differ and are both there."""
    from rapidfuzz.distance import OSA, DamerauLevenshtein
    from rapidfuzz.process import cpdist

    frame = pl.DataFrame({"a": left, "b": right})
    todo = frame.filter(pl.col("a") != pl.col("b")).unique()
    scorer = OSA.normalized_similarity if digits else DamerauLevenshtein.normalized_similarity
    scored: Any = (
        cpdist(todo["a"].to_list(), todo["b"].to_list(), scorer=scorer, workers=-1) if len(todo) else []
    )
    table = todo.with_columns(pl.Series("likeness", scored, dtype=pl.Float32))
    likeness = frame.join(table, on=["a", "b"], how="left", maintain_order="left")["likeness"]
    return likeness.fill_null(1.0)


def _steps(field: str, *conditions: pl.Expr, missing: pl.Expr | None = None) -> pl.Expr:
    """The first condition that holds gives the step; none: the last step ("different")."""
    chain: Any = pl.when(missing if missing is not None else pl.lit(False)).then(UNKNOWN)
    for step, condition in enumerate(conditions):
        chain = chain.when(condition).then(step)
    found: pl.Expr = chain.otherwise(len(conditions)).cast(pl.Int8).alias(field)
    return found


def _either_missing(field: str) -> pl.Expr:
    return pl.col(f"{field}_l").is_null() | pl.col(f"{field}_r").is_null()


def _name() -> pl.Expr:
    first, second = pl.col("name_l").str.split(" "), pl.col("name_r").str.split(" ")
    shared = first.list.set_intersection(second).list.len()
    fewer = pl.min_horizontal(first.list.len(), second.list.len())
    more = pl.max_horizontal(first.list.len(), second.list.len())
    return _steps(
        "name",
        pl.col("name_l") == pl.col("name_r"),
        pl.col("name_set_l") == pl.col("name_set_r"),
        (shared == fewer) & (fewer >= 2) & (more - fewer == 1),
        pl.col("name_likeness") >= SIMILAR,
        (fewer == more) & (more >= 3) & (shared == fewer - 1),
        missing=_either_missing("name"),
    )


def _birth_date() -> pl.Expr:
    ours, theirs = pl.col("birth_date_l"), pl.col("birth_date_r")
    day, month, year = (
        ours.dt.day() == theirs.dt.day(),
        ours.dt.month() == theirs.dt.month(),
        pl.col("year_l") == pl.col("year_r"),
    )
    swapped = year & (ours.dt.day() == theirs.dt.month()) & (ours.dt.month() == theirs.dt.day())
    two = (day & month) | (day & year) | (month & year)
    return _steps("birth_date", ours == theirs, swapped, two, year, missing=_either_missing("birth_date"))


def _gender() -> pl.Expr:
    return _steps("gender", pl.col("gender_l") == pl.col("gender_r"), missing=_either_missing("gender"))


def _personal_id() -> pl.Expr:
    return _steps(
        "personal_id",
        pl.col("personal_id_l") == pl.col("personal_id_r"),
        pl.col("id_likeness") >= 11 / 12 - 0.001,
        missing=_either_missing("personal_id"),
    )


def _mother() -> pl.Expr:
    return _steps(
        "mother",
        pl.col("mother_l") == pl.col("mother_r"),
        pl.col("mother_likeness") >= SIMILAR,
        missing=_either_missing("mother"),
    )
