"""What a check found, written in sets: staging tables filled by COPY, then a handful of statements for any number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from thongsuot.kit.accounts.types import Actor

from ..domain.evaluation import ActiveRule, Evaluated
from ..models import ProvinceScore
from ..types import OPEN_STATES, CaseState, CaseVerb

STAGE = """
    create temporary table if not exists quality_found
        (rule text, object_id bigint, unit_id bigint) on commit drop;
    create temporary table if not exists quality_counted
        (unit_id bigint, rule text, assessed integer, failed integer) on commit drop;
    truncate quality_found, quality_counted
"""
# Found again: a new deadline. The first opening is kept in the story, where it would be lost otherwise.
REOPEN = """
    with before as (
        select c.id, c.opened_on, c.reopened, r.due_on, f.unit_id
        from quality_qualitycase c
        join quality_found f on f.rule = c.rule and f.object_id = c.object_id
        join unnest(%(rules)s::text[], %(dues)s::date[]) as r (rule, due_on) on r.rule = c.rule
        where c.state in ('mended', 'gone')
    ), back as (
        update quality_qualitycase c set state = 'open', reopened = c.reopened + 1, opened_on = %(today)s,
            due_on = b.due_on, closed_at = null, explanation = '', unit_id = b.unit_id
        from before b where c.id = b.id
        returning c.id
    )
    insert into quality_caseevent (case_id, verb, note, at)
    select id, 'found', '', opened_on::timestamp at time zone %(zone)s from before where reopened = 0
    union all select id, 'reopened', '', %(now)s from back
"""
PUT_BACK = """
    with back as (
        update quality_qualitycase c set state = 'open' from quality_found f
        where f.rule = c.rule and f.object_id = c.object_id and c.state = 'claimed_mended' returning c.id
    ) insert into quality_caseevent (case_id, verb, note, at) select id, 'put_back', '', %(now)s from back
"""
# The person in charge stays behind with the old unit.
MOVE = """
    with moved as (
        update quality_qualitycase c set unit_id = f.unit_id, owner_id = null,
            state = case when c.state = 'in_hand' then 'open' else c.state end
        from quality_found f
        where f.rule = c.rule and f.object_id = c.object_id and c.unit_id <> f.unit_id returning c.id
    ) insert into quality_caseevent (case_id, verb, note, at) select id, 'moved', '', %(now)s from moved
"""
OPEN = """
    insert into quality_qualitycase (public_id, unit_id, rule, dataset, field, object_id, severity, state,
        opened_on, due_on, explanation, reopened)
    select gen_random_uuid(), f.unit_id, f.rule, %(dataset)s, r.field, f.object_id, r.severity, 'open',
        %(today)s, r.due_on, '', 0
    from quality_found f
    join unnest(%(rules)s::text[], %(fields)s::text[], %(severities)s::text[], %(dues)s::date[])
        as r (rule, field, severity, due_on) on r.rule = f.rule
    where not exists (
        select 1 from quality_qualitycase c where c.rule = f.rule and c.object_id = f.object_id)
    on conflict (rule, object_id) do nothing
"""
RIGHT_NOW = """
    select c.id, c.object_id from quality_qualitycase c
    where c.rule = any(%(rules)s) and c.state = any(%(standing)s)
        and (%(everywhere)s or c.unit_id = any(%(units)s))
        and not exists (select 1 from quality_found f where f.rule = c.rule and f.object_id = c.object_id)
"""
CLOSE = """
    with closed as (
        update quality_qualitycase set state = %(state)s, closed_at = %(now)s where id = any(%(ids)s) returning id
    ) insert into quality_caseevent (case_id, verb, note, at) select id, %(verb)s, '', %(now)s from closed
"""
SCORE = """
    delete from quality_qualityscore
    where day = %(today)s and rule = any(%(known)s) and (%(everywhere)s or unit_id = any(%(units)s));
    insert into quality_qualityscore (unit_id, day, rule, assessed, passed)
    select k.unit_id, %(today)s, k.rule, k.assessed, k.assessed - k.failed + least(k.failed, coalesce(x.n, 0))
    from quality_counted k
    left join (
        select c.unit_id, c.rule, count(*) as n from quality_qualitycase c
        where c.state = 'explained' and c.dataset = %(dataset)s group by c.unit_id, c.rule
    ) x on x.unit_id = k.unit_id and x.rule = k.rule
    on conflict (unit_id, day, rule) do update set assessed = excluded.assessed, passed = excluded.passed
"""
# The sums of a day are kept once the whole province was checked on it; later checks of some units bring them up to date.
TOTAL = """
    delete from quality_provincescore where day = %(today)s;
    insert into quality_provincescore (day, rule, assessed, passed)
    select day, rule, sum(assessed), sum(passed) from quality_qualityscore where day = %(today)s group by day, rule
"""
# Rules that are switched off or are no longer in the book.
WITHOUT_RULE = """
    select c.id from quality_qualitycase c
    where c.state = any(%(standing)s) and not (c.rule = any(%(active)s))
        and (%(everywhere)s or c.unit_id = any(%(units)s))
"""
STANDING = sorted({*OPEN_STATES, CaseState.EXPLAINED.value})


@dataclass(frozen=True)
class Moment:
    """When a check runs, and over which units (None: all)."""

    today: date
    now: datetime
    units: Sequence[int] | None

    @property
    def scope(self) -> dict[str, Any]:
        return {"everywhere": self.units is None, "units": list(self.units or ())}


@dataclass(frozen=True)
class Written:
    found: int
    mended: int


def write(
    *,
    by: Actor,
    dataset: str,
    rules: Sequence[ActiveRule],
    known: Collection[str],
    evaluated: Evaluated,
    object_ids: Any,
    dues: Mapping[int, date],
    moment: Moment,
) -> Written:
    """Open, reopen, move and close the cases of one data set and replace the scores of the day. About ten statements.

    known: codes of all rules of the set, also those that are off. object_ids: Polars series of what was read.
    dues: {sla in working days: day}. Writes in the scope of the caller's transaction, which must see all units.
    """
    asked = {
        "dataset": dataset,
        "today": moment.today,
        "now": moment.now,
        "zone": str(moment.now.tzinfo),
        "rules": [one.rule.code for one in rules],
        "fields": [one.rule.field for one in rules],
        "severities": [str(one.rule.severity) for one in rules],
        "dues": [dues[one.rule.sla_days] for one in rules],
        "known": sorted(known),
        "standing": STANDING,
        **moment.scope,
    }
    with connection.cursor() as cursor:
        _stage(cursor, evaluated)
        cursor.execute(REOPEN, asked)
        cursor.execute(PUT_BACK, asked)
        cursor.execute(MOVE, asked)
        cursor.execute(RIGHT_NOW, asked)
        mended, gone = _told_apart(cursor.fetchall(), object_ids)
        _close(cursor, mended, CaseState.MENDED, CaseVerb.MENDED, moment.now)
        _close(cursor, gone, CaseState.GONE, CaseVerb.GONE, moment.now)
        cursor.execute(OPEN, asked)
        found = int(cursor.rowcount)
        for statement in SCORE.split(";"):
            cursor.execute(statement, asked)
    return Written(found, len(mended))


def keep_totals(*, by: Actor, moment: Moment) -> None:
    """Add up the day over the province (ProvinceScore)."""
    if moment.units is not None and not ProvinceScore.objects.filter(day=moment.today).exists():
        return
    with connection.cursor() as cursor:
        for statement in TOTAL.split(";"):
            cursor.execute(statement, {"today": moment.today})


def close_without_rule(*, by: Actor, active: Collection[str], moment: Moment) -> int:
    """Close what no rule asks for any more; returns how many."""
    asked = {"standing": STANDING, "active": sorted(active), **moment.scope}
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_RULE, asked)
        ids = [row[0] for row in cursor.fetchall()]
        _close(cursor, ids, CaseState.GONE, CaseVerb.RULE_OFF, moment.now)
    return len(ids)


def _stage(cursor: Any, evaluated: Evaluated) -> None:
    for statement in STAGE.split(";"):
        cursor.execute(statement)
    for table, columns, frame in (
        ("quality_found", ("rule", "object_id", "unit_id"), evaluated.violations),
        ("quality_counted", ("unit_id", "rule", "assessed", "failed"), evaluated.scores),
    ):
        names = ", ".join(columns)
        with cursor.copy(f"copy {table} ({names}) from stdin (format csv)") as out:
            out.write(frame.select(columns).write_csv(include_header=False))
        cursor.execute(f"analyze {table}")


def _told_apart(rows: list[tuple[int, int]], object_ids: Any) -> tuple[list[int], list[int]]:
    """Cases whose object is there and right, and those whose object is not there."""
    import polars as pl

    if not rows:
        return [], []
    cases = pl.DataFrame(rows, schema={"id": pl.Int64, "object_id": pl.Int64}, orient="row")
    there = pl.DataFrame({"object_id": object_ids.cast(pl.Int64)})
    mended = cases.join(there, on="object_id", how="semi")["id"].to_list()
    gone = cases.join(there, on="object_id", how="anti")["id"].to_list()
    return mended, gone


def _close(cursor: Any, ids: list[int], state: CaseState, verb: CaseVerb, now: datetime) -> None:
    if ids:
        cursor.execute(CLOSE, {"ids": ids, "state": state.value, "verb": verb.value, "now": now})
