"""Staff at work or on leave: one row a person, with the post at the own school."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .lazily import pl
from .person_rows import PERSON_COLUMNS, with_unsettled
from .reading import at_units, copy_frame, scope, with_commune, with_copies, with_id_parts

COLUMNS = {
    **PERSON_COLUMNS,
    "degree": ("s.degree", "text"),
    "professional_standard": ("s.professional_standard", "text"),
    "recruited_on": ("s.recruited_on", "date"),
    "email_key": ("lower(s.email)", "text"),
    "is_employed": ("(w.id is not null)::int", "bool"),
    "group": ("coalesce(w.\"group\", '')", "text"),
    "position": ("coalesce(w.position, '')", "text"),
    "contract": ("coalesce(w.contract, '')", "text"),
    "status": ("coalesce(w.status, '')", "text"),
    "subjects": ("coalesce(cardinality(w.subjects), 0)", "int"),
    "post_from": ("w.valid_from", "date"),
    "other_posts": (
        "(select count(*) from registry_employment o where o.staff_id = s.id and o.id <> coalesce(w.id, 0)"
        " and o.status = 'working' and o.contract <> '5' and o.valid_from <= %(today)s"
        " and (o.valid_to is null or o.valid_to >= %(today)s))",
        "int",
    ),
    "assignments": ("coalesce(t.n, 0)", "int"),
    "lessons": ("coalesce(t.lessons, 0)::float8", "float"),
    "led_classes": (
        "(select count(*) from registry_schoolclass c where c.homeroom_teacher_id = s.id"
        " and c.school_year_id = %(year)s)",
        "int",
    ),
    "levels": ("array_to_string(o.levels, ',')", "text"),
}
PRESENT = """
    registry_staff s
    left join registry_employment w on w.staff_id = s.id and w.unit_id = s.unit_id and w.valid_to is null
    left join organization_school o on o.unit_id = s.unit_id
    left join (
        select a.staff_id, count(*) as n, sum(a.lessons_per_week) as lessons
        from registry_teachingassignment a
        where a.valid_from <= %(today)s and (a.valid_to is null or a.valid_to >= %(today)s)
        group by a.staff_id
    ) t on t.staff_id = s.id
    where (w.status in ('working', 'on_leave')
        or (w.id is null and not exists (select 1 from registry_employment x where x.staff_id = s.id)))
"""
ALIKE = f"""
    select encode(substring(s.personal_id_digest for 8), 'hex'), s.ministry_code, lower(s.email), s.unit_id
    from {PRESENT} and s.id in (
        select o.id from registry_staff o join registry_staff m on m.unit_id = any(%(units)s)
            and o.personal_id_digest = m.personal_id_digest
        union select o.id from registry_staff o join registry_staff m on m.unit_id = any(%(units)s)
            and o.ministry_code = m.ministry_code and o.ministry_code <> '' and m.ministry_code <> ''
        union select o.id from registry_staff o join registry_staff m on m.unit_id = any(%(units)s)
            and lower(o.email) = lower(m.email) and m.email <> ''
    )
"""  # noqa: S608 - no value of anybody
ALIKE_COLUMNS = {"id_key": "text", "ministry_code": "text", "email_key": "text", "unit_id": "int"}


def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
    asked = scope(unit_ids, today)
    picked = ", ".join(expression for expression, _ in COLUMNS.values())
    sql = f"select {picked} from {PRESENT} and {at_units('s.unit_id', unit_ids)}"  # noqa: S608
    frame = with_id_parts(copy_frame(sql, asked, {name: kind for name, (_, kind) in COLUMNS.items()}))
    keys = frame if unit_ids is None else copy_frame(ALIKE, asked, ALIKE_COLUMNS)
    frame = with_copies(frame, keys, ["id_key"], "same_id")
    frame = with_copies(frame, keys, ["ministry_code"], "same_code")
    frame = with_copies(frame, keys, ["email_key"], "same_email")
    frame = with_unsettled(frame, "staff", unit_ids, asked)
    return with_commune(frame, "residence_commune_code", "updated_on").drop("id_key", "email_key")
