"""Pupils out of the stage: what each row would do to the dossier, its spell, facts and contacts; then the doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Contact, Enrolment, Student, StudentCharacteristic
from ..types import CharacteristicKind, ContactRelation
from .comparing import ID_COLUMNS, characteristic_before, code_of, record_before, record_set
from .inserting import insert
from .sql import foreign_keys_at_once, run
from .staging import write_in_pieces
from .types import NO, STAGE, PersonKind, Staged

KIND = PersonKind(
    table="registry_student",
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
        "is_father_minority",
        "is_mother_minority",
    ),
    alive="t.merged_into_id is null and t.erased_at is null",
    refused=(("t.restricted_at is not null", gettext_lazy("Hồ sơ đang bị hạn chế xử lý theo yêu cầu.")),),
    elsewhere="""s.effect = 'in' and exists (
        select 1 from registry_enrolment e
        where e.student_id = t.id and e.left_on is null and e.unit_id <> s.unit_id)""",
    elsewhere_reason=gettext_lazy("Học sinh đang học tại trường khác: dùng Chuyển trường."),
)
# A pupil may come under several policies at once, a file names one: the others stay.
ONE_AT_A_TIME = frozenset(CharacteristicKind.values) - {CharacteristicKind.POLICY.value}
PERSON = "coalesce(s.target_id, s.new_id)"
WRITTEN = "s.state in ('new', 'changed', 'moved')"
# Spells that begin or end on no better date: the state's own day, kept within the year.
DAY = "least(greatest(coalesce(s.status_date, {fallback}), %(starts_on)s), %(ends_on)s)"
CONTACT_FIELDS = ("birth_year", "occupation", "phone")


def parameters(staged: Staged) -> dict[str, Any]:
    asked = staged.asked
    return {
        "year": asked.year.id,
        "starts_on": asked.year.starts_on,
        "ends_on": asked.year.ends_on,
        "on": asked.effective_on,
    }


def kinds_given(staged: Staged) -> list[str]:
    return [kind for kind in CharacteristicKind.values if kind in staged.given]


def relations_given(staged: Staged) -> dict[str, list[str]]:
    """{relation: further fields of it that are in the file and may be kept}."""
    kept = staged.asked.contacts
    if kept == "none":
        return {}
    fields = CONTACT_FIELDS if kept == "full" else ("birth_year",)
    return {
        relation: [name for name in fields if f"{relation}_{name}" in staged.given]
        for relation in ContactRelation.values
        if f"{relation}_name" in staged.given
    }


# -- comparing ------------------------------------------------------------------------------------


def compare(staged: Staged) -> None:
    """Set `state`, `before`, `spell_id`, `spell_step` of every row that has a record."""
    before = [record_before(KIND, staged.given)]
    before += [characteristic_before(kind) for kind in kinds_given(staged)]
    before += [_contact_before(relation, names) for relation, names in relations_given(staged).items()]
    run(
        f"""
        with compared as (
            select s.row, e.id as spell, y.starts_on as spell_year, e.status as old_status,
                case when c.code = c.name then c.name else c.code || ' (' || c.name || ')' end as class_name,
                {" || ".join(before)} as said,
                case
                    when s.effect = 'out' then case when e.id is null then '' else 'close' end
                    when e.id is null then 'open'
                    when e.school_year_id <> %(year)s then
                        case when y.starts_on > %(starts_on)s then 'later' else 'next_year' end
                    when s.class_id is not null and e.school_class_id is distinct from s.class_id then
                        case when e.entered_on >= %(on)s then 'in_place' else 'move' end
                    when s.status is not null and s.status <> e.status then 'status'
                    else '' end as step
            from {STAGE} s
            join registry_student t on t.id = s.target_id
            left join registry_enrolment e on e.student_id = t.id and e.left_on is null
            left join organization_schoolyear y on y.id = e.school_year_id
            left join registry_schoolclass c on c.id = e.school_class_id
            -- Gone to another school: the file still names the pupil, whose dossier is no longer ours.
            where s.state = 'unchanged' and (s.target_unit = s.unit_id or s.effect = 'in')
        )
        update {STAGE} s set spell_id = c.spell, spell_step = c.step,
            before = c.said || case
                when c.step in ('move', 'in_place', 'next_year', 'open')
                    then jsonb_build_object('class_code', coalesce(c.class_name, ''))
                when c.step in ('status', 'close') then jsonb_build_object('status', coalesce(c.old_status, ''))
                else '{{}}' end,
            state = case
                when c.step = 'later' then 'rejected'
                when c.step in ('move', 'in_place') then 'moved'
                when c.step <> '' or c.said <> '{{}}' then 'changed'
                else 'unchanged' end,
            reason = case when c.step = 'later' then %(later)s end
        from compared c where c.row = s.row
        """,
        {**parameters(staged), "later": _("Học sinh đang học ở một năm học sau năm của tệp này.")},
    )


def _contact_before(relation: str, names: list[str]) -> str:
    same = [f"k.full_name = s.{relation}_name"]
    same += [f"(s.{relation}_{n} is null or k.{n} is not distinct from s.{relation}_{n})" for n in names]
    found = f"registry_contact k where k.student_id = t.id and k.relation = '{relation}'"
    return (
        f"(case when s.{relation}_name is null or exists (select 1 from {found} and {' and '.join(same)}) "
        f"then '{{}}'::jsonb else jsonb_build_object('{relation}_name', "
        f"coalesce((select k.full_name from {found} order by k.id limit 1), '')) end)"
    )


# -- writing --------------------------------------------------------------------------------------


def write(staged: Staged, *, has_known: bool) -> None:
    """Dossiers, spells, facts, contacts: in this order, each for all rows at once.

    has_known: whether any row has a record. A first loading has nobody to change: what looks for them would read the
    stage for nothing.
    """
    with foreign_keys_at_once():
        _write(staged, has_known)


def write_first(staged: Staged, tell: Callable[[float], None]) -> None:
    """All rows of a first loading, none of which has a record: stage and write them piece by piece.

    tell: is told after each piece what part of all is written.
    """
    with foreign_keys_at_once():
        for part in write_in_pieces(staged, KIND):
            _write_new(staged)
            tell(part)


def _write(staged: Staged, has_known: bool) -> None:
    if has_known:
        _mend_records(staged)
        _end_spells(staged)
        _begin_spells_again(staged)
        _mend_spells(staged)
    _make_records(staged)
    _begin_spells(staged)
    _first_characteristics(staged)
    if has_known:
        for kind in kinds_given(staged):
            _end_characteristic(staged, kind)
            _begin_characteristic(staged, kind)
    for relation, names in relations_given(staged).items():
        if has_known:
            _mend_contact(relation, names)
        _make_contact(relation, names)


def _write_new(staged: Staged) -> None:
    _make_records(staged)
    _begin_spells(staged)
    _first_characteristics(staged)
    for relation, names in relations_given(staged).items():
        _make_contact(relation, names)


def take_over(staged: Staged) -> int:
    """Dossiers that lie at a school which the pupil has left come to the school that has taken the pupil in.

    As the system: until then the dossier is not within the actor's reach.
    """
    return run(f"""
        update registry_student t set unit_id = s.unit_id, updated_at = now() from {STAGE} s
        where t.id = s.target_id and t.unit_id <> s.unit_id and s.effect = 'in' and {WRITTEN}
    """)


def _mend_records(staged: Staged) -> None:
    given = staged.given
    run(f"""
        update registry_student t set {record_set(KIND, given)} from {STAGE} s
        where t.id = s.target_id and s.state in ('changed', 'moved')
            and s.before - array['class_code', 'status'] <> '{{}}'
    """)


def _make_records(staged: Staged) -> None:
    given = staged.given
    fields = [name for name in KIND.fields if name in given]
    defaults = {"nationality": "'VN'"}
    chosen = {
        name: f"coalesce(s.{name}, {defaults.get(name, _EMPTY.get(name, chr(39) * 2))})" for name in fields
    }
    chosen |= {name: f"coalesce(s.{name}, '')" for name in ("ministry_code", "local_code")}
    chosen |= {
        "id": "s.new_id",
        "public_id": "s.new_public_id::uuid",
        "unit_id": "s.unit_id",
        "name_fold": "s.name_fold",
        "sort_key": "s.sort_key",
        "provisional_code": "case when s.ministry_code is null then coalesce(s.provisional_code, '') else '' end",
    }
    if "birth_date" in given:
        chosen |= {
            "birth_date": "s.birth_date",
            "is_birth_year_only": "coalesce(s.is_birth_year_only, false)",
        }
    if given & ID_COLUMNS:
        chosen |= {name: f"s.{name}" for name in ("personal_id_sealed", "personal_id_digest")}
    insert(Student, chosen, f"from {STAGE} s where s.state = 'new'", {})


_EMPTY = {"is_father_minority": "false", "is_mother_minority": "false"}


def _end_spells(staged: Staged) -> None:
    values = parameters(staged)
    run(
        f"""
        update registry_enrolment e set left_on = greatest(e.entered_on, {DAY.format(fallback="%(on)s")}),
            exit_type = s.exit_type, exit_reason = coalesce({_given(staged, "exit_reason")}, ''),
            status = coalesce(s.status, e.status)
        from {STAGE} s where e.id = s.spell_id and s.spell_step = 'close' and {WRITTEN}
        """,
        values,
    )
    run(
        f"""
        update registry_enrolment e set left_on = %(on)s::date - 1, exit_type = 'moved_class'
        from {STAGE} s where e.id = s.spell_id and s.spell_step = 'move' and {WRITTEN}
        """,
        values,
    )
    run(
        f"""
        update registry_enrolment e set exit_type = 'year_end',
            left_on = greatest(e.entered_on, least(y.ends_on, %(starts_on)s::date - 1))
        from {STAGE} s, organization_schoolyear y
        where e.id = s.spell_id and y.id = e.school_year_id and s.spell_step = 'next_year' and {WRITTEN}
        """,
        values,
    )


def _given(staged: Staged, name: str) -> str:
    return f"s.{name}" if name in staged.given else "null"


def _spell(staged: Staged) -> dict[str, str]:
    """What every new spell takes from its row."""
    return {
        "student_id": PERSON,
        "unit_id": "s.unit_id",
        "school_year_id": "%(year)s",
        "school_class_id": "s.class_id",
        "grade": "s.class_grade",
        "status": "coalesce(s.status, '01')",
        "student_name": "s.full_name",
        "other_school": f"coalesce({_given(staged, 'other_school')}, '')",
    }


def _entry(staged: Staged, otherwise: str) -> str:
    return f"coalesce({_given(staged, 'entry_type')}, s.status_entry, {otherwise})"


ENTERED = DAY.format(fallback="%(starts_on)s")


def _begin_spells(staged: Staged) -> None:
    """The first spell of each new pupil; of those who have left by now one that has ended."""
    values, entry = parameters(staged), _entry(staged, "'new'")
    gone = {
        "entered_on": "%(starts_on)s",
        "entry_type": entry,
        "left_on": DAY.format(fallback="%(on)s"),
        "exit_type": "s.exit_type",
        "exit_reason": f"coalesce({_given(staged, 'exit_reason')}, '')",
    }
    source = f"from {STAGE} s where s.state = 'new' and s.effect"
    if staged.cleaned.values["effect"].eq("out").any():
        insert(Enrolment, _spell(staged) | gone, f"{source} = 'out'", values)
    here = {"entered_on": ENTERED, "entry_type": entry}
    insert(Enrolment, _spell(staged) | here, f"{source} = 'in'", values)


def _begin_spells_again(staged: Staged) -> None:
    """The next spell of those who are known: a new year, a return, another class."""
    values = parameters(staged)
    last = f"""
        from {STAGE} s left join lateral (
            select e.grade, e.left_on, e.school_year_id from registry_enrolment e
            where e.student_id = s.target_id and e.exit_type <> 'withdrawn'
            order by e.entered_on desc, e.id desc limit 1
        ) last on true
        where s.spell_step in ('open', 'next_year') and {WRITTEN} and s.target_id is not null
    """
    kind = """case when last.school_year_id = %(year)s then 'returned'
        when s.class_grade = last.grade then 'retained'
        when s.class_grade > last.grade then 'promoted' else 'new' end"""
    again = {
        "entered_on": f"greatest({ENTERED}, last.left_on + 1)",
        "entry_type": _entry(staged, kind),
    }
    insert(Enrolment, _spell(staged) | again, last, values)
    moved = {"entered_on": "%(on)s", "entry_type": "'moved_class'"}
    source = f"from {STAGE} s where s.spell_step = 'move' and {WRITTEN}"
    insert(Enrolment, _spell(staged) | moved, source, values)


def _mend_spells(staged: Staged) -> None:
    run(f"""
        update registry_enrolment e set school_class_id = s.class_id, grade = s.class_grade,
            status = coalesce(s.status, e.status)
        from {STAGE} s where e.id = s.spell_id and s.spell_step = 'in_place' and {WRITTEN}
    """)
    run(f"""
        update registry_enrolment e set status = s.status
        from {STAGE} s where e.id = s.spell_id and s.spell_step = 'status' and {WRITTEN}
    """)
    # The school's books follow a name that was mended, as long as the pupil sits there.
    run(f"""
        update registry_enrolment e set student_name = s.full_name from {STAGE} s
        where e.student_id = s.target_id and e.unit_id = s.unit_id and e.left_on is null
            and s.before ? 'full_name' and {WRITTEN}
    """)


def _end_characteristic(staged: Staged, kind: str) -> None:
    others = f"or c.code <> {code_of(kind)}" if kind in ONE_AT_A_TIME else ""
    run(
        f"""
        update registry_studentcharacteristic c set valid_to = greatest(c.valid_from, %(on)s::date - 1)
        from {STAGE} s where c.student_id = s.target_id and c.kind = '{kind}' and c.valid_to is null
            and s.before ? '{kind}' and (s.{kind} = '{NO}' {others}) and {WRITTEN}
        """,
        parameters(staged),
    )


def _first_characteristics(staged: Staged) -> None:
    """All facts of the new pupils in one statement: nothing of theirs can be there already."""
    kinds = kinds_given(staged)
    if not kinds:
        return
    said = ", ".join(f"('{kind}', s.{kind}, {code_of(kind)})" for kind in kinds)
    chosen = {
        "student_id": "s.new_id",
        "unit_id": "s.unit_id",
        "kind": "f.kind",
        "code": "f.code",
        "valid_from": DAY.format(fallback="%(starts_on)s"),
    }
    # Of most pupils a file says nothing of the kind: their list of facts is not even made.
    any_said = f"num_nonnulls({', '.join(f's.{kind}' for kind in kinds)}) > 0"
    source = f"""
        from {STAGE} s cross join lateral (values {said}) as f (kind, said, code)
        where s.state = 'new' and {any_said} and f.said <> '{NO}'
    """
    insert(StudentCharacteristic, chosen, source, parameters(staged))


def _begin_characteristic(staged: Staged, kind: str) -> None:
    """What the file says anew of a pupil who is known."""
    chosen = {
        "student_id": "s.target_id",
        "unit_id": "s.unit_id",
        "kind": f"'{kind}'",
        "code": code_of(kind),
        "valid_from": "%(on)s",
    }
    source = f"""
        from {STAGE} s where s.state in ('changed', 'moved') and s.{kind} <> '{NO}' and s.before ? '{kind}'
        on conflict (student_id, kind, code, valid_from) do update set valid_to = null
    """
    insert(StudentCharacteristic, chosen, source, parameters(staged))


def _mend_contact(relation: str, names: list[str]) -> None:
    said = "".join(f", {name} = coalesce(s.{relation}_{name}, k.{name})" for name in names)
    run(f"""
        update registry_contact k set full_name = s.{relation}_name{said} from {STAGE} s
        where s.before ? '{relation}_name' and {WRITTEN} and k.id = (
            select c.id from registry_contact c where c.student_id = s.target_id and c.relation = '{relation}'
            order by c.full_name <> s.{relation}_name, c.id limit 1)
    """)


def _make_contact(relation: str, names: list[str]) -> None:
    chosen = {"student_id": PERSON, "relation": f"'{relation}'", "full_name": f"s.{relation}_name"}
    for name in names:
        empty = "" if name == "birth_year" else ", ''"
        chosen[name] = f"coalesce(s.{relation}_{name}{empty})" if empty else f"s.{relation}_{name}"
    source = f"""
        from {STAGE} s where {WRITTEN} and s.{relation}_name is not null
            and (s.state = 'new' or s.before ? '{relation}_name')
            and not exists (select 1 from registry_contact k
                where k.student_id = s.target_id and k.relation = '{relation}')
    """
    insert(Contact, chosen, source, {})
