"""Rows of a run between memory and table: written in bulk, read back as plans."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from thongsuot.kit.importing.columns import Column
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.types import RowPlan, RowState
from thongsuot.kit.text.vietnamese import fold

GROUP = 5000
PLAIN = (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED, RowState.REJECTED)
# COPY is not for tables under row-level security; arrays come close to it and are far faster than one
# statement for each row.
INSERT = """
    insert into importing_importrow
        (run_id, number, state, key, key_fold, "values", before, texts, errors, target_id, is_applied)
    select %s, n, s, k, f, v::jsonb, b::jsonb, x::jsonb, e::jsonb, t, a
    from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                %s::text[], %s::bigint[], %s::bool[]) as u(n, s, k, f, v, b, x, e, t, a)
"""


def replace_rows(
    run: ImportRun, importer: Importer, plans: Sequence[RowPlan], *, applied: bool = False
) -> None:
    """Keep `plans` as the rows of the run, in place of the old ones. applied: NEW and CHANGED are written."""
    ImportRow.objects.filter(run=run).delete()
    rest = iter(plans)
    with connection.cursor() as cursor:
        while group := list(islice(rest, GROUP)):
            cursor.execute(INSERT, [run.pk, *_columns(importer, group, applied)])


def _columns(importer: Importer, plans: Sequence[RowPlan], applied: bool) -> list[list[Any]]:
    columns = {column.key: column for column in importer.columns}
    written = {RowState.NEW, RowState.CHANGED} if applied else set()
    return [
        [plan.number for plan in plans],
        [plan.state.value for plan in plans],
        [plan.key[:200] for plan in plans],
        [fold(plan.key)[:200] for plan in plans],
        [json.dumps(encode(columns, plan.values), ensure_ascii=False) for plan in plans],
        [json.dumps(encode(columns, plan.before), ensure_ascii=False) for plan in plans],
        [json.dumps(plan.texts, ensure_ascii=False) for plan in plans],
        [json.dumps([error.as_json() for error in plan.errors], ensure_ascii=False) for plan in plans],
        [plan.target_id for plan in plans],
        [plan.state in written and plan.target_id is not None for plan in plans],
    ]


def encode(columns: Mapping[str, Column], values: dict[str, Any]) -> dict[str, Any]:
    return {name: columns[name].encode(value) for name, value in values.items() if name in columns}


def decode(importer: Importer, values: dict[str, Any]) -> dict[str, Any]:
    columns = {column.key: column for column in importer.columns}
    return {name: columns[name].decode(value) for name, value in values.items() if name in columns}


def counts(plans: Iterable[RowPlan], skipped: int) -> dict[str, int]:
    """{"new": 3, "changed": 0, ..., "skipped": 2}: rows by state."""
    found = Counter(plan.state.value for plan in plans)
    return {state.value: found.get(state.value, 0) for state in PLAIN} | {"skipped": skipped}
