"""What a row would change of a record: SQL that is put together from the columns that the file has.

An empty cell says nothing: what is there stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from .types import NO, YES, PersonKind

# Shown in place of a personal id that would be replaced: the old one lies sealed.
SEALED = "•••"
# Columns of a file out of which a personal id may come (a provisional code may hold one).
ID_COLUMNS = frozenset({"personal_id", "person_code"})


def fields_of(kind: PersonKind, given: Iterable[str]) -> list[str]:
    """Fields of the record that the file speaks of."""
    known = set(given)
    return [name for name in kind.fields if name in known]


def record_before(kind: PersonKind, given: set[str]) -> str:
    """SQL (over stage `s` and record `t`): jsonb of the old values that differ, {} when none does."""
    parts = [_differs(name) for name in (*fields_of(kind, given), "ministry_code")]
    parts.append(
        "case when s.local_code is not null and s.local_code <> t.local_code "
        "then jsonb_build_object('person_code', t.local_code) else '{}' end"
    )
    parts.append(
        "case when s.provisional_code is not null and t.ministry_code = '' "
        "and s.provisional_code <> t.provisional_code "
        f"then jsonb_build_object('person_code', '{SEALED}') else '{{}}' end"
    )
    # The real code replaces the provisional one.
    parts.append(
        "case when s.ministry_code is not null and t.provisional_code <> '' "
        f"then jsonb_build_object('ministry_code', '{SEALED}') else '{{}}' end"
    )
    if given & ID_COLUMNS:
        parts.append(
            "case when s.personal_id_digest is not null "
            "and s.personal_id_digest is distinct from t.personal_id_digest then jsonb_build_object("
            f"'personal_id', case when t.personal_id_digest is null then '' else '{SEALED}' end) else '{{}}' end"
        )
    return " || ".join(f"({part})" for part in parts)


def _differs(name: str) -> str:
    return (
        f"case when s.{name} is not null and s.{name} is distinct from t.{name} "
        f"then jsonb_build_object('{name}', t.{name}) else '{{}}' end"
    )


def record_set(kind: PersonKind, given: set[str]) -> str:
    """SQL of the SET list that brings a record `t` to what its row `s` says."""
    names = fields_of(kind, given)
    said = [f"{name} = coalesce(s.{name}, t.{name})" for name in (*names, "ministry_code", "local_code")]
    said.append(
        "provisional_code = case when s.ministry_code is not null or t.ministry_code <> '' then '' "
        "else coalesce(s.provisional_code, t.provisional_code) end"
    )
    if "full_name" in names:
        said += [
            "name_fold = coalesce(s.name_fold, t.name_fold)",
            "sort_key = coalesce(s.sort_key, t.sort_key)",
        ]
    if "birth_date" in names:
        said.append(
            "is_birth_year_only = case when s.birth_date is null then t.is_birth_year_only "
            "else s.is_birth_year_only end"
        )
    if given & ID_COLUMNS:
        said += [
            f"{name} = case when s.personal_id_digest is distinct from t.personal_id_digest "
            f"then coalesce(s.{name}, t.{name}) else t.{name} end"
            for name in ("personal_id_sealed", "personal_id_digest")
        ]
        # Another number has not been verified.
        said.append(
            "identity_status = case when s.personal_id_digest is distinct from t.personal_id_digest "
            "and s.personal_id_digest is not null then 'not_sent' else t.identity_status end"
        )
    return ", ".join([*said, "updated_at = now()"])


def code_of(name: str) -> str:
    """SQL: the code that a characteristic's cell names."""
    return f"(case s.{name} when '{YES}' then '' else s.{name} end)"


def characteristic_before(name: str) -> str:
    """SQL: {name: old code} when the open fact of the pupil differs from the cell."""
    open_fact = f"c.student_id = t.id and c.kind = '{name}' and c.valid_to is null"
    table = "registry_studentcharacteristic c"
    return (
        f"(case when s.{name} is null then '{{}}'::jsonb "
        f"when s.{name} = '{NO}' and not exists (select 1 from {table} where {open_fact}) then '{{}}' "
        f"when s.{name} <> '{NO}' and exists "
        f"(select 1 from {table} where {open_fact} and c.code = {code_of(name)}) then '{{}}' "
        f"else jsonb_build_object('{name}', coalesce((select case c.code when '' then '{YES}' else c.code end "
        f"from {table} where {open_fact} order by c.id desc limit 1), '{NO}')) end)"
    )
