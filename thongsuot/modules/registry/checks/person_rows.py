"""What is read of any person (the table under the name s)."""

from __future__ import annotations

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
