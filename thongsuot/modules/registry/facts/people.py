"""Pupils: on a day, in a school year up to a day, who left, and what the year that ended last gave."""
# ruff: noqa: S608 - tables and columns of this file only; values are parameters

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.facts import Dimension, FactTable, Kind, Params
from thongsuot.kit.indicators.types import DrillDown
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.modules.organization import queries as organization

from ..models import Enrolment
from ..permissions import can_see_sensitive, enrolments_visible
from ..types import Poverty
from .dimensions import (
    ETHNICITY,
    GRADE,
    LAST_YEAR,
    LEVEL,
    LEVEL_FOLLOWS,
    LEVEL_OF_GRADE,
    MINORITY,
    PLACE,
    PLACES,
    SEX,
    THIS_YEAR,
    holds,
    in_school_year,
    labelled,
    of_units,
    params,
    person,
    yes_no,
)

NOT_WITHDRAWN = "e.exit_type <> 'withdrawn'"
# date_part, not extract: that one gives numeric, which is slow to make half a million times.
AGE = """date_part('year', y.starts_on)::int - date_part('year', s.birth_date)::int as age,
        date_part('year', s.birth_date)::int as birth_year"""
# Left joins, though every spell has a pupil and a school: what a statement does not look at is left out then.
WITH_WHOM = f"""
    left join registry_student s on s.id = e.student_id
    left join {PLACES} p on p.unit_id = e.unit_id"""
JOINED = f"""
    join organization_schoolyear y on y.id = e.school_year_id {WITH_WHOM}"""


class SpellTable(Table):
    student_name = Column(verbose_name=_("Họ và tên"), order_by=("student__sort_key",))
    class_name = Column(verbose_name=_("Lớp"), accessor="school_class__name")
    grade = Column(verbose_name=_("Khối"), accessor="get_grade_display", order_by=("grade",))
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    entered_on = DateColumn(verbose_name=_("Vào ngày"))
    left_on = DateColumn(verbose_name=_("Đến hết ngày"))

    class Meta:
        fields = ("student_name", "class_name", "grade", "unit", "entered_on", "left_on")


def _spell_url(spell: Any) -> str | None:
    """The dossier lies at another school when the pupil has moved on: that page would not be found."""
    if spell.student.unit_id != spell.unit_id:
        return None
    return reverse("registry:student-detail", args=[spell.student.public_id])


def _spells(actor: Actor, as_of: date) -> DrillDown:
    rows = Enrolment.objects.filter(enrolments_visible(actor))
    rows = rows.select_related("student", "school_class", "unit").order_by("student__sort_key", "pk")
    return DrillDown(rows, SpellTable, "", _spell_url, ("student_name", "unit__name"))


def _began_as(entry_type: str, found: str) -> str:
    """Whether a spell of the pupil in the year began so: this one, a closed one (`b`), or, where this one is closed
    itself, the open one, of which there is one at most (registry_enrolment_one_open)."""
    return f"""(e.entry_type = '{entry_type}' or coalesce(b.{found}, false) or e.left_on is not null and coalesce((
            select x.entry_type = '{entry_type}' from registry_enrolment x
            where x.student_id = e.student_id and x.left_on is null and x.school_year_id = e.school_year_id
                and x.entered_on <= %(day)s::date
        ), false))"""


def students(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Spells that run on the day: a pupil is one row, at the school and in the grade of that day."""
    ours = of_units("e.unit_id", unit_ids)
    theirs = (
        ""
        if unit_ids is None
        else (
            "and c.student_id in (select student_id from registry_enrolment where unit_id = any(%(units)s::bigint[]))"
        )
    )
    began = "" if unit_ids is None else theirs.replace("c.student_id", "b.student_id")
    sql = f"""
    select e.id as record_id, e.unit_id, e.student_id, e.school_class_id as class_id,
        {LEVEL_OF_GRADE.format("e.grade")} as level, e.grade::int as grade, {person("s")}, {AGE},
        coalesce(h.disability, false) as disability, coalesce(h.policy, false) as policy, h.poverty,
        coalesce(h.boarding, false) or coalesce(k.is_boarding, false) as boarding,
        coalesce(h.two_sessions, false) or coalesce(k.is_two_sessions, false) as two_sessions,
        {_began_as("retained", "repeating")} as repeating, {_began_as("new", "is_new")} as is_new,
        p.commune, p.school_type
    from registry_enrolment e {JOINED}
    left join registry_schoolclass k on k.id = e.school_class_id
    left join (
        select c.student_id, bool_or(c.kind = 'disability') as disability, bool_or(c.kind = 'policy') as policy,
            max(c.code) filter (where c.kind = 'poverty') as poverty, bool_or(c.kind = 'boarding') as boarding,
            bool_or(c.kind = 'two_sessions') as two_sessions
        from registry_studentcharacteristic c
        where {holds("c.valid_from", "c.valid_to")} {theirs} group by c.student_id
    ) h on h.student_id = e.student_id
    left join (
        select b.student_id, b.school_year_id, bool_or(b.entry_type = 'retained') as repeating,
            bool_or(b.entry_type = 'new') as is_new
        from registry_enrolment b
        where b.entry_type in ('retained', 'new') and b.exit_type <> 'withdrawn' and b.left_on is not null
            and b.entered_on <= %(day)s::date {began}
        group by b.student_id, b.school_year_id
    ) b on b.student_id = e.student_id and b.school_year_id = e.school_year_id
    where {holds("e.entered_on", "e.left_on")} and {NOT_WITHDRAWN} {ours}"""
    return sql, params(as_of, unit_ids)


# Of two spells of one pupil one is closed: nobody has two open ones (registry_enrolment_one_open). So a later spell is
# sought among the closed ones of everybody, all at once, and one by one among the open ones of whose spell is closed.
_LATER = """not exists (
            select 1 from registry_enrolment o
            where o.student_id = e.student_id and o.unit_id = e.unit_id and {of}
                and o.entered_on <= %(day)s::date and o.exit_type <> 'withdrawn'
                and (o.entered_on > e.entered_on or o.entered_on = e.entered_on and o.id > e.id)
        )"""
# An end has a kind (registry_enrolment_end_has_kind). Said both ways the planner takes them for the few that they are.
NO_LATER_CLOSED = _LATER.replace(
    "{of}", f"o.left_on is not null and o.exit_type <> '' and o.school_year_id = {THIS_YEAR} {{ours}}"
)
NO_LATER_OPEN = (
    f"(e.left_on is null or {_LATER.format(of='o.left_on is null and o.school_year_id = e.school_year_id')})"
)
# Of the few who came later the first spell at the school is sought; `min`, so that it is not sought of all at once.
BEGAN = """e.entered_on <= e.starts_on or (
            select min(o.entered_on) from registry_enrolment o
            where o.student_id = e.student_id and o.unit_id = e.unit_id and o.school_year_id = e.school_year_id
                and o.exit_type <> 'withdrawn'
        ) <= e.starts_on"""


def year_pupils(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Pupils of the school year up to the day, one row for each school where they were; the last spell there says what
    became of them. Somebody who left and came back has not left."""
    # `offset 0`: what is sought one by one is no work for several processes; all that lies within is.
    sql = f"""
    select e.id as record_id, e.unit_id, {LEVEL_OF_GRADE.format("e.grade")} as level, e.grade::int as grade,
        e.sex, e.ethnicity, e.ethnic_minority, e.verified, e.age, e.birth_year, {BEGAN} as began,
        e.left_on <= %(day)s::date and e.exit_type = 'dropped_out' as dropped,
        e.left_on <= %(day)s::date and e.exit_type = 'transferred_out' as moved,
        case when e.left_on <= %(day)s::date and e.exit_type = 'dropped_out' then nullif(e.exit_reason, '') end
            as reason,
        e.commune, e.school_type
    from (
        select e.*, y.starts_on, {person("s")}, {AGE}, p.commune, p.school_type
        from registry_enrolment e join organization_schoolyear y on y.id = {THIS_YEAR} {WITH_WHOM}
        where e.school_year_id = {THIS_YEAR} and e.entered_on <= %(day)s::date and {NOT_WITHDRAWN}
            {of_units("e.unit_id", unit_ids)}
            and {NO_LATER_CLOSED.format(ours=of_units("o.unit_id", unit_ids))}
        offset 0
    ) e where {NO_LATER_OPEN}"""
    return sql, params(as_of, unit_ids)


def leavers(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Of these, who has left by the day: dropped out or moved away."""
    sql, values = year_pupils(as_of, unit_ids)
    return f"select * from ({sql}) l where l.dropped or l.moved", values


# What a school year came to, the surest word first: what the school decided of it (registry_yearresult), how the spell
# was closed, and for whom nobody has said either the grade in which the pupil sits since: the spells that follow are
# sought of those only (a subquery in the branch of a case, not a join). Who is assessed again in the summer waits for the
# latter. Passing the last grade of a level completes it.
PASSED = "case when e.grade in (5, 9, 12, 18) then 'completed' else 'promoted' end"
SINCE = """(
            select case when n.grade = e.grade then 'retained' when n.grade is not null then 'promoted' end
            from registry_enrolment n
            join organization_schoolyear t on t.id = n.school_year_id
            where n.student_id = e.student_id and t.starts_on > y.starts_on and n.exit_type <> 'withdrawn'
            order by n.entered_on, n.id limit 1
        )"""
RESULT = f"""case
        when d.promotion = 'retained' then 'retained'
        when d.promotion = 'promoted' then {PASSED}
        when e.exit_type = 'graduated' then 'completed'
        else coalesce({SINCE}, case when d.promotion = '' and d.is_completed then {PASSED} end)
    end"""


def year_ends(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Pupils who sat the school year that ended last to its end, and what it gave. Unknown: nobody has said, and nobody
    has seen the pupil since. Known on the last day of the year where the results have been brought in by then."""
    sql = f"""
    select e.id as record_id, e.unit_id, {LEVEL_OF_GRADE.format("e.grade")} as level, e.grade::int as grade,
        {person("s")}, {AGE}, r.result, e.grade in (5, 9, 12, 18) as last_grade,
        e.grade in (5, 9, 12, 18) and coalesce(r.result in ('completed', 'promoted'), false) as completed_level,
        p.commune, p.school_type
    from registry_enrolment e {JOINED}
    left join registry_yearresult d
        on d.student_id = e.student_id and d.unit_id = e.unit_id and d.school_year_id = e.school_year_id
    cross join lateral (select {RESULT} as result) r
    where e.school_year_id = {LAST_YEAR} {of_units("e.unit_id", unit_ids)}
        and (e.exit_type in ('year_end', 'graduated')
            or {NOT_WITHDRAWN} and e.entered_on <= y.ends_on and coalesce(e.left_on >= y.ends_on, true))"""
    return sql, params(as_of, unit_ids)


def _reasons() -> Any:
    return dict(organization.code_values("ly_do_thoi_hoc").values_list("code", "name"))


RESULTS = {"promoted": _("Lên lớp"), "retained": _("Ở lại lớp"), "completed": _("Hoàn thành cấp học")}
WHO = (
    LEVEL, GRADE, SEX, ETHNICITY, MINORITY, yes_no("verified", _("Đã xác thực với CSDL dân cư")),
    Dimension("age", _("Tuổi"), Kind.INTEGER), Dimension("birth_year", _("Năm sinh"), Kind.INTEGER), *PLACE,
)  # fmt: skip
_COMMON: dict[str, Any] = {
    "drill_down": _spells,
    "may_open_sensitive": can_see_sensitive,
    "follows": LEVEL_FOLLOWS,
}
_SOURCES = (
    "registry_enrolment", "registry_student", "organization_school", "organization_unit", "organization_schoolyear",
)  # fmt: skip
# Wherever the pupil has been: what a school counts may hang on the spell that follows at another one.
_SPELLS_OF = "select e.unit_id from registry_enrolment e where e.student_id in (select {} from changed)"
_COMMON["reaches"] = {
    "registry_enrolment": f"{_SPELLS_OF.format('student_id')} union select unit_id from changed",
    "registry_student": _SPELLS_OF.format("pgh_obj_id"),
    "registry_studentcharacteristic": _SPELLS_OF.format("student_id"),
}

STUDENTS = FactTable(
    "registry.students",
    _("Học sinh đang học"),
    (
        *WHO,
        yes_no("disability", _("Khuyết tật"), sensitive=True),
        yes_no("policy", _("Diện chính sách"), sensitive=True),
        Dimension("poverty", _("Hộ nghèo, cận nghèo"), labels=labelled(Poverty), sensitive=True),
        yes_no("boarding", _("Bán trú, nội trú")),
        yes_no("two_sessions", _("Học 2 buổi/ngày")),
        yes_no("repeating", _("Lưu ban")),
        yes_no("is_new", _("Tuyển mới")),
        Dimension("class_id", _("Lớp"), Kind.INTEGER),
        Dimension("student_id", _("Học sinh"), Kind.INTEGER),
    ),
    students,
    counts_on=in_school_year,
    sources=(*_SOURCES, "registry_studentcharacteristic", "registry_schoolclass"),
    **_COMMON,
)
_LEFT = (
    yes_no("dropped", _("Thôi học")),
    yes_no("moved", _("Chuyển đi")),
    yes_no("began", _("Có mặt đầu năm học")),
    Dimension("reason", _("Lý do thôi học"), labels=_reasons, is_closed=False),
)
YEAR_PUPILS = FactTable(
    "registry.year_pupils",
    _("Học sinh của năm học"),
    (*WHO, *_LEFT),
    year_pupils,
    sources=_SOURCES,
    **_COMMON,
)
LEAVERS = FactTable(
    "registry.leavers",
    _("Học sinh thôi học, chuyển đi"),
    (*WHO, *_LEFT),
    leavers,
    sources=_SOURCES,
    **_COMMON,
)
YEAR_ENDS = FactTable(
    "registry.year_ends",
    _("Kết quả năm học đã kết thúc"),
    (
        *WHO,
        Dimension("result", _("Kết quả"), labels=lambda: RESULTS),
        yes_no("last_grade", _("Lớp cuối cấp")),
        yes_no("completed_level", _("Hoàn thành cấp học")),
    ),
    year_ends,
    sources=(*_SOURCES, "registry_yearresult"),
    **_COMMON,
)
