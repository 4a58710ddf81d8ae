"""What is read of any person (the table under the name s)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..queries.identity_content import CONTENT, TABLES
from .lazily import pl
from .reading import at_units, copy_frame

ZONE = "Asia/Ho_Chi_Minh"
# Column -> (SQL, kind). Long texts are read as "there or not": the rules need no more.
PERSON_COLUMNS = {
    "id": ("s.id", "int"),
    "unit_id": ("s.unit_id", "int"),
    "full_name": ("s.full_name", "text"),
    "name_fold": ("s.name_fold", "text"),
    "birth_date": ("s.birth_date", "date"),
    "is_birth_year_only": ("s.is_birth_year_only::int", "bool"),
    "gender": ("s.gender", "text"),
    "ethnicity": ("s.ethnicity", "text"),
    "religion": ("s.religion", "text"),
    "nationality": ("s.nationality", "text"),
    "sealed": ("encode(s.personal_id_sealed, 'base64')", "text"),
    "id_key": ("encode(substring(s.personal_id_digest for 8), 'hex')", "text"),
    "ministry_code": ("s.ministry_code", "text"),
    "provisional_code": ("s.provisional_code", "text"),
    "identity_status": ("s.identity_status", "text"),
    "identity_checked_on": (f"(s.identity_checked_at at time zone '{ZONE}')::date", "date"),
    "residence_commune_code": ("s.residence_commune_code", "text"),
    "phone": ("s.phone", "text"),
    "email": ("s.email", "text"),
    "created_on": (f"(s.created_at at time zone '{ZONE}')::date", "date"),
    "updated_on": (f"(s.updated_at at time zone '{ZONE}')::date", "date"),
}
# Whom the newest answer of the population database does not confirm, and whose words are still those that were sent:
# neither a note that something was mended, nor passing it on, nor sending it once more settles that.
UNSETTLED = f"""
    select distinct p.id
    from registry_identitycheck c
    join registry_identitybatch b on b.id = c.batch_id and b.kind = '{{kind}}'
    join {{table}} p on p.id = c.person_id
    where c.status in ('mismatched', 'not_found', 'id_shared', 'id_cancelled') and c.answered_at is not null
        and p.identity_status in ('not_sent', 'waiting', 'with_police', 'mended')
        and c.content_digest = {CONTENT}
        and not exists (
            select 1 from registry_identitycheck l join registry_identitybatch lb on lb.id = l.batch_id
            where l.person_id = c.person_id and lb.kind = '{{kind}}' and l.id > c.id and l.answered_at is not null)
        and {{where}}
"""  # noqa: S608 - no value of anybody


def with_unsettled(
    frame: pl.DataFrame, kind: str, unit_ids: Collection[int] | None, asked: Mapping[str, Any]
) -> pl.DataFrame:
    """Adds is_unsettled: told apart by the population database, and nothing has changed since but the state."""
    sql = UNSETTLED.format(kind=kind, table=TABLES[kind], where=at_units("p.unit_id", unit_ids))
    found = copy_frame(sql, asked, {"id": "int"})
    return frame.with_columns(pl.col("id").is_in(found["id"].implode()).alias("is_unsettled"))
