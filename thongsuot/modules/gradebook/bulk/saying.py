"""Reasons as they are kept: what is out of the ordinary, as JSON. The rest is told from the columns (queries/telling.py).

An average has its sum and weight beside it, a level and a conduct their values: to keep a sentence for each would double
what is written of a province.
"""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from ..domain.rules import SecondaryRules
from ..domain.vectors import LEVELS
from ..types import Why


def _said(why: Why, **said: pl.Expr | int | str) -> pl.Expr:
    """{"why": ..., ...} of columns and constants; null where a column is null."""
    parts: list[pl.Expr] = [pl.lit(f'{{"why":"{why}"')]
    for key, value in said.items():
        if isinstance(value, pl.Expr):
            parts += [pl.lit(f',"{key}":'), value.cast(pl.String)]
        else:
            parts.append(pl.lit(f',"{key}":{json.dumps(value)}'))
    return pl.concat_str([*parts, pl.lit("}")])


def json_list(texts: pl.Expr) -> pl.Expr:
    """A list of plain texts as JSON."""
    quoted = pl.concat_str(pl.lit('["'), texts.list.join('","'), pl.lit('"]'))
    return pl.when(texts.list.len() > 0).then(quoted).otherwise(pl.lit("[]"))


def _list(parts: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str(pl.lit("["), pl.concat_str(parts, separator=",", ignore_nulls=True), pl.lit("]"))


def of_subject(rules: SecondaryRules) -> pl.Expr:
    """Of rows of vectors.subject_results. A term in which nothing at all is written needs no word."""
    parts: list[pl.Expr] = []
    for term in (1, 2):
        given, wanted = pl.col(f"given{term}"), pl.col("wanted")
        has_midterm, has_final = pl.col(f"has_midterm{term}"), pl.col(f"has_final{term}")
        is_begun = ~pl.col("is_exempt") & ((given > 0) | has_midterm | has_final)
        is_full = is_begun & (given >= wanted)
        is_done = is_full & has_midterm & has_final
        which = pl.when(has_midterm).then(pl.lit('"final"')).otherwise(pl.lit('"midterm"'))
        counts = {"term": term, "given": given, "wanted": wanted}
        parts += [
            pl.when(is_begun & (given < wanted)).then(_said(Why.REGULAR_MISSING, **counts)),
            pl.when(is_full & (given > wanted)).then(_said(Why.REGULAR_MORE, **counts)),
            pl.when(is_full & ~is_done).then(_said(Why.PERIODIC_MISSING, term=term, which=which)),
            pl.when(is_done & pl.col(f"gone{term}")).then(
                _said(Why.ABSENT_COUNTS, term=term, **{"as": str(rules.absent_periodic)})
            ),
        ]
    is_again = (pl.col("mark2").is_not_null() | pl.col("pass2").is_not_null()) & pl.col("was_again")
    parts.append(pl.when(is_again).then(_said(Why.REASSESSED)))
    return _list(parts)


def of_primary_subject() -> pl.Expr:
    """What stands in a primary school's subject is its own reason."""
    return pl.lit("[]")


def of_secondary_year(pupils: pl.DataFrame, raised: pl.DataFrame) -> pl.Series:
    """Of pupils of vectors.outcomes; raised: of vectors.culprits."""
    if not raised.is_empty():
        level = {"old": list(range(len(LEVELS))), "new": LEVELS, "return_dtype": pl.String}
        quoted = {
            "about": pl.format('"{}"', "code"),
            "base": pl.format('"{}"', pl.col("base").replace_strict(**level)),  # type: ignore[arg-type]
            "result": pl.format('"{}"', pl.col("result").replace_strict(**level)),  # type: ignore[arg-type]
            "column": pl.col("column"),
        }
        told = raised.with_columns(said=_said(Why.RAISED, **quoted)).sort("pupil", "column")
        later = told.filter(pl.col("column") == 3).select("pupil", raised3="said")
        told = told.filter(pl.col("column") < 3).group_by("pupil").agg(raised=pl.col("said").str.join(","))
        pupils = pupils.join(told, on="pupil", how="left", maintain_order="left")
        pupils = pupils.join(later, on="pupil", how="left", maintain_order="left")
    else:
        pupils = pupils.with_columns(raised=pl.lit(None, pl.String), raised3=pl.lit(None, pl.String))
    differs = pl.col("differs").fill_null(False) & pl.col("level3").is_not_null()
    parts = [
        pl.col("raised"),
        _missing(),
        pl.when(differs).then(pl.coalesce("raised3", _said(Why.LEVEL_MET, column=3))),
        pl.when(pl.col("is_trained")).then(_said(Why.CONDUCT_TRAINED)),
        pl.when(pl.col("why").is_not_null()).then(_outcome()),
    ]
    return pupils.select(reasons=_list(parts))["reasons"]


def _outcome() -> pl.Expr:
    return pl.concat_str(pl.lit('{"why":"'), pl.col("why"), pl.lit('"}'))


def _missing() -> pl.Expr:
    names = pl.concat_str(
        pl.lit(f'{{"why":"{Why.SUBJECTS_MISSING}","names":'), json_list(pl.col("lacking")), pl.lit("}")
    )
    return pl.when(pl.col("missing")).then(names)


def of_primary_year(pupils: pl.DataFrame, kept: pl.DataFrame) -> pl.Series:
    """Of pupils of vectors_primary.year_outcomes; kept: of kept_by."""
    pupils = pupils.join(kept, on="pupil", how="left", maintain_order="left")
    lacks = pl.col("lacks") & ~pl.col("has_plan")

    def named(why: Why, column: str) -> pl.Expr:
        said = pl.concat_str(pl.lit(f'{{"why":"{why}","names":'), json_list(pl.col(column)), pl.lit("}"))
        return pl.when(lacks & (pl.col(column).list.len() > 0)).then(said)

    failed: dict[str, Any] = {"about": pl.format('"{}"', "code"), "found": pl.format('"{}"', "found")}
    parts = [
        pl.when(pl.col("has_plan")).then(_said(Why.OWN_PLAN)),
        pl.when(lacks).then(_missing()),
        named(Why.PERIODIC_MISSING, "no_level"),
        named(Why.TRAITS_MISSING, "no_trait"),
        named(Why.TESTS_MISSING, "no_test"),
        pl.when(pl.col("code").is_not_null()).then(_said(Why.PRIMARY_FAILED, **failed)),
    ]
    return pupils.select(reasons=_list(parts))["reasons"]
