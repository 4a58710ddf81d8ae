"""Which record a row speaks of: by the ministry's code, the personal id, the provisional or own code of the school,
then by name, birth date and sex within the school when only one fits.

Runs as the system: a pupil may have a record at another school, which the actor does not see. What comes out of it is
the number of a record or a refusal, never its content.
"""

from __future__ import annotations

from collections.abc import Set

from django.utils.translation import gettext as _

from .sql import count, run
from .staging import MADE
from .types import STAGE, PersonKind, Staged

# (columns of the stage that must be there, condition)
EXACT = (
    ("ministry_code", "t.ministry_code = s.ministry_code and t.ministry_code <> ''"),
    ("personal_id_digest", "t.personal_id_digest = s.personal_id_digest"),
    ("provisional_code", "t.unit_id = s.unit_id and t.provisional_code = s.provisional_code"),
    (
        "provisional_guess",
        "t.unit_id = s.unit_id and t.provisional_code in (s.provisional_guess, s.provisional_plain)",
    ),
    ("local_code", "t.unit_id = s.unit_id and t.local_code = s.local_code"),
)


def is_first(kind: PersonKind) -> bool:
    """Whether there is no record of the kind at all: then there is nothing to match."""
    return not count(f"select 1 from {kind.table} t limit 1")


def match(staged: Staged, kind: PersonKind) -> bool:
    """Set `target_id`, `target_unit` of each row that has a record; reject rows that may not be taken.

    Whether any row has a record: where none has, nobody need look for them again.
    """
    columns = MADE.union(staged.cleaned.values.columns)
    if is_first(kind):
        return False
    for name, condition in EXACT:
        if name in columns:
            _match_exactly(kind, name, condition)
    if {"birth_date", "gender"} <= columns:
        _match_by_name(kind, has_digest="personal_id_digest" in columns)
    _refuse_strangers(kind, columns)
    _refuse_second_rows()
    _refuse_codes_in_use(kind)
    return bool(count(f"select 1 from {STAGE} where target_id is not null limit 1"))


def match_own(staged: Staged, kind: PersonKind) -> None:
    """For a file that is only compared: rows without a record of their school are rejected."""
    columns = MADE.union(staged.cleaned.values.columns)
    for name, condition in EXACT:
        if name in columns:
            _match_exactly(kind, name, f"t.unit_id = s.unit_id and {condition}")
    if "birth_date" in columns:
        _match_by_name(kind, has_digest=False, has_gender="gender" in columns)
    run(
        f"update {STAGE} set state = 'rejected', reason = %(reason)s where target_id is null",
        {"reason": _("Không tìm thấy học sinh này trong trường.")},
    )


def _match_exactly(kind: PersonKind, name: str, condition: str) -> None:
    run(f"""
        update {STAGE} s set target_id = found.id, target_unit = found.unit_id, state = 'unchanged'
        from (
            select distinct on (s.row) s.row, t.id, t.unit_id from {STAGE} s
            join {kind.table} t on {condition}
            where s.target_id is null and s.{name} is not null and {kind.alive}
            order by s.row, (t.unit_id = s.unit_id) desc, t.id
        ) found where found.row = s.row
    """)


def _match_by_name(kind: PersonKind, *, has_digest: bool, has_gender: bool = True) -> None:
    gender = "and t.gender = s.gender" if has_gender else ""
    digest = "and (s.personal_id_digest is null or t.personal_id_digest is null)" if has_digest else ""
    run(f"""
        update {STAGE} s set target_id = found.id, target_unit = found.unit_id, state = 'unchanged'
        from (
            select s.row, min(t.id) as id, min(t.unit_id) as unit_id from {STAGE} s
            join {kind.table} t on t.unit_id = s.unit_id and t.name_fold = s.name_fold
                and t.birth_date = s.birth_date {gender}
            where s.target_id is null and {kind.alive} {digest}
                and (s.ministry_code is null or t.ministry_code = '')
                and not exists (select 1 from {STAGE} other where other.target_id = t.id)
            group by s.row having count(*) = 1
        ) found where found.row = s.row
    """)


def _refuse_strangers(kind: PersonKind, columns: Set[str]) -> None:
    """Codes that lead to somebody else, to somebody who is at another school, or who may not be processed."""
    birth = "t.birth_date is distinct from s.birth_date" if "birth_date" in columns else "true"
    known = "and t.birth_date is not null and s.birth_date is not null" if "birth_date" in columns else ""
    # Away from home the name and the birth date must both agree before anything is told of the record.
    other = f"""(t.name_fold <> s.name_fold and {birth} {known})
        or (t.unit_id <> s.unit_id and (t.name_fold <> s.name_fold or {birth}))"""
    reason = _("Mã này thuộc hồ sơ của người khác: họ tên hoặc ngày sinh không khớp.")
    _refuse(kind, other, reason)
    for condition, why in kind.refused:
        _refuse(kind, condition, str(why))
    _refuse(kind, kind.elsewhere, str(kind.elsewhere_reason))


def _refuse(kind: PersonKind, condition: str, reason: str) -> None:
    run(
        f"""
        update {STAGE} s set state = 'rejected', reason = %(reason)s from {kind.table} t
        where t.id = s.target_id and s.state <> 'rejected' and ({condition})
        """,
        {"reason": reason},
    )


def _refuse_second_rows() -> None:
    run(
        f"""
        update {STAGE} s set state = 'rejected', reason = format(%(reason)s, first.row)
        from (select target_id, min(row) as row from {STAGE} where target_id is not null group by 1) first
        where first.target_id = s.target_id and s.row > first.row and s.state <> 'rejected'
        """,
        {"reason": _("Cùng một hồ sơ với dòng {row} của tệp.").replace("{row}", "%s")},
    )


def _refuse_codes_in_use(kind: PersonKind) -> None:
    """The school's own code is one person's: another record has it already."""
    run(
        f"""
        update {STAGE} s set state = 'rejected', field = 'person_code', reason = %(reason)s
        from {kind.table} t
        where s.local_code is not null and t.unit_id = s.unit_id and t.local_code = s.local_code
            and {kind.alive} and s.target_id is not null and t.id <> s.target_id and s.state <> 'rejected'
        """,
        {"reason": _("Mã này đang là mã của một hồ sơ khác trong trường.")},
    )
