"""Staff out of the stage: the dossier and the post at the school of the file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Employment, Staff
from ..types import StaffStatus
from .comparing import ID_COLUMNS, record_before, record_set
from .inserting import insert
from .sql import run
from .types import STAGE, PersonKind, Staged

KIND = PersonKind(
    table="registry_staff",
    fields=(
        "full_name",
        "birth_date",
        "gender",
        "ethnicity",
        "religion",
        "nationality",
        "birth_place",
        "home_town",
        "residence_commune_code",
        "residence_address",
        "current_address",
        "phone",
        "email",
        "degree",
        "major",
        "political_theory",
        "foreign_language",
        "informatics",
        "professional_standard",
        "recruited_on",
        "is_party_member",
    ),
    elsewhere=f"""s.employment_status = '{StaffStatus.WORKING.value}' and exists (
        select 1 from registry_employment e where e.staff_id = t.id and e.unit_id <> s.unit_id
            and e.valid_to is null and e.status = '{StaffStatus.WORKING.value}')""",
    elsewhere_reason=gettext_lazy("Người này đang công tác tại trường khác: kết thúc ở trường ấy trước."),
)
WRITTEN = "s.state in ('new', 'changed')"
ENDED = ", ".join(
    f"'{status.value}'" for status in (StaffStatus.MOVED, StaffStatus.RETIRED, StaffStatus.LEFT)
)
# A change of these is a new post from a day on: statistics count them. The others are corrected where they stand.
DATED = ("group", "position")
PLAIN = ("contract", "rank", "salary_step")
LISTS = ("subjects", "duties")


def _said(staged: Staged, name: str) -> str:
    """SQL of what a row says of a field of the post; null where the file is silent."""
    if name not in staged.given:
        return "null"
    if name in LISTS:
        return f"""case when s.{name} is not null
            then array_remove(regexp_split_to_array(s.{name}, '\\s*[,;]\\s*'), '')::varchar[] end"""
    return f's."{name}"'


def compare(staged: Staged) -> None:
    """Set `state`, `before`, `spell_id`, `spell_step` of every row that has a record."""
    names = [name for name in (*DATED, *PLAIN, *LISTS) if name in staged.given]
    parts = [
        f"""case when {_said(staged, name)} is not null and {_said(staged, name)} is distinct from e."{name}"
        then jsonb_build_object('{name}', {_old(name)}) else '{{}}' end"""
        for name in names
    ]
    parts.append(
        "case when s.employment_status is distinct from e.status then jsonb_build_object('status', "
        "coalesce(e.status, '')) else '{}' end"
    )
    post = " || ".join(f"({part})" for part in parts)
    dated = " or ".join(f"said ? '{name}'" for name in (*DATED, "status"))
    run(
        f"""
        with compared as (
            select s.row, e.id as post, e.valid_from, {record_before(KIND, staged.given)} as person,
                case when e.id is null and s.employment_status in ({ENDED}) then '{{}}'::jsonb
                    else {post} end as said
            from {STAGE} s join registry_staff t on t.id = s.target_id
            left join registry_employment e on e.staff_id = t.id and e.unit_id = s.unit_id and e.valid_to is null
            where s.state = 'unchanged'
        )
        update {STAGE} s set spell_id = c.post, before = c.person || c.said,
            spell_step = case
                when c.said = '{{}}' then ''
                when c.post is null then 'open'
                when s.employment_status in ({ENDED}) then 'close'
                when ({dated}) and c.valid_from < %(on)s then 'move'
                else 'in_place' end,
            state = case when c.person || c.said = '{{}}' then 'unchanged' else 'changed' end
        from compared c where c.row = s.row
        """,
        {"on": staged.asked.effective_on},
    )
    if "group" not in staged.given:
        refuse_without_group(staged)
    else:
        refuse_without_group(staged, condition='s."group" is null')


def _old(name: str) -> str:
    return f"array_to_string(e.{name}, ', ')" if name in LISTS else f"""coalesce(e."{name}", '')"""


def refuse_without_group(staged: Staged, condition: str = "true") -> None:
    """A first post needs its kind: manager, teacher or employee."""
    run(
        f"""
        update {STAGE} s set state = 'rejected', field = 'group', reason = %(reason)s
        where {condition} and (s.state = 'new' or (s.spell_step = 'open' and s.state = 'changed'))
        """,
        {"reason": _("Thiếu vị trí việc làm (cán bộ quản lý, giáo viên hay nhân viên).")},
    )


def take_over(staged: Staged) -> int:
    """The dossier of somebody who has ended elsewhere comes to the school where he or she works now."""
    return run(f"""
        update registry_staff t set unit_id = s.unit_id, updated_at = now() from {STAGE} s
        where t.id = s.target_id and t.unit_id <> s.unit_id and {WRITTEN}
            and s.employment_status not in ({ENDED})
    """)


def write(staged: Staged) -> None:
    """Dossiers, then posts."""
    _write_records(staged)
    values = {"on": staged.asked.effective_on, "starts_on": staged.asked.year.starts_on}
    run(
        f"""
        update registry_employment e set valid_to = greatest(e.valid_from, %(on)s::date - 1) from {STAGE} s
        where e.id = s.spell_id and s.spell_step = 'move' and {WRITTEN}
        """,
        values,
    )
    run(
        f"""
        update registry_employment e set status = s.employment_status, valid_to = greatest(e.valid_from, %(on)s)
        from {STAGE} s where e.id = s.spell_id and s.spell_step = 'close' and {WRITTEN}
        """,
        values,
    )
    names = (*DATED, *PLAIN, *LISTS)
    said = ", ".join(f'"{name}" = coalesce({_said(staged, name)}, e."{name}")' for name in names)
    run(f"""
        update registry_employment e set {said}, status = s.employment_status from {STAGE} s
        where e.id = s.spell_id and s.spell_step = 'in_place' and {WRITTEN}
    """)
    _begin(staged, values)


def _begin(staged: Staged, values: dict[str, Any]) -> None:
    names = (*DATED, *PLAIN, *LISTS)
    chosen = {
        "staff_id": "coalesce(s.target_id, s.new_id)",
        "unit_id": "s.unit_id",
        "status": "s.employment_status",
    }
    empty = {name: "'{}'::varchar[]" if name in LISTS else "''" for name in names}
    first = {name: f"coalesce({_said(staged, name)}, {empty[name]})" for name in names}
    begun = "s.recruited_on" if "recruited_on" in staged.given else "null::date"
    first |= {
        "valid_from": f"least(coalesce({begun}, %(starts_on)s), %(on)s)",
        "valid_to": f"case when s.employment_status in ({ENDED}) then %(on)s::date end",
    }
    insert(Employment, chosen | first, f"from {STAGE} s where s.state = 'new'", values)
    again = first | {"valid_from": "%(on)s", "valid_to": "null"}
    insert(
        Employment,
        chosen | again,
        f"from {STAGE} s where s.spell_step = 'open' and s.target_id is not null and {WRITTEN}",
        values,
    )
    moved = {name: f'coalesce({_said(staged, name)}, e."{name}")' for name in names}
    insert(
        Employment,
        chosen | moved | {"valid_from": "%(on)s"},
        f"from {STAGE} s join registry_employment e on e.id = s.spell_id "
        f"where s.spell_step = 'move' and {WRITTEN}",
        values,
    )


def _write_records(staged: Staged) -> None:
    given = staged.given
    run(f"""
        update registry_staff t set {record_set(KIND, given)} from {STAGE} s
        where t.id = s.target_id and s.state = 'changed'
    """)
    empty = {"nationality": "'VN'", "is_party_member": "false", "birth_date": "null", "recruited_on": "null"}
    chosen = {
        name: f"coalesce(s.{name}, {empty.get(name, chr(39) * 2)})" for name in KIND.fields if name in given
    }
    chosen |= {name: f"coalesce(s.{name}, '')" for name in ("ministry_code", "local_code")}
    chosen |= {name: f"s.{name}" for name in ("unit_id", "name_fold", "sort_key")}
    chosen |= {"id": "s.new_id", "public_id": "s.new_public_id::uuid"}
    chosen["provisional_code"] = (
        "case when s.ministry_code is null then coalesce(s.provisional_code, '') else '' end"
    )
    if "birth_date" in given:
        chosen["is_birth_year_only"] = "coalesce(s.is_birth_year_only, false)"
    if given & ID_COLUMNS:
        chosen |= {name: f"s.{name}" for name in ("personal_id_sealed", "personal_id_digest")}
    insert(Staff, chosen, f"from {STAGE} s where s.state = 'new'", {})
