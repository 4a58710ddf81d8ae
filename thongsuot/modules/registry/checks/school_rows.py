"""Schools at work: one row each, with what the registry counts for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from .lazily import pl
from .reading import at_units, copy_frame, scope

COLUMNS = {
    "id": ("u.id", "int"),
    "unit_id": ("u.id", "int"),
    "name": ("u.name", "text"),
    "address": ("u.address", "text"),
    "phone": ("u.phone", "text"),
    "email": ("u.email", "text"),
    "ministry_code": ("o.ministry_code", "text"),
    "same_code": ("count(*) over (partition by nullif(o.ministry_code, ''))", "int"),
    "commune_code": ("coalesce(a.code, '')", "text"),
    "commune_in_force": (
        "(a.id is null or (a.valid_from <= %(today)s and (a.valid_to is null or a.valid_to >= %(today)s)))::int",
        "bool",
    ),
    "levels": ("array_to_string(o.levels, ',')", "text"),
    "main_sites": (
        "(select count(*) from organization_schoolsite p where p.school_id = u.id and p.is_main)",
        "int",
    ),
}
ROWS = """
    organization_unit u join organization_school o on o.unit_id = u.id
    left join organization_administrativeunit a on a.id = u.administrative_unit_id
    where u.valid_from <= %(today)s and (u.valid_to is null or u.valid_to >= %(today)s)
"""
IN_FORCE = "valid_from <= %(today)s and (valid_to is null or valid_to >= %(today)s)"
# name -> SQL of unit_id and figures, with the figures' names. {here} leaves the rows of the units asked
# for, {in_force} those that hold today.
COUNTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("students", "placed_students", "unknown_ethnicity"),
        """select e.unit_id, count(*), count(e.school_class_id), count(*) filter (where s.ethnicity = '')
        from registry_enrolment e join registry_student s on s.id = e.student_id
        where e.left_on is null and e.school_year_id = %(year)s and {here} group by e.unit_id""",
    ),
    (
        ("students_last_year",),
        """select unit_id, count(*) from registry_enrolment
        where exit_type <> 'withdrawn' and entered_on <= %(today)s::date - 365
            and (left_on is null or left_on >= %(today)s::date - 365) and {here} group by unit_id""",
    ),
    (
        ("classes", "classes_preschool", "classes_primary", "classes_lower", "classes_upper", "class_days"),
        """select unit_id, count(*), count(*) filter (where grade between 13 and 18),
            count(*) filter (where grade between 1 and 5), count(*) filter (where grade between 6 and 9),
            count(*) filter (where grade between 10 and 12),
            sum(case when is_two_sessions then 2 else 1 end)
        from registry_schoolclass where school_year_id = %(year)s and {in_force} and {here} group by unit_id""",
    ),
    (
        ("teachers", "heads"),
        """select unit_id, count(distinct staff_id) filter (where "group" = 'teacher'),
            count(distinct staff_id) filter (where position in ('01', '05'))
        from registry_employment where status = 'working' and {in_force} and {here} group by unit_id""",
    ),
    (
        ("rooms", "classrooms", "libraries", "toilets", "health_rooms"),
        """select unit_id, count(*), count(*) filter (where kind = 'classroom' and condition <> 'broken'),
            count(*) filter (where kind = 'library'), count(*) filter (where kind = 'toilet'),
            count(*) filter (where kind = 'health')
        from registry_room where {in_force} and {here} group by unit_id""",
    ),
    (
        ("lands",),
        "select unit_id, count(*) from registry_land where {in_force} and {here} group by unit_id",
    ),
    (
        ("lines", "teaching_lines"),
        """select unit_id, count(*), count(*) filter (where is_for_teaching)
        from registry_internetline where {in_force} and {here} group by unit_id""",
    ),
    (
        ("devices", "broken_devices", "computers"),
        """select unit_id, sum(quantity), sum(broken),
            sum(quantity - broken) filter (where kind = 'computer' and use = 'teaching')
        from registry_equipment where {in_force} and {here} group by unit_id""",
    ),
    (
        ("refused",),
        """select unit_id, count(*) from registry_ministrysubmission
        where status = 'refused' and school_year_id = %(year)s and {here} group by unit_id""",
    ),
)
FRESHNESS = """
    select unit_id, max(updated_at at time zone 'Asia/Ho_Chi_Minh')::date from registry_student
    where {here} group by unit_id
"""
# Pupils promoted into a grade, and pupils of the grade below at the end of the year before, of one school.
FLOW = """
    select unit_id, grade, count(*) filter (where school_year_id = %(year)s and entry_type = 'promoted'),
        count(*) filter (where school_year_id = %(last_year)s and exit_type in ('year_end', 'graduated'))
    from registry_enrolment
    where school_year_id in (%(year)s, %(last_year)s) and grade between 1 and 12 and {here}
    group by unit_id, grade
"""
LAST_YEAR = """
    select p.id from organization_schoolyear p join organization_schoolyear y on y.id = %s
    where p.starts_on < y.starts_on order by p.starts_on desc limit 1
"""


def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
    asked = scope(unit_ids, today)
    here = at_units("unit_id", unit_ids)
    # The window of `same_code` must see every school.
    picked = ", ".join(f"{expression} as {name}" for name, (expression, _) in COLUMNS.items())
    kinds = {name: kind for name, (_, kind) in COLUMNS.items()}
    sql = f"select * from (select {picked} from {ROWS}) x where {here}"  # noqa: S608 - names of columns
    frame = copy_frame(sql, asked, kinds)
    for names, counted in COUNTS:
        where = here.replace("unit_id", "e.unit_id") if " e " in counted else here
        found = copy_frame(
            counted.format(here=where, in_force=IN_FORCE),
            asked,
            {"unit_id": "int", **dict.fromkeys(names, "int")},
        )
        frame = frame.join(found, on="unit_id", how="left", maintain_order="left")
    figures = [name for names, _ in COUNTS for name in names]
    frame = frame.with_columns(pl.col(figures).fill_null(0))
    fresh = copy_frame(FRESHNESS.format(here=here), asked, {"unit_id": "int", "last_change_on": "date"})
    frame = frame.join(fresh, on="unit_id", how="left", maintain_order="left")
    return frame.join(_flow(asked, here), on="unit_id", how="left", maintain_order="left").with_columns(
        pl.col("flow_excess").fill_null(0)
    )


def _flow(asked: dict[str, Any], here: str) -> pl.DataFrame:
    """flow_excess: how many more pupils were promoted into some grade than sat in the grade below it before."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LAST_YEAR, [asked["year"]])
        found = cursor.fetchone()
    columns = {"unit_id": "int", "grade": "int", "promoted": "int", "sat": "int"}
    rows = copy_frame(FLOW.format(here=here), {**asked, "last_year": found[0] if found else 0}, columns)
    below = rows.select("unit_id", (pl.col("grade") + 1).alias("grade"), pl.col("sat").alias("sat_below"))
    # A school that kept nothing of the grade below (its first year here, the first grade of a level) says nothing.
    return (
        rows.join(below.filter(pl.col("sat_below") > 0), on=["unit_id", "grade"])
        .group_by("unit_id")
        .agg((pl.col("promoted") - pl.col("sat_below")).max().alias("flow_excess"))
    )
