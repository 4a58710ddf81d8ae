"""The rules of primary.py over whole columns. Pure. A property test holds every result equal to that of primary.py."""

from __future__ import annotations

import polars as pl

from ..types import Award, Outcome, PrimaryLearning
from .primary import SUBJECT_ORDER, TRAIT_ORDER
from .rules import PrimaryRules, PrimaryThreshold

LEVELS = [one.value for one in PrimaryLearning]
NOT_DONE = LEVELS.index(PrimaryLearning.NOT_DONE.value)


def year_outcomes(rules: PrimaryRules, rows: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """Adds to `pupils` level (place in LEVELS or null), outcome, award, and what is lacking: no_level, no_test (codes of
    subjects), no_trait (codes). Điều 9, 11, 13.

    rows: pupil, code, is_exempt, level (T, H, C), test, is_tested (a test is due at the end of the year). pupils: pupil,
    missing, has_plan, helped, stands_out, is_last, and a column for each quality and competence.
    """
    traits = [*rules.qualities, *rules.competences]
    counted = rows.filter(~pl.col("is_exempt")).with_columns(
        place=pl.col("level").replace_strict(_places(SUBJECT_ORDER), default=None, return_dtype=pl.Int32)
    )
    sums = counted.group_by("pupil").agg(
        pl.col("place").max().alias("worst"),
        pl.col("test").min().alias("lowest"),
        pl.col("code").filter(pl.col("level").is_null()).alias("no_level"),
        pl.col("code").filter(pl.col("is_tested") & pl.col("test").is_null()).alias("no_test"),
    )
    found = pupils.join(sums, on="pupil", how="left", maintain_order="left").with_columns(
        trait=pl.max_horizontal(
            pl.col(code).replace_strict(_places(TRAIT_ORDER), default=None, return_dtype=pl.Int32)
            for code in traits
        ),
        no_trait=pl.concat_list(
            pl.when(pl.col(code).is_null()).then(pl.lit(code)) for code in traits
        ).list.drop_nulls(),
    )
    lacks = (
        pl.col("missing")
        | (pl.col("no_level").list.len() > 0).fill_null(False)
        | (pl.col("no_trait").list.len() > 0)
        | (pl.col("no_test").list.len() > 0).fill_null(False)
    )
    level = pl.lit(NOT_DONE)
    for one in reversed(rules.learning):
        level = pl.when(_meets(one)).then(LEVELS.index(one.level.value)).otherwise(level)
    found = found.with_columns(lacks=lacks)
    found = found.with_columns(level=pl.when(~pl.col("lacks") & ~pl.col("has_plan")).then(level))
    return found.with_columns(outcome=_outcome(rules), award=_award())


def _places(order: str) -> dict[str, int]:
    return {letter: place for place, letter in enumerate(order)}


def _meets(one: PrimaryThreshold) -> pl.Expr:
    return (
        (pl.col("worst").fill_null(0) <= SUBJECT_ORDER.index(one.subjects))
        & (pl.col("trait").fill_null(0) <= TRAIT_ORDER.index(one.traits))
        & (pl.col("lowest").fill_null(10) >= one.tests)
    )


def _outcome(rules: PrimaryRules) -> pl.Expr:
    enough = LEVELS.index(rules.completed_from.value)
    helped = pl.col("helped").replace_strict(
        {code: place for place, code in enumerate(LEVELS)}, default=None, return_dtype=pl.Int32
    )
    final = (
        pl.when((pl.col("level") == NOT_DONE) & helped.is_not_null()).then(helped).otherwise(pl.col("level"))
    )
    return (
        pl.when(pl.col("level").is_null())
        .then(pl.lit(Outcome.UNDECIDED.value))
        .when((final <= enough) & pl.col("is_last"))
        .then(pl.lit(Outcome.COMPLETED.value))
        .when(final <= enough)
        .then(pl.lit(Outcome.PROMOTED.value))
        .when(helped.is_not_null())
        .then(pl.lit(Outcome.REPEAT.value))
        .otherwise(pl.lit(Outcome.SUPPORT.value))
    )


def _award() -> pl.Expr:
    level = pl.col("level")
    return (
        pl.when(level == LEVELS.index(PrimaryLearning.EXCELLENT.value))
        .then(pl.lit(Award.EXCELLENT.value))
        .when((level == LEVELS.index(PrimaryLearning.WELL_DONE.value)) & pl.col("stands_out"))
        .then(pl.lit(Award.OUTSTANDING.value))
        .otherwise(pl.lit(None))
    )


def kept_by(rules: PrimaryRules, rows: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """(pupil, code, found) of each who is Chưa hoàn thành: the first that stands below the last level: a subject's level,
    a quality or competence, a test. pupils: of year_outcomes.
    """
    last = rules.learning[-1]
    failed = pupils.filter(pl.col("level") == NOT_DONE)
    own = rows.join(failed.select("pupil"), on="pupil", how="semi", maintain_order="left").filter(
        ~pl.col("is_exempt")
    )
    worse = own.filter(pl.col("level").is_in(list(SUBJECT_ORDER[SUBJECT_ORDER.index(last.subjects) + 1 :])))
    low = own.filter(pl.col("test") < last.tests)
    traits = failed.unpivot([*rules.qualities, *rules.competences], index="pupil", variable_name="code")
    bad = traits.filter(pl.col("value").is_in(list(TRAIT_ORDER[TRAIT_ORDER.index(last.traits) + 1 :])))
    steps = pl.concat(
        [
            worse.select("pupil", "code", found="level"),
            bad.select("pupil", "code", found="value"),
            low.select("pupil", "code", found=pl.col("test").cast(pl.String)),
        ]
    )
    return steps.unique("pupil", keep="first", maintain_order=True)


__all__ = ["LEVELS", "NOT_DONE", "kept_by", "year_outcomes"]
