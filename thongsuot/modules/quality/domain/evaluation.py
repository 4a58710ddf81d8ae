"""All rules of a data set over its rows, in one pass. Pure; Polars frames in and out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ..types import Parameters, Rule

if TYPE_CHECKING:
    # Heavy: loaded when something is checked, not when the program starts.
    import polars as pl


@dataclass(frozen=True)
class ActiveRule:
    """A rule that applies today, with the numbers that hold today."""

    rule: Rule
    numbers: Mapping[str, Any]


@dataclass(frozen=True)
class Evaluated:
    """scores: unit_id, rule, assessed, failed (rules that assessed nothing at a unit are left out).
    violations: rule, object_id, unit_id."""

    rows: int
    scores: pl.DataFrame
    violations: pl.DataFrame


def evaluate(
    frame: pl.DataFrame, rules: Sequence[ActiveRule], *, today: date, codes: Mapping[str, Collection[str]]
) -> Evaluated:
    """Assess every row of `frame` (columns id, unit_id and those that the rules name) by every rule.

    A row is assessed where `applies` is true, and fails where `fails` is true as well; null is "no".
    """
    columns: list[Any] = []
    for number, active in enumerate(rules):
        parameters = Parameters(today=today, numbers=active.numbers, codes=codes)
        fails = active.rule.fails(parameters).fill_null(False)
        if active.rule.applies is not None:
            applies = active.rule.applies(parameters).fill_null(False)
            columns.append(applies.alias(f"a{number}"))
            fails = fails & applies
        columns.append(fails.alias(f"f{number}"))
    flags = frame.lazy().select("id", "unit_id", *columns).collect()
    return Evaluated(frame.height, _scores(flags, rules), _violations(flags, rules))


def _scores(flags: pl.DataFrame, rules: Sequence[ActiveRule]) -> pl.DataFrame:
    import polars as pl

    counts = [pl.len().cast(pl.Int64).alias("n")]
    for name in flags.columns[2:]:
        counts.append(pl.col(name).sum().cast(pl.Int64))
    per_unit = flags.lazy().group_by("unit_id").agg(counts).collect()
    parts = [
        per_unit.select(
            "unit_id",
            pl.lit(active.rule.code).alias("rule"),
            pl.col(f"a{number}" if f"a{number}" in per_unit.columns else "n").alias("assessed"),
            pl.col(f"f{number}").alias("failed"),
        )
        for number, active in enumerate(rules)
    ]
    schema = {"unit_id": pl.Int64, "rule": pl.String, "assessed": pl.Int64, "failed": pl.Int64}
    found = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return found.filter(pl.col("assessed") > 0)


def _violations(flags: pl.DataFrame, rules: Sequence[ActiveRule]) -> pl.DataFrame:
    import polars as pl

    parts = [
        flags.lazy()
        .filter(pl.col(f"f{number}"))
        .select(pl.lit(active.rule.code).alias("rule"), pl.col("id").alias("object_id"), pl.col("unit_id"))
        for number, active in enumerate(rules)
    ]
    schema = {"rule": pl.String, "object_id": pl.Int64, "unit_id": pl.Int64}
    return pl.concat(pl.collect_all(parts)) if parts else pl.DataFrame(schema=schema)
