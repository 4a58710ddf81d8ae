"""Each file of OneRoster as SQL: one definition for the bulk files and for the pages of the REST binding.

Keys (sourcedId) never change and never hold a number of a person: org-, year-, term-, course-, class-, spell-, lead-,
teach-, contact- with our row number, and the public UUID of people. Ends of periods are exclusive in OneRoster, inclusive here.
Dossiers that were merged, erased or restricted by request do not go out.
"""

# ruff: noqa: S608 - tables and columns of this file only; values are parameters
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...domain.oneroster import HEADERS

UNITS = "(%(units)s::bigint[] is null or {table}.unit_id = any(%(units)s))"
# Who sits in a class on the day, once; who is employed, once: the last of those that run. Written as "no later one", so
# that a page can be read along an index and a whole province in one pass.
_RUNS = "{x}.entered_on <= %(day)s and ({x}.left_on is null or {x}.left_on >= %(day)s) and {x}.exit_type <> 'withdrawn'"
_WORKS = (
    "{x}.valid_from <= %(day)s and ({x}.valid_to is null or {x}.valid_to >= %(day)s) "
    "and {x}.status in ('working', 'on_leave')"
)
SPELLS = f"""(
    select x.* from registry_enrolment x
    where {_RUNS.format(x="x")} and {UNITS.format(table="x")} and not exists (
        select 1 from registry_enrolment y where y.student_id = x.student_id and {_RUNS.format(x="y")}
          and {UNITS.format(table="y")} and (y.entered_on, y.id) > (x.entered_on, x.id)))"""
POSTS = f"""(
    select x.* from registry_employment x
    where {_WORKS.format(x="x")} and {UNITS.format(table="x")} and not exists (
        select 1 from registry_employment y where y.staff_id = x.staff_id and {_WORKS.format(x="y")}
          and {UNITS.format(table="y")} and (y.valid_from, y.id) > (x.valid_from, x.id)))"""
CLASSES = f"""registry_schoolclass c
    join unnest(%(years)s::bigint[], %(year_terms)s::text[]) as y(id, terms) on y.id = c.school_year_id
    where c.valid_from <= %(day)s and (c.valid_to is null or c.valid_to >= %(day)s)
      and {UNITS.format(table="c")}"""
FREE = "p.merged_into_id is null and p.erased_at is null and p.restricted_at is null"
GRADE = "coalesce((%(grades)s::jsonb) ->> {column}::text, '')"
COURSE = "'course-' || {c}.unit_id || '-' || {c}.school_year_id || '-' || coalesce({c}.grade, 0)"


@dataclass(frozen=True)
class Part:
    """columns: SQL of each; what is not named is empty. modified: SQL of the moment of the last change.

    key: what pages are ordered and cut by, of type `kind`; sourcedId is `prefix` and then the key. links: keys of the
    rows that it points to, by which it is sought (`_class` of an enrolment).
    """

    columns: Mapping[str, str]
    source: str
    modified: str
    key: str
    kind: str = "bigint"
    prefix: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    def key_in(self, sourced_id: str) -> str | None:
        """The key within a sourcedId; None when it cannot be one of this part."""
        if not sourced_id.startswith(self.prefix) or "\x00" in sourced_id:
            return None
        key = sourced_id.removeprefix(self.prefix)
        return key if self.is_key(key) else None

    def is_key(self, text: str) -> bool:
        return self.kind == "text" or bool(FORMS[self.kind].fullmatch(text))


FORMS = {
    "bigint": re.compile(r"[0-9]{1,18}"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@dataclass(frozen=True)
class Resource:
    name: str
    parts: tuple[Part, ...]

    def sql(self, *, with_modified: bool) -> str:
        """All rows, columns in the order of the CSV file. For bulk the two columns of deltas stay empty."""
        return " union all ".join(f"({self.part(part, with_modified)})" for part in self.parts)

    def part(self, part: Part, with_modified: bool, *, keyed: bool = False) -> str:
        """Rows of one part; keyed: with `_key` and its links, in their own types."""
        columns = dict(part.columns)
        if with_modified:
            stamp = f"to_char(({part.modified}) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
            columns |= {"status": "'active'", "dateLastModified": stamp}
        named = [f'({columns.get(name, chr(39) * 2)})::text as "{name}"' for name in HEADERS[self.name]]
        if keyed:
            named += [f'{sql} as "{name}"' for name, sql in {"_key": part.key, **part.links}.items()]
        return f"select {', '.join(named)} from {part.source}"


_NEVER = "timestamptz '2000-01-01 00:00+00'"


def _history(table: str, key: str) -> str:
    """The last entry of a row in its history; the beginning of time where there is none."""
    last = f"select max(h.pgh_created_at) from {table}event h where h.pgh_obj_id = {key}"
    return f"coalesce(({last}), {_NEVER})"


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
    "userIds": "case when p.ministry_code <> '' then '{moet:' || p.ministry_code || '}' else '' end",
    "email": "p.email",
}
ACCOUNT = "left join accounts_user u on u.id = p.account_id"

_STUDENTS = f"{SPELLS} e join registry_student p on p.id = e.student_id {ACCOUNT} where {FREE}"
_STAFF = f"{POSTS} e join registry_staff p on p.id = e.staff_id {ACCOUNT}"
# A record of a parent belongs to one child: whoever has two children at school is two users.
_GUARDIANS = (
    f"registry_contact g join registry_student p on p.id = g.student_id join {SPELLS} e on e.student_id = p.id "
    f"left join accounts_user u on u.id = g.account_id where {FREE} and %(with_guardians)s"
)
_AGENTS = (
    "case when %(with_guardians)s then coalesce((select string_agg('contact-' || g.id, ',' order by g.id) "
    "from registry_contact g where g.student_id = p.id), '') else '' end"
)

STUDENTS = Part(
    {
        **PERSON,
        "grades": GRADE.format(column="e.grade"),
        "agentSourcedIds": _AGENTS,
        "primaryOrgSourcedId": "'org-' || e.unit_id",
    },
    _STUDENTS,
    "p.updated_at",
    key="p.public_id",
    kind="uuid",
    links={"_class": "e.school_class_id"},
)
STAFF = Part(
    {**PERSON, "primaryOrgSourcedId": "'org-' || e.unit_id"},
    _STAFF,
    "p.updated_at",
    key="p.public_id",
    kind="uuid",
)
TEACHERS = replace(STAFF, source=f"{_STAFF} where e.\"group\" = 'teacher'")
GUARDIANS = Part(
    {
        **{name: sql.replace("p.full_name", "g.full_name") for name, sql in NAMES.items()},
        "sourcedId": "'contact-' || g.id",
        "enabledUser": "'true'",
        "username": "coalesce(u.username, 'contact-' || g.id)",
        "email": "g.email",
        "phone": "g.phone",
        "agentSourcedIds": "p.public_id",
        "primaryOrgSourcedId": "'org-' || e.unit_id",
    },
    _GUARDIANS,
    _history("registry_contact", "g.id"),
    key="g.id",
    prefix="contact-",
)

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
                    _NEVER,
                    key="o.key",
                    kind="text",
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
                    _NEVER,
                    key="s.key",
                    kind="text",
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
                    _NEVER,
                    key=COURSE.format(c="g"),
                    kind="text",
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
                    key="c.id",
                    prefix="class-",
                ),
            ),
        ),
        Resource("users", (STUDENTS, STAFF, GUARDIANS)),
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
                    key="p.public_id",
                    kind="uuid",
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
                    key="p.public_id",
                    kind="uuid",
                ),
                Part(
                    {
                        **_ROLE,
                        "sourcedId": "'role-contact-' || g.id",
                        "userSourcedId": "'contact-' || g.id",
                        "role": "coalesce((%(guardians)s::jsonb) ->> g.relation, 'relative')",
                    },
                    _GUARDIANS,
                    _history("registry_contact", "g.id"),
                    key="g.id",
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
                    key="e.id",
                    prefix="spell-",
                    links={"_class": "e.school_class_id", "_user": "p.public_id"},
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
                    key="c.id",
                    prefix="lead-",
                    links={"_class": "c.id", "_user": "p.public_id"},
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
                    key="t.id",
                    prefix="teach-",
                    links={"_class": "c.id", "_user": "p.public_id"},
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
                    key="p.public_id",
                    kind="uuid",
                ),
            ),
        ),
    )
}
