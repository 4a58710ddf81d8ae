"""A fact table that lives in a parameter: rows of invented pupils, for tests of measures."""

from __future__ import annotations

import json
from decimal import Decimal

from thongsuot.kit.indicators.facts import Dimension, FactTable, Kind

LEVELS = {"primary": "Tiểu học", "lower": "THCS"}
DIMENSIONS = (
    Dimension("level", "Cấp học", labels=lambda: LEVELS),
    Dimension("grade", "Khối", Kind.INTEGER),
    Dimension("poor", "Hộ nghèo", Kind.BOOLEAN, sensitive=True),
    Dimension("born", "Ngày sinh", Kind.DATE),
)
COLUMNS = (
    "record_id bigint, unit_id bigint, level text, grade int, poor boolean, born date, points numeric(8,2)"
)


def fact_of(rows, code="tests.pupils", **fields) -> FactTable:
    """`rows`: dicts with record_id, unit_id, level, grade, poor, born, points; None is unknown."""
    text = json.dumps(rows, default=str)

    def select(as_of, unit_ids):
        sql = f"select * from jsonb_to_recordset(%(rows)s::jsonb) as r({COLUMNS})"
        if unit_ids is not None:
            sql += " where unit_id = any(%(units)s::bigint[])"
        return sql, {"rows": text, "units": list(unit_ids or ())}

    return FactTable(code, "Học sinh", DIMENSIONS, select, numbers={"points": "Điểm"}, **fields)


def meets(where, row) -> bool:
    """What a condition means, read from its JSON in the plainest way."""
    return all(_meets(key, said, row) for key, said in where.items())


def _meets(key, said, row) -> bool:
    if key == "any":
        return any(meets(one, row) for one in said)
    if key == "all":
        return all(meets(one, row) for one in said)
    if key == "not":
        return not meets(said, row)
    held = row[key]
    if isinstance(said, dict):
        low, high = said.get("from"), said.get("to")
        held = str(held) if key == "born" and held is not None else held
        return held is not None and (low is None or held >= low) and (high is None or held <= high)
    wanted = said if isinstance(said, list) else [said]
    return (str(held) if key == "born" and held is not None else held) in wanted


def counted(data, rows, by=()):
    """The totals of one measure in plain Python."""
    groups = {}
    for row in rows:
        if meets(data.get("where", {}), row):
            groups.setdefault((row["unit_id"], *(row[code] for code in by)), []).append(row)
    how, _colon, column = data.get("of", "rows").partition(":")
    found = {}
    for key, members in groups.items():
        values = [one[column] for one in members if column and one[column] is not None]
        number = {
            "rows": len(members),
            "sum": sum(values) if how == "sum" else 0,
            "distinct": len(set(values)),
        }[how]
        if number:
            found[key] = Decimal(number)
    return found
