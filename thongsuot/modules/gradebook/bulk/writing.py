"""Results into the database: by COPY into a table of the transaction, then one MERGE that leaves alone what is the same."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from .computing import Computed

SUBJECT_KEY = ("class_subject_id", "student_id")
SUBJECT = (
    "term1",
    "term2",
    "year",
    "after",
    "term1_level",
    "term2_level",
    "year_level",
    "after_level",
    "term1_total",
    "term1_weight",
    "term2_total",
    "term2_weight",
    "is_exempt",
    "reasons",
)
YEAR_KEY = ("student_id", "school_year_id", "unit_id")
YEAR = (
    "school_class_id",
    "rules",
    "learning_term1",
    "learning_term2",
    "learning",
    "learning_after",
    "conduct_term1",
    "conduct_term2",
    "conduct",
    "outcome",
    "award",
    "absences",
    "again",
    "reasons",
)
TEXTS = (
    "rules",
    "learning_term1",
    "learning_term2",
    "learning",
    "learning_after",
    "conduct_term1",
    "conduct_term2",
    "conduct",
    "outcome",
    "award",
)


def write_results(computed: Computed, school_year_id: int, now: datetime) -> None:
    """Both tables. A result that is what it was is not written again; its pupil is no longer stale all the same."""
    subjects = computed.subjects["class_subject_id"].unique().to_list()
    _copy("gradebook_subjectresult", ("unit_id", *SUBJECT_KEY, *SUBJECT), computed.subjects)
    _merge(
        "gradebook_subjectresult",
        ("unit_id", *SUBJECT_KEY),
        SUBJECT_KEY,
        SUBJECT,
        {},
        "class_subject_id",
        subjects,
    )
    years = computed.years.with_columns(
        pl.lit(school_year_id).alias("school_year_id"),
        pl.col("class_id").alias("school_class_id"),
        *(pl.col(name).fill_null("") for name in TEXTS),
    )
    _copy("gradebook_pupilyear", (*YEAR_KEY, *YEAR), years)
    units = computed.years["unit_id"].unique().to_list()
    stamps = {"computed_at": now, "is_stale": False}
    _merge("gradebook_pupilyear", YEAR_KEY, YEAR_KEY, YEAR, stamps, "unit_id", units)


def _copy(table: str, columns: Sequence[str], rows: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    rows.select(columns).write_csv(
        buffer, include_header=False, separator="\t", quote_style="never", null_value="\\N", float_precision=1
    )
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists fresh_{table}")
        cursor.execute(
            f"create temp table fresh_{table} on commit drop as select {names} from {table} with no data"
        )
        with cursor.copy(f"copy fresh_{table} ({names}) from stdin") as copy:
            copy.write(buffer.getbuffer())


def _merge(
    table: str,
    keys: Sequence[str],
    unique: Sequence[str],
    values: Sequence[str],
    stamps: dict[str, Any],
    within: str,
    held: list[int],
) -> None:
    """stamps: columns set whether or not something differs; within, held: a column and its values outside which nothing is
    looked for. Nobody else writes results meanwhile (staleness.hold_for_computing), so that a row that is the same need
    not even be locked, as an upsert would.
    """
    names = ", ".join((*keys, *values, *stamps))
    chosen = ", ".join((*(f"f.{name}" for name in (*keys, *values)), *(f"%({name})s" for name in stamps)))
    sets = ", ".join(
        (*(f"{name} = f.{name}" for name in values), *(f"{name} = %({name})s" for name in stamps))
    )
    same = " and ".join(f"r.{name} = f.{name}" for name in unique)
    old, new = ", ".join(f"r.{name}" for name in values), ", ".join(f"f.{name}" for name in values)
    only = "" if stamps else f"and ({old}) is distinct from ({new})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            merge into {table} r using fresh_{table} f on {same} and r.{within} = any (%(held)s)
            when matched {only} then update set {sets}
            when not matched then insert ({names}) values ({chosen})
            """,
            {**stamps, "held": held},
        )


def clear_away(known: pl.DataFrame, pupils: pl.DataFrame, school_year_id: int) -> None:
    """Take results away of pupils who sit at the school no longer, and of subjects of a class that a pupil has left.

    known: results that stand; pupils: everybody who sits at the schools now.
    """
    here = pupils.select("unit_id", "student_id", now="class_id")
    moved = known.join(here, on=["unit_id", "student_id"], how="left").filter(
        pl.col("now").is_null() | (pl.col("now") != pl.col("class_id"))
    )
    if moved.is_empty():
        return
    asked: dict[str, Any] = {
        "students": moved["student_id"].to_list(),
        "units": moved["unit_id"].to_list(),
        "year": school_year_id,
    }
    asked["classes"] = moved["now"].to_list()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            delete from gradebook_subjectresult r
            using gradebook_classsubject c,
                unnest(%(students)s::bigint[], %(units)s::bigint[], %(classes)s::bigint[]) as m(student, unit, class)
            where r.student_id = m.student and c.id = r.class_subject_id and c.unit_id = m.unit
                and c.school_year_id = %(year)s and c.school_class_id is distinct from m.class
            """,
            asked,
        )
        cursor.execute(
            """
            delete from gradebook_pupilyear y
            using unnest(%(students)s::bigint[], %(units)s::bigint[], %(classes)s::bigint[]) as m(student, unit, class)
            where y.student_id = m.student and y.unit_id = m.unit and y.school_year_id = %(year)s and m.class is null
            """,
            asked,
        )
