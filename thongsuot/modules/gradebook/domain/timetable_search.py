"""One search of the solver: how much it may take, how it is watched and stopped, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic
from typing import Any

from .timetable import Placed, Quality
from .timetable_limits import Limit
from .timetable_problem import Group, Load

# Told while it runs: phase (search, improve, explain), seconds since it began, solutions found so far.
Watch = Callable[[str, float, int], None]
SOLVED, INFEASIBLE, TIMED_OUT = "solved", "infeasible", "timed_out"
TICK = 0.2
# Kinds of search that take turns on one core when a timetable is made better.
INTERLEAVED = 8


@dataclass(frozen=True)
class Effort:
    """search, improve, explain: steps of the solver; guard: seconds by the clock for each; better_within: seconds by the
    clock for making it better, so that a school of 60 classes has its timetable within a minute of a free core.
    """

    search: float = 60
    improve: float = 6
    explain: float = 30
    guard: float = 300
    better_within: float = 40
    workers: int = 1
    seed: int = 2026


@dataclass(frozen=True)
class Outcome:
    """state: solved, infeasible, or timed_out (nothing found, nothing proved). limits: what asks for more slots than
    there are; lift: rules that, lifted together, would let everything be placed (empty where none was found); missing:
    lessons that have no place even without any rule. is_sure: missing is the least there is, not only the least found.
    """

    state: str
    placed: tuple[Placed, ...] = ()
    quality: Quality | None = None
    limits: tuple[Limit, ...] = ()
    lift: tuple[Group, ...] = ()
    missing: Mapping[Load, int] = field(default_factory=dict)
    is_sure: bool = True
    seconds: float = 0.0


def run_model(
    model: Any, steps: float, effort: Effort, watch: Watch, phase: str, began: float
) -> tuple[Any, Any]:
    """Solve in a thread, so that this one can tell how far it is and be stopped."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = steps
    within = min(effort.guard, effort.better_within) if phase == "improve" else effort.guard
    solver.parameters.max_time_in_seconds = within
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    # With the linear relaxation a school of 30 classes is not placed in minutes; without it, in two seconds.
    solver.parameters.linearization_level = 0
    if phase in ("improve", "explain"):
        # Searches of several kinds take turns, in a fixed order: one of them alone stays at what it began with.
        solver.parameters.num_workers = max(effort.workers, INTERLEAVED)
        solver.parameters.interleave_search = effort.workers == 1
    counter = _Counter()
    ended: dict[str, Any] = {}

    def work() -> None:
        try:
            ended["status"] = solver.solve(model, counter.callback)
        except BaseException as error:  # brought to the thread that waits
            ended["error"] = error

    thread = Thread(target=work, name="timetable", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            watch(phase, monotonic() - began, counter.found)
            thread.join(TICK)
    except BaseException:
        solver.stop_search()
        thread.join()
        raise
    if "error" in ended:
        raise ended["error"]
    return solver, ended["status"]


class _Counter:
    """Counts solutions as they are found."""

    def __init__(self) -> None:
        from ortools.sat.python import cp_model

        outer = self

        class Callback(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                outer.found += 1

        self.found = 0
        self.callback = Callback()
