"""Teachers of a school against the norm of its classes: the pieces of SQL behind the fact table of schools."""
# ruff: noqa: S608 - tables and columns of this file only; values are parameters

from __future__ import annotations

from collections.abc import Collection

from .dimensions import LEVEL_OF_GRADE, THIS_YEAR, holds, of_units

# Which line of the list dinh_muc_giao_vien_lop a class goes by: nursery groups have one of their own; where the norm
# depends on the sessions of a day, a class that is taught or kept all day goes by the line of the level itself.
# A centre of continuing education goes by a norm of its own, which the list has no line for until somebody adds it.
_LINE = f"""case when 'continuing' = any(s.levels) then 'continuing' when c.grade between 13 and 15 then 'nursery'
            when c.grade between 6 and 12 or c.is_two_sessions or c.is_boarding then {LEVEL_OF_GRADE.format("c.grade")}
            else {LEVEL_OF_GRADE.format("c.grade")} || '_one_session' end"""


def staffing(unit_ids: Collection[int] | None) -> str:
    """Joins to a school `p`: w.needed (what the norm gives to its classes of the day; null where it has none, or one
    whose norm is not known), w.teachers (posts of teachers that run and are worked in).

    TT 20/2023/TT-BGDĐT, TT 19/2023/TT-BGDĐT. The numbers are a list that users correct
    (data/codes/dinh_muc_giao_vien_lop.json), with a point or a comma.
    """
    return f"""
    left join (
        select c.unit_id, case when bool_and(n.each is not null) then sum(n.each) end as needed
        from registry_schoolclass c
        join organization_school s on s.unit_id = c.unit_id
        left join (
            select v.code, min(replace(v.name, ',', '.')::numeric) as each
            from organization_codevalue v join organization_codelist l on l.id = v.code_list_id
            where l.code = 'dinh_muc_giao_vien_lop' and v.name ~ '^[0-9]{{1,3}}([.,][0-9]{{1,3}})?$'
                and {holds("coalesce(v.valid_from, '-infinity'::date)", "v.valid_to")}
            group by v.code
        ) n on n.code = {_LINE}
        where {holds("c.valid_from", "c.valid_to")} and c.school_year_id = {THIS_YEAR}
            {of_units("c.unit_id", unit_ids)}
        group by c.unit_id
    ) w on w.unit_id = p.unit_id
    left join (
        select m.unit_id, count(*) as teachers from registry_employment m
        where {holds("m.valid_from", "m.valid_to")} and m."group" = 'teacher' and m.status = 'working'
            {of_units("m.unit_id", unit_ids)}
        group by m.unit_id
    ) h on h.unit_id = p.unit_id"""


# Half a post lacks nobody: the fraction is left out.
COLUMNS = """case when w.needed is not null then coalesce(h.teachers, 0) < floor(w.needed) end as below_norm,
        coalesce(h.teachers, 0) as teachers, coalesce(w.needed, 0) as teachers_needed"""
SOURCES = (
    "registry_schoolclass", "registry_employment", "organization_schoolyear", "organization_codevalue",
)  # fmt: skip
