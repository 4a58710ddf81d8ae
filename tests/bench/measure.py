"""Timing: warmed up, ours and floor in turn, medians."""

from __future__ import annotations

import gc
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.scale import Scale

Work = Callable[[], Any]


@dataclass(frozen=True)
class Figure:
    """`ours` and `floor` in milliseconds; `most` is the ratio aimed at, None where none was set."""

    name: str
    ours: float
    floor: float
    ratio: float
    unit: str
    note: str
    most: float | None = None

    @property
    def is_met(self) -> bool:
        return self.most is None or self.ratio <= self.most


def milliseconds(work: Work) -> float:
    start = perf_counter()
    given = work()
    spent = (perf_counter() - start) * 1000
    # Work that must first set its scene times itself and says how long it took.
    return given if isinstance(given, float) else spent


def compare(
    name: str,
    ours: Work,
    floor: Work,
    *,
    scale: Scale,
    note: str = "",
    heavy: bool = False,
    most: float | None = None,
) -> Figure:
    """The medians of several runs of each, in turn and each time in the other order; fewer where `heavy`."""
    for _ in range(min(scale.warm, 1) if heavy else scale.warm):
        ours()
        floor()
    taken: dict[Work, list[float]] = {ours: [], floor: []}
    gc.collect()
    for number in range(max(scale.rounds // (2 if heavy else 1), 1)):
        for work in (ours, floor) if number % 2 else (floor, ours):
            taken[work].append(milliseconds(work))
    return figure(name, taken[ours], taken[floor], note=note, most=most)


def figure(
    name: str, ours: Sequence[float], floor: Sequence[float], *, note: str = "", most: float | None = None
) -> Figure:
    mine, least = statistics.median(ours), statistics.median(floor)
    return Figure(name, round(mine, 2), round(least, 2), round(mine / least, 2), "ms", note, most)


def table(figures: Sequence[Figure]) -> str:
    wide = max(len(one.name) for one in figures)
    lines = [f"{'':{wide}}  {'ours ms':>10}  {'floor ms':>10}  {'ratio':>7}  aim"]
    for one in figures:
        aim = "" if one.most is None else f"<= {one.most} {'' if one.is_met else 'MISSED'}"
        lines.append(f"{one.name:{wide}}  {one.ours:10.2f}  {one.floor:10.2f}  {one.ratio:7.2f}  {aim}")
    return "\n".join(lines)


def write(figures: Sequence[Figure], path: Path) -> None:
    rows = [{k: v for k, v in asdict(one).items() if k != "most"} for one in figures]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def put(figures: Sequence[Figure], path: Path) -> None:
    """Into the file of an earlier run, in place of the figures of the same names."""
    names = {one.name for one in figures}
    kept = [row for row in json.loads(path.read_text()) if row["name"] not in names] if path.exists() else []
    rows = [{k: v for k, v in asdict(one).items() if k != "most"} for one in figures]
    path.write_text(json.dumps([*kept, *rows], ensure_ascii=False, indent=1) + "\n")
