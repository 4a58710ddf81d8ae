"""Pupils who are at a school: one row a dossier, read by COPY, with what depends on other dossiers counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from .lazily import pl
from .person_rows import PERSON_COLUMNS, with_unsettled
from .reading import at_units, copy_frame, scope, with_commune, with_copies, with_id_parts

# Pupils who have left for good, dossiers merged, erased or restricted by law are not assessed.
PRESENT = """
    registry_student s
    left join registry_enrolment e on e.student_id = s.id and e.left_on is null
    left join lateral (
        select x.exit_type from registry_enrolment x
        where e.id is null and x.student_id = s.id order by x.left_on desc, x.id desc limit 1
    ) gone on true
    where s.merged_into_id is null and s.erased_at is null and s.restricted_at is null
        and (e.id is not null or coalesce(gone.exit_type, '') not in
            ('transferred_out', 'dropped_out', 'graduated', 'withdrawn'))
"""
# Column -> (SQL, kind).
COLUMNS = {
    **PERSON_COLUMNS,
    "local_code": ("s.local_code", "text"),
    "has_birth_place": ("(s.birth_place <> '')::int", "bool"),
    "has_address": ("(s.residence_address <> '' or s.current_address <> '')::int", "bool"),
    "is_enrolled": ("(e.id is not null)::int", "bool"),
    "grade": ("e.grade", "int"),
    "enrolled_unit_id": ("e.unit_id", "int"),
    "year_starts_on": (
        "(select y.starts_on from organization_schoolyear y where y.id = e.school_year_id)",
        "date",
    ),
}
CONTACTS = """
    select c.student_id, count(*), count(*) filter (where c.phone <> '' or c.email <> ''),
        count(*) filter (where c.phone !~ '^((0[0-9]{{9}})|([+]84[0-9]{{9}})|(02[0-9]{{9}}))?$'),
        (count(distinct c.relation) filter (where c.relation in ('father', 'mother')) <
            count(*) filter (where c.relation in ('father', 'mother')))::int
    from registry_contact c {where} group by c.student_id
"""
CHARACTERISTICS = """
    select c.id, c.student_id, c.kind, c.code from registry_studentcharacteristic c
    where c.valid_from <= %(today)s and (c.valid_to is null or c.valid_to >= %(today)s)
        and c.kind in ('disability', 'policy', 'poverty') and {where}
"""
# Dossiers anywhere in the province that may be those of the same people; each part by an index of its own.
ALIKE = f"""
    select encode(substring(s.personal_id_digest for 8), 'hex'), s.ministry_code, s.name_fold, s.birth_date,
        s.gender, s.unit_id
    from {PRESENT} and s.id in (
        select o.id from registry_student o join registry_student m on m.unit_id = any(%(units)s)
            and o.personal_id_digest = m.personal_id_digest
        union select o.id from registry_student o join registry_student m on m.unit_id = any(%(units)s)
            and o.ministry_code = m.ministry_code and o.ministry_code <> '' and m.ministry_code <> ''
        union select o.id from registry_student o join registry_student m on m.unit_id = any(%(units)s)
            and o.birth_date = m.birth_date and o.name_fold = m.name_fold
    )
"""  # noqa: S608 - no value of anybody
ALIKE_COLUMNS = {
    "id_key": "text",
    "ministry_code": "text",
    "name_fold": "text",
    "birth_date": "date",
    "gender": "text",
    "unit_id": "int",
}


def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
    asked = scope(unit_ids, today)
    picked = ", ".join(expression for expression, _ in COLUMNS.values())
    sql = f"select {picked} from {PRESENT} and {at_units('s.unit_id', unit_ids)}"  # noqa: S608
    frame = copy_frame(sql, asked, {name: kind for name, (_, kind) in COLUMNS.items()})
    frame = with_id_parts(frame)
    keys = frame if unit_ids is None else copy_frame(ALIKE, asked, ALIKE_COLUMNS)
    frame = with_copies(frame, keys, ["id_key"], "same_id")
    frame = with_copies(frame, keys, ["ministry_code"], "same_code")
    frame = with_copies(frame, keys, ["name_fold", "birth_date", "gender"], "namesakes")
    frame = with_unsettled(frame, "student", unit_ids, asked)
    frame = with_commune(frame, "residence_commune_code", "updated_on")
    return _with_lists(_with_contacts(frame, unit_ids, asked), unit_ids, asked).drop("id_key")


def _with_contacts(
    frame: pl.DataFrame, unit_ids: Collection[int] | None, asked: dict[str, Any]
) -> pl.DataFrame:
    where = ""
    if unit_ids is not None:
        where = "join registry_student s on s.id = c.student_id and s.unit_id = any(%(units)s)"
    columns = {
        "id": "int",
        "contacts": "int",
        "reachable": "int",
        "wrong_phones": "int",
        "has_parent_twice": "bool",
    }
    found = copy_frame(CONTACTS.format(where=where), asked, columns)
    return frame.join(found, on="id", how="left", maintain_order="left").with_columns(
        pl.col("contacts", "reachable", "wrong_phones").fill_null(0),
        pl.col("has_parent_twice").fill_null(False),
    )


def _with_lists(frame: pl.DataFrame, unit_ids: Collection[int] | None, asked: dict[str, Any]) -> pl.DataFrame:
    """disabilities, policies: codes in force; poverty: how many poverty facts are in force at once."""
    sql = CHARACTERISTICS.format(where=at_units("c.unit_id", unit_ids))
    rows = copy_frame(sql, asked, {"row": "int", "id": "int", "kind": "text", "code": "text"})

    def codes(kind: str) -> Any:
        return pl.col("code").filter(pl.col("kind") == kind)

    found = rows.group_by("id").agg(
        codes("disability").alias("disabilities"),
        codes("policy").alias("policies"),
        codes("poverty").alias("poverty"),
    )
    return frame.join(found, on="id", how="left", maintain_order="left")
