"""Marks as in life, made column by column: the same for the same pupil and subject in every run. No database."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SHIFT = 2**31
PARTS = 10_000
# Remarks by how good somebody is, the best first: (at least, of a subject, of the homeroom teacher).
REMARKS = (
    (
        85,
        "Nắm chắc kiến thức, vận dụng tốt, tích cực phát biểu.",
        "Chăm ngoan, có ý thức giúp đỡ bạn, học tập tiến bộ.",
    ),
    (
        70,
        "Hiểu bài, làm bài đầy đủ, cần mạnh dạn hơn.",
        "Ngoan, thực hiện tốt nội quy, cần chủ động hơn trong học tập.",
    ),
    (55, "Có cố gắng, cần luyện tập thêm ở nhà.", "Có ý thức, cần tập trung hơn trong giờ học."),
    (
        0,
        "Tiếp thu còn chậm, cần được giúp đỡ thêm.",
        "Cần cố gắng nhiều hơn, gia đình và nhà trường cùng quan tâm.",
    ),
)
LEVELS = ("Đ", "CĐ")


@dataclass(frozen=True)
class Stage:
    """How far a term has come. regular: share of the columns that are filled; midterm: share of classes and subjects that
    have it; is_final: the term is over."""

    regular: float = 1.0
    midterm: float = 1.0
    is_final: bool = True


def chance(about: pl.Expr, seed: int) -> pl.Expr:
    """0 to 1, evenly."""
    return (about.hash(seed) % PARTS).cast(pl.Float64) / PARTS


def ability(student: pl.Expr) -> pl.Expr:
    """About which mark a pupil stands, in tenths: few below 5, most between 6 and 9."""
    mean = (chance(student, 1) + chance(student, 2) + chance(student, 3)) / 3
    return 45 + 55 * mean.pow(0.75)


def marks_of(rows: pl.DataFrame, term: int, stage: Stage) -> pl.DataFrame:
    """Lines of a term. rows: unit_id, class_subject_id, student_id, form, is_primary, is_tested (a tuple of two columns:
    tested_mid, tested_end), regular_count. Out: the columns of SubjectMarks as COPY takes them.
    """
    cell = pl.col("class_subject_id") * SHIFT + pl.col("student_id")
    about = ability(pl.col("student_id")) + (chance(cell, 4) - 0.5) * 14
    has_midterm = (
        (chance(pl.col("class_subject_id"), 5) < stage.midterm) if stage.midterm < 1 else pl.lit(True)
    )
    number = (
        pl.col("regular_count") * stage.regular * (0.6 + 0.4 * chance(pl.col("class_subject_id"), 6))
    ).ceil()
    number = pl.col("regular_count") if stage.regular >= 1 else number.cast(pl.Int32)
    is_score, is_primary = pl.col("form") == "score", pl.col("is_primary")
    rows = rows.with_columns(about=about, has_midterm=has_midterm, number=number)

    def mark(seed: int, *, halves: bool) -> pl.Expr:
        value = pl.col("about") + (chance(cell, 10 * term + seed) - 0.5) * 26
        value = ((value / 5).round() * 5 if halves else value.round()).clip(15, 100).cast(pl.Int32)
        return pl.format("{}.{}", value // 10, value % 10)

    def level(seed: int) -> pl.Expr:
        return pl.when(chance(cell, 10 * term + seed) < 0.004).then(pl.lit("CĐ")).otherwise(pl.lit("Đ"))

    def primary_level(seed: int) -> pl.Expr:
        at = pl.col("about") + (chance(cell, 10 * term + seed) - 0.5) * 10
        return pl.when(at >= 72).then(pl.lit("T")).when(at >= 46).then(pl.lit("H")).otherwise(pl.lit("C"))

    def test(seed: int) -> pl.Expr:
        value = (pl.col("about") + 4 + (chance(cell, 10 * term + seed) - 0.5) * 16) / 10
        return value.round().clip(3, 10).cast(pl.Int32).cast(pl.String)

    def some(texts: list[pl.Expr]) -> pl.Expr:
        joined = pl.concat_list(texts).list.head(pl.col("number")).list.join(",")
        return pl.concat_str(pl.lit("{"), joined, pl.lit("}"))

    def periodic(which: str, seed: int) -> list[pl.Expr]:
        given = pl.col("has_midterm") if which == "midterm" else pl.lit(stage.is_final)
        tested = pl.col("tested_mid" if which == "midterm" else "tested_end")
        marks = (
            pl.when(given & is_primary & tested)
            .then(test(seed))
            .when(given & is_score & ~is_primary)
            .then(mark(seed, halves=False))
        )
        levels = (
            pl.when(given & is_primary)
            .then(primary_level(seed))
            .when(given & ~is_score)
            .then(level(seed))
            .otherwise(pl.lit(""))
        )
        return [marks.alias(which), levels.alias(f"{which}_level")]

    scores = some([mark(seed, halves=True) for seed in range(4)])
    comments = some([level(seed) for seed in range(2)])
    remark = pl.when(pl.lit(stage.is_final)).then(remarks(pl.col("about"), 1)).otherwise(pl.lit(""))
    return rows.select(
        "unit_id", "class_subject_id", "student_id", pl.lit(term).alias("term"),
        *periodic("midterm", 5), *periodic("final", 6),
        regular=pl.when(is_score & ~is_primary).then(scores).otherwise(pl.lit("{}")),
        regular_levels=pl.when(~is_score & ~is_primary).then(comments).otherwise(pl.lit("{}")),
        midterm_absent=pl.lit("f"), final_absent=pl.lit("f"), exempt=pl.lit("f"), remark=remark, version=pl.lit(1),
    )  # fmt: skip


def remarks(about: pl.Expr, place: int) -> pl.Expr:
    said: pl.Expr = pl.lit(REMARKS[-1][place])
    for one in reversed(REMARKS[:-1]):
        said = pl.when(about >= one[0]).then(pl.lit(one[place])).otherwise(said)
    return said


def conduct_of(pupils: pl.DataFrame, term: int) -> pl.DataFrame:
    """pupils: unit_id, class_id, student_id, is_primary."""
    at = chance(pl.col("student_id"), 70 + term)
    conduct = (
        pl.when(pl.col("is_primary")).then(pl.lit(""))
        .when(at < 0.86).then(pl.lit("good"))
        .when(at < 0.975).then(pl.lit("fair"))
        .when(at < 0.998).then(pl.lit("passed"))
        .otherwise(pl.lit("not_passed"))
    )  # fmt: skip
    return pupils.select(
        "unit_id", pl.col("class_id").alias("school_class_id"), "student_id", pl.lit(term).alias("term"),
        conduct=conduct, remark=remarks(ability(pl.col("student_id")), 2), version=pl.lit(1),
    )  # fmt: skip


def traits_of(pupils: pl.DataFrame, moment: str, codes: list[str]) -> pl.DataFrame:
    """pupils: as for conduct_of, of primary school."""
    about = ability(pl.col("student_id"))

    def one(place: int, code: str) -> pl.Expr:
        is_best = about + (chance(pl.col("student_id"), 80 + place) - 0.5) * 12 >= 66
        return pl.format(f'"{code}": "{{}}"', pl.when(is_best).then(pl.lit("T")).otherwise(pl.lit("Đ")))

    said = pl.concat_str([one(place, code) for place, code in enumerate(codes)], separator=", ")
    return pupils.select(
        "unit_id", pl.col("class_id").alias("school_class_id"), "student_id", pl.lit(moment).alias("moment"),
        levels=pl.concat_str(pl.lit("{"), said, pl.lit("}")), version=pl.lit(1),
    )  # fmt: skip


def absences_of(pupils: pl.DataFrame, days: list[str]) -> pl.DataFrame:
    """A day or two of some pupils. days: school days as ISO dates."""
    found = []
    for place, share in enumerate((0.35, 0.15, 0.05)):
        some = pupils.filter(chance(pl.col("student_id"), 90 + place) < share)
        # Apart from each other, so that nobody is missing twice on one day.
        own = [day for number, day in enumerate(days) if number % 3 == place]
        if not own or some.is_empty():
            continue
        picked = (pl.col("student_id").hash(95 + place) % len(own)).cast(pl.Int32)
        excused = pl.when(chance(pl.col("student_id"), 99) < 0.8)
        found.append(
            some.select(
                "unit_id", pl.col("class_id").alias("school_class_id"), "student_id",
                on=picked.replace_strict(list(range(len(own))), own, return_dtype=pl.String),
                session=pl.lit("morning"),
                is_excused=excused.then(pl.lit("t")).otherwise(pl.lit("f")),
                reason=excused.then(pl.lit("Ốm, gia đình xin phép")).otherwise(pl.lit("")),
            )
        )  # fmt: skip
    return pl.concat(found) if found else pl.DataFrame()
