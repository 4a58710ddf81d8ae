"""What is kept ready: the measures of all indicators, and the breakdowns that dashboards draw."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.measures import Measure, measure, measure_json


@dataclass(frozen=True)
class Cell:
    """A measure broken down by dimensions; kept under `code`."""

    code: str
    measure: Measure
    by: tuple[str, ...]


@dataclass
class Plan:
    """All that is counted of one fact table: one statement for the measures, one for each set of dimensions."""

    fact: str
    measures: list[Measure] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def rows(self) -> Measure:
        """How many rows of it there are: what a count of it has to read."""
        return Measure(self.fact)


def key_of(one: Measure) -> str:
    """The name under which a measure is kept: the same for the same meaning, whichever indicator asks."""
    said = json.dumps(measure_json(one), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def cells() -> dict[str, Cell]:
    """Breakdowns that pages draw. Made when asked for: fact tables are declared in apps.ready()."""
    pupils, left = "registry.students", "registry.leavers"
    asked = (
        Cell("pupils:age,sex", measure(pupils), ("age", "sex")),
        Cell("pupils:grade,sex", measure(pupils), ("grade", "sex")),
        Cell("classes:grade", measure("registry.classes"), ("grade",)),
        Cell("class-pupils:grade", measure("registry.classes", of="sum:pupils"), ("grade",)),
        Cell("crowded:grade", measure("registry.classes", {"over_limit": True}), ("grade",)),
        Cell("classes:level", measure("registry.classes"), ("level",)),
        Cell(
            "teachers:level", measure("registry.staff", {"status": "working", "post": "teacher"}), ("level",)
        ),
        Cell("rooms:kind,build", measure("registry.rooms"), ("kind", "build")),
        Cell("equipment:kind", measure("registry.equipment", of="sum:in_use"), ("kind",)),
        Cell("ends:grade,result", measure("registry.year_ends"), ("grade", "result")),
        Cell("gone:grade", measure(left, {"dropped": True}), ("grade",)),
        Cell("moved:grade", measure(left, {"moved": True}), ("grade",)),
    )
    return {one.code: one for one in asked}


def plans() -> dict[str, Plan]:
    """By fact table."""
    found: dict[str, Plan] = defaultdict(lambda: Plan(""))
    for fact in registry.all_facts():
        if fact.sources:
            found[fact.code] = Plan(fact.code, [Measure(fact.code)])
    for indicator in registry.all_indicators():
        for one in indicator.measures:
            plan = found.get(one.fact)
            if plan is not None and one not in plan.measures:
                plan.measures.append(one)
    for cell in cells().values():
        if cell.measure.fact in found:
            found[cell.measure.fact].cells.append(cell)
    return dict(found)
