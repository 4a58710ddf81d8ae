"""Lines of marks written by one statement, each only over the version that was read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import sitting

from ..domain.cells import Line
from ..queries.books import SubjectFacts

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
_NAMES, _VALUES = ", ".join(FIELDS), ", ".join(f"v.{name}" for name in FIELDS)
# One text for all lines: it is written and read quicker than an array for each column.
_GIVEN = "json_to_recordset(%(lines)s) as v(student_id bigint, version integer, {})".format(
    ", ".join(f"{name} {kind}" for name, kind in FIELDS.items())
)
_SETS = ", ".join(f"{name} = v.{name}" for name in FIELDS)
# New lines and old ones apart, as they are mostly apart: either way one statement, and one trigger of the history.
INSERT = f"""
    insert into gradebook_subjectmarks as m
        (unit_id, class_subject_id, student_id, term, version, updated_at, {_NAMES})
    select %(unit)s, %(subject)s, v.student_id, %(term)s, v.version, now(), {_VALUES} from {_GIVEN}
    on conflict (class_subject_id, student_id, term) do nothing returning m.student_id, m.version
"""
UPDATE = f"""
    update gradebook_subjectmarks m set version = v.version, updated_at = now(), {_SETS} from {_GIVEN}
    where m.class_subject_id = %(subject)s and m.term = %(term)s and m.student_id = v.student_id
        and m.version = v.version - 1
    returning m.student_id, m.version
"""
STALE = """
    with written as ({statement}),
    stale as (update gradebook_pupilyear y set is_stale = true from written w
        where y.student_id = w.student_id and y.unit_id = %(unit)s and y.school_year_id = %(year)s and not y.is_stale)
    select student_id, version from written
"""
# Stands for the class where the statement is made.
ANY_CLASS = -1
# Who sits in the class (asked of the registry), whether a lock holds, and each pupil's line, kept until it is written.
STANDING = """
    with sits as (select s.student_id, bool_or(s.is_here) as is_here from ({sits}) as s(student_id, is_here) group by 1)
    select v.student_id, s.is_here, m.version, {names},
        (select jsonb_agg(y.closed -> %(cells)s) from gradebook_carriedyear y
            where y.student_id = v.student_id and y.unit_id = %(unit)s and y.school_year_id = %(year)s),
        exists (select from gradebook_marklock k where k.unit_id = %(unit)s and k.school_year_id = %(year)s
            and k.term = %(term)s and k.unlocked_at is null
            and (k.school_class_id is null or k.school_class_id = %(class)s))
    from unnest(%(students)s::bigint[]) as v(student_id)
    left join sits s on s.student_id = v.student_id
    left join lateral (
        select b.* from gradebook_subjectmarks b
        where b.class_subject_id = %(subject)s and b.term = %(term)s and b.student_id = v.student_id for update
    ) m on true
"""


@dataclass(frozen=True)
class Standing:
    """is_here: sits in the class, False: has left it, None: never sat in it. version 0: no line yet. closed: cells that
    came along from another school.
    """

    is_here: bool | None
    version: int
    line: Line
    closed: frozenset[str] = frozenset()


def standing(
    subject: SubjectFacts, term: int, student_ids: Sequence[int]
) -> tuple[bool, dict[int, Standing]]:
    """Whether the term is locked, and what stands of each pupil; the lines are held until the transaction ends."""
    if not student_ids:
        return False, {}
    names = ", ".join(f"m.{name}" for name in FIELDS)
    sits, asked = _sits()
    with connection.cursor() as cursor:
        cursor.execute(
            STANDING.format(sits=sits, names=names),
            {
                **asked,
                **_place(subject, term),
                "class": subject.school_class_id,
                "students": list(student_ids),
                "cells": f"{subject.code}|{term}",
            },
        )
        rows = cursor.fetchall()
    found = {
        key: Standing(
            is_here,
            version or 0,
            Line() if version is None else _line(rest[:-2]),
            _closed(rest[-2]) if rest[-2] else frozenset(),
        )
        for key, is_here, version, *rest in rows
    }
    return bool(rows[0][-1]), found


@cache
def _sits() -> tuple[str, dict[str, Any]]:
    """The registry's statement of who sits in %(class)s, and its other values: the same for every class, so made once."""
    # Whether the actor may write is known; who sits in the class is asked without his or her filters.
    text, values = sitting(Actor.system(), ANY_CLASS).query.sql_with_params()
    names = ["class" if value == ANY_CLASS else f"sits_{place}" for place, value in enumerate(values)]
    return text % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))


def _closed(carried: str | list[Any]) -> frozenset[str]:
    """The lists of cells, one a school, that a jsonb value holds."""
    lists = json.loads(carried) if isinstance(carried, str) else carried
    return frozenset(cell for one in lists for cell in one or ())


def _line(values: Sequence[Any]) -> Line:
    regular, midterm, final, levels, *rest = values
    return Line(tuple(regular), midterm, final, tuple(levels), *rest)


def _place(subject: SubjectFacts, term: int) -> dict[str, int]:
    return {"unit": subject.unit_id, "year": subject.school_year_id, "subject": subject.pk, "term": term}


def write_lines(
    subject: SubjectFacts, term: int, lines: Mapping[int, Line], versions: Mapping[int, int]
) -> dict[int, int]:
    """Write `lines` by pupil over the `versions` that were read (0: there was none); the versions that they have now.

    Results of these pupils become stale. A pupil whose line somebody else has written in between is not in the answer, and nothing of it was written.
    """
    written: dict[int, int] = {}
    for statement, is_new in ((INSERT, True), (UPDATE, False)):
        keys = sorted(key for key in lines if (versions.get(key, 0) == 0) == is_new)
        if not keys:
            continue
        rows = [{"student_id": key, "version": versions.get(key, 0) + 1, **vars(lines[key])} for key in keys]
        values: dict[str, Any] = {
            **_place(subject, term),
            "lines": json.dumps(rows, default=str, ensure_ascii=False),
        }
        with connection.cursor() as cursor:
            cursor.execute(STALE.format(statement=statement), values)
            written.update(cursor.fetchall())
    return written
