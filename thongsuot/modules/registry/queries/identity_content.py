"""SQL that all steps of the verification share: whose table, who may be sent, what a person's sent words come to."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.sealing.sealing import unseal_many

from ..models import IdentityBatch, Staff, Student

MODELS: dict[str, Any] = {"student": Student, "staff": Staff}
TABLES = {"student": "registry_student", "staff": "registry_staff"}

# Of the words that are compared: an answer about words that have changed since says nothing about the person.
# The personal id goes in as its keyed digest, so that nobody can try out numbers.
CONTENT = (
    "sha256(convert_to(concat_ws('|', p.full_name, coalesce(p.birth_date::text, ''), p.is_birth_year_only::text, "
    "p.gender, coalesce(encode(p.personal_id_digest, 'hex'), '')), 'UTF8'))"
)

# Who is at the school now. Dossiers merged, erased or restricted by request are left alone.
PRESENT = {
    "student": """p.merged_into_id is null and p.erased_at is null and p.restricted_at is null and exists (
        select 1 from registry_enrolment e where e.student_id = p.id and e.left_on is null
            and (%(class)s::bigint is null or e.school_class_id = %(class)s))""",
    "staff": """exists (select 1 from registry_employment e where e.staff_id = p.id and e.valid_to is null
        and e.status in ('working', 'on_leave')) and %(class)s::bigint is null""",
}

# The newest time that a person was sent: later answers to older ones no longer count.
NEWEST = """not exists (
    select 1 from registry_identitycheck l join registry_identitybatch lb on lb.id = l.batch_id
    where l.person_id = c.person_id and lb.kind = %(kind)s and l.id > c.id)"""


def people_of(batch: IdentityBatch) -> list[dict[str, Any]]:
    """The list in the words of the contract, the same each time that it is sent. Personal ids are opened in memory."""
    checks = dict(batch.checks.order_by().values_list("person_id", "reference"))
    fields = ("pk", "personal_id_sealed", "full_name", "birth_date", "is_birth_year_only", "gender")
    rows = list(MODELS[batch.kind].objects.filter(pk__in=checks).order_by("pk").values_list(*fields))
    numbers = unseal_many(row[1] for row in rows)
    return [
        {
            "reference": str(checks[row[0]]),
            "personal_id": number,
            "full_name": row[2],
            "birth_date": f"{row[3]:%Y}" if row[4] else f"{row[3]:%Y-%m-%d}",
            "gender": row[5],
        }
        for row, number in zip(rows, numbers, strict=True)
    ]
