"""Lines of marks written by one statement, each only over the version that was read."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from ..domain.cells import Line
from ..models import ClassSubject

FIELDS = {
    "regular": "numeric(3,1)[]",
    "midterm": "numeric(3,1)",
    "final": "numeric(3,1)",
    "regular_levels": "varchar(2)[]",
    "midterm_level": "text",
    "final_level": "text",
    "midterm_absent": "boolean",
    "final_absent": "boolean",
    "exempt": "boolean",
    "remark": "text",
}
UPSERT = """
    insert into gradebook_subjectmarks as m
        (unit_id, class_subject_id, student_id, term, version, updated_at, {names})
    select %(unit)s, %(subject)s, v.student_id, %(term)s, v.version, now(), {values}
    from unnest(%(students)s::bigint[], %(versions)s::integer[], {arrays}) as v(student_id, version, {names})
    on conflict (class_subject_id, student_id, term) do update set
        version = excluded.version, updated_at = excluded.updated_at, {sets}
    where m.version = excluded.version - 1
    returning m.student_id, m.version
""".format(
    names=", ".join(FIELDS),
    # A text of an array is read as one: an array of arrays would have to be square.
    values=", ".join(f"v.{name}::{kind}" if "[]" in kind else f"v.{name}" for name, kind in FIELDS.items()),
    arrays=", ".join(f"%({name})s::{'text' if '[]' in kind else kind}[]" for name, kind in FIELDS.items()),
    sets=", ".join(f"{name} = excluded.{name}" for name in FIELDS),
)


def write_lines(
    subject: ClassSubject, term: int, lines: Mapping[int, Line], versions: Mapping[int, int]
) -> dict[int, int]:
    """Write `lines` by pupil over the `versions` that were read (0: there was none); the versions that they have now.

    A pupil whose line somebody else has written in between is not in the answer, and nothing of it was written.
    """
    if not lines:
        return {}
    keys = sorted(lines)
    columns = {name: [_plain(getattr(lines[key], name)) for key in keys] for name in FIELDS}
    values = {
        "unit": subject.unit_id,
        "subject": subject.pk,
        "term": term,
        "students": keys,
        "versions": [versions.get(key, 0) + 1 for key in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, {**values, **columns})
        return dict(cursor.fetchall())


def _plain(value):  # type: ignore[no-untyped-def]
    if isinstance(value, tuple):
        return "{" + ",".join("null" if one is None else f'"{one}"' for one in value) + "}"
    return value
