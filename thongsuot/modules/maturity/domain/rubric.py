"""A rubric as data: groups, criteria, items, where levels begin. Read from JSON with faults that name their place.

Legal source: the decision named in each rubric (4725, 3276, 3806/QĐ-BGDĐT). Pure.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ..types import PROVISIONAL, ItemKind, RubricFault, Subject

SCHEMA = 1
COMBINATIONS = ("lowest_group", "sum")


@dataclass(frozen=True)
class Threshold:
    """Where a level or band begins. above: strictly above `start`, else from it on."""

    start: Decimal
    above: bool = False

    def met_by(self, value: Decimal) -> bool:
        return value > self.start if self.above else value >= self.start


@dataclass(frozen=True)
class Level:
    number: int
    name: str
    threshold: Threshold


@dataclass(frozen=True)
class Band:
    """effort: what it takes to come here from the band below."""

    threshold: Threshold
    points: Decimal
    effort: Decimal


@dataclass(frozen=True)
class Item:
    """One line that is answered. effort: of a gate or yes_no as a whole, of graded for each step."""

    code: str
    name: str
    kind: str
    max: Decimal
    confidence: str
    effort: Decimal = Decimal(1)
    bands: tuple[Band, ...] = ()
    step: Decimal = Decimal(1)
    numerator: str = ""
    denominator: str = ""
    evidence: str = ""
    note: str = ""
    source: Mapping[str, Any] | None = None

    @property
    def is_gate(self) -> bool:
        return self.kind == ItemKind.GATE

    @property
    def is_provisional(self) -> bool:
        return self.confidence in PROVISIONAL


@dataclass(frozen=True)
class Criterion:
    """levels: of this criterion alone, by number; reported, without weight in the whole."""

    code: str
    name: str
    max: Decimal
    items: tuple[Item, ...]
    levels: tuple[Level, ...] = ()
    confidence: str = "V"

    @property
    def is_provisional(self) -> bool:
        return self.confidence in PROVISIONAL


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    max: Decimal
    criteria: tuple[Criterion, ...]
    note: str = ""

    @property
    def items(self) -> list[Item]:
        return [item for criterion in self.criteria for item in criterion.items]


@dataclass(frozen=True)
class Rubric:
    """combination: "lowest_group" or "sum"; gate_level: the highest level while a gate is missing."""

    code: str
    decision: str
    title: str
    issued_on: date
    subject: str
    education_levels: tuple[str, ...]
    enabled: bool
    combination: str
    levels: tuple[Level, ...]
    gate_level: int
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    def items(self) -> Iterator[Item]:
        for group in self.groups:
            yield from group.items

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items() if item.code == code), None)

    def level_name(self, number: int | None) -> str:
        return next((level.name for level in self.levels if level.number == number), "")

    @property
    def is_provisional(self) -> bool:
        """Is anything in it not read in a text?"""
        criteria = (c.is_provisional for group in self.groups for c in group.criteria)
        return bool(self.unsure) or any(one.is_provisional for one in self.items()) or any(criteria)

    def sums(self) -> list[tuple[str, Decimal, Decimal]]:
        """(code, points written, points of its parts) of each group and criterion that do not agree."""
        found = []
        for group in self.groups:
            parts = sum((c.max for c in group.criteria), Decimal(0))
            if parts != group.max:
                found.append((group.code, group.max, parts))
            for criterion in group.criteria:
                inside = sum((item.max for item in criterion.items), Decimal(0))
                if inside != criterion.max:
                    found.append((criterion.code, criterion.max, inside))
        return found


def level_of(levels: Sequence[Level], points: Decimal) -> int:
    """The highest level whose beginning the points meet (exactly 75 of "trên 75" is not met)."""
    return max((level.number for level in levels if level.threshold.met_by(points)), default=levels[0].number)


def parse(body: Mapping[str, Any]) -> Rubric:
    """The rubric in a JSON body. Raises RubricFault with the place in Vietnamese."""
    if body.get("schema") != SCHEMA:
        raise RubricFault(f"Bộ chỉ số: “schema” phải là {SCHEMA}.")
    code = _text(body, "code", "Bộ chỉ số")
    where = f"Bộ chỉ số {code}"
    if body.get("combination") not in COMBINATIONS:
        raise RubricFault(f"{where}: “combination” phải là một trong {', '.join(COMBINATIONS)}.")
    if body.get("subject") not in Subject.values:
        raise RubricFault(f"{where}: “subject” phải là một trong {', '.join(Subject.values)}.")
    levels = _levels(body.get("levels") or [], where)
    groups = tuple(_group(one, where) for one in body.get("groups") or [])
    rubric = Rubric(
        code=code,
        decision=_text(body, "decision", where),
        title=_text(body, "title", where),
        issued_on=_date(body, "issued_on", where),
        subject=body["subject"],
        education_levels=tuple(body.get("education_levels") or ()),
        enabled=bool(body.get("enabled", False)),
        combination=body["combination"],
        levels=levels,
        gate_level=int(body.get("gate_level", levels[0].number)),
        groups=groups,
        notes=tuple(str(v) for k, v in body.items() if k.endswith("_note") and v),
        unsure=tuple(
            name
            for name in ("combination", "levels", "gate")
            if body.get(f"{name}_confidence", "V") in PROVISIONAL
        ),
    )
    _refuse_twice(rubric, where)
    return rubric


def _refuse_twice(rubric: Rubric, where: str) -> None:
    codes = Counter(item.code for item in rubric.items())
    twice = sorted(code for code, n in codes.items() if n > 1)
    if twice:
        raise RubricFault(f"{where}: mã mục bị lặp: {', '.join(twice)}.")
    if not codes:
        raise RubricFault(f"{where}: chưa có mục nào.")


def _group(body: Mapping[str, Any], where: str) -> Group:
    where = f"{where}, nhóm {body.get('code', '?')}"
    criteria = tuple(_criterion(one, where) for one in body.get("criteria") or [])
    return Group(
        _text(body, "code", where),
        _text(body, "name", where),
        _points(body, "max", where),
        criteria,
        str(body.get("note", "")),
    )


def _criterion(body: Mapping[str, Any], where: str) -> Criterion:
    where = f"{where}, tiêu chí {body.get('code', '?')}"
    levels = _levels(body["levels"], where) if body.get("levels") else ()
    return Criterion(
        _text(body, "code", where),
        _text(body, "name", where),
        _points(body, "max", where, 0),
        tuple(_item(one, where) for one in body.get("items") or []),
        levels,
        str(body.get("confidence", "V")),
    )


def _item(body: Mapping[str, Any], where: str) -> Item:
    where = f"{where}, mục {body.get('code', '?')}"
    kind = body.get("kind")
    if kind not in ItemKind.values:
        raise RubricFault(f"{where}: kiểu “{kind}” không có; dùng {', '.join(ItemKind.values)}.")
    banded = kind in (ItemKind.RATIO, ItemKind.COUNT)
    most = Decimal(0) if kind == ItemKind.GATE else _points(body, "max", where)
    step = _points(body, "step", where, 1)
    if step <= 0:
        raise RubricFault(f"{where}: “step” phải lớn hơn 0.")
    return Item(
        code=_text(body, "code", where),
        name=_text(body, "name", where),
        kind=str(kind),
        max=most,
        confidence=str(body.get("confidence", "I")),
        effort=_points(body, "effort", where, 1),
        bands=_bands(body.get("bands") or [], most, where) if banded else (),
        step=step,
        numerator=str(body.get("counted") or body.get("numerator") or ""),
        denominator=str(body.get("denominator") or ""),
        evidence=str(body.get("evidence") or ""),
        note=str(body.get("note") or ""),
        source=body.get("source"),
    )


def _bands(rows: Sequence[Mapping[str, Any]], most: Decimal, where: str) -> tuple[Band, ...]:
    if not rows:
        raise RubricFault(f"{where}: cần ít nhất một khoảng điểm (bands).")
    bands = tuple(
        Band(_threshold(row, where), _points(row, "points", where), _points(row, "effort", where, 1))
        for row in rows
    )
    for before, after in itertools.pairwise(bands):
        if _place(after.threshold) <= _place(before.threshold) or after.points < before.points:
            raise RubricFault(f"{where}: các khoảng điểm phải tăng dần cả về ngưỡng lẫn điểm.")
    if bands[-1].points > most:
        raise RubricFault(f"{where}: điểm của khoảng cao nhất lớn hơn điểm tối đa {most}.")
    return bands


def _levels(rows: Sequence[Mapping[str, Any]], where: str) -> tuple[Level, ...]:
    if len(rows) < 2:
        raise RubricFault(f"{where}: cần ít nhất hai mức.")
    levels = tuple(Level(int(row["level"]), str(row.get("name", "")), _threshold(row, where)) for row in rows)
    for before, after in itertools.pairwise(levels):
        if after.number <= before.number or _place(after.threshold) <= _place(before.threshold):
            raise RubricFault(f"{where}: các mức phải tăng dần.")
    return levels


def _threshold(row: Mapping[str, Any], where: str) -> Threshold:
    return Threshold(_points(row, "from", where), bool(row.get("above", False)))


def _place(threshold: Threshold) -> tuple[Decimal, bool]:
    return threshold.start, threshold.above


def _text(body: Mapping[str, Any], key: str, where: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RubricFault(f"{where}: thiếu “{key}”.")
    return value


def _points(body: Mapping[str, Any], key: str, where: str, default: int | None = None) -> Decimal:
    value = body.get(key, default)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise RubricFault(f"{where}: “{key}” phải là số không âm, đang là “{value}”.")
    return number


def _date(body: Mapping[str, Any], key: str, where: str) -> date:
    try:
        return date.fromisoformat(str(body.get(key)))
    except ValueError as error:
        raise RubricFault(f"{where}: “{key}” phải là ngày dạng 2022-12-30.") from error
