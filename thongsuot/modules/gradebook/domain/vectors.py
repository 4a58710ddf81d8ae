"""The rules of secondary.py over whole columns: a province's year in seconds. Pure.

Marks are whole numbers of tenths, so that nothing is ever rounded but where the circular rounds. A property test holds
every result here equal to that of secondary.py, which is the rule; this file only says it for many at once.
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any

import polars as pl

from ..types import Award, Conduct, Learning, Outcome, Why
from .marks import FAIL, PASS
from .rules import SecondaryRules, Threshold

LEVELS = [one.value for one in Learning]
WORST = len(LEVELS) - 1
# term 1, term 2, year, after the re-assessment
COLUMNS = (0, 1, 2, 3)
NOT_PASSED, GOOD = Learning.NOT_PASSED.value, Learning.GOOD.value


def tenths(value: Decimal) -> int:
    """The least whole number of tenths that is at least `value`: a mark reaches 6.55 from 6.6 on."""
    return ceil(value * 10)


def half_up_tenths(total: pl.Expr, weight: pl.Expr | int, decimals: int) -> pl.Expr:
    """`total` (tenths) / `weight`, half up at `decimals` (0 or 1), in tenths. Whole numbers throughout."""
    scale = 10**decimals
    return (2 * total * scale + 10 * weight) // (20 * weight) * (10 // scale)


def subject_results(rules: SecondaryRules, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds to `rows` (a pupil in a subject each) what secondary.subject_result says of them.

    In: is_comment, wanted, and for each term N (1, 2) regularN, levelsN (arrays as PostgreSQL writes them), midtermN,
    finalN, midterm_levelN, final_levelN, midterm_absentN, final_absentN, exemptN; reassessed (tenths),
    reassessed_level. Out: is_exempt, given1.., mark0..3 (tenths), pass0..3, total1.., weight1.. .
    """
    if rules.mark_decimals > 1:
        raise ValueError("marks are kept with one decimal")
    rows = rows.with_columns(
        is_exempt=pl.col("exempt1").fill_null(False) | pl.col("exempt2").fill_null(False)
    )
    for term in (1, 2):
        rows = _term(rules, rows, term)
    return _year(rules, rows)


def _term(rules: SecondaryRules, rows: pl.DataFrame, term: int) -> pl.DataFrame:
    is_comment = pl.col("is_comment")
    marks = (
        pl.col(f"regular{term}")
        .str.strip_chars("{}")
        .str.replace_all(".", "", literal=True)
        .str.split(",")
        .cast(pl.List(pl.Int32), strict=False)
        .list.drop_nulls()
    )
    levels = pl.col(f"levels{term}")
    rows = rows.with_columns(
        given=pl.when(is_comment)
        .then(levels.str.count_matches("Đ"))
        .otherwise(marks.list.len())
        .fill_null(0),
        regular=marks.list.sum().fill_null(0),
        failed=levels.str.count_matches("CĐ").fill_null(0),
        **{
            f"{which}_gone": pl.col(f"{which}_absent{term}").fill_null(False)
            for which in ("midterm", "final")
        },
    )
    rows = rows.with_columns(
        has_midterm=_has(is_comment, "midterm", term), has_final=_has(is_comment, "final", term)
    )
    done = (
        ~pl.col("is_exempt")
        & (pl.col("given").cast(pl.Int32) >= pl.col("wanted"))
        & pl.col("has_midterm")
        & pl.col("has_final")
    )
    passed = (pl.col("failed") == 0) & _passed("midterm", term) & _passed("final", term)
    weights = rules.weights
    total = (
        weights.regular * pl.col("regular")
        + weights.midterm * _periodic(rules, "midterm", term)
        + weights.final * _periodic(rules, "final", term)
    )
    weight = weights.regular * pl.col("given").cast(pl.Int32) + weights.midterm + weights.final
    rows = rows.with_columns(
        pl.when(done & ~is_comment).then(total).cast(pl.Int32).alias(f"total{term}"),
        pl.when(done & ~is_comment).then(weight).cast(pl.Int32).alias(f"weight{term}"),
        pl.when(done & is_comment).then(passed).alias(f"pass{term - 1}"),
        pl.col("given").cast(pl.Int32).alias(f"given{term}"),
        pl.col("has_midterm").alias(f"has_midterm{term}"),
        pl.col("has_final").alias(f"has_final{term}"),
        (pl.col("midterm_gone") | pl.col("final_gone")).alias(f"gone{term}"),
    )
    average = half_up_tenths(pl.col(f"total{term}"), pl.col(f"weight{term}"), rules.mark_decimals)
    return rows.with_columns(average.alias(f"mark{term - 1}")).drop(
        "given", "regular", "failed", "midterm_gone", "final_gone", "has_midterm", "has_final"
    )


def _has(is_comment: pl.Expr, which: str, term: int) -> pl.Expr:
    written = (
        pl.when(is_comment)
        .then(pl.col(f"{which}_level{term}").is_not_null())
        .otherwise(pl.col(f"{which}{term}").is_not_null())
    )
    return written | pl.col(f"{which}_gone")


def _passed(which: str, term: int) -> pl.Expr:
    return (pl.col(f"{which}_level{term}") == PASS).fill_null(False) & ~pl.col(f"{which}_gone")


def _periodic(rules: SecondaryRules, which: str, term: int) -> pl.Expr:
    return (
        pl.when(pl.col(f"{which}_gone"))
        .then(pl.lit(int(rules.absent_periodic * 10), pl.Int32))
        .otherwise(pl.col(f"{which}{term}"))
    )


def _year(rules: SecondaryRules, rows: pl.DataFrame) -> pl.DataFrame:
    first, second = rules.term_weights
    total = first * pl.col("mark0") + second * pl.col("mark1")
    rows = rows.with_columns(
        mark2=half_up_tenths(total, first + second, rules.mark_decimals), pass2=pl.col("pass1")
    )
    return rows.with_columns(
        mark3=pl.when(pl.col("mark2").is_not_null()).then(
            pl.coalesce(pl.col("reassessed"), pl.col("mark2")).cast(pl.Int32)
        ),
        pass3=pl.when(pl.col("pass2").is_not_null()).then(
            pl.coalesce(pl.col("reassessed_level") == PASS, pl.col("pass2"))
        ),
        was_again=(pl.col("reassessed").is_not_null() | pl.col("reassessed_level").is_not_null()),
    )


def levels(rules: SecondaryRules, rows: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """Adds to `pupils` (pupil, missing, ...) level0..3 (places in LEVELS, null while something is missing), base0..3 (before
    Điều 9.3 raised it, else null), high (subjects at the mark of Học sinh Xuất sắc), was_again, differs (a re-assessment
    changed something).

    rows: of subject_results with `pupil`. Điều 9.2, 9.3.
    """
    sums: list[pl.Expr] = [
        (~pl.col("is_exempt")).sum().alias("counted"),
        (pl.col("mark2") >= tenths(rules.excellent.at_least)).sum().alias("high"),
        pl.col("was_again").any().alias("was_again"),
        ((pl.col("mark3") != pl.col("mark2")) | (pl.col("pass3") != pl.col("pass2"))).any().alias("differs"),
    ]
    for column in COLUMNS:
        sums += _sums(rules, column)
    found = pupils.join(rows.group_by("pupil").agg(sums), on="pupil", how="left", maintain_order="left")
    for column in COLUMNS:
        found = _level(rules, found, column)
    return found.select(
        *pupils.columns,
        "high",
        "was_again",
        "differs",
        *(f"{name}{column}" for column in COLUMNS for name in ("level", "base")),
    )


def _sums(rules: SecondaryRules, column: int) -> list[pl.Expr]:
    mark, passed = pl.col(f"mark{column}"), pl.col(f"pass{column}")
    sums = [
        (mark.is_not_null() | passed.is_not_null()).sum().alias(f"known{column}"),
        mark.is_not_null().sum().alias(f"scores{column}"),
        (~passed).sum().alias(f"failed{column}"),
    ]
    for place, one in enumerate(rules.learning):
        low, enough = mark < tenths(one.every), mark >= tenths(one.enough)
        sums += [
            enough.sum().alias(f"enough{column}_{place}"),
            low.sum().alias(f"low{column}_{place}"),
            (low & ~enough).sum().alias(f"lowest{column}_{place}"),
        ]
    return sums


def _level(rules: SecondaryRules, pupils: pl.DataFrame, column: int) -> pl.DataFrame:
    known, failed = pl.col(f"known{column}"), pl.col(f"failed{column}").cast(pl.Int64)
    is_whole = (known > 0) & (known == pl.col("counted")) & ~pl.col("missing")
    base, best = pl.lit(WORST), pl.lit(WORST)
    for place, one in reversed(list(enumerate(rules.learning))):
        level = LEVELS.index(one.level.value)
        enough = pl.col(f"enough{column}_{place}").cast(pl.Int64)
        low = pl.col(f"low{column}_{place}").cast(pl.Int64)
        plain = (failed <= one.comments_failed) & (enough >= one.subjects) & (low == 0)
        base = pl.when(plain).then(level).otherwise(base)
        best = (
            pl.when(plain | _met_but_for_one(one, column, place, failed, enough, low))
            .then(level)
            .otherwise(best)
        )
    pupils = pupils.with_columns(base=base, best=best)
    raised = pl.lit(rules.adjustment_steps > 0) & (pl.col("base") - pl.col("best") >= rules.adjustment_steps)
    return pupils.with_columns(
        pl.when(is_whole).then(pl.col("base") - raised.cast(pl.Int32)).alias(f"level{column}"),
        pl.when(is_whole & raised).then(pl.col("base")).alias(f"base{column}"),
    ).drop("base", "best")


def _met_but_for_one(
    one: Threshold, column: int, place: int, failed: pl.Expr, enough: pl.Expr, low: pl.Expr
) -> pl.Expr:
    """Would the level be met if the best choice of one subject were perfect?"""
    lowest = pl.col(f"lowest{column}_{place}").cast(pl.Int64)
    below = pl.col(f"scores{column}").cast(pl.Int64) - enough
    by_comment = (failed >= 1) & (failed - 1 <= one.comments_failed) & (low == 0) & (enough >= one.subjects)
    # The one that is too low has to be it; where none is, one that is not enough yet.
    gained = pl.when(low == 1).then(lowest).otherwise((below >= 1).cast(pl.Int64))
    by_score = (failed <= one.comments_failed) & (low <= 1) & (enough + gained >= one.subjects)
    return by_comment | by_score


def culprits(rules: SecondaryRules, rows: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """(pupil, column, code, base, result) of each level that Điều 9.3 raised: which subject it was, the first by its code
    of those that pull down most. pupils: of `levels`. Few: row by row of their subjects.
    """
    found = []
    for column in COLUMNS:
        raised = pupils.filter(pl.col(f"base{column}").is_not_null())
        if raised.is_empty():
            continue
        marks = rows.join(raised.select("pupil"), on="pupil", how="semi").select(
            "pupil", "code", mark=f"mark{column}", passed=f"pass{column}"
        )
        marks = marks.filter(pl.col("mark").is_not_null() | pl.col("passed").is_not_null()).sort(
            "pupil", "code"
        )
        better = marks.with_columns(better=_better(rules)).group_by("pupil", maintain_order=True)
        first = better.agg(pl.col("code").get(pl.col("better").arg_min()))
        found.append(
            raised.select("pupil", base=f"base{column}", result=f"level{column}")
            .join(first, on="pupil")
            .with_columns(column=pl.lit(column, pl.Int32))
        )
    return pl.concat(found) if found else pl.DataFrame()


def _better(rules: SecondaryRules) -> pl.Expr:
    """The level (place) with this row's subject made perfect."""
    mark, passed = pl.col("mark"), pl.col("passed")
    failed = (~passed).sum().over("pupil").cast(pl.Int64) - (~passed).fill_null(False).cast(pl.Int64)
    better = pl.lit(WORST)
    for one in reversed(rules.learning):
        low, enough = mark < tenths(one.every), mark >= tenths(one.enough)
        lows = low.sum().over("pupil").cast(pl.Int64) - low.fill_null(False).cast(pl.Int64)
        enoughs = enough.sum().over("pupil").cast(pl.Int64) + (~enough).fill_null(False).cast(pl.Int64)
        met = (failed <= one.comments_failed) & (lows == 0) & (enoughs >= one.subjects)
        better = pl.when(met).then(LEVELS.index(one.level.value)).otherwise(better)
    return better


def outcomes(rules: SecondaryRules, pupils: pl.DataFrame) -> pl.DataFrame:
    """Adds conduct_before, conduct, outcome, award, why (reason of the outcome) to pupils of `levels`.

    In: conduct1, conduct2, trained (codes or null), absences, is_last. Điều 8, 12-15.
    """
    matrix = {
        f"{first.value} {second.value}": result.value
        for first, row in rules.conduct.items()
        for second, result in row.items()
    }
    both = pl.concat_str("conduct1", "conduct2", separator=" ")
    pupils = pupils.with_columns(
        conduct_before=both.replace_strict(matrix, default=None, return_dtype=pl.String)
    )
    failed_before = (pl.col("conduct_before") == NOT_PASSED).fill_null(False)
    is_trained = failed_before & pl.col("trained").is_not_null()
    pupils = pupils.with_columns(
        is_trained=is_trained,
        conduct=pl.when(is_trained).then(pl.col("trained")).otherwise(pl.col("conduct_before")),
    )
    return pupils.with_columns(*_outcome(rules, failed_before), award=_award(rules))


def _outcome(rules: SecondaryRules, failed_before: pl.Expr) -> list[pl.Expr]:
    absences = pl.col("absences")
    too_many = (absences > rules.most_absences).fill_null(False)
    is_open = pl.col("level2").is_null() | pl.col("level3").is_null() | pl.col("conduct").is_null()
    learned = (pl.col("level3") != WORST).fill_null(False)
    behaved = (pl.col("conduct") != Conduct.NOT_PASSED.value).fill_null(False)
    both = pl.lit(rules.both_failed_repeats) & (pl.col("level2") == WORST).fill_null(False) & failed_before
    was_again = pl.col("was_again").fill_null(False)
    through = (
        pl.when(pl.col("is_last"))
        .then(pl.lit(Outcome.COMPLETED.value))
        .otherwise(pl.lit(Outcome.PROMOTED.value))
    )
    steps: list[tuple[pl.Expr, Any, str | None]] = [
        (too_many, Outcome.REPEAT, Why.ABSENCES),
        (is_open, Outcome.UNDECIDED, None),
        (absences.is_null(), Outcome.UNDECIDED, Why.ABSENCES_MISSING),
        (learned & behaved, through, None),
        (both, Outcome.REPEAT, Why.BOTH_FAILED),
        (~learned & was_again, Outcome.REPEAT, Why.LEARNING_FAILED),
        (~learned, Outcome.REASSESS, Why.LEARNING_FAILED),
        (pl.col("trained").is_not_null(), Outcome.REPEAT, Why.CONDUCT_FAILED),
    ]
    outcome = pl.lit(Outcome.TRAIN.value)
    why = pl.lit(Why.CONDUCT_FAILED.value)
    for condition, result, reason in reversed(steps):
        said = result if isinstance(result, pl.Expr) else pl.lit(str(result))
        outcome = pl.when(condition).then(said).otherwise(outcome)
        why = pl.when(condition).then(pl.lit(None if reason is None else str(reason))).otherwise(why)
    return [outcome.alias("outcome"), why.alias("why")]


def _award(rules: SecondaryRules) -> pl.Expr:
    is_good = (pl.col("level2") == LEVELS.index(GOOD)) & (pl.col("conduct_before") == Conduct.GOOD.value)
    high = pl.col("high") >= rules.excellent.subjects
    return (
        pl.when(is_good & high)
        .then(pl.lit(Award.EXCELLENT.value))
        .when(is_good)
        .then(pl.lit(Award.GOOD.value))
        .otherwise(pl.lit(None))
    )


def may_again(rules: SecondaryRules, rows: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """(pupil, again): codes that may be assessed again, of pupils whose year is Chưa đạt (Điều 14), in the order of rows."""
    failed = pupils.filter(pl.col("level2") == WORST).select("pupil")
    below = (pl.col("mark2") < tenths(rules.reassess_below)) | ~pl.col("pass2")
    found = rows.filter(below.fill_null(False)).join(failed, on="pupil", how="semi", maintain_order="left")
    return found.group_by("pupil", maintain_order=True).agg(again=pl.col("code"))


__all__ = ["FAIL", "LEVELS", "PASS", "culprits", "levels", "may_again", "outcomes", "subject_results"]
