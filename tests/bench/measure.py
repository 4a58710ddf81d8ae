"""Timing: warmed up, ours and floor in turn, medians.

TS_BENCH_CLOCK=cpu takes the processor's time in this process and in the server's that serves it, instead of the time that
passes: what is waited for others' work on a shared machine is not counted (nor is a wait for the disk).
"""

from __future__ import annotations

import gc
import json
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.db import connection

from tests.bench.scale import Scale

Work = Callable[[], Any]
BY_CPU = os.environ.get("TS_BENCH_CLOCK") == "cpu"


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
    start = seconds()
    given = work()
    spent = (seconds() - start) * 1000
    # Work that must first set its scene times itself and says how long it took.
    return given if isinstance(given, float) else spent


def seconds() -> float:
    """The clock of the bench: its difference is what some work took."""
    if not BY_CPU:
        return perf_counter()
    connection.ensure_connection()
    served = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return process_time() + int(served.split()[0]) / 1e9


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
