"""What results are made of, out of the database into columns: by COPY, only of the pupils that are asked for."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import last_spells

TERM_FIELDS = {
    "regular": pl.String,
    "midterm": pl.Float64,
    "final": pl.Float64,
    "levels": pl.String,
    "midterm_level": pl.String,
    "final_level": pl.String,
    "midterm_absent": pl.String,
    "final_absent": pl.String,
    "exempt": pl.String,
}
MARKS = """
    select m.class_subject_id, m.student_id, m.term, m.regular, m.midterm, m.final, m.regular_levels,
        nullif(m.midterm_level, ''), nullif(m.final_level, ''), m.midterm_absent, m.final_absent, m.exempt
    from gradebook_subjectmarks m
    where m.class_subject_id = any (%(subjects)s)
"""
SUBJECTS = """
    select c.id, c.unit_id, c.school_class_id, c.code, c.name, c.form, c.periods, c.is_optional, c.position
    from gradebook_classsubject c where c.school_year_id = %(year)s and c.unit_id = any (%(units)s)
"""
KNOWN = """
    select y.unit_id, y.student_id, y.school_class_id, y.is_stale
    from gradebook_pupilyear y where y.school_year_id = %(year)s and y.unit_id = any (%(units)s)
"""
AGAIN = """
    select r.class_subject_id, r.student_id, r.mark, nullif(r.level, '')
    from gradebook_reassessment r where r.class_subject_id = any (%(subjects)s)
"""
CLASSES = "select distinct school_class_id from gradebook_classsubject where id = any (%(subjects)s)"
CONDUCT = f"""
    select t.unit_id, t.student_id, t.school_class_id, t.term, nullif(t.conduct, '')
    from gradebook_termconduct t where t.school_class_id in ({CLASSES})
"""
TRAITS = f"""
    select t.unit_id, t.student_id, t.school_class_id, t.levels
    from gradebook_pupiltraits t where t.moment = 'CN' and t.school_class_id in ({CLASSES})
"""
JUDGED = f"""
    select j.unit_id, j.student_id, j.school_class_id, nullif(j.trained, ''), nullif(j.helped, ''), j.stands_out,
        j.has_plan, j.absences
    from gradebook_yearjudgement j where j.school_class_id in ({CLASSES})
"""
# One session a day counts, however many were missed; a missed lesson is no session (Điều 12).
ABSENT = f"""
    select a.unit_id, a.student_id, count(distinct a."on")
    from gradebook_absence a where a.lesson is null and a.school_class_id in ({CLASSES}) group by 1, 2
"""
# What was missed at other schools before; null where nobody kept it there.
MISSED_BEFORE = """
    select y.unit_id, y.student_id, sum(y.absences) from gradebook_carriedyear y
    where y.school_year_id = %(year)s and y.unit_id = any (%(units)s) group by 1, 2
"""
ATTENDED = """
    select k.class_id from (select distinct school_class_id as class_id from gradebook_classsubject
        where id = any (%(subjects)s)) k
    where exists (select from gradebook_absence a where a.school_class_id = k.class_id)
"""
IDS = {"unit_id": pl.Int64, "student_id": pl.Int64, "class_id": pl.Int64}


@dataclass
class Read:
    """pupils: to be computed, where each sits; everyone: all who sit at the schools; subjects, known (results that stand); the rest by pupil, class or subject."""

    pupils: pl.DataFrame
    everyone: pl.DataFrame
    subjects: pl.DataFrame
    known: pl.DataFrame
    marks: pl.DataFrame
    again: pl.DataFrame
    conduct: pl.DataFrame
    traits: pl.DataFrame
    judged: pl.DataFrame
    absent: pl.DataFrame
    missed_before: pl.DataFrame
    # Classes of which somebody has ever been missing: there the attendance is kept.
    attended: pl.DataFrame


def copied(sql: Any, values: Any, schema: dict[str, Any]) -> pl.DataFrame:
    """The rows of a SELECT as columns. Tabs and backslashes do not occur in what is read here."""
    buffer = io.BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(cursor.mogrify(f"copy ({sql}) to stdout", values)) as rows,
    ):
        for piece in rows:
            buffer.write(piece)
    if not buffer.tell():
        return pl.DataFrame(schema=schema)
    buffer.seek(0)
    return pl.read_csv(
        buffer, has_header=False, separator="\t", quote_char=None, null_values="\\N", schema=schema
    )


def read_all(school_year_id: int, unit_ids: Collection[int], *, everybody: bool) -> Read | None:
    """What is needed to compute the pupils of the schools whose results are missing or stale (or `everybody`).

    None when nobody is to be computed and nothing is to be cleared away.
    """
    asked = {"year": school_year_id, "units": list(unit_ids)}
    spells, values = last_spells(
        Actor.system(), school_year_id=school_year_id, unit_ids=unit_ids
    ).query.sql_with_params()
    pupils = copied(spells, values, {**IDS, "grade": pl.Int32}).unique(
        ["unit_id", "student_id"], keep="first"
    )
    known = copied(KNOWN, asked, {**IDS, "is_stale": pl.String})
    subjects = copied(
        SUBJECTS,
        asked,
        {
            "class_subject_id": pl.Int64,
            "unit_id": pl.Int64,
            "class_id": pl.Int64,
            "code": pl.String,
            "name": pl.String,
            "form": pl.String,
            "periods": pl.Int32,
            "is_optional": pl.String,
            "position": pl.Int32,
        },
    ).with_columns(_is("is_optional"))
    pupils = pupils.join(subjects.select("class_id").unique(), on="class_id", how="semi")
    everyone = pupils
    if not everybody:
        fresh = known.filter(pl.col("is_stale") == "f").select("unit_id", "student_id", "class_id")
        pupils = pupils.join(fresh, on=["unit_id", "student_id", "class_id"], how="anti")
    gone = known.join(everyone, on=["unit_id", "student_id"], how="anti")
    if pupils.is_empty() and gone.is_empty():
        return None
    missed = copied(
        MISSED_BEFORE, asked, {"unit_id": pl.Int64, "student_id": pl.Int64, "missed_before": pl.Int32}
    )
    return _with_marks(pupils.sort("unit_id", "class_id", "student_id"), subjects, known, everyone, missed)


def _with_marks(
    pupils: pl.DataFrame,
    subjects: pl.DataFrame,
    known: pl.DataFrame,
    everyone: pl.DataFrame,
    missed_before: pl.DataFrame,
) -> Read:
    units = subjects.join(pupils.select("unit_id").unique(), on="unit_id", how="semi")
    values: dict[str, Any] = {"subjects": units["class_subject_id"].to_list()}
    few, few_of = "", ""
    if len(pupils) * 2 < len(everyone):
        # A few of many: their rows alone are read, by the index on pupils.
        values["students"] = pupils["student_id"].to_list()
        few = " and m.student_id = any (%(students)s)"
        few_of = " and {}.student_id = any (%(students)s)"
    return Read(
        pupils=pupils,
        everyone=everyone,
        subjects=subjects,
        known=known,
        marks=copied(
            MARKS + few,
            values,
            {"class_subject_id": pl.Int64, "student_id": pl.Int64, "term": pl.Int8, **TERM_FIELDS},
        ),
        again=copied(
            AGAIN + few_of.format("r"),
            values,
            {"class_subject_id": pl.Int64, "student_id": pl.Int64, "mark": pl.Float64, "level": pl.String},
        ),
        conduct=copied(CONDUCT + few_of.format("t"), values, {**IDS, "term": pl.Int8, "conduct": pl.String}),
        traits=copied(TRAITS + few_of.format("t"), values, {**IDS, "levels": pl.String}),
        judged=copied(
            JUDGED + few_of.format("j"),
            values,
            {
                **IDS,
                "trained": pl.String,
                "helped": pl.String,
                "stands_out": pl.String,
                "has_plan": pl.String,
                "stated": pl.Int32,
            },
        ).with_columns(_is("stands_out"), _is("has_plan")),
        absent=copied(
            ABSENT.replace(" group by", few_of.format("a") + " group by"),
            values,
            {"unit_id": pl.Int64, "student_id": pl.Int64, "counted": pl.Int32},
        ),
        missed_before=missed_before,
        attended=copied(ATTENDED, values, {"class_id": pl.Int64}),
    )


def _is(name: str) -> pl.Expr:
    """A boolean as COPY writes it."""
    return pl.col(name) == "t"
