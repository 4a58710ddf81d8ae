"""What has changed since the change log was last read: which fact tables, at which units."""
# ruff: noqa: S608 - names of tables that modules declare; values are parameters

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.facts import FactTable

from ..models import WarmLook

# Nothing is written in a transaction that is older than this: such a one has been ended by the server long before.
OLDEST = "interval '1 day'"


@dataclass(frozen=True)
class Changes:
    """stale: (code of a fact table, unit id or None for all units). seen: how far the log has been read now."""

    stale: frozenset[tuple[str, int | None]]
    seen: tuple[WarmLook, ...]


def changes() -> Changes:
    """What is to be counted again. A table looked at for the first time makes all units stale.

    An event is new when it came after the last one seen, or was written by a transaction that was still open then.
    The version of a row before the change counts too: who moved from A to B changed both.
    """
    looks = {look.table: look for look in WarmLook.objects.all()}
    now = _now()
    by_table: dict[str, list[FactTable]] = {}
    for fact in registry.all_facts():
        for table in fact.sources:
            by_table.setdefault(table, []).append(fact)
    stale: set[tuple[str, int | None]] = set()
    seen = []
    for table, facts in by_table.items():
        events = _events(table)
        if events is None:
            continue
        look = looks.get(table)
        if look is not None:
            stale |= _stale(events, look, facts, table)
        else:
            stale |= {(fact.code, None) for fact in facts}
        seen.append(WarmLook(table=table, last_id=_last(events), horizon=now[0], own=now[1]))
    return Changes(frozenset(stale), tuple(seen))


def _events(table: str) -> type[models.Model] | None:
    tracked = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    return event_model(tracked) if tracked is not None else None


def _now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_snapshot_xmin(pg_current_snapshot())::text, coalesce(pg_current_xact_id_if_assigned()::text, '')"
        )
        horizon, own = cursor.fetchone()
    # What a row says of its transaction are the low 32 bits.
    return str(int(horizon) % 2**32), str(int(own) % 2**32) if own else ""


def _last(events: type[models.Model]) -> int:
    last = events._base_manager.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return last or 0


def _stale(
    events: type[models.Model], look: WarmLook, facts: Iterable[FactTable], table: str
) -> set[tuple[str, int | None]]:
    has_unit = any(one.column == "unit_id" for one in events._meta.local_concrete_fields)
    found: set[tuple[str, int | None]] = set()
    units_by_reach: dict[str, set[int] | None] = {}
    for fact in facts:
        reach = fact.reaches.get(table) or ("select unit_id from changed" if has_unit else "")
        if reach not in units_by_reach:
            units_by_reach[reach] = _units(events._meta.db_table, look, reach)
        units = units_by_reach[reach]
        if units is None:
            found.add((fact.code, None))
        else:
            found |= {(fact.code, unit) for unit in units}
    return found


def _units(table: str, look: WarmLook, reach: str) -> set[int] | None:
    """Units that the new events touch; None: all, since the change says nothing of a unit."""
    late = f"""pgh_created_at >= (select max(pgh_created_at) from {table} where pgh_id <= %(last)s) - {OLDEST}
        and age(xmin) <= age(%(horizon)s::xid)"""
    if look.own:
        # The looker's own transaction had written: what it wrote before it has seen.
        late += " and age(xmin) > age(%(own)s::xid)"
    news = f"""select * from {table} where pgh_id > %(last)s
        union select * from {table} where pgh_id <= %(last)s and {late}"""
    news = news.replace("union", "union all")
    changed = f"""with news as materialized ({news}),
    changed as materialized (
        select * from news
        union all
        select b.* from (select pgh_obj_id, min(pgh_id) as first_id from news group by pgh_obj_id) n
        cross join lateral (
            select * from {table} e where e.pgh_obj_id = n.pgh_obj_id and e.pgh_id < n.first_id
            order by e.pgh_id desc limit 1
        ) b
    )"""
    values: dict[str, Any] = {"last": look.last_id, "horizon": look.horizon, "own": look.own}
    with connection.cursor() as cursor:
        if not reach:
            cursor.execute(f"{changed} select exists (select 1 from news)", values)
            return None if cursor.fetchone()[0] else set()
        cursor.execute(
            f"{changed} select distinct r.unit_id from ({reach}) r where r.unit_id is not null", values
        )
        return {row[0] for row in cursor}
