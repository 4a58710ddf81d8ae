"""Each file of OneRoster as SQL: one definition for the bulk files and for the pages of the REST binding.

Keys (sourcedId) never change and never hold a number of a person: org-, year-, term-, course-, class-, spell-, lead-,
teach- with our row number, and the public UUID of people. Ends of periods are exclusive in OneRoster, inclusive here.
Dossiers that were merged, erased or restricted by request do not go out.
"""

# ruff: noqa: S608 - tables and columns of this file only; values are parameters
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ...domain.oneroster import HEADERS
from ...permissions import EXPORT

UNITS = "(%(units)s::bigint[] is null or {table}.unit_id = any(%(units)s))"
# Who sits in a class on the day, once; who is employed, once.
SPELLS = f"""(
    select distinct on (x.student_id) x.* from registry_enrolment x
    where x.entered_on <= %(day)s and (x.left_on is null or x.left_on >= %(day)s) and x.exit_type <> 'withdrawn'
      and {UNITS.format(table="x")}
    order by x.student_id, x.entered_on desc, x.id desc)"""
POSTS = f"""(
    select distinct on (x.staff_id) x.* from registry_employment x
    where x.valid_from <= %(day)s and (x.valid_to is null or x.valid_to >= %(day)s)
      and x.status in ('working', 'on_leave') and {UNITS.format(table="x")}
    order by x.staff_id, x.valid_from desc, x.id desc)"""
CLASSES = f"""registry_schoolclass c
    join unnest(%(years)s::bigint[], %(year_terms)s::text[]) as y(id, terms) on y.id = c.school_year_id
    where c.valid_from <= %(day)s and (c.valid_to is null or c.valid_to >= %(day)s)
      and {UNITS.format(table="c")}"""
FREE = "p.merged_into_id is null and p.erased_at is null and p.restricted_at is null"
GRADE = "coalesce((%(grades)s::jsonb) ->> {column}::text, '')"
COURSE = "'course-' || {c}.unit_id || '-' || {c}.school_year_id || '-' || coalesce({c}.grade, 0)"


@dataclass(frozen=True)
class Part:
    """columns: SQL of each; what is not named is empty. modified: SQL of the moment of the last change."""

    columns: Mapping[str, str]
    source: str
    modified: str


@dataclass(frozen=True)
class Resource:
    name: str
    parts: tuple[Part, ...]

    def sql(self, *, with_modified: bool) -> str:
        """All rows, columns in the order of the CSV file. For bulk the two columns of deltas stay empty."""
        return " union all ".join(f"({self._part(part, with_modified)})" for part in self.parts)

    def _part(self, part: Part, with_modified: bool) -> str:
        columns = dict(part.columns)
        if with_modified:
            stamp = f"to_char(({part.modified}) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
            columns |= {"status": "'active'", "dateLastModified": stamp}
        named = ", ".join(
            f'({columns.get(name, chr(39) * 2)})::text as "{name}"' for name in HEADERS[self.name]
        )
        return f"select {named} from {part.source}"


def _history(table: str, key: str) -> str:
    """The last entry of a row in its history; the beginning of time where there is none."""
    last = f"select max(h.pgh_created_at) from {table}event h where h.pgh_obj_id = {key}"
    return f"coalesce(({last}), timestamptz '2000-01-01 00:00+00')"


NAMES = {
    "givenName": "regexp_replace(p.full_name, '^.*\\s', '')",
    "familyName": "split_part(p.full_name, ' ', 1)",
    "middleName": "coalesce(substring(p.full_name from '^\\S+\\s+(.*\\S)\\s+\\S+$'), '')",
}
PERSON = {
    "sourcedId": "p.public_id",
    "enabledUser": "'true'",
    # Nothing but the account's own name signs in; without an account the key stands for it.
    "username": "coalesce(u.username, p.public_id::text)",
    **NAMES,
    "identifier": "p.ministry_code",
    "email": "p.email",
}
ACCOUNT = "left join accounts_user u on u.id = p.account_id"

_STUDENTS = f"{SPELLS} e join registry_student p on p.id = e.student_id {ACCOUNT} where {FREE}"
_STAFF = f"{POSTS} e join registry_staff p on p.id = e.staff_id {ACCOUNT}"

STUDENTS = Part(
    {
        **PERSON,
        "grades": GRADE.format(column="e.grade"),
        "primaryOrgSourcedId": "'org-' || e.unit_id",
    },
    _STUDENTS,
    "p.updated_at",
)
STAFF = Part({**PERSON, "primaryOrgSourcedId": "'org-' || e.unit_id"}, _STAFF, "p.updated_at")
TEACHERS = Part(STAFF.columns, f"{_STAFF} where e.\"group\" = 'teacher'", "p.updated_at")

_ROLE = {
    "userSourcedId": "p.public_id",
    "roleType": "'primary'",
    "orgSourcedId": "'org-' || e.unit_id",
}
_TEACHING = f"""(
    select t.staff_id, t.school_class_id, min(t.id) as id, min(t.valid_from) as first, max(t.valid_to) as last
    from registry_teachingassignment t
    where t.valid_from <= %(day)s and (t.valid_to is null or t.valid_to >= %(day)s) and {UNITS.format(table="t")}
    group by t.staff_id, t.school_class_id)"""

RESOURCES: Mapping[str, Resource] = {
    one.name: one
    for one in (
        Resource(
            "orgs",
            (
                Part(
                    {
                        "sourcedId": "o.key",
                        "name": "o.name",
                        "type": "o.type",
                        "identifier": "o.code",
                        "parentSourcedId": "coalesce(o.parent, '')",
                    },
                    "jsonb_to_recordset(%(orgs)s::jsonb) as o(key text, name text, type text, code text, parent text)",
                    "timestamptz '2000-01-01 00:00+00'",
                ),
            ),
        ),
        Resource(
            "academicSessions",
            (
                Part(
                    {
                        "sourcedId": "s.key",
                        "title": "s.title",
                        "type": "s.type",
                        "startDate": "s.first",
                        "endDate": "s.last",
                        "parentSourcedId": "coalesce(s.parent, '')",
                        "schoolYear": "s.year",
                    },
                    "jsonb_to_recordset(%(sessions)s::jsonb) as s(key text, title text, type text, first text, "
                    "last text, parent text, year text)",
                    "timestamptz '2000-01-01 00:00+00'",
                ),
            ),
        ),
        Resource(
            "courses",
            (
                Part(
                    {
                        "sourcedId": COURSE.format(c="g"),
                        "schoolYearSourcedId": "'year-' || g.school_year_id",
                        "title": "coalesce((%(grade_names)s::jsonb) ->> g.grade::text, '–')",
                        "courseCode": "coalesce(g.grade, 0)",
                        "grades": GRADE.format(column="g.grade"),
                        "orgSourcedId": "'org-' || g.unit_id",
                    },
                    f"(select distinct c.unit_id, c.school_year_id, c.grade from {CLASSES}) g",
                    "timestamptz '2000-01-01 00:00+00'",
                ),
            ),
        ),
        Resource(
            "classes",
            (
                Part(
                    {
                        "sourcedId": "'class-' || c.id",
                        "title": "c.name",
                        "grades": GRADE.format(column="c.grade"),
                        "courseSourcedId": COURSE.format(c="c"),
                        "classCode": "c.code",
                        "classType": "'homeroom'",
                        "location": "coalesce((select r.name from registry_room r where r.id = c.room_id), '')",
                        "schoolSourcedId": "'org-' || c.unit_id",
                        "termSourcedIds": "y.terms",
                    },
                    CLASSES,
                    _history("registry_schoolclass", "c.id"),
                ),
            ),
        ),
        Resource("users", (STUDENTS, STAFF)),
        Resource(
            "roles",
            (
                Part(
                    {
                        **_ROLE,
                        "sourcedId": "'student-' || p.public_id",
                        "role": "'student'",
                        "beginDate": "e.entered_on",
                    },
                    _STUDENTS,
                    "p.updated_at",
                ),
                Part(
                    {
                        **_ROLE,
                        "sourcedId": "'staff-' || p.public_id",
                        "role": "coalesce((%(roles)s::jsonb) ->> e.\"group\", 'aide')",
                        "beginDate": "e.valid_from",
                    },
                    _STAFF,
                    "p.updated_at",
                ),
            ),
        ),
        Resource(
            "enrollments",
            (
                Part(
                    {
                        "sourcedId": "'spell-' || e.id",
                        "classSourcedId": "'class-' || e.school_class_id",
                        "schoolSourcedId": "'org-' || e.unit_id",
                        "userSourcedId": "p.public_id",
                        "role": "'student'",
                        "primary": "'false'",
                        "beginDate": "e.entered_on",
                        "endDate": "coalesce((e.left_on + 1)::text, '')",
                    },
                    f"{SPELLS} e join registry_student p on p.id = e.student_id "
                    f"join registry_schoolclass k on k.id = e.school_class_id and k.valid_from <= %(day)s "
                    f"and (k.valid_to is null or k.valid_to >= %(day)s) where {FREE}",
                    _history("registry_enrolment", "e.id"),
                ),
                Part(
                    {
                        "sourcedId": "'lead-' || c.id",
                        "classSourcedId": "'class-' || c.id",
                        "schoolSourcedId": "'org-' || c.unit_id",
                        "userSourcedId": "p.public_id",
                        "role": "'teacher'",
                        "primary": "'true'",
                    },
                    f"(select c.* from {CLASSES}) c join registry_staff p on p.id = c.homeroom_teacher_id "
                    f"join {POSTS} e on e.staff_id = p.id",
                    _history("registry_schoolclass", "c.id"),
                ),
                Part(
                    {
                        "sourcedId": "'teach-' || t.id",
                        "classSourcedId": "'class-' || c.id",
                        "schoolSourcedId": "'org-' || c.unit_id",
                        "userSourcedId": "p.public_id",
                        "role": "'teacher'",
                        "primary": "'false'",
                        "beginDate": "t.first",
                    },
                    f"{_TEACHING} t join (select c.* from {CLASSES}) c on c.id = t.school_class_id "
                    f"join registry_staff p on p.id = t.staff_id join {POSTS} e on e.staff_id = p.id "
                    "where c.homeroom_teacher_id is distinct from t.staff_id",
                    _history("registry_teachingassignment", "t.id"),
                ),
            ),
        ),
        Resource(
            "demographics",
            (
                Part(
                    {
                        "sourcedId": "p.public_id",
                        "birthDate": "case when p.is_birth_year_only then '' else coalesce(p.birth_date::text, '') end",
                        "sex": "case when p.gender in ('male', 'female') then p.gender else 'unspecified' end",
                    },
                    _STUDENTS,
                    "p.updated_at",
                ),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Scope:
    """Whose rows, on which day: the parameters of every SQL here."""

    parameters: Mapping[str, Any]

    @property
    def units(self) -> list[int] | None:
        return self.parameters["units"]


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    path = settings.DATA_DIR / "registry" / "oneroster.json"
    return json.loads(path.read_text(encoding="utf-8"))


def scope_of(actor: Actor, day: date, *, unit_id: int | None = None) -> Scope:
    """The units over which the actor may export; `unit_id`: it and those below it only. Raises NotAllowed."""
    actor.require(EXPORT, unit_id)
    reach = actor.reach_of(EXPORT)
    units = None if reach is None else set(reach)
    if unit_id is not None:
        below = organization.unit_ids_below(unit_id)
        units = set(below) if units is None else units & below
    words = _words()
    years = {
        year.pk: [f"term-{term.pk}" for term in year.terms.all()] for year in organization.school_years()
    }
    return Scope(
        {
            "units": None if units is None else sorted(units),
            "day": day,
            "years": list(years),
            "year_terms": [",".join(terms) or f"year-{pk}" for pk, terms in years.items()],
            "grades": json.dumps(words["grades"]),
            "grade_names": json.dumps(_grade_names(), ensure_ascii=False),
            "roles": json.dumps(words["roles"]),
            "orgs": json.dumps(_orgs(units, words["orgs"], day), ensure_ascii=False),
            "sessions": json.dumps(_sessions(), ensure_ascii=False),
        }
    )


def _grade_names() -> dict[str, str]:
    from ...types import GradeLevel

    return {str(grade.value): str(grade.label) for grade in GradeLevel}


def _orgs(units: set[int] | None, types: Mapping[str, str], day: date) -> list[dict[str, Any]]:
    """The units that still exist on the day; a parent that is not among them is not named."""
    # Which bodies exist is public: a key with nothing but the right to export names the schools of its pupils.
    rows = organization.units_visible(Actor.system(), today=day).order_by("pk")
    found = [
        (pk, name, kind, code, parent)
        for pk, name, kind, code, parent in rows.values_list("pk", "name", "kind", "code", "parent_id")
        if units is None or pk in units
    ]
    known = {pk for pk, *_rest in found}
    return [
        {
            "key": f"org-{pk}",
            "name": name,
            "type": types.get(kind, "local"),
            "code": code,
            "parent": f"org-{parent}" if parent in known else None,
        }
        for pk, name, kind, code, parent in found
    ]


def _sessions() -> list[dict[str, Any]]:
    found = []
    for year in organization.school_years():
        said: dict[str, Any] = {"year": str(year.ends_on.year), "type": "schoolYear", "parent": None}
        found.append({**said, "key": f"year-{year.pk}", "title": year.name, **_days(year)})
        for term in year.terms.all():
            title = f"Học kỳ {term.number}, {year.name}"
            more = {"key": f"term-{term.pk}", "title": title, "type": "semester", "parent": f"year-{year.pk}"}
            found.append({**said, **more, **_days(term)})
    return found


def _days(span: Any) -> dict[str, str]:
    return {"first": span.starts_on.isoformat(), "last": (span.ends_on + timedelta(days=1)).isoformat()}
