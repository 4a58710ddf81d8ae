"""From what was read to what is written: each pupil's subjects and year by the rules of the own grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from ..domain import vectors, vectors_primary
from ..domain.plan import Programme
from ..domain.rules import PrimaryRules, SecondaryRules
from ..queries.books import is_last_grade, level_of
from ..queries.rules import in_force, programme, rules_of
from ..types import GradingFault
from . import saying
from .reading import TERM_FIELDS, Read

SHIFT = 2**31


@dataclass(frozen=True)
class Computed:
    """subjects: rows of SubjectResult; years: rows of PupilYear; column names as in the tables."""

    subjects: pl.DataFrame
    years: pl.DataFrame


def compute(read: Read, year: int, levels: Mapping[int, list[str]]) -> Iterator[Computed]:
    """A part for each circular. year: in which the school year begins; levels: of each school."""
    pupils = _with_rules(read.pupils, year, levels)
    pupils = _with_judgements(read, pupils).with_row_index("pupil")
    rows = _rows(read, pupils)
    for (code,), group in pupils.group_by("rules", maintain_order=True):
        rules = in_force(rules_of("", 0, year, str(code)))
        own = rows.join(
            group.select("pupil", "grade", "level"), on="pupil", how="inner", maintain_order="left"
        )
        missing = _missing(programme(), own)
        group = group.join(missing, on="pupil", how="left", maintain_order="left").with_columns(
            missing=pl.col("lacking").list.len().fill_null(0) > 0
        )
        if isinstance(rules, PrimaryRules):
            yield _primary(rules, own, group, read)
        else:
            yield _secondary(rules, own, group)


def _with_rules(pupils: pl.DataFrame, year: int, levels: Mapping[int, list[str]]) -> pl.DataFrame:
    """Adds level, rules, is_last; pupils for whom no circular holds fall out."""
    found = []
    for unit_id, grade in pupils.select("unit_id", "grade").unique().iter_rows():
        level = level_of(grade, levels.get(unit_id, ()))
        if level is None:
            continue
        try:
            rules = rules_of(level, grade, year).code
        except GradingFault:
            continue
        found.append((unit_id, grade, level, rules, is_last_grade(level, grade)))
    schema = {
        "unit_id": pl.Int64,
        "grade": pl.Int32,
        "level": pl.String,
        "rules": pl.String,
        "is_last": pl.Boolean,
    }
    known = pl.DataFrame(found, schema=schema, orient="row")
    return pupils.join(known, on=["unit_id", "grade"], how="inner", maintain_order="left")


def _with_judgements(read: Read, pupils: pl.DataFrame) -> pl.DataFrame:
    """Adds conduct of the terms, what people decided of the year, absences."""
    for term in (1, 2):
        conduct = _one_each(
            read.conduct.filter((pl.col("term") == term) & pl.col("conduct").is_not_null()), pupils
        )
        pupils = _joined(
            pupils, conduct.select("unit_id", "student_id", pl.col("conduct").alias(f"conduct{term}"))
        )
    pupils = _joined(pupils, _one_each(read.judged, pupils).drop("class_id"))
    pupils = _joined(_joined(pupils, read.absent), read.missed_before)
    # Where nobody is ever missing nobody has kept the attendance; in the class or school of before somebody may have.
    is_kept = (
        pl.col("class_id").is_in(read.attended["class_id"].implode())
        | pl.col("counted").is_not_null()
        | pl.col("missed_before").is_not_null()
    )
    counted = pl.when(is_kept).then(pl.col("counted").fill_null(0) + pl.col("missed_before").fill_null(0))
    return pupils.with_columns(
        absences=pl.coalesce("stated", counted),
        stands_out=pl.col("stands_out").fill_null(False),
        has_plan=pl.col("has_plan").fill_null(False),
    ).drop("counted", "stated", "missed_before")


def _joined(pupils: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return pupils.join(more, on=["unit_id", "student_id"], how="left", maintain_order="left")


def _one_each(rows: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """One row a pupil: of the class where the pupil sits, else of one where he or she sat before."""
    home = pupils.select("unit_id", "student_id", home="class_id")
    rows = rows.join(home, on=["unit_id", "student_id"], how="inner")
    rows = rows.sort(pl.col("class_id") == pl.col("home"), "class_id", descending=True)
    return rows.unique(["unit_id", "student_id"], keep="first").drop("home")


def _rows(read: Read, pupils: pl.DataFrame) -> pl.DataFrame:
    """A row for each pupil and subject of the class, with the marks of both terms."""
    subjects = read.subjects.drop("unit_id")
    rows = pupils.select("pupil", "unit_id", "student_id", "class_id").join(
        subjects, on="class_id", how="inner", maintain_order="left_right"
    )
    rows = rows.with_columns(key=_key())
    marks = read.marks.with_columns(key=_key())
    marks = pl.concat([marks, _of_other_classes(read, marks, rows, pupils)])
    for term in (1, 2):
        half = marks.filter(pl.col("term") == term).select(
            "key", *(_term_field(name, term) for name in TERM_FIELDS)
        )
        rows = rows.join(half, on="key", how="left", maintain_order="left")
    again = read.again.select(key=_key(), reassessed=_tenths("mark"), reassessed_level=pl.col("level"))
    rows = rows.join(again, on="key", how="left", maintain_order="left")
    is_taken = pl.col("midterm_absent1").is_not_null() | pl.col("midterm_absent2").is_not_null()
    rows = rows.filter(~pl.col("is_optional") | is_taken)
    return rows.drop("key").sort("pupil", "position", "class_subject_id")


def _key() -> pl.Expr:
    """One number for a subject of a class and a pupil: quicker to join by than two."""
    return pl.col("class_subject_id") * SHIFT + pl.col("student_id")


def _tenths(name: str) -> pl.Expr:
    return (pl.col(name) * 10).round().cast(pl.Int32)


def _term_field(name: str, term: int) -> pl.Expr:
    if name in ("midterm", "final"):
        return _tenths(name).alias(f"{name}{term}")
    if name in ("midterm_absent", "final_absent", "exempt"):
        return (pl.col(name) == "t").alias(f"{name}{term}")
    return pl.col(name).alias(f"{name}{term}")


def _of_other_classes(
    read: Read, marks: pl.DataFrame, rows: pl.DataFrame, pupils: pl.DataFrame
) -> pl.DataFrame:
    """Marks that a pupil brought along from another class of the school, as marks of the same subject of the class now;
    what was written here counts first.
    """
    away = marks.join(rows.select("key"), on="key", how="anti")
    if away.is_empty():
        return away
    away = away.join(read.subjects.select("class_subject_id", "unit_id", "code"), on="class_subject_id")
    away = away.join(pupils.select("unit_id", "student_id", "class_id"), on=["unit_id", "student_id"])
    here = read.subjects.select("class_id", "code", here="class_subject_id")
    away = away.join(here, on=["class_id", "code"]).sort("class_subject_id", descending=True)
    away = away.with_columns(class_subject_id=pl.col("here")).with_columns(key=_key())
    away = away.join(marks.select("key", "term"), on=["key", "term"], how="anti")
    return away.unique(["key", "term"], keep="first", maintain_order=True).select(marks.columns)


def _missing(plan: Programme, rows: pl.DataFrame) -> pl.DataFrame:
    """(pupil, lacking): names of subjects that the grade has and the pupil does not take; asked once for each choice of
    subjects that occurs.
    """
    taken = rows.group_by("pupil").agg(pl.col("code"), pl.col("level").first(), pl.col("grade").first())
    kinds = taken.select("code", "level", "grade").unique()
    lacking = [_lacking(plan, *one) for one in kinds.select("level", "grade", "code").iter_rows()]
    kinds = kinds.with_columns(lacking=pl.Series(lacking, dtype=pl.List(pl.String)))
    return taken.join(kinds, on=["code", "level", "grade"], how="left").select("pupil", "lacking")


def _lacking(plan: Programme, level: str, grade: int, taken: list[str]) -> list[str]:
    stage = plan.stage(level)
    if stage is None:
        return []
    names = stage.missing(grade, taken)
    if number := stage.choices_missing(grade, taken):
        names.append(_("%(number)s môn lựa chọn") % {"number": number})
    return names


def _secondary(rules: SecondaryRules, rows: pl.DataFrame, pupils: pl.DataFrame) -> Computed:
    rows = rows.with_columns(is_comment=pl.col("form") == "comment")
    kinds = rows.select("form", "periods").unique()
    wanted = [rules.regular_number(form, periods) for form, periods in kinds.iter_rows()]
    kinds = kinds.with_columns(wanted=pl.Series(wanted, dtype=pl.Int32))
    rows = rows.join(kinds, on=["form", "periods"], how="left", maintain_order="left")
    rows = vectors.subject_results(rules, rows)
    pupils = vectors.outcomes(rules, vectors.levels(rules, rows, pupils))
    raised = vectors.culprits(rules, rows, pupils)
    again = vectors.may_again(rules, rows, pupils)
    pupils = pupils.join(again, on="pupil", how="left", maintain_order="left")
    place = partial(
        pl.Expr.replace_strict, old=list(range(len(vectors.LEVELS))), new=vectors.LEVELS, default=None
    )
    years = pupils.with_columns(
        learning_term1=place(pl.col("level0"), return_dtype=pl.String),
        learning_term2=place(pl.col("level1"), return_dtype=pl.String),
        learning=place(pl.col("level2"), return_dtype=pl.String),
        learning_after=place(pl.col("level3"), return_dtype=pl.String),
        conduct_term1=pl.col("conduct1"),
        conduct_term2=pl.col("conduct2"),
        again=saying.json_list(pl.col("again")),
        reasons=saying.of_secondary_year(pupils, raised),
    )
    return Computed(_subject_rows(rules, rows), years)


def _subject_rows(rules: SecondaryRules, rows: pl.DataFrame) -> pl.DataFrame:
    names = ("term1", "term2", "year", "after")
    word = {True: vectors.PASS, False: vectors.FAIL}
    return rows.select(
        "unit_id",
        "class_subject_id",
        "student_id",
        *((pl.col(f"mark{place}") / 10).alias(name) for place, name in enumerate(names)),
        *(
            pl.col(f"pass{place}")
            .replace_strict(word, default="", return_dtype=pl.String)
            .alias(f"{name}_level")
            for place, name in enumerate(names)
        ),
        *(
            pl.col(f"{what}{term}").alias(f"term{term}_{what}")
            for term in (1, 2)
            for what in ("total", "weight")
        ),
        "is_exempt",
        reasons=saying.of_subject(rules),
    )


def _primary(rules: PrimaryRules, rows: pl.DataFrame, pupils: pl.DataFrame, read: Read) -> Computed:
    tested = [(grade, code) for grade in range(1, 6) for code in rules.tested(grade, "CN")]
    due = pl.DataFrame(tested, schema={"grade": pl.Int32, "code": pl.String}, orient="row").with_columns(
        is_tested=True
    )
    rows = rows.join(due, on=["grade", "code"], how="left", maintain_order="left").with_columns(
        is_tested=pl.col("is_tested").fill_null(False),
        is_exempt=pl.col("exempt1").fill_null(False) | pl.col("exempt2").fill_null(False),
    )
    year = rows.select(
        "pupil", "code", "is_exempt", "is_tested", level="final_level2", test=pl.col("final2") // 10
    )
    traits = [*rules.qualities, *rules.competences]
    levels = _one_each(read.traits, pupils)
    levels = levels.select(
        "unit_id",
        "student_id",
        *(pl.col("levels").str.extract(rf'"{code}": "(\pL)"').alias(code) for code in traits),
    )
    pupils = vectors_primary.year_outcomes(rules, year, _joined(pupils, levels).drop("level"))
    kept = vectors_primary.kept_by(rules, year, pupils)
    names = vectors_primary.LEVELS
    learning = pl.col("level").replace_strict(
        list(range(len(names))), names, default=None, return_dtype=pl.String
    )
    empty = {name: pl.lit(None, pl.String) for name in ("learning_term1", "learning_term2", "conduct")}
    years = pupils.with_columns(
        **empty,
        learning=learning,
        learning_after=learning,
        conduct_term1=pl.col("conduct1"),
        conduct_term2=pl.col("conduct2"),
        again=pl.lit("[]"),
        reasons=saying.of_primary_year(pupils, kept),
    )
    return Computed(_primary_rows(rows), years)


def _primary_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """A term has what stands at its end (CK1, CN); the year what stands at CN."""
    fields: dict[str, Any] = {}
    for name, term in (("term1", 1), ("term2", 2), ("year", 2), ("after", 2)):
        fields[name] = pl.col(f"final{term}") / 10
        fields[f"{name}_level"] = pl.col(f"final_level{term}").fill_null("")
    none = {f"term{term}_{what}": pl.lit(None, pl.Int32) for term in (1, 2) for what in ("total", "weight")}
    return rows.select(
        "unit_id",
        "class_subject_id",
        "student_id",
        "is_exempt",
        **fields,
        **none,
        reasons=saying.of_primary_subject(),
    )
